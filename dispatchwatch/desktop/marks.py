"""What each state looks like: its silhouette, its colour and its word, always together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop import board_phrases, texts
from dispatchwatch.desktop.tokens import Tone
from dispatchwatch.domain.alert import Severity
from dispatchwatch.domain.evidence import Evidence
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.wording import SEVERITY_NAMES


class Mark(NamedTuple):
    icon: str
    tone: Tone
    word: str


_TONES: Mapping[Standing, Tone] = {
    Standing.LATE: Tone.LATE,
    Standing.SOON: Tone.SOON,
    Standing.UNASSIGNED: Tone.INFO,
    Standing.UNKNOWN: Tone.INFO,
    Standing.ON_SITE: Tone.OK,
    Standing.DONE: Tone.IDLE,
    Standing.EN_ROUTE: Tone.TEXT,
    Standing.LATER: Tone.TEXT,
    Standing.CANCELLED: Tone.IDLE,
    Standing.GONE: Tone.IDLE,
}
STANDINGS: Mapping[Standing, Mark] = {
    standing: Mark(standing.value, tone, texts.STANDING_NAMES[standing]) for standing, tone in _TONES.items()
}
SEVERITIES: Mapping[Severity, Mark] = {
    Severity.INFO: Mark("info", Tone.INFO, SEVERITY_NAMES[Severity.INFO]),
    Severity.WARNING: Mark("warning", Tone.SOON, SEVERITY_NAMES[Severity.WARNING]),
    Severity.HIGH: Mark("high", Tone.LATE, SEVERITY_NAMES[Severity.HIGH]),
    Severity.CRITICAL: Mark("critical", Tone.CRITICAL, SEVERITY_NAMES[Severity.CRITICAL]),
}
DELIVERIES: Mapping[str, Mark] = {
    "waiting": Mark("waiting", Tone.SOON, texts.DELIVERY_NAMES["waiting"]),
    "sending": Mark("sending", Tone.ACCENT, texts.DELIVERY_NAMES["sending"]),
    "sent": Mark("sent", Tone.OK, texts.DELIVERY_NAMES["sent"]),
    "failed": Mark("failed", Tone.LATE, texts.DELIVERY_NAMES["failed"]),
    "dropped": Mark("dropped", Tone.IDLE, texts.DELIVERY_NAMES["dropped"]),
}


def of_row(row: BoardRow) -> Mark:
    """Of a visit: one that is late takes the colour of its alert once that is critical."""
    mark = STANDINGS[row.standing]
    if row.standing is Standing.LATE and row.severity is Severity.CRITICAL:
        return Mark(SEVERITIES[Severity.CRITICAL].icon, Tone.CRITICAL, mark.word)
    return mark


EVIDENCES: Mapping[Evidence, Mark] = {
    Evidence.PLACE: Mark("known_place", Tone.OK, board_phrases.EVIDENCE_NAMES[Evidence.PLACE]),
    Evidence.STAMP: Mark("known_stamp", Tone.OK, board_phrases.EVIDENCE_NAMES[Evidence.STAMP]),
    Evidence.TECHNICIAN: Mark("known_technician", Tone.INFO, board_phrases.EVIDENCE_NAMES[Evidence.TECHNICIAN]),
    Evidence.DESK: Mark("known_desk", Tone.INFO, board_phrases.EVIDENCE_NAMES[Evidence.DESK]),
    Evidence.STATUS: Mark("known_status", Tone.SOON, board_phrases.EVIDENCE_NAMES[Evidence.STATUS]),
}


def delivery(state: str) -> Mark:
    return DELIVERIES.get(state, Mark("unknown", Tone.INFO, state))
