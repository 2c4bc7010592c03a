"""The clocks of a service level: how much of its time has run, when it is up, and whether it was met.

A customer is promised a response, somebody on site and a resolution, each within its target, counted from when he asked
for help (study 1.2, row SLA). Only the hours that the office counts run; a clock may stand still while work is paused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from dispatchwatch.domain.alert import AlertKind, epoch
from dispatchwatch.domain.business_time import BusinessTime
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.durations import duration_text
from dispatchwatch.domain.evidence import found_nobody
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import ON_SITE, Status, Visit
from dispatchwatch.domain.watched import Pause, Watched

SENT = frozenset({Status.DISPATCHED, Status.EN_ROUTE}) | ON_SITE


class Met(NamedTuple):
    """What was promised was done: at this instant or before; None where nobody remembers when we learnt of it."""

    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One clock of one visit. `target` is a length in the hours that `hours` counts; all instants are UTC.

    `can_pause`: it stands still while work is paused, as in `pauses`. `met` is set once the promise was kept.
    """

    kind: AlertKind
    start: datetime
    target: timedelta
    hours: BusinessTime
    can_pause: bool = False
    pauses: tuple[Pause, ...] = ()
    met: Met | None = None

    @property
    def profile(self) -> str:
        """From when, to what and how it counts: what makes it the same clock, as text."""
        return f"{epoch(self.start)}+{duration_text(self.target)}+{self.hours.counting}"

    @property
    def met_at(self) -> datetime | None:
        return self.met.at if self.met else None

    @property
    def paused(self) -> bool:
        return self.met is None and any(pause.end is None for pause in self.pauses)

    @property
    def due_at(self) -> datetime | None:
        """When the target is reached; None while it never will be: the work is paused, or the office never opens."""
        return self.reached_at(self.target)

    def resumed(self, now: datetime) -> Clock:
        """The same clock as if work went on at `now`."""
        ended = (pause if pause.end else pause._replace(end=max(pause.start, now)) for pause in self.pauses)
        return replace(self, pauses=tuple(ended))

    def elapsed(self, now: datetime) -> timedelta:
        """How much has run by `now`, or by the instant at which it was met."""
        until = min(now, self.met_at or now)
        spans = ((since, min(to or until, until)) for since, to in self._runs())
        return sum((self.hours.between(since, to) for since, to in spans if since < to), timedelta())

    def share(self, now: datetime) -> float:
        """How much of the target has run by `now`: 1.0 when it is reached, more beyond it."""
        return self.elapsed(now) / self.target

    def reached_at(self, length: timedelta) -> datetime | None:
        """The instant at which so much has run; None if it never will as things stand."""
        left = length
        for since, to in self._runs():
            reached = self.hours.after(since, left)
            if to is None or (reached is not None and reached <= to):
                return reached
            left -= self.hours.between(since, to)
        return None

    def _runs(self) -> Iterator[tuple[datetime, datetime | None]]:
        """The spans in which it does not stand still, in order; the last one is open unless work is paused."""
        since = self.start
        for pause in sorted(self.pauses, key=lambda pause: pause.start):
            if pause.start > since:
                yield since, pause.start
            if pause.end is None:
                return
            since = max(since, pause.end)
        yield since, None


def clocks(
    watched: Watched, thresholds: Thresholds, office: OfficeHours, order: Sequence[Watched] = ()
) -> tuple[Clock, ...]:
    """Every clock of a visit for which there is a target, met ones too; none once the visit is called off.

    `order` are the visits of the same work order: work that one of them left unfinished another may finish.
    """
    visit = watched.visit
    start = visit.reported_at or visit.booked_at
    if start is None or watched.withdrawn or visit.status is Status.CANCELLED or found_nobody(visit):
        return ()
    hours, found = BusinessTime(office, thresholds.sla_counts), []
    for kind, target in targets(thresholds).items():
        can_pause = kind is AlertKind.SLA_RESOLUTION and thresholds.sla_pauses
        clock = Clock(
            kind=kind,
            start=start,
            target=target,
            hours=hours,
            can_pause=can_pause,
            pauses=watched.pauses if can_pause else (),
            met=met(kind, watched, order),
        )
        found.append(clock)
    return tuple(found)


def targets(thresholds: Thresholds) -> Mapping[AlertKind, timedelta]:
    """The targets that are set, by the kind of alert they lead to. A target of nothing is none."""
    wanted = {
        AlertKind.SLA_RESPONSE: thresholds.sla_response,
        AlertKind.SLA_ONSITE: thresholds.sla_onsite,
        AlertKind.SLA_RESOLUTION: thresholds.sla_resolution,
    }
    return {kind: target for kind, target in wanted.items() if target}


def met(kind: AlertKind, watched: Watched, order: Sequence[Watched] = ()) -> Met | None:
    """Whether the promise of this kind was kept, and when. `order` as for `clocks`."""
    match kind:
        case AlertKind.SLA_RESPONSE:
            return _response(watched)
        case AlertKind.SLA_ONSITE:
            return _on_site(watched)
        case _:
            return _resolution(watched, order)


def _response(watched: Watched) -> Met | None:
    """Somebody was sent: the source says so, or he is already there."""
    visit = watched.visit
    if not (visit.dispatched_at or visit.en_route_at or visit.status in SENT or visit.checked_in):
        return None
    arrival = _on_site(watched)
    since = visit.status_at if visit.status in SENT else None
    return _earliest(visit.dispatched_at, visit.en_route_at, since, arrival.at if arrival else None)


def _on_site(watched: Watched) -> Met | None:
    visit, seen = watched.visit, watched.check_in_seen
    if not visit.checked_in:
        return None
    # A source whose clock runs ahead can't make an arrival later than its news.
    return _earliest(visit.checked_in_at, visit.completed_at, seen.until if seen else None)


def _resolution(watched: Watched, order: Sequence[Watched]) -> Met | None:
    """The work is done: by this visit or, where it could not be finished, by a later one of the same order."""
    visit = watched.visit
    if visit.status is Status.COMPLETED:
        return _earliest(visit.completed_at, visit.status_at)
    if visit.status is not Status.INCOMPLETE:
        return None
    finished = [one.visit for one in order if one.visit.status is Status.COMPLETED and _later(one.visit, visit)]
    return _earliest(*(one.completed_at or one.status_at for one in finished)) if finished else None


def _later(one: Visit, than: Visit) -> bool:
    return one.start is not None and than.start is not None and one.start > than.start


def _earliest(*stamps: datetime | None) -> Met:
    return Met(min((stamp for stamp in stamps if stamp is not None), default=None))
