"""What shows that a technician came, and how well (study 4.1): from a place that was checked to a mere word."""

from __future__ import annotations

import re
from enum import StrEnum

from dispatchwatch.domain.soundness import BY_DESK, BY_TECHNICIAN
from dispatchwatch.domain.visit import Status, Visit

NO_ACCESS = re.compile(r"\bno[ _-]?access\b(?![ _-]*(?:issue|problem)s?\b)", re.IGNORECASE)
CHECKED_PLACE = re.compile(r"geo|gps|location|nfc|fob|beacon", re.IGNORECASE)


class Evidence(StrEnum):
    """What a check-in rests on, the best first."""

    PLACE = "place"
    STAMP = "stamp"
    TECHNICIAN = "technician"
    DESK = "desk"
    STATUS = "status"


def evidence_of(visit: Visit) -> Evidence | None:
    """None while nothing shows that anybody was there. A status without a time of arrival is the weakest there is."""
    if not visit.checked_in:
        return None
    if visit.checkin_method == BY_DESK:
        return Evidence.DESK
    if visit.checkin_method == BY_TECHNICIAN:
        return Evidence.TECHNICIAN
    if not (visit.arrived_at or visit.started_at):
        return Evidence.STATUS
    return Evidence.PLACE if CHECKED_PLACE.search(visit.checkin_method) else Evidence.STAMP


def found_nobody(visit: Visit) -> bool:
    """Whether the technician came and the customer was not there, or did not let them in."""
    if visit.status is Status.ARRIVED:
        return any(NO_ACCESS.search(text) for text in (visit.cancel_reason, visit.status_raw) if text)
    return visit.status is Status.CUSTOMER_NO_SHOW
