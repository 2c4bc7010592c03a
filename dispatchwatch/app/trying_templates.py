"""What a channel’s own words come to for a made-up alert, while somebody writes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dispatchwatch.app.sample import sample_alert
from dispatchwatch.dispatch.template_language import TemplateProblem
from dispatchwatch.dispatch.templates import compiled
from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import AlertKind, Operation
from dispatchwatch.domain.notification import Notification


@dataclass(frozen=True, slots=True)
class Tried:
    """What goes out for a late technician: a headline, a subject, and lines with a label each. `problems` are what is
    wrong, by part; with any, what goes out is built in."""

    headline: str
    subject: str
    lines: tuple[tuple[str, str], ...]
    problems: Mapping[str, str]


def tried(parts: Mapping[str, str], operation: Operation, channel: str, zone: str, now: datetime) -> Tried:
    """`parts` are the templates of this operation: headline, subject, body. Every kind of alert is tried."""
    problems: dict[str, str] = {}

    def wrong(key: str, text: str) -> None:
        problems.setdefault(key.rpartition(".")[2], text)

    templates = compiled({operation.value: dict(parts)} if parts else {}, channel, zone, wrong)
    shown = _notification(AlertKind.LATE_CHECK_IN, operation, now)
    if problems:
        return _as_told(shown, problems)
    for kind in AlertKind:
        try:
            templates.apply(_notification(kind, operation, now))
        except TemplateProblem as problem:
            problems.setdefault(problem.part, f"{problem} (for {wording.KIND_NAMES[kind].lower()})")
    return _as_told(shown if problems else templates.apply(shown), problems)


def _notification(kind: AlertKind, operation: Operation, now: datetime) -> Notification:
    return wording.notification(sample_alert(kind, now), operation, now)


def _as_told(notification: Notification, problems: Mapping[str, str]) -> Tried:
    return Tried(notification.headline, notification.subject, tuple(notification.facts), problems)


def parts_of(told: Any) -> dict[str, str]:
    """The templates of one operation as the file writes them: a text alone is the headline."""
    if isinstance(told, Mapping):
        return {str(part): str(text) for part, text in told.items()}
    return {"headline": str(told)} if told else {}


def written(parts: Mapping[str, str]) -> Any:
    """As the file writes them; None where there are none."""
    some = {part: text for part, text in parts.items() if text}
    return some["headline"] if set(some) == {"headline"} else some or None
