"""Stub."""

from __future__ import annotations

from collections.abc import Mapping

from dispatchwatch.domain.alert import AlertKind
from dispatchwatch.domain.wording.voice import Voice, visit_subject

VOICES: Mapping[AlertKind, Voice] = {
    AlertKind.JOB_MISSING: Voice(
        name="Visit missing",
        headline=lambda alert, _: f"Visit missing: {visit_subject(alert)}",
        title=lambda alert, _: f"Visit missing: {alert.ext_id}",
        next_step=lambda _: "",
    ),
    AlertKind.STATUS_CONFLICT: Voice(
        name="Facts contradict",
        headline=lambda alert, _: f"Facts contradict: {visit_subject(alert)}",
        title=lambda alert, _: f"Facts contradict: {alert.ext_id}",
        next_step=lambda _: "",
    ),
    AlertKind.UNMAPPED_STATUS: Voice(
        name="Unknown status word",
        headline=lambda alert, _: f"Unknown status word: {visit_subject(alert)}",
        title=lambda alert, _: f"Unknown status word: {alert.ext_id}",
        next_step=lambda _: "",
    ),
}
