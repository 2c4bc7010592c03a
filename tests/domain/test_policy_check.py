"""The policy and its routes as a whole: what contradicts itself, and what never has an effect."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dispatchwatch.domain.alert import Alert, AlertKind, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.match import Match
from dispatchwatch.domain.policy import Override, Policy
from dispatchwatch.domain.policy_check import ORDERS, Contradiction, contradictions
from dispatchwatch.domain.route_check import SEVERITIES
from dispatchwatch.domain.routing import Hours, Route, alert_words
from dispatchwatch.domain.thresholds import Counting, Thresholds, settings
from dispatchwatch.domain.visit import Technician
from dispatchwatch.domain.wording import visit_facts
from tests.fakes.office import CHICAGO, LEE, ORTIZ, WEEKDAYS_7_TO_18, at, hours, minutes, seconds, visit

FEEDS = ("today", "tomorrow")
NO_HOURS = OfficeHours(CHICAGO)
EVERY_KIND = frozenset(kind.value for kind in AlertKind)


def match(**criteria: str | tuple[str, ...]) -> Match:
    return Match(
        tuple((name, (patterns,) if isinstance(patterns, str) else patterns) for name, patterns in criteria.items())
    )


def override(when: Match, **values: Any) -> Override:
    return Override(when, values)


def found(
    base: Thresholds | None = None, *overrides: Override, routes: tuple[Route | None, ...] = (), **more: Any
) -> tuple[Contradiction, ...]:
    policy = Policy(base or Thresholds(), overrides)
    return contradictions(policy, routes, more.get("office", WEEKDAYS_7_TO_18), more.get("feeds", FEEDS))


def places(*args: Any, **more: Any) -> list[tuple[str, bool]]:
    return [(one.where, one.is_warning) for one in found(*args, **more)]


def route(when: Match | None = None, *severities: Severity, **more: Any) -> Route:
    levels = frozenset(severities) or frozenset(Severity)
    return Route(when=when or Match(), severities=levels, channels=("ops",), **more)


def told_of_routes(*routes: Route | None, base: Thresholds | None = None, **more: Any) -> dict[str, str]:
    return {one.where: one.text for one in found(base, routes=routes, **more)}


# Thresholds


def test_the_defaults_contradict_nothing() -> None:
    assert found() == ()
    assert found(office=NO_HOURS) == ()


@pytest.mark.parametrize(
    ("changes", "where", "is_warning"),
    [
        ({"check_in_grace": minutes(60), "window_no_show_after": minutes(60)}, None, False),
        (
            {"check_in_grace": minutes(60) + seconds(1), "window_no_show_after": hours(2)},
            "policy.no_show_after",
            False,
        ),
        ({"check_in_grace": minutes(30)}, None, False),
        ({"check_in_grace": minutes(31)}, "policy.window_no_show_after", False),
        ({"late_high_after": minutes(61)}, "policy.late_critical_after", False),
        ({"late_high_after": minutes(60)}, None, False),
        ({"look_back": minutes(59)}, "policy.look_back", True),
        ({"at_risk_until": minutes(11)}, "policy.at_risk_from", False),
        ({"at_risk_from": minutes(31)}, "policy.at_risk_high_from", False),
        ({"drift_moves": 6}, "policy.drift_high_moves", False),
        ({"drift_moves": 5}, None, False),
        ({"skew_from": minutes(11)}, "policy.skew_high_from", False),
        ({"cancel_notice": hours(2)}, "policy.cancel_notice", True),
        ({"reschedule_notice": hours(2)}, "policy.reschedule_notice", True),
        ({"unassigned_lead": minutes(59)}, "policy.unassigned_lead", True),
        ({"early_percent": 101}, "policy.early_percent", False),
        ({"early_percent": 100}, None, False),
        ({"sla_response": hours(5), "sla_onsite": hours(4)}, "policy.sla_onsite", True),
        ({"sla_onsite": hours(9), "sla_resolution": hours(8)}, "policy.sla_resolution", True),
        ({"sla_response": hours(9), "sla_resolution": hours(8)}, "policy.sla_resolution", True),
        ({"sla_response": hours(1), "sla_onsite": hours(1), "sla_resolution": hours(1)}, None, False),
    ],
)
def test_thresholds_the_wrong_way_round(changes: dict[str, Any], where: str | None, is_warning: bool) -> None:
    assert places(Thresholds(**changes)) == ([] if where is None else [(where, is_warning)])


def test_the_sentence_names_both_values_what_comes_of_it_and_what_to_do() -> None:
    (one,) = found(Thresholds(check_in_grace=minutes(45)))
    assert one.text == (
        "check_in_grace is 45m and window_no_show_after is 30m: after an arrival window a technician would be a "
        "no-show before the check-in is even late; make window_no_show_after 45m or more, or check_in_grace 30m or less"
    )


def test_every_order_speaks_of_thresholds_there_are_and_holds_for_the_defaults() -> None:
    names = {one.name for one in settings()}
    assert {key for order in ORDERS for key in (order.small, order.large)} <= names
    assert all(order.kinds for order in ORDERS)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (AlertKind.TECH_NO_SHOW, {"check_in_grace": hours(2)}),
        (AlertKind.LATE_CHECK_IN, {"late_high_after": hours(2)}),
        (AlertKind.RESCHEDULE_DRIFT, {"drift_moves": 9}),
    ],
)
def test_what_is_switched_off_contradicts_nothing(kind: AlertKind, changes: dict[str, Any]) -> None:
    assert found(Thresholds(**changes))
    assert found(Thresholds(**changes, off=frozenset({kind.value}))) == ()


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"notice_counts": Counting.OFFICE}, ["policy.notice_counts"]),
        ({"notice_counts": Counting.WEEKDAYS}, []),
        ({"sla_onsite": hours(4)}, ["policy.sla_counts"]),
        ({"sla_onsite": hours(4), "sla_counts": Counting.ALWAYS}, []),
        ({"sla_counts": Counting.OFFICE}, []),
    ],
)
def test_office_hours_that_the_office_does_not_have(changes: dict[str, Any], where: list[str]) -> None:
    assert places(Thresholds(**changes), office=NO_HOURS) == [(one, True) for one in where]
    assert places(Thresholds(**changes)) == []


# Overrides


def test_an_override_is_checked_with_the_base_it_falls_upon() -> None:
    assert places(None, override(match(priority="3"), check_in_grace=hours(2))) == [
        ("policy.override 1", False),
        ("policy.override 1", False),
    ]
    mended = override(
        match(priority="3"), check_in_grace=hours(2), no_show_after=hours(3), window_no_show_after=hours(2)
    )
    assert found(None, mended) == ()
    assert found(Thresholds(no_show_after=hours(3), window_no_show_after=hours(3)), mended) == ()


def test_what_is_wrong_in_the_base_is_not_told_again_of_each_override() -> None:
    several = [override(match(priority=str(number)), cancel_notice=hours(9)) for number in range(3)]
    assert places(Thresholds(late_high_after=hours(2)), *several) == [("policy.late_critical_after", False)]


def test_a_wrong_base_that_an_override_mends_is_wrong_all_the_same() -> None:
    mended = override(match(priority="1"), late_high_after=minutes(5))
    assert places(Thresholds(late_high_after=hours(2)), mended) == [("policy.late_critical_after", False)]


GRACE = {"check_in_grace": hours(2), "no_show_after": hours(3), "window_no_show_after": hours(3)}


@pytest.mark.parametrize(
    ("first", "second", "meet"),
    [
        (match(customer="Acme*"), match(priority="1"), True),
        (match(customer="Acme*"), match(customer="*Foundry"), True),
        (match(customer="Acme*"), match(customer="Beta*"), False),
        (match(customer="*north"), match(customer="*south"), False),
        (match(customer="Acme"), match(customer="beta"), False),
        (match(customer="acme"), match(customer="ACME*"), True),
        (match(customer="Acme", priority="1"), match(customer="Acme", priority="2"), False),
        (match(customer=("Acme", "Beta")), match(customer=("Beta", "Gamma")), True),
        (match(technician="J. Ortiz"), match(technician="M. Lee"), True),
        (match(feed="today"), match(feed="tomorrow"), False),
    ],
)
def test_overrides_are_checked_together_where_one_visit_may_have_both(first: Match, second: Match, meet: bool) -> None:
    told = found(None, override(first, **GRACE), override(second, no_show_after=minutes(45)))
    assert [(one.where, one.is_warning) for one in told] == ([("policy.override 2", True)] if meet else [])
    assert all(one.text.startswith("for visits that override 1 fits too, check_in_grace is 2h") for one in told)


def test_what_a_wider_override_always_mends_is_not_told_of() -> None:
    """Whatever the first fits, the second fits too and comes later."""
    narrow = override(match(customer="Acme", priority="1"), late_high_after=hours(2), due_soon=minutes(5))
    wide = override(match(customer="Ac*"), late_high_after=minutes(20))
    assert found(None, narrow, wide) == ()
    assert places(None, wide, narrow) == [("policy.override 2", False)]


def test_many_overrides_are_checked_in_no_time() -> None:
    many = [override(match(customer=f"C{number}*", priority="1"), look_back=hours(9)) for number in range(60)]
    assert found(None, *many) == ()


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (override(match(priority="1")), "it sets nothing"),
        (override(Match(), due_soon=minutes(1)), "write due_soon under [policy] instead"),
        (override(match(feed="yesterday"), due_soon=minutes(1)), "there is no feed “yesterday”"),
        (override(match(feed=("x", "y*")), due_soon=minutes(1)), "the feeds are today, tomorrow"),
        (override(match(customer="Acme"), skew_from=minutes(1)), "ask for `feed` alone"),
    ],
)
def test_an_override_that_changes_nothing(one: Override, words: str) -> None:
    (told,) = found(None, one)
    assert (told.where, told.is_warning) == ("policy.override 1", True)
    assert words in told.text


@pytest.mark.parametrize(
    "one",
    [
        override(match(feed="to*"), due_soon=minutes(1)),
        override(match(feed=("yesterday", "Tomorrow")), due_soon=minutes(1)),
        override(match(feed="today"), skew_from=minutes(1)),
        override(match(customer="Acme"), skew_from=minutes(1), due_soon=minutes(1)),
        override(match(priority="7"), due_soon=minutes(1)),
    ],
)
def test_an_override_that_may_apply(one: Override) -> None:
    assert found(None, one) == ()


@pytest.mark.parametrize(
    ("first", "second", "where"),
    [
        (match(priority="1"), match(priority="1"), "policy.override 1"),
        (match(priority="1"), match(priority=("1", "2")), "policy.override 1"),
        (match(priority="1", customer="Acme"), match(customer="ac*"), "policy.override 1"),
        (match(customer="Acme*"), match(customer="*"), "policy.override 1"),
        (match(customer="Acme"), match(customer="Acm?"), "policy.override 1"),
        (match(customer="A*e"), match(customer="A?e"), None),
        (match(customer="ac*"), match(customer="Acme"), None),
        (match(priority=("1", "2")), match(priority="1"), None),
        (match(priority="1"), match(priority="1", customer="Acme"), None),
        (match(priority="1"), match(customer="Acme"), None),
    ],
)
def test_an_override_that_a_later_one_always_overrules(first: Match, second: Match, where: str | None) -> None:
    pair = (override(first, due_soon=minutes(1)), override(second, due_soon=minutes(2), look_back=hours(9)))
    assert places(None, *pair) == ([] if where is None else [(where, True)])
    assert all("override 2 comes later" in one.text for one in found(None, *pair))
    more = override(first, due_soon=minutes(1), cancel_wait=minutes(1))
    assert found(None, more, pair[1]) == (), "it still has a say in what the later one does not set"


def test_two_of_the_same_are_told_of_once() -> None:
    twice = override(match(priority="1"), due_soon=minutes(1))
    (told,) = found(None, twice, twice)
    assert (told.where, told.text) == ("policy.override 2", "it is the same as override 1; take one of them out")


def test_everything_off_is_told_of_once_whatever_the_routes() -> None:
    assert places(Thresholds(off=EVERY_KIND), routes=(route(), route(match(kind="overrun")))) == [("policy.off", True)]
    gold = override(match(contract="Gold"), off=frozenset())
    assert found(Thresholds(off=EVERY_KIND), gold, routes=(route(match(kind="overrun")),)) == ()


# Routes


def test_every_kind_has_its_severities() -> None:
    assert set(SEVERITIES) == set(AlertKind)
    assert all(SEVERITIES.values())


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (route(match(kind="feed_shrunk"), Severity.CRITICAL), "feed_shrunk is never critical"),
        (route(match(kind="feed_shrunk"), Severity.CRITICAL), "write high"),
        (route(match(kind=("cancelled", "travel*")), Severity.HIGH, Severity.CRITICAL), "never high or critical"),
        (route(match(kind="late")), "no kind of alert fits “late”"),
        (route(match(kind="overrun")), "overrun: switched off by `off`"),
        (route(match(kind="stale_feed", customer="Acme")), "about a whole feed"),
        (route(match(feed="yesterday")), "there is no feed “yesterday”"),
    ],
)
def test_a_route_that_no_alert_can_take(one: Route, words: str) -> None:
    told = told_of_routes(route(), one, base=Thresholds(off=frozenset({"overrun"})))
    assert list(told) == ["route 2"]
    assert words in told["route 2"]


@pytest.mark.parametrize(
    "one",
    [
        route(),
        route(match(kind="feed_shrunk"), Severity.HIGH, Severity.CRITICAL),
        route(match(kind="*"), Severity.CRITICAL),
        route(match(kind=("overrun", "at_risk"))),
        route(match(kind="stale_feed", feed="today")),
        route(match(kind=("stale_feed", "overrun*", "late*"), customer="Acme")),
        route(match(kind="stale_feed", customer="*")),
        route(match(kind="sla_*"), Severity.CRITICAL),
    ],
)
def test_a_route_that_some_alert_can_take(one: Route) -> None:
    assert told_of_routes(one, base=Thresholds(off=frozenset({"overrun"}))) == {}


def test_kinds_that_an_override_switches_off_are_on_for_the_others() -> None:
    quiet = override(match(customer="Acme"), off=frozenset({"overrun"}))
    assert found(None, quiet, routes=(route(match(kind="overrun")),)) == ()


@pytest.mark.parametrize(
    ("before", "one", "reached"),
    [
        ([route(stop=True)], route(match(kind="overrun")), False),
        ([route(stop=False)], route(match(kind="overrun")), True),
        ([route(match(kind="overrun"), stop=True)], route(match(kind="overrun")), False),
        ([route(match(kind="overrun"), stop=True)], route(), True),
        ([route(None, Severity.HIGH, stop=True)], route(match(kind="feed_shrunk")), False),
        ([route(None, Severity.HIGH, stop=True)], route(match(kind="stale_feed")), True),
        ([route(match(customer="Acme"), stop=True)], route(match(kind="overrun")), True),
        ([route(match(customer="Ac*"), stop=True)], route(match(kind="overrun", customer="Acme")), False),
        ([route(match(feed="today"), stop=True)], route(match(feed="tomorrow")), True),
        (
            [route(None, Severity.HIGH, stop=True), route(match(kind="stale_feed"), Severity.CRITICAL, stop=True)],
            route(match(kind="stale_feed")),
            False,
        ),
        ([route(stop=True, hours=Hours.OFFICE, after=timedelta(hours=1))], route(match(kind="overrun")), False),
        ([route(match(kind="late_check_in"), stop=True)], route(match(kind=("late_check_in", "at_risk"))), False),
    ],
)
def test_a_route_behind_others_that_stop(before: list[Route], one: Route, reached: bool) -> None:
    told = told_of_routes(*before, one, base=Thresholds(off=frozenset({"at_risk"})))
    assert list(told) == ([] if reached else [f"route {len(before) + 1}"])
    assert all("route 1" in text for text in told.values())


def test_a_route_that_could_not_be_read_keeps_its_number() -> None:
    assert list(told_of_routes(None, route(match(kind="late")))) == ["route 2"]
    assert told_of_routes(None, route()) == {}


def test_hours_of_a_route_in_an_office_without_hours() -> None:
    routes = (route(hours=Hours.ALWAYS), route(hours=Hours.OUTSIDE), route(hours=Hours.OFFICE))
    told = told_of_routes(*routes, office=NO_HOURS)
    assert list(told) == ["route 2", "route 3"]
    assert ("so it never does" in told["route 2"], "so it always does" in told["route 3"]) == (True, True)
    assert told_of_routes(*routes) == {}


def test_without_feeds_nothing_is_said_of_feeds() -> None:
    assert found(None, override(match(feed="x"), due_soon=minutes(1)), routes=(route(match(feed="x")),), feeds=()) == ()


# Whom a criterion fits


CREW = visit(technicians=(ORTIZ, LEE, Technician("Ortega, Juan")))


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("J. Ortiz", True),
        ("m. lee", True),
        ("T-07", True),
        ("T-09", True),
        ("T-0*", True),
        ("*Lee", True),
        ("Ortega, Juan", True),
        ("Ortega*", True),
        ("J*Lee", False),
        ("J. Ortiz, M. Lee", False),
        ("T-08", False),
        ("Lee", False),
        ("*", True),
    ],
)
def test_any_technician_of_a_crew_answers_by_name_or_id(pattern: str, fits: bool) -> None:
    when = match(technician=pattern)
    policy = Policy(overrides=(override(when, due_soon=minutes(1)),))
    assert (policy.for_visit(CREW).due_soon == minutes(1)) is fits
    alert = Alert(
        key="k",
        kind=AlertKind.LATE_CHECK_IN,
        severity=Severity.HIGH,
        feed="today",
        due_at=at("10:00"),
        raised_at=at("10:00"),
        updated_at=at("10:00"),
        facts=visit_facts(CREW),
    )
    assert route(when).fits(alert, alert_words(alert)) is fits


@pytest.mark.parametrize(("pattern", "fits"), [("*", True), ("", True), ("?*", False), ("J. Ortiz", False)])
def test_nobody_is_a_technician_without_a_name(pattern: str, fits: bool) -> None:
    policy = Policy(overrides=(override(match(technician=pattern), due_soon=minutes(1)),))
    assert (policy.for_visit(visit(technicians=())).due_soon == minutes(1)) is fits


def test_two_crews_are_told_apart_and_what_was_found_is_remembered() -> None:
    policy = Policy(overrides=(override(match(technician="M. Lee"), due_soon=minutes(1)),))
    crews = [(ORTIZ,), (ORTIZ, LEE), (LEE,), (replace(LEE, name="M. Leeds"),)]
    for _ in range(2):
        found = [policy.for_visit(visit(technicians=crew)).due_soon for crew in crews]
        assert found == [minutes(15), minutes(1), minutes(1), minutes(15)]


def test_an_alert_from_before_crews_were_kept_answers_by_its_words() -> None:
    facts = {"technician": "J. Ortiz, M. Lee"}
    alert = Alert(
        key="k",
        kind=AlertKind.LATE_CHECK_IN,
        severity=Severity.HIGH,
        feed="today",
        due_at=at("10:00"),
        raised_at=at("10:00"),
        updated_at=at("10:00"),
        facts=facts,
    )
    assert match(technician="*Lee").fits(alert_words(alert))
    assert not match(technician="M. Lee").fits(alert_words(alert))
