"""Two visits of one technician that do not go together: what they share, and when nothing of it is left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertKind, Ending, Outcome, alert_key, epoch
from dispatchwatch.domain.rules.facts import Facts
from dispatchwatch.domain.visit import OVER, Status, Technician, Visit, VisitKey
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.wording.assignment import (
    ended_by_cancelling,
    ended_by_finishing,
    ended_by_pausing,
    ended_by_reassignment,
    ended_by_taking_time,
)
from dispatchwatch.domain.wording.plain import kept

UNCERTAIN = OVER | {Status.PAUSED, Status.UNKNOWN}


class Timed(NamedTuple):
    """A visit that takes its technicians' time from `start` to `end`; `end` is None where nobody says how long."""

    start: datetime
    end: datetime | None
    watched: Watched


class Pair(NamedTuple):
    """Two visits of one technician; `later` starts later and is the one to be moved."""

    first: Timed
    later: Timed

    @property
    def visits(self) -> tuple[Visit, Visit]:
        return self.first.watched.visit, self.later.watched.visit

    @property
    def seen(self) -> bool:
        """Whether the latest snapshot had them both."""
        return self.first.watched.missing_since is None and self.later.watched.missing_since is None


def timed(watched: Watched) -> Timed | None:
    """The time a visit takes, if it takes a fixed time that is still to be spent; else None."""
    visit = watched.visit
    if visit.status in UNCERTAIN or visit.sched_start is None or visit.anytime or watched.withdrawn:
        return None
    return Timed(visit.sched_start, _end(visit), watched)


def timed_of(day: Iterable[Watched]) -> list[Timed]:
    """Those of a technician's visits that take time, by start; the ones already over are left out."""
    return sorted((one for one in map(timed, day) if one is not None), key=_place)


def pair(one: Timed, other: Timed) -> Pair:
    return Pair(*sorted((one, other), key=_place))


def shared(found: Pair) -> tuple[Technician, ...]:
    """Who is to go to both, by identity."""
    first, later = found.visits
    if len(first.technicians) == 1 == len(later.technicians):
        return first.technicians if first.technicians[0].identity == later.technicians[0].identity else ()
    others = {technician.identity for technician in later.technicians}
    both = {technician.identity: technician for technician in first.technicians if technician.identity in others}
    return tuple(both[identity] for identity in sorted(both))


def pair_key(kind: AlertKind, found: Pair) -> str:
    """The key of what is wrong with a pair: it stands with the later visit.

    Its start is part of it: two visits that were set apart and meet again at another time are news again.
    """
    first, later = found.visits
    names = sorted(_name(visit, later.feed) for visit in (first, later))
    who = next((technician.identity for technician in shared(found)), "")
    text = "+".join((who, *names, epoch(found.later.start)))
    return alert_key(kind, later.feed, later.ext_id, text.replace("|", "/"))


def pair_facts(found: Pair) -> dict[str, str]:
    """The words about both visits that the alert keeps: those of the later one, and `other…` for the first."""
    first, later = found.visits
    who = shared(found)
    told = {
        "other": first.ext_id,
        "other_feed": first.feed,
        "other_customer": first.customer.name,
        "other_site": first.site.name,
        "other_timezone": first.site.timezone,
        "shared": " and ".join(technician.name for technician in who),
        "technician_id": who[0].identity if who else "",
        "starts": kept(found.later.start),
        "ends": kept(found.later.end),
        "other_starts": kept(found.first.start),
        "other_ends": kept(found.first.end),
    }
    return {**wording.visit_facts(later), **{name: value for name, value in told.items() if value}}


def both_of(alert: Alert, facts: Facts) -> tuple[Watched, Watched] | None:
    """The two visits an alert speaks of; None if we have lost sight of either."""
    other = facts.visits.get(VisitKey(alert.facts.get("other_feed", ""), alert.facts.get("other", "")))
    watched = facts.about(alert)
    return None if other is None or watched is None else (other, watched)


def parted(both: tuple[Watched, Watched], who: str) -> Ending | Pair:
    """Why two visits have nothing to do with each other any more; else the pair that they still are.

    `who` is the identity of the technician that they shared.
    """
    for watched in both:
        visit = watched.visit
        if visit.status is Status.CANCELLED:
            return Ending(Outcome.CANCELLED, ended_by_cancelling(visit))
        if watched.withdrawn:
            return Ending(Outcome.WITHDRAWN, f"{wording.ENDED_BY_WITHDRAWAL}: {visit.ext_id}")
        if visit.status in OVER:
            return Ending(Outcome.REMEDIED, ended_by_finishing(visit))
        if all(technician.identity != who for technician in visit.technicians):
            return Ending(Outcome.REMEDIED, ended_by_reassignment(visit))
        if visit.status is Status.PAUSED:
            return Ending(Outcome.NOTED, ended_by_pausing(visit))
        if visit.sched_start is None or visit.anytime:
            return Ending(Outcome.MOVED, ended_by_taking_time(visit))
    return pair(*(Timed(start, _end(one.visit), one) for one in both if (start := one.visit.sched_start) is not None))


def _end(visit: Visit) -> datetime | None:
    start, planned = visit.sched_start, visit.duration
    if start is None:
        return None
    if visit.sched_end is not None and visit.sched_end > start:
        return visit.sched_end
    return start + planned if planned else None


def _place(one: Timed) -> tuple[datetime, VisitKey]:
    return one.start, one.watched.key


def _name(visit: Visit, feed: str) -> str:
    return visit.ext_id if visit.feed == feed else f"{visit.feed}/{visit.ext_id}"
