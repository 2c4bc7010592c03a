"""What a person at the desk says of a visit, laid over what the source says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from dispatchwatch.domain.soundness import BY_DESK, BY_TECHNICIAN
from dispatchwatch.domain.visit import AWAITED, OVER, Status, Visit

SAME_VISIT = timedelta(hours=12)
NAMELESS = "the technician"
"""Who speaks where the link was made before anybody was assigned."""


class DeskAction(StrEnum):
    CHECK_IN = "check_in"
    ETA = "eta"
    CANCEL = "cancel"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskEntry:
    """One statement. `at` is the arrival, the expected arrival, the cancellation, or when it was noted; `entered_at`
    when it was typed.

    `promise` is what the visit promised then: an entry speaks of that appointment, not of a later one.
    """

    feed: str
    ext_id: str
    action: DeskAction
    at: datetime
    entered_at: datetime
    by: str
    note: str = ""
    promise: datetime | None = None


def overlay(visit: Visit, entries: Iterable[DeskEntry]) -> Visit:
    """The visit with the desk's word added. What the source itself knows wins; the desk fills what it lacks."""
    for entry in entries:
        if _speaks_of(entry, visit):
            visit = _apply(entry, visit)
    return visit


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
        case DeskAction.NOTE if entry.note not in visit.notes.splitlines():
            return replace(visit, notes="\n".join(part for part in (visit.notes, entry.note) if part))
        case _:
            return visit
