"""Every number and switch that a rule asks for, with its default, its meaning and its limits.

This is their one home: the keys of `[policy]` and of its overrides, their checks and their help are drawn from here.
The defaults and where they come from: study, section 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import timedelta
from enum import StrEnum
from typing import Any

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Counting(StrEnum):
    """Which hours count: all of them, those of weekdays that are no holiday, or those in which the office is open."""

    ALWAYS = "always"
    WEEKDAYS = "weekdays"
    OFFICE = "office"


def _setting(default: Any, label: str, help: str, **limits: Any) -> Any:  # noqa: A002 - the word of pydantic and typer for it
    """`least` and `most` are what may be configured, both included; LIMITS where nothing else is said."""
    return field(default=default, metadata={"label": label, "help": help, **limits})


LIMITS: Mapping[type, tuple[Any, Any]] = {timedelta: (timedelta(), 366 * DAY), int: (0, 1000)}
"""The least and the most that may be configured of each type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The thresholds for one visit or feed, overrides applied."""

    off: frozenset[str] = _setting(frozenset(), "Switched off", "Kinds of alert that are not raised at all.")
    look_back: timedelta = _setting(
        12 * HOUR,
        "Old news after",
        "What was over longer ago than this when first seen raises nothing: an old file is no news.",
    )

    # lateness
    check_in_grace: timedelta = _setting(
        15 * MINUTE, "Check-in grace", "How long after the promised time a check-in is not yet late.", most=DAY
    )
    due_soon: timedelta = _setting(
        15 * MINUTE, "Due soon", "How long before its deadline a visit is coloured as due soon."
    )
    late_high_after: timedelta = _setting(
        30 * MINUTE, "Late: high after", "How long after the deadline a late check-in becomes high."
    )
    late_critical_after: timedelta = _setting(
        60 * MINUTE, "Late: critical after", "How long after the deadline it becomes critical."
    )
    moved_grace: timedelta = _setting(
        10 * MINUTE,
        "Grace after a move",
        "The least time a visit moved earlier gets from when we knew of it.",
        most=DAY,
    )
    anytime_late: bool = _setting(
        False, "Late without a time", "Whether a visit without a time is late once the office closes on its day."
    )
    no_show_after: timedelta = _setting(
        60 * MINUTE, "No-show after", "How long after a promised start the technician counts as no-show."
    )
    window_no_show_after: timedelta = _setting(
        30 * MINUTE,
        "No-show after a window",
        "How long after the end of an arrival window a technician is a no-show.",
    )

    # prediction
    at_risk_from: timedelta = _setting(
        10 * MINUTE, "At risk from", "A predicted arrival this long after the promise is at risk.", most=DAY
    )
    at_risk_high_from: timedelta = _setting(
        30 * MINUTE, "At risk: high from", "At risk by this much or more is high.", most=DAY
    )
    at_risk_until: timedelta = _setting(
        5 * MINUTE, "At risk until", "At risk ends once no more than this late is predicted.", most=DAY
    )

    # cancelled and moved
    cancel_notice: timedelta = _setting(
        24 * HOUR, "Notice for cancelling", "How long before the start a customer may still cancel freely."
    )
    cancel_high_within: timedelta = _setting(
        3 * HOUR, "Cancelled: high within", "A cancellation this close to the start is high."
    )
    cancel_wait: timedelta = _setting(
        20 * MINUTE,
        "Cancelling after the start",
        "How long after the start a cancellation still counts as one.",
        most=DAY,
    )
    reschedule_notice: timedelta = _setting(
        24 * HOUR, "Notice for moving", "How long before the start a customer may still move freely."
    )
    reschedule_high_within: timedelta = _setting(
        3 * HOUR, "Moved: high within", "A move this close to the start is high."
    )
    reschedule_from: timedelta = _setting(
        15 * MINUTE, "Moved from", "A start changed by less than this is no move.", most=DAY
    )
    undo_within: timedelta = _setting(
        10 * MINUTE, "Taken back within", "A move taken back this soon never happened.", most=DAY
    )
    notice_counts: Counting = _setting(Counting.ALWAYS, "Notice counts", "Which hours count towards the notice.")
    booked_inside_exempt: bool = _setting(
        True, "Booked at short notice", "Whether a visit booked inside the notice may be cancelled freely."
    )
    drift_moves: int = _setting(3, "Drifting after moves", "A visit moved this many times drifts.", least=1, most=30)
    drift_high_moves: int = _setting(
        5, "Drifting: high after moves", "Moved this many times, drifting is high.", least=1, most=30
    )
    drift_days: int = _setting(
        2, "Drifting after days", "So many business days after the first promised start, a visit drifts.", least=1
    )

    # who goes
    unassigned_lead: timedelta = _setting(
        4 * HOUR, "Technician needed", "How long before its start a visit needs a technician."
    )
    unassigned_high_within: timedelta = _setting(
        1 * HOUR, "Unassigned: high within", "Without a technician this close to the start is high."
    )
    overlap_from: timedelta = _setting(
        5 * MINUTE, "Overlap from", "Two visits of one technician overlapping by more are double-booked.", most=DAY
    )
    double_booked_high_within: timedelta = _setting(
        2 * HOUR, "Double-booked: high within", "Double-booked this close to the first start is high."
    )
    travel_slack: timedelta = _setting(
        5 * MINUTE, "Slack for drives", "How much too short the gap for a drive may be.", most=DAY
    )

    # how long it takes
    overrun_grace: timedelta = _setting(
        15 * MINUTE, "Overrun grace", "How long past its plan work may run at least.", most=DAY
    )
    overrun_percent: int = _setting(
        10, "Overrun share", "How much of the plan, in percent, work may run over if that is more.", most=100
    )
    overrun_high_after: timedelta = _setting(
        60 * MINUTE, "Overrun: high after", "How long after it was raised an overrun becomes high."
    )
    early_percent: int = _setting(
        50, "Early share", "Leaving before this share of the planned time, in percent, is early.", most=100
    )
    early_minus: timedelta = _setting(
        30 * MINUTE, "Early by", "Leaving is early only if it is also at least this long before the planned end."
    )

    # service levels; a target that is not set runs no clock
    sla_response: timedelta | None = _setting(
        None, "Response within", "Within which time somebody must have been sent.", least=MINUTE
    )
    sla_onsite: timedelta | None = _setting(
        None, "On site within", "Within which time somebody must be on site.", least=MINUTE
    )
    sla_resolution: timedelta | None = _setting(
        None, "Done within", "Within which time the work must be done.", least=MINUTE
    )
    sla_counts: Counting = _setting(Counting.OFFICE, "Targets count", "Which hours count towards the targets.")
    sla_pauses: bool = _setting(
        False, "Pauses stop the clock", "Whether the clock of the resolution stands still while work is paused."
    )

    # the schedule itself
    missing_high_within: timedelta = _setting(
        24 * HOUR, "Missing: high within", "A visit missing this close to its start is high."
    )
    frozen_after: timedelta = _setting(
        2 * HOUR,
        "Frozen after",
        "A schedule that is read but has not changed for so long, while work is going on, is frozen.",
    )
    skew_from: timedelta = _setting(2 * MINUTE, "Clock off by", "A source's clock may be wrong by this much.", most=DAY)
    skew_high_from: timedelta = _setting(
        10 * MINUTE, "Clock off: high from", "Wrong by more than this is high.", most=DAY
    )


def settings() -> Iterator[Field[Any]]:
    """Every threshold as a dataclass field: name, default, and `metadata` with its label and help."""
    return iter(fields(Thresholds))


def limits(setting: Field[Any]) -> tuple[Any, Any] | None:
    """The least and the most that may be configured of a threshold, both included; None where it has no size."""
    told = setting.metadata
    kind = timedelta if "timedelta" in str(setting.type) else int if setting.type == "int" else None
    if kind is None:
        return None
    least, most = LIMITS[kind]
    return told.get("least", least), told.get("most", most)


def defaults() -> Mapping[str, Any]:
    return {one.name: one.default for one in fields(Thresholds)}
