"""How the final facts of one visit became known: each at its own time, never before the visit itself was known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dispatchwatch.domain.calendars import day_bounds
from dispatchwatch.domain.visit import Status, Visit

KNOWN_BEFORE = timedelta(days=2)
"""How long before its first fact a visit was in the schedule where the source does not tell when it was booked."""

STAMPS = (
    "dispatched_at",
    "en_route_at",
    "arrived_at",
    "started_at",
    "completed_at",
    "departed_at",
    "cancelled_at",
)
ORDER = (
    Status.UNSCHEDULED,
    Status.SCHEDULED,
    Status.DISPATCHED,
    Status.EN_ROUTE,
    Status.ARRIVED,
    Status.IN_PROGRESS,
    Status.PAUSED,
)
RANKS: Mapping[Status, int] = {status: rank for rank, status in enumerate(ORDER)}
LAST = len(ORDER)
REACHED = (
    ("started_at", Status.IN_PROGRESS),
    ("arrived_at", Status.ARRIVED),
    ("en_route_at", Status.EN_ROUTE),
    ("dispatched_at", Status.DISPATCHED),
)
"""Where a visit stands by the furthest of its stamps."""

STAMPS_OF: Mapping[Status, tuple[str, ...]] = {
    Status.DISPATCHED: ("dispatched_at",),
    Status.EN_ROUTE: ("en_route_at",),
    Status.ARRIVED: ("arrived_at", "started_at"),
    Status.IN_PROGRESS: ("started_at", "arrived_at"),
    Status.COMPLETED: ("completed_at", "departed_at"),
    Status.INCOMPLETE: ("completed_at", "departed_at"),
    Status.CUSTOMER_NO_SHOW: ("completed_at", "departed_at", "cancelled_at"),
    Status.CANCELLED: ("cancelled_at",),
}
"""The stamps that say when a status was reached; the first that the source tells counts."""


@dataclass(frozen=True, slots=True)
class Story:
    """A visit with its final facts and when each became known.

    `known_at` is when the visit was first known, `final_at` when its final status was. `facts` are the stamps it has,
    each with the instant it became known. `flagged_at` is when the source's word for a technician's no-show was.
    """

    visit: Visit
    known_at: datetime
    final_at: datetime
    facts: tuple[tuple[datetime, str], ...]
    flagged_at: datetime

    @property
    def instants(self) -> tuple[datetime, ...]:
        """When something of it became known, in order."""
        flagged = (self.flagged_at,) if self.visit.technician_no_show else ()
        return tuple(sorted({self.known_at, self.final_at, *flagged, *(at for at, _ in self.facts)}))

    @property
    def has_news(self) -> bool:
        """Whether anything is known of it beyond that it was planned, or given to somebody."""
        visit = self.visit
        planned = visit.status in {Status.UNSCHEDULED, Status.SCHEDULED, Status.DISPATCHED, Status.UNKNOWN}
        return not planned or visit.technician_no_show or any(name != "dispatched_at" for _, name in self.facts)

    def at(self, now: datetime) -> Visit:
        """The visit as its source showed it at `now`."""
        final = self.visit
        unknown: dict[str, object] = {name: None for at, name in self.facts if at > now}
        if self.flagged_at > now:
            unknown["technician_no_show"] = False
        if self.final_at > now:
            unknown |= {
                "status": self._status(now),
                "status_raw": "",
                "status_at": None,
                "cancelled_by": "",
                "cancel_reason": "",
            }
        return replace(final, **unknown) if unknown else final  # type: ignore[arg-type]  # names from above

    def _status(self, now: datetime) -> Status:
        """Where it stood by the stamps known at `now`, but never beyond its final status."""
        known = {name for at, name in self.facts if at <= now}
        reached = next((status for name, status in REACHED if name in known), _planned(self.visit))
        return min(reached, self.visit.status, key=lambda status: RANKS.get(status, LAST))


def story(visit: Visit, zone: ZoneInfo) -> Story | None:
    """The story of a visit by its final facts; None where nothing says when any of it was. `zone` is the office's.

    A visit was first known when it was booked (or, without that, reported), else since the beginning of the local day
    `KNOWN_BEFORE` before its first fact. A final status without a time of its own became known with the last fact; a
    finished job without one, when the work was planned to be done; where there is no fact at all, at the promise; and
    a cancellation without a time counts as known from the beginning, in the customer's favour. The estimated arrival
    is left out, for nobody knows when it was given, and so is the stamp of the row's last change.
    """
    told = replace(visit, eta=None, modified_at=None)
    stamps = {name: at for name in STAMPS if (at := getattr(told, name)) is not None}
    known_at = _first_known(told, stamps, zone)
    if known_at is None:
        return None
    facts = tuple(sorted((max(at, known_at), name) for name, at in stamps.items()))
    flagged = _flagged(told, facts, known_at) if told.technician_no_show else known_at
    return Story(told, known_at, max(known_at, _final(told, stamps, known_at)), facts, flagged)


def _first_known(visit: Visit, stamps: Mapping[str, datetime], zone: ZoneInfo) -> datetime | None:
    booked = visit.booked_at or visit.reported_at
    if booked is not None:
        return booked
    planned = (visit.sched_start, visit.window_start, visit.window_end, visit.status_at)
    first = min([*stamps.values(), *(at for at in planned if at is not None)], default=None)
    if first is None:
        return None
    return day_bounds((first - KNOWN_BEFORE).astimezone(zone).date(), zone)[0]


def _final(visit: Visit, stamps: Mapping[str, datetime], known_at: datetime) -> datetime:
    """When the final status was reached."""
    status = visit.status
    own = next((stamps[name] for name in STAMPS_OF.get(status, ()) if name in stamps), visit.status_at)
    if own is not None:
        return own
    if status in {Status.CANCELLED, Status.UNSCHEDULED, Status.SCHEDULED}:
        return known_at
    if not stamps:
        return visit.promise or known_at
    last = max(stamps.values())
    finished = status in {Status.COMPLETED, Status.INCOMPLETE}
    if finished and visit.checked_in_at is not None and visit.planned is not None:
        return max(last, visit.checked_in_at + visit.planned)
    return last


def _flagged(visit: Visit, facts: Sequence[tuple[datetime, str]], known_at: datetime) -> datetime:
    """When the source could say that the technician neither came nor called."""
    return max([known_at, visit.status_at or visit.promise or known_at, *(at for at, _ in facts)])


def _planned(visit: Visit) -> Status:
    if visit.status is Status.UNSCHEDULED or (visit.sched_start is None and visit.promise is None):
        return Status.UNSCHEDULED
    return Status.SCHEDULED
