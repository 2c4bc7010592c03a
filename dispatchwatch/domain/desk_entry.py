"""What a person at the desk says of a visit, laid over what the source says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from dispatchwatch.domain.soundness import BY_DESK, BY_TECHNICIAN
from dispatchwatch.domain.visit import AWAITED, OVER, Status, Technician, Visit

SAME_VISIT = timedelta(hours=12)
NAMELESS = "the technician"
"""Who speaks where the link was made before anybody was assigned."""


class DeskAction(StrEnum):
    CHECK_IN = "check_in"
    ETA = "eta"
    CANCEL = "cancel"
    NOTE = "note"
    REASSIGN = "reassign"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskEntry:
    """One statement. `at` is the arrival, the expected arrival, the cancellation, or when it was noted; `entered_at`
    when it was typed.

    `promise` is what the visit promised then: an entry speaks of that appointment, not of a later one. Where a visit
    is given to others, `crew` are those who go from then on, `crew_before` those who were to go.
    """

    feed: str
    ext_id: str
    action: DeskAction
    at: datetime
    entered_at: datetime
    by: str
    note: str = ""
    promise: datetime | None = None
    crew: tuple[Technician, ...] = ()
    crew_before: tuple[Technician, ...] = ()


def overlay(visit: Visit, entries: Iterable[DeskEntry]) -> Visit:
    """The visit with the desk's word added. What the source itself knows wins; the desk fills what it lacks."""
    told = visit
    for entry in entries:
        if _speaks_of(entry, visit):
            visit = _apply(entry, visit)
    has_come_back = not told.assigned_by and same_crew(visit.technicians, told.technicians)
    return replace(visit, assigned_by="") if visit.assigned_by and has_come_back else visit


def same_crew(some: Sequence[Technician], others: Sequence[Technician]) -> bool:
    """Whether these are the same people, in whatever order and however each source knows them."""
    return len(some) == len(others) and all(any(one.is_same(other) for other in others) for one in some)


def _speaks_of(entry: DeskEntry, visit: Visit) -> bool:
    """Offices shift a start by some minutes after the fact; a move by half a day is another appointment."""
    promise = visit.promise
    if promise is None or entry.promise is None:
        return promise is entry.promise
    return abs(promise - entry.promise) <= SAME_VISIT


def _method(entry: DeskEntry, visit: Visit) -> str:
    """Whose word it is: a technician’s own, by his link or by a message, or that of somebody at the desk."""
    crew = {visit.technician, NAMELESS, *(technician.name for technician in visit.technicians)}
    return BY_TECHNICIAN if entry.by in crew else BY_DESK


def _apply(entry: DeskEntry, visit: Visit) -> Visit:
    match entry.action:
        case DeskAction.CHECK_IN if not visit.checked_in:
            status = Status.ARRIVED if visit.status in AWAITED | {Status.UNKNOWN} else visit.status
            return replace(visit, status=status, arrived_at=entry.at, checkin_method=_method(entry, visit))
        case DeskAction.ETA if visit.status in AWAITED and not visit.checked_in:
            return replace(visit, status=Status.EN_ROUTE, eta=entry.at)
        case DeskAction.CANCEL if visit.status not in OVER and not visit.checked_in:
            return replace(
                visit, status=Status.CANCELLED, cancelled_at=entry.at, cancelled_by="the desk", cancel_reason=entry.note
            )
        case DeskAction.REASSIGN if _still_goes(entry, visit):
            return _given(visit, entry)
        case DeskAction.NOTE if entry.note not in visit.notes.splitlines():
            return replace(visit, notes="\n".join(part for part in (visit.notes, entry.note) if part))
        case _:
            return visit


def _still_goes(entry: DeskEntry, visit: Visit) -> bool:
    """Whether the source has not moved on since: it may agree by now, or send somebody else."""
    return visit.status not in OVER and not visit.checked_in and same_crew(visit.technicians, entry.crew_before)


def _given(visit: Visit, entry: DeskEntry) -> Visit:
    """What the source tells of the way there is of those who do not go any more."""
    given = replace(visit, technicians=entry.crew, assigned_by=entry.by)
    if visit.status not in {Status.DISPATCHED, Status.EN_ROUTE}:
        return given
    return replace(given, status=Status.SCHEDULED, eta=None, dispatched_at=None, en_route_at=None)
