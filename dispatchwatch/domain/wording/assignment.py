"""Stub."""

from __future__ import annotations

from collections.abc import Mapping

from dispatchwatch.domain.alert import AlertKind
from dispatchwatch.domain.wording.voice import Voice, visit_subject

VOICES: Mapping[AlertKind, Voice] = {
    AlertKind.UNASSIGNED: Voice(
        name="Nobody assigned",
        headline=lambda alert, _: f"Nobody assigned: {visit_subject(alert)}",
        title=lambda alert, _: f"Nobody assigned: {alert.ext_id}",
        next_step=lambda _: "",
    ),
    AlertKind.DOUBLE_BOOKED: Voice(
        name="Double-booked",
        headline=lambda alert, _: f"Double-booked: {visit_subject(alert)}",
        title=lambda alert, _: f"Double-booked: {alert.ext_id}",
        next_step=lambda _: "",
    ),
    AlertKind.TRAVEL_CONFLICT: Voice(
        name="Drive too short",
        headline=lambda alert, _: f"Drive too short: {visit_subject(alert)}",
        title=lambda alert, _: f"Drive too short: {alert.ext_id}",
        next_step=lambda _: "",
    ),
}
