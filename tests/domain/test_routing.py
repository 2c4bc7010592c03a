"""Which channels hear of an alert, and when."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatchwatch.domain.alert import Alert, AlertKind, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.match import Match
from dispatchwatch.domain.routing import Hours, Route, Telling, tellings
from tests.fakes.office import CHICAGO, WEEKDAYS_7_TO_18, at, hours, minutes

NOON = at("12:00")
NIGHT = at("22:00")
ALWAYS_OPEN = OfficeHours(CHICAGO)


def alert(severity: Severity = Severity.WARNING, **facts: str) -> Alert:
    return Alert(
        id=1,
        key="k",
        kind=AlertKind.LATE_CHECK_IN,
        severity=severity,
        feed="today",
        ext_id="J-1",
        due_at=NOON,
        raised_at=NOON,
        updated_at=NOON,
        facts={"customer": "Acme Foundry", "technician": "J. Ortiz", **facts},
    )


def told(*routes: Route, about: Alert | None = None, office: OfficeHours = ALWAYS_OPEN, now: Any = NOON) -> list[Any]:
    return [(one.channel, one.due_at) for one in tellings(about or alert(), routes, office, now)]


def match(**criteria: str | tuple[str, ...]) -> Match:
    return Match(
        tuple((name, (patterns,) if isinstance(patterns, str) else patterns) for name, patterns in criteria.items())
    )


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        (match(), True),
        (match(kind="late_check_in"), True),
        (match(kind="stale_feed"), False),
        (match(kind=("stale_feed", "late_check_in")), True),
        (match(kind="late*"), True),
        (match(customer="acme*"), True),
        (match(customer="*FOUNDRY", technician="J. Ortiz"), True),
        (match(customer="acme*", technician="M. Lee"), False),
        (match(feed="today"), True),
        (match(site="*"), True),
        (match(site="Plant*"), False),
    ],
)
def test_every_criterion_has_to_fit_and_case_does_not_matter(when: Match, fits: bool) -> None:
    assert bool(told(Route(when=when, channels=("ops",)))) is fits


def test_only_these_severities() -> None:
    route = Route(severities=frozenset({Severity.WARNING, Severity.CRITICAL}), channels=("ops",))
    assert [bool(told(route, about=alert(one))) for one in Severity] == [False, True, False, True]


def test_every_fitting_route_applies_and_stop_ends_the_list() -> None:
    first, second, third = (Route(channels=(name,)) for name in ("a", "b", "c"))
    assert [name for name, _ in told(first, second, third)] == ["a", "b", "c"]
    assert [name for name, _ in told(first, replace(second, stop=True), third)] == ["a", "b"]


def test_a_stop_that_does_not_fit_ends_nothing() -> None:
    other = Route(when=match(kind="stale_feed"), channels=("a",), stop=True)
    assert [name for name, _ in told(other, Route(channels=("b",)))] == ["b"]


def test_one_channel_at_one_instant_is_told_once_and_the_repeat_is_kept() -> None:
    routes = (Route(channels=("ops", "ops")), Route(channels=("ops",), repeat=minutes(30)))
    (telling,) = tellings(alert(), routes, ALWAYS_OPEN, NOON)
    assert telling.repeat == minutes(30)


def test_told_now_and_reminded_later_are_two() -> None:
    routes = (Route(channels=("ops",)), Route(channels=("ops",), after=minutes(10), repeat=minutes(30)))
    assert tellings(alert(), routes, ALWAYS_OPEN, NOON) == (
        Telling("ops", NOON, None, waits_for_nobody=False),
        Telling("ops", NOON + minutes(10), minutes(30), waits_for_nobody=True),
    )


@pytest.mark.parametrize(
    ("route_hours", "now", "after", "due"),
    [
        (Hours.ALWAYS, NIGHT, 0, NIGHT),
        (Hours.OFFICE, NOON, 0, NOON),
        (Hours.OFFICE, NIGHT, 0, at("2026-11-11 07:00")),
        (Hours.OFFICE, at("06:55"), 10, at("07:05")),
        (Hours.OFFICE, at("17:55"), 10, at("2026-11-11 07:00")),
        (Hours.OUTSIDE, NIGHT, 0, NIGHT),
        (Hours.OUTSIDE, NOON, 0, at("18:00")),
        (Hours.OFFICE, at("2026-11-13 20:00"), 0, at("2026-11-16 07:00")),
    ],
)
def test_a_route_with_hours_waits_for_them(route_hours: Hours, now: Any, after: int, due: Any) -> None:
    route = Route(channels=("ops",), hours=route_hours, after=minutes(after))
    (telling,) = tellings(alert(), [route], WEEKDAYS_7_TO_18, now)
    assert telling.due_at == due
    assert telling.waits_for_nobody is (due > now)


def test_outside_an_office_that_never_closes_is_never() -> None:
    assert told(Route(channels=("ops",), hours=Hours.OUTSIDE)) == []
    assert told(Route(channels=("ops",), hours=Hours.OFFICE), now=NOON + hours(12)) == [("ops", NOON + hours(12))]
