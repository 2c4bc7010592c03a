"""Stub."""

from __future__ import annotations

from collections.abc import Mapping

from dispatchwatch.domain.alert import AlertKind
from dispatchwatch.domain.wording.voice import Voice, visit_subject

VOICES: Mapping[AlertKind, Voice] = {
    AlertKind.SLA_RESPONSE: Voice(
        name="Response time",
        headline=lambda alert, _: f"Response time: {visit_subject(alert)}",
        title=lambda alert, _: f"Response time: {alert.ext_id}",
        next_step=lambda _: "",
    ),
    AlertKind.SLA_ONSITE: Voice(
        name="Time to be on site",
        headline=lambda alert, _: f"Time to be on site: {visit_subject(alert)}",
        title=lambda alert, _: f"Time to be on site: {alert.ext_id}",
        next_step=lambda _: "",
    ),
    AlertKind.SLA_RESOLUTION: Voice(
        name="Time to finish",
        headline=lambda alert, _: f"Time to finish: {visit_subject(alert)}",
        title=lambda alert, _: f"Time to finish: {alert.ext_id}",
        next_step=lambda _: "",
    ),
}
