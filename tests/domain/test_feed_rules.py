"""Feeds that stand still, shrink, or whose clock is wrong (study 4.2, kinds 13, 13b and 14), by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Outcome, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.feed_health import FeedHealth, newest_change
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules import Facts, FeedRule, Finding, ending, evaluate
from dispatchwatch.domain.rules.clock_skew import CLOCK_SKEW
from dispatchwatch.domain.rules.feed_shrunk import FEED_SHRUNK
from dispatchwatch.domain.rules.stale_feed import STALE_FEED
from dispatchwatch.domain.schedule import Snapshot
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import Status, Visit
from dispatchwatch.domain.watched import Seen, miss, sight
from tests.fakes.office import CHICAGO, at, hours, minutes, seconds, visit

MICROSECOND = timedelta(microseconds=1)
SINCE = at("09:00")
FROZEN = SINCE + hours(2)
DUE = visit(start=at("09:50"))
WEEK = OfficeHours(CHICAGO, dict.fromkeys(range(5), (time(7), time(18))))


def health(now: datetime, **more: Any) -> FeedHealth:
    told = {"last_good_at": now, "last_attempt_at": now, "changed_at": SINCE, "digest": "a", "rows": 1}
    return FeedHealth(feed="today", interval=seconds(30), **{**told, **more})


def facts(
    now: datetime, feed: FeedHealth, *visits: Visit, office: OfficeHours | None = None, policy: Policy | None = None
) -> Facts:
    watched = [sight(None, one, Seen(None, SINCE)) for one in visits]
    return Facts(
        now=now,
        awake_since=now - timedelta(days=30),
        visits={one.key: one for one in watched},
        feeds={feed.feed: feed},
        policy=policy or Policy(),
        office=office or OfficeHours(CHICAGO),
    )


def judged(rule: FeedRule, now: datetime, *visits: Visit, **more: Any) -> Finding:
    office, policy = more.pop("office", None), more.pop("policy", None)
    return evaluate(facts(now, health(now, **more), *visits, office=office, policy=policy), [rule])


def alert_of(condition: Condition) -> Alert:
    return Alert(
        id=1,
        key=condition.key,
        kind=condition.kind,
        severity=condition.severity,
        feed=condition.feed,
        due_at=condition.due_at,
        raised_at=condition.due_at,
        updated_at=condition.due_at,
        facts=condition.facts,
    )


def why(rule: FeedRule, alert: Alert, now: datetime, **more: Any) -> tuple[Outcome, str] | None:
    found = ending(alert, facts(now, health(now, **more)), [rule])
    return (found.outcome, found.text) if found else None


# Frozen


@pytest.mark.parametrize(
    ("now", "severity"),
    [
        (FROZEN - MICROSECOND, None),
        (FROZEN, Severity.HIGH),
        (FROZEN + minutes(30) - MICROSECOND, Severity.HIGH),
        (FROZEN + minutes(30), Severity.CRITICAL),
    ],
)
def test_a_schedule_that_stands_still_for_two_hours_while_work_is_due_is_frozen(
    now: datetime, severity: Severity | None
) -> None:
    found = judged(STALE_FEED, now, DUE).conditions
    assert [one.severity for one in found] == ([severity] if severity else [])
    assert all(one.key == "stale_feed|today||frozen 2026-11-10T15:00Z" and one.verified for one in found)


@pytest.mark.parametrize(
    "unmoved",
    [
        visit(start=at("14:00")),
        visit(start=at("08:30")),
        visit(start=at("09:50"), status=Status.COMPLETED),
        visit(start=at("09:50"), arrived_at=at("08:55")),
        visit(start=at("09:50"), technicians=()),
        visit(start=at("09:50"), anytime=True),
        replace(DUE, feed="other"),
    ],
    ids=["later", "before", "done", "there already", "nobody is sent", "no time", "of another feed"],
)
def test_nothing_stands_still_where_nothing_should_have_moved(unmoved: Visit) -> None:
    assert judged(STALE_FEED, FROZEN + minutes(5), unmoved).conditions == ()


def test_a_deadline_in_between_is_enough() -> None:
    assert len(judged(STALE_FEED, FROZEN, visit(start=at("08:50"))).conditions) == 1


def test_a_visit_that_left_the_schedule_proves_nothing() -> None:
    view = facts(FROZEN, health(FROZEN), DUE)
    gone = miss(miss(view.visits[DUE.key], SINCE), SINCE + minutes(5))
    assert evaluate(replace(view, visits={DUE.key: gone}), [STALE_FEED]).conditions == ()


def test_it_begins_when_the_first_visit_falls_due_if_that_is_later() -> None:
    late = visit(start=at("11:40"))
    assert judged(STALE_FEED, at("11:39:59"), late) == Finding((), at("11:40"))
    (condition,) = judged(STALE_FEED, at("11:40"), late).conditions
    assert (condition.due_at, condition.severity) == (at("11:40"), Severity.HIGH)
    assert judged(STALE_FEED, at("12:10"), late).conditions[0].severity is Severity.CRITICAL


@pytest.mark.parametrize(
    ("now", "expected"),
    [(SINCE, FROZEN), (FROZEN, FROZEN + minutes(30)), (FROZEN + minutes(30), None)],
)
def test_the_rule_says_when_time_alone_changes_its_answer(now: datetime, expected: datetime | None) -> None:
    assert judged(STALE_FEED, now, DUE).next_change == expected


def test_only_office_hours_count_towards_it() -> None:
    """The last change at 17:00, and a visit of 17:30 that nobody has closed: one hour until six, one from seven on."""
    evening = visit(start=at("17:30"))
    more = {"changed_at": at("17:00"), "office": WEEK}
    assert judged(STALE_FEED, at("19:30"), evening, **more) == Finding((), at("2026-11-11 08:00"))
    assert judged(STALE_FEED, at("2026-11-11 07:59:59"), evening, **more).conditions == ()
    assert [one.severity for one in judged(STALE_FEED, at("2026-11-11 08:00"), evening, **more).conditions] == [
        Severity.HIGH
    ]


def test_outside_office_hours_it_holds_but_is_not_raised() -> None:
    found = judged(STALE_FEED, at("20:00"), DUE, office=WEEK)
    assert [one.verified for one in found.conditions] == [False]
    assert found.next_change == at("2026-11-11 07:00")


@pytest.mark.parametrize(
    "more",
    [{"changed_at": None}, {"changed_at": at("13:00")}, {"shrunken": "x", "shrunken_at": at("10:00")}],
    ids=["unknown", "in the future", "set aside"],
)
def test_without_a_last_change_nothing_is_frozen(more: dict[str, Any]) -> None:
    assert judged(STALE_FEED, FROZEN + minutes(1), DUE, **more).conditions == ()


def test_a_reading_from_before_the_computer_woke_shows_nothing() -> None:
    view = facts(at("13:00"), health(at("11:00")), DUE)
    assert [one.verified for one in evaluate(view, [STALE_FEED]).conditions] == [False]


def test_other_thresholds_make_it_sooner() -> None:
    strict = Policy(Thresholds(frozen_after=minutes(70)))
    assert len(judged(STALE_FEED, at("10:10"), DUE, policy=strict).conditions) == 1


def frozen_alert() -> Alert:
    return alert_of(judged(STALE_FEED, FROZEN, DUE).conditions[0])


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, None),
        ({"changed_at": at("08:00")}, None),
        ({"changed_at": at("11:20")}, (Outcome.RECOVERED, "The schedule is being updated again")),
        ({"failing_since": at("11:21"), "last_good_at": at("11:20")}, None),
        (
            {"failing_since": at("11:10"), "last_good_at": at("11:09")},
            (Outcome.BECAME_WORSE, "It has become worse: the schedule can’t be read at all"),
        ),
    ],
)
def test_it_is_over_when_something_changes_or_nothing_can_be_read(
    more: dict[str, Any], expected: tuple[Outcome, str] | None
) -> None:
    assert why(STALE_FEED, frozen_alert(), at("11:24"), **more) == expected


def test_a_feed_that_can_not_be_read_is_that_and_not_frozen_besides() -> None:
    failing = {"failing_since": at("11:10"), "last_good_at": at("11:09"), "problem": "gone"}
    keys = [one.key for one in judged(STALE_FEED, at("11:24"), DUE, **failing).conditions]
    assert keys == ["stale_feed|today||2026-11-10T17:10Z"]
    keys = [one.key for one in judged(STALE_FEED, at("11:12"), DUE, **failing).conditions]
    assert keys == ["stale_feed|today||frozen 2026-11-10T15:00Z"]


def test_its_words_say_since_when_and_what_may_be_missing() -> None:
    told = frozen_alert()
    assert wording.headline(told, FROZEN) == (
        "The schedule “today” is read, but has not changed since Tue 10 Nov 09:00 CST (2 h 00 min ago), though visits"
        " were due; check-ins may be missing from it"
    )
    assert wording.short_headline(told, FROZEN) == "Schedule stands still: today"


# When a source last showed that it is alive


def snapshot(digest: str = "a", *visits: Visit, **more: Any) -> Snapshot:
    return Snapshot(feed="today", read_at=at("12:00"), visits=visits, digest=digest, **more)


@pytest.mark.parametrize(
    ("before", "read", "newest"),
    [
        ({}, snapshot(), SINCE),
        ({}, snapshot("b"), at("12:00")),
        ({}, snapshot(source_at=at("11:00")), at("11:00")),
        ({}, snapshot(source_at=at("08:00")), SINCE),
        ({}, snapshot(source_at=at("12:01")), SINCE),
        ({"digest": "", "changed_at": None}, snapshot(), at("12:00")),
        ({"digest": "", "changed_at": None}, snapshot(source_at=at("06:00")), at("06:00")),
        (
            {"digest": "", "changed_at": None},
            snapshot("b", visit(modified_at=at("07:00")), visit("B"), source_at=at("06:00")),
            at("07:00"),
        ),
        ({"digest": "", "changed_at": None}, snapshot("b", visit(modified_at=at("12:01"))), at("12:00")),
        ({"changed_at": None}, snapshot(source_at=at("06:00")), at("06:00")),
        ({"failing_since": at("11:58"), "last_good_at": at("11:57")}, snapshot(), SINCE),
        ({"failing_since": at("11:58"), "last_good_at": at("11:55")}, snapshot(), at("12:00")),
    ],
)
def test_the_newest_sign_of_life_of_a_source(before: dict[str, Any], read: Snapshot, newest: datetime) -> None:
    assert newest_change(health(at("11:59"), **before), read) == newest


# Shrunken


def shrunken_alert() -> Alert:
    shrunken = {"shrunken": "x", "shrunken_at": at("10:00"), "shrunken_rows": 2, "rows": 20}
    return alert_of(judged(FEED_SHRUNK, at("10:00"), **shrunken).conditions[0])


def test_a_small_reading_in_place_of_another_small_one_is_no_recovery() -> None:
    assert why(FEED_SHRUNK, shrunken_alert(), at("10:05"), shrunken="y", shrunken_at=at("10:05")) == (
        Outcome.NOTED,
        "A later reading took its place, too small as well",
    )
    assert why(FEED_SHRUNK, shrunken_alert(), at("10:05")) == (
        Outcome.RECOVERED,
        "The schedule has its usual size again",
    )


# Clocks


@pytest.mark.parametrize(
    ("ahead", "severity"),
    [
        (minutes(2), None),
        (minutes(2) + MICROSECOND, Severity.INFO),
        (-minutes(2) - MICROSECOND, Severity.INFO),
        (minutes(10), Severity.INFO),
        (minutes(10) + MICROSECOND, Severity.HIGH),
        (-minutes(10) - MICROSECOND, Severity.HIGH),
        (None, None),
    ],
)
def test_a_clock_that_is_wrong_by_more_than_two_minutes(ahead: timedelta | None, severity: Severity | None) -> None:
    found = judged(CLOCK_SKEW, at("12:00"), clock_ahead=ahead).conditions
    assert [one.severity for one in found] == ([severity] if severity else [])
    assert all(one.key == "clock_skew|today||2026-11-10" for one in found)


@pytest.mark.parametrize(
    ("measured_at", "seen"), [(at("00:00"), True), (at("11:59"), True), (at("2026-11-09 23:59:59"), False)]
)
def test_stamps_from_the_future_count_for_their_local_day(measured_at: datetime, seen: bool) -> None:
    found = judged(CLOCK_SKEW, at("12:00"), stamps_ahead=minutes(7), stamps_ahead_at=measured_at)
    assert bool(found.conditions) is seen
    assert found.next_change == (at("2026-11-11 00:00") if seen else None)


def test_the_worse_of_both_measures_counts() -> None:
    both = {"clock_ahead": minutes(-12), "stamps_ahead": minutes(7), "stamps_ahead_at": at("11:00")}
    (condition,) = judged(CLOCK_SKEW, at("12:00"), **both).conditions
    assert condition.severity is Severity.HIGH
    assert wording.headline(alert_of(condition), at("12:00")) == (
        "The clock at the source of “today” is 12 min behind ours; no time from it counts as later than we read it"
    )


def skew_alert() -> Alert:
    return alert_of(judged(CLOCK_SKEW, at("12:00"), clock_ahead=minutes(7)).conditions[0])


@pytest.mark.parametrize(
    ("now", "more", "outcome"),
    [
        (at("13:00"), {"clock_ahead": minutes(1) - MICROSECOND}, Outcome.RECOVERED),
        (at("13:00"), {"clock_ahead": -minutes(1) + MICROSECOND}, Outcome.RECOVERED),
        (at("13:00"), {"clock_ahead": minutes(1)}, None),
        (at("13:00"), {"clock_ahead": None}, None),
        (at("13:00"), {"clock_ahead": minutes(0), "stamps_ahead": minutes(3), "stamps_ahead_at": at("12:30")}, None),
        (at("2026-11-11 00:00"), {"clock_ahead": minutes(7)}, Outcome.NOTED),
        (at("2026-11-09 23:00"), {"clock_ahead": None}, None),
    ],
)
def test_it_is_over_when_the_clocks_agree_to_a_minute_or_with_the_day(
    now: datetime, more: dict[str, Any], outcome: Outcome | None
) -> None:
    found = why(CLOCK_SKEW, skew_alert(), now, **more)
    assert (found[0] if found else None) is outcome


def test_a_feed_no_longer_watched_ends_all_there_is_of_it() -> None:
    for rule, alert in ((STALE_FEED, frozen_alert()), (FEED_SHRUNK, shrunken_alert()), (CLOCK_SKEW, skew_alert())):
        found = ending(alert, replace(facts(at("12:00"), health(at("12:00"))), feeds={}), [rule])
        assert found is not None
        assert found.outcome is Outcome.WITHDRAWN


def test_words_without_facts_still_make_a_sentence() -> None:
    bare = replace(skew_alert(), facts={})
    assert wording.headline(bare, at("12:00")).startswith("The clock at the source of “today” is wrong")
    assert bare.kind is AlertKind.CLOCK_SKEW
