"""Stub."""

from __future__ import annotations

from collections.abc import Mapping

from dispatchwatch.domain.alert import AlertKind
from dispatchwatch.domain.wording.voice import Voice, visit_subject

VOICES: Mapping[AlertKind, Voice] = {
    AlertKind.AT_RISK: Voice(
        name="At risk",
        headline=lambda alert, _: f"At risk: {visit_subject(alert)}",
        title=lambda alert, _: f"At risk: {alert.ext_id}",
        next_step=lambda _: "",
    ),
}
