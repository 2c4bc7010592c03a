"""What each threshold does, by an example that the rules have played through."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dispatchwatch.app.settings.examples import EXAMPLES, policy_example
from dispatchwatch.app.settings.fields import fields_of
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.match import Match
from dispatchwatch.domain.policy import Override, Policy
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.thresholds import Counting, Thresholds
from dispatchwatch.domain.wording.thresholds import EXAMPLES as SENTENCES

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OFFICE = OfficeHours(ZoneInfo("America/Chicago"), dict.fromkeys(range(5), (time(8), time(17))))


def example(key: str, **thresholds: Any) -> str:
    return policy_example(Standards(office=OFFICE, policy=Policy(base=Thresholds(**thresholds))), key)


@pytest.mark.parametrize("field", [one.key for one in fields_of("policy") if one.key != "override"])
def test_every_threshold_has_an_example(field: str) -> None:
    assert field in EXAMPLES
    assert example(field).endswith(".")


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("check_in_grace", 15 * MINUTE, "With 15 min, a visit promised for 09:00 is late at 09:15."),
        ("check_in_grace", timedelta(), "With 0 s, a visit promised for 09:00 is late at 09:00."),
        (
            "late_high_after",
            20 * MINUTE,
            "With 20 min, a visit promised for 09:00 is late at 09:15, and high at 09:35.",
        ),
        ("due_soon", HOUR, "With 1 h, a visit promised for 09:00 is coloured from 08:15 on."),
        ("anytime_late", True, "A visit that has a day but no time is late at 17:00, when the office closes."),
        ("anytime_late", False, "A visit that has a day but no time is never late."),
        ("at_risk_from", 20 * MINUTE, "With 20 min, a visit promised for 09:00 is at risk once 09:20 is predicted."),
        (
            "cancel_notice",
            48 * HOUR,
            "With 2 days, a visit planned for Tue 10 Nov 09:00 can be cancelled freely until Sun 8 Nov 09:00.",
        ),
        (
            "notice_counts",
            Counting.WEEKDAYS,
            "With “weekdays”, a visit planned for Mon 16 Nov 09:00 can be cancelled freely until Fri 13 Nov 09:00.",
        ),
        ("booked_inside_exempt", False, "A visit booked at 07:00 for 09:00 and cancelled at 08:00 is at short notice."),
        ("drift_moves", 5, "With 5, a visit drifts with its move number 5."),
        (
            "drift_days",
            4,
            "With 4, a visit first promised for Tue 10 Nov 09:00 drifts once it is moved to Mon 16 Nov 09:00.",
        ),
        (
            "unassigned_lead",
            6 * HOUR,
            "With 6 h, a visit planned for 09:00 needs a technician from 03:00 on.",
        ),
        ("overlap_from", 10 * MINUTE, "With 10 min, a visit until 11:00 and one from 10:49 are double-booked."),
        ("sla_onsite", 4 * HOUR, "With 4 h, somebody must be on site by 13:00 for what was reported at 09:00."),
        ("sla_pauses", True, "Work reported at 09:00 for 4 h, and paused for 1 h, must be done by 14:00."),
        ("frozen_after", HOUR, "With 1 h, a schedule last changed at 09:00 is frozen at 10:00."),
        ("off", frozenset({"overrun", "at_risk"}), "Not raised at all: at risk, running over."),
    ],
)
def test_an_example_says_when(key: str, value: Any, sentence: str) -> None:
    assert example(key, **{key: value}) == sentence


def test_a_limit_of_days_is_told_with_its_days() -> None:
    assert example("check_in_grace", check_in_grace=DAY, no_show_after=2 * DAY) == (
        "With 1 day, a visit promised for Tue 10 Nov 09:00 is late at Wed 11 Nov 09:00."
    )


def test_what_makes_no_difference_has_no_example() -> None:
    assert example("late_high_after", off=frozenset({"late_check_in"})) == ""
    assert example("cancel_high_within", cancel_notice=HOUR, cancel_high_within=DAY) == ""
    assert example("nothing") == ""


def test_overrides_of_others_do_not_count() -> None:
    override = Override(Match((("customer", ("Acme",)),)), {"check_in_grace": timedelta()})
    standards = Standards(office=OFFICE, policy=Policy(overrides=(override,)))
    assert policy_example(standards, "check_in_grace").endswith("is late at 09:15.")


def test_no_sentence_is_left_without_a_threshold() -> None:
    words = {key.removesuffix("_off").removesuffix("_none") for key in SENTENCES} - {"sla_unset"}
    assert words == set(EXAMPLES)
