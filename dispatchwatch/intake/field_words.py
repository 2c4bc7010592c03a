"""What our fields are called in a sentence."""

from __future__ import annotations

from collections.abc import Mapping

FIELD_WORDS: Mapping[str, str] = {
    "ext_id": "the visit’s own number",
    "order_ref": "the number of its work order",
    "status": "its status",
    "date": "its day",
    "sched_start": "the planned start",
    "sched_end": "the planned end",
    "window_start": "the start of the arrival window",
    "window_end": "the end of the arrival window",
    "window_length": "the length of the arrival window",
    "duration": "how long the visit takes",
    "arrived_at": "when the technician arrived",
    "started_at": "when the work began",
    "en_route_at": "when the technician set out",
    "dispatched_at": "when the technician was sent",
    "completed_at": "when the work was done",
    "departed_at": "when the technician left",
    "cancelled_at": "when it was cancelled",
    "cancelled_by": "who cancelled it",
    "cancel_reason": "why it was cancelled",
    "reported_at": "when the customer asked for help",
    "booked_at": "when it was booked",
    "modified_at": "when it was last changed",
    "eta": "when the technician is expected",
    "status_at": "when its status last changed",
    "technician": "the technician",
    "technician_id": "the technician’s number",
    "technician_phone": "the technician’s phone",
    "customer": "the customer",
    "customer_phone": "the customer’s phone",
    "site": "the site",
    "address": "the address",
    "site_timezone": "the time zone of the site",
    "latitude": "the latitude of the site",
    "longitude": "the longitude of the site",
    "priority": "its priority",
    "contract": "the contract",
    "kind": "the kind of work",
    "title": "its title",
    "notes": "the notes",
    "url": "a link to it",
    "anytime": "whether any time of the day will do",
    "skills": "the skills that are needed",
    "parts": "the parts that are needed",
    "locked": "whether its time and technician are fixed",
}


def in_words(name: str) -> str:
    """The field in plain words, and its name as the configuration has it."""
    return f"{FIELD_WORDS[name]} ({name})"
