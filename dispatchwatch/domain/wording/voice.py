"""How a kind of alert speaks: the functions that every kind gives, so that all are told in the same places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatchwatch.domain.alert import Alert
from dispatchwatch.domain.wording.plain import clock, where_of, who_of, zone_of

Rows = Sequence[tuple[str, str]]


def visit_subject(alert: Alert) -> str:
    """Who and where, in a few words."""
    return f"{who_of(alert.facts, 'Technician')} at {where_of(alert.facts)}"


def visit_detail(alert: Alert) -> str:
    """Where, which visit, and the instant it is about."""
    return f"{where_of(alert.facts)} · {alert.ext_id} · due {clock(alert.due_at, zone_of(alert.facts))}"


def no_rows(_alert: Alert) -> Rows:
    return ()


def no_measure(_alert: Alert, _now: datetime) -> Rows:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """The words of one kind of alert.

    `name` is the kind in plain English. `headline` says what is wrong in one sentence that stands alone, as of an
    instant. `title` is a few words for a toast, `detail` the line below it, `subject` whom or what it is about,
    `next_step` what a person can do now. `rows` are label and value of what stays
    true, besides visit, technician, customer and site; `measure` of what is true as of an instant, told while it lasts.
    """

    name: str
    headline: Callable[[Alert, datetime], str]
    title: Callable[[Alert, datetime], str]
    next_step: Callable[[Alert], str]
    subject: Callable[[Alert], str] = visit_subject
    detail: Callable[[Alert], str] = visit_detail
    rows: Callable[[Alert], Rows] = no_rows
    measure: Callable[[Alert, datetime], Rows] = no_measure
