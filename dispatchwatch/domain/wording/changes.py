"""Stub."""

from __future__ import annotations

from collections.abc import Mapping

from dispatchwatch.domain.alert import AlertKind
from dispatchwatch.domain.wording.voice import Voice, visit_subject

VOICES: Mapping[AlertKind, Voice] = {
    AlertKind.CUSTOMER_NO_SHOW: Voice(
        name="Customer no-show",
        headline=lambda alert, _: f"Customer no-show: {visit_subject(alert)}",
        title=lambda alert, _: f"Customer no-show: {alert.ext_id}",
        next_step=lambda _: "",
    ),
    AlertKind.CANCELLED_SHORT_NOTICE: Voice(
        name="Cancelled at short notice",
        headline=lambda alert, _: f"Cancelled at short notice: {visit_subject(alert)}",
        title=lambda alert, _: f"Cancelled at short notice: {alert.ext_id}",
        next_step=lambda _: "",
    ),
    AlertKind.CANCELLED: Voice(
        name="Cancelled",
        headline=lambda alert, _: f"Cancelled: {visit_subject(alert)}",
        title=lambda alert, _: f"Cancelled: {alert.ext_id}",
        next_step=lambda _: "",
    ),
    AlertKind.RESCHEDULED_SHORT_NOTICE: Voice(
        name="Moved at short notice",
        headline=lambda alert, _: f"Moved at short notice: {visit_subject(alert)}",
        title=lambda alert, _: f"Moved at short notice: {alert.ext_id}",
        next_step=lambda _: "",
    ),
    AlertKind.RESCHEDULE_DRIFT: Voice(
        name="Moved again and again",
        headline=lambda alert, _: f"Moved again and again: {visit_subject(alert)}",
        title=lambda alert, _: f"Moved again and again: {alert.ext_id}",
        next_step=lambda _: "",
    ),
}
