"""When a message is held back, and until when."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import pytest

from dispatchwatch.domain.alert import Alert, AlertKind, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.match import Match
from dispatchwatch.domain.quiet import Hold, Quiet, hold
from dispatchwatch.domain.routing import Hours, Route, alert_words, tellings
from tests.fakes.office import CHICAGO, WEEKDAYS_7_TO_18, at, hours, minutes, seconds

NIGHT = OfficeHours(CHICAGO, dict.fromkeys(range(7), (time(22), time(6))))
ALWAYS_OPEN = OfficeHours(CHICAGO)
QUIET = Quiet(reason="quiet hours", hours=NIGHT, unless=Severity.CRITICAL)
WINDOW = Quiet(reason="maintenance", since=at("10:00"), until=at("12:00"))
SIX = at("2026-11-11 06:00")


def alert(severity: Severity = Severity.WARNING, kind: AlertKind = AlertKind.LATE_CHECK_IN, **facts: str) -> Alert:
    now = at("09:00")
    told: dict[str, Any] = {"key": "k", "kind": kind, "feed": "today", "ext_id": "J-1", "due_at": now}
    return Alert(**told, severity=severity, raised_at=now, updated_at=now, facts={"site": "Plant 4", **facts})


def held(now: datetime, *quiet: Quiet, about: Alert | None = None, channel: str = "ops") -> Hold | None:
    told = about or alert()
    return hold(told, alert_words(told), channel, now, quiet)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("21:59:59", None),
        ("22:00", "2026-11-11 06:00"),
        ("23:59:59", "2026-11-11 06:00"),
        ("2026-11-11 00:00", "2026-11-11 06:00"),
        ("2026-11-11 05:59:59", "2026-11-11 06:00"),
        ("2026-11-11 06:00", None),
        ("12:00", None),
    ],
)
def test_quiet_hours_go_on_over_midnight(now: str, until: str | None) -> None:
    assert held(at(now), QUIET) == (Hold(at(until), "quiet hours") if until else None)


@pytest.mark.parametrize(
    ("now", "length"),
    [("2026-10-31 22:00", 9), ("2026-03-07 22:00", 7), ("2026-11-10 22:00", 8)],
    ids=["an hour more in autumn", "an hour less in spring", "an ordinary night"],
)
def test_they_end_by_the_clock_on_the_wall(now: str, length: float) -> None:
    found = held(at(now), QUIET)
    assert found is not None
    assert found.until - at(now) == hours(length)


@pytest.mark.parametrize(
    ("now", "is_held"), [("09:59:59", False), ("10:00", True), ("11:59:59", True), ("12:00", False)]
)
def test_a_maintenance_window_is_from_one_instant_to_another(now: str, is_held: bool) -> None:
    assert held(at(now), WINDOW) == (Hold(at("12:00"), "maintenance") if is_held else None)


def test_a_window_may_have_begun_long_ago() -> None:
    assert held(at("2026-01-01 00:00"), Quiet(reason="x", until=at("12:00"))) == Hold(at("12:00"), "x")


@pytest.mark.parametrize(
    ("unless", "passes"),
    [
        (None, []),
        (Severity.CRITICAL, [Severity.CRITICAL]),
        (Severity.HIGH, [Severity.HIGH, Severity.CRITICAL]),
        (Severity.INFO, list(Severity)),
    ],
)
def test_what_is_severe_enough_goes_out_all_the_same(unless: Severity | None, passes: list[Severity]) -> None:
    quiet = Quiet(reason="x", until=at("12:00"), unless=unless)
    assert [one for one in Severity if held(at("11:00"), quiet, about=alert(one)) is None] == passes


@pytest.mark.parametrize(
    ("quiet", "is_held"),
    [
        ({"when": Match((("site", ("Plant 4",)),))}, True),
        ({"when": Match((("site", ("Plant 5",)),))}, False),
        ({"when": Match((("kind", ("late*",)),))}, True),
        ({"when": Match((("kind", ("overrun",)),))}, False),
        ({"severities": frozenset({Severity.WARNING})}, True),
        ({"severities": frozenset({Severity.INFO})}, False),
        ({"channels": frozenset({"ops"})}, True),
        ({"channels": frozenset({"pager"})}, False),
    ],
)
def test_it_speaks_of_the_alerts_and_channels_it_names(quiet: dict[str, Any], is_held: bool) -> None:
    assert (held(at("11:00"), Quiet(reason="x", until=at("12:00"), **quiet)) is not None) is is_held


def test_where_one_ends_in_another_the_wait_is_for_the_last() -> None:
    morning = Quiet(reason="inventory", since=at("2026-11-11 05:00"), until=at("2026-11-11 08:00"))
    later = Quiet(reason="lunch", since=at("2026-11-11 09:00"), until=at("2026-11-11 10:00"))
    assert held(at("23:00"), QUIET, morning, later) == Hold(at("2026-11-11 08:00"), "inventory")


def test_days_without_a_gap_are_one_quiet() -> None:
    weekend = OfficeHours(CHICAGO, dict.fromkeys((5, 6), (time(), time())))
    quiet = Quiet(reason="weekend", hours=weekend)
    assert held(at("2026-11-14 12:00"), quiet) == Hold(at("2026-11-16 00:00"), "weekend")


# What the routes make of it


def told(route: Route, now: datetime, *quiet: Quiet, **more: Any) -> list[tuple[datetime, str, bool]]:
    about = more.pop("about", alert())
    found = tellings(about, [route], more.pop("office", ALWAYS_OPEN), now, quiet, **more)
    return [(one.due_at, one.held, one.waits_for_nobody) for one in found]


def test_a_first_message_is_owed_for_the_end_of_the_quiet() -> None:
    assert told(Route(channels=("ops",)), at("23:00"), QUIET) == [(SIX, "quiet hours", True)]
    assert told(Route(channels=("ops",)), at("21:00"), QUIET) == [(at("21:00"), "", False)]


@pytest.mark.parametrize(
    ("now", "after", "due"),
    [
        ("23:00", 10, SIX + minutes(10)),
        ("21:30", 45, SIX),
        ("21:30", 15, at("21:45")),
        ("2026-11-11 05:59", 10, SIX + minutes(10)),
    ],
    ids=["counts from the end of it", "falls into it", "is before it", "not from the alert"],
)
def test_an_escalation_counts_from_when_the_channel_may_be_told(now: str, after: float, due: datetime) -> None:
    (found,) = told(Route(channels=("ops",), after=minutes(after)), at(now), QUIET)
    assert found[0] == due
    assert bool(found[1]) is (due >= SIX)


def test_only_the_channel_that_is_quiet_waits() -> None:
    quiet = Quiet(reason="x", hours=NIGHT, channels=frozenset({"pager"}))
    found = tellings(alert(), [Route(channels=("ops", "pager"))], ALWAYS_OPEN, at("23:00"), [quiet])
    assert [(one.channel, one.due_at) for one in found] == [("ops", at("23:00")), ("pager", SIX)]


def test_a_route_of_the_office_waits_for_both() -> None:
    route = Route(channels=("ops",), hours=Hours.OFFICE)
    late_quiet = Quiet(reason="inventory", since=at("2026-11-11 05:00"), until=at("2026-11-11 08:00"))
    assert told(route, at("23:00"), QUIET, office=WEEKDAYS_7_TO_18) == [
        (at("2026-11-11 07:00"), "told in office hours only", True)
    ]
    assert told(route, at("23:00"), late_quiet, office=WEEKDAYS_7_TO_18) == [
        (at("2026-11-11 08:00"), "inventory", True)
    ]


def test_a_change_that_waits_for_more_is_held_where_its_wait_ends_in_the_quiet() -> None:
    ready = at("21:59:30")
    assert told(Route(channels=("ops",)), ready, QUIET, wait=seconds(60)) == [(SIX, "quiet hours", True)]
    assert told(Route(channels=("ops",)), ready, wait=seconds(60)) == [(ready + seconds(60), "", False)]
