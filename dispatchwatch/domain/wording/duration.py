"""Stub."""

from __future__ import annotations

from collections.abc import Mapping

from dispatchwatch.domain.alert import AlertKind
from dispatchwatch.domain.wording.voice import Voice, visit_subject

VOICES: Mapping[AlertKind, Voice] = {
    AlertKind.OVERRUN: Voice(
        name="Running over",
        headline=lambda alert, _: f"Running over: {visit_subject(alert)}",
        title=lambda alert, _: f"Running over: {alert.ext_id}",
        next_step=lambda _: "",
    ),
    AlertKind.EARLY_DEPARTURE: Voice(
        name="Left early",
        headline=lambda alert, _: f"Left early: {visit_subject(alert)}",
        title=lambda alert, _: f"Left early: {alert.ext_id}",
        next_step=lambda _: "",
    ),
}
