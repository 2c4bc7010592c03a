"""Changes of a visit come in bursts: they wait a little and are told together. What is urgent never waits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.app.owing import OVER
from dispatchwatch.domain.alert import AlertKind, Operation, Severity
from dispatchwatch.domain.quiet import Quiet
from dispatchwatch.domain.routing import COALESCED, Route
from dispatchwatch.domain.wording import KIND_NAMES, headline
from dispatchwatch.store.deliveries import DeliveryState
from tests.fakes.office import at, minutes, seconds
from tests.fakes.records import Records

CANCELLED, MOVED = AlertKind.CANCELLED_SHORT_NOTICE, AlertKind.RESCHEDULED_SHORT_NOTICE
OPS = Route(channels=("ops",))
AT_ONCE = {
    AlertKind.LATE_CHECK_IN,
    AlertKind.TECH_NO_SHOW,
    AlertKind.AT_RISK,
    AlertKind.OVERRUN,
    AlertKind.UNASSIGNED,
    AlertKind.SLA_RESPONSE,
    AlertKind.SLA_ONSITE,
    AlertKind.SLA_RESOLUTION,
    AlertKind.STALE_FEED,
    AlertKind.FEED_SHRUNK,
    AlertKind.CLOCK_SKEW,
}


def opened(folder: Path, *routes: Route, **more: Any) -> Records:
    return Records(folder, at("09:00"), routes=routes or (OPS,), **more)


@pytest.mark.parametrize("kind", list(AlertKind))
def test_a_change_waits_a_minute_and_everything_else_goes_at_once(tmp_path: Path, kind: AlertKind) -> None:
    office = opened(tmp_path)
    office.raises(office.alert("J-1", kind))
    (message,) = office.deliveries()
    assert (kind in AT_ONCE) is (kind not in COALESCED)
    assert message.next_attempt_at - office.now == (seconds(0) if kind in AT_ONCE else seconds(60))
    assert not message.waits_for_nobody


def test_how_long_is_the_offices_to_say(tmp_path: Path) -> None:
    office = opened(tmp_path, coalesce_for=seconds(0))
    office.raises(office.alert("J-1", CANCELLED))
    assert [one.notification.kind for one in office.deliver()] == [CANCELLED]


def test_more_of_the_same_visit_joins_what_waits_the_latest_first(tmp_path: Path) -> None:
    office = opened(tmp_path)
    (moved,) = office.raises(office.alert("J-1", MOVED))
    (cancelled,) = office.after(seconds(59)).raises(office.alert("J-1", CANCELLED, severity=Severity.HIGH))
    (message,) = office.deliveries()
    assert set(message.alerts) == {moved.id, cancelled.id}
    assert message.next_attempt_at == at("09:01"), "the wait is not begun anew"
    told = message.notification
    assert told.headline == (
        f"{headline(cancelled, at('09:01')).rstrip('.')}. Before that: {KIND_NAMES[MOVED].lower()}"
    )
    assert told.subject.startswith(KIND_NAMES[CANCELLED])
    assert told.severity is Severity.HIGH
    office.after(seconds(1)).deliver()
    assert len(office.said()) == 1


def test_changes_of_one_visit_in_one_look_are_one_message(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.raises(office.alert("J-1", MOVED), office.alert("J-1", AlertKind.DOUBLE_BOOKED), office.alert("J-2", MOVED))
    assert sorted(one.alerts for one in office.deliveries()) == [(1, 2), (3,)]


@pytest.mark.parametrize(
    ("name", "kind", "wait"),
    [("J-2", CANCELLED, 10), ("J-1", AlertKind.LATE_CHECK_IN, 10), ("J-1", CANCELLED, 61)],
    ids=["another visit", "urgent", "too late"],
)
def test_what_does_not_belong_to_it_is_a_message_of_its_own(
    tmp_path: Path, name: str, kind: AlertKind, wait: float
) -> None:
    office = opened(tmp_path)
    office.raises(office.alert("J-1", MOVED))
    office.after(seconds(wait))
    office.deliver()
    office.raises(office.alert(name, kind))
    assert [one.alerts for one in office.deliveries()] == [(1,), (2,)]


@pytest.mark.parametrize(("first", "wait"), [(MOVED, 61), (AlertKind.LATE_CHECK_IN, 0)], ids=["too late", "urgent"])
def test_what_a_channel_has_not_taken_yet_is_not_joined_for_that(tmp_path: Path, first: AlertKind, wait: int) -> None:
    """A paused channel keeps its messages; news of an hour later is news of its own."""
    office = opened(tmp_path)
    office.raises(office.alert("J-1", first))
    office.after(seconds(wait)).raises(office.alert("J-1", CANCELLED))
    assert [one.alerts for one in office.deliveries()] == [(1,), (2,)]
    assert len({one.thread for one in office.deliveries()}) == 2


def test_what_joins_has_the_thread_and_is_over_with_it(tmp_path: Path) -> None:
    office = opened(tmp_path)
    (moved,) = office.raises(office.alert("J-1", MOVED))
    (cancelled,) = office.after(seconds(30)).raises(office.alert("J-1", CANCELLED))
    office.after(minutes(1)).deliver()
    office.ends(cancelled.id, why="Reinstated")
    assert office.waiting() == []
    office.ends(moved.id, why="Moved back")
    (resolve,) = office.waiting()
    assert (resolve.thread, set(resolve.alerts)) == (moved.key, {1, 2})


def test_its_escalation_joins_the_escalation(tmp_path: Path) -> None:
    office = opened(tmp_path, OPS, Route(channels=("pager",), after=minutes(10)))
    office.raises(office.alert("J-1", MOVED))
    office.after(seconds(30)).raises(office.alert("J-1", CANCELLED))
    (escalation,) = office.deliveries("pager")
    assert (set(escalation.alerts), escalation.next_attempt_at) == ({1, 2}, at("09:10"))


def test_all_over_before_it_left_nothing_is_told(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.raises(office.alert("J-1", MOVED))
    office.after(seconds(10)).raises(office.alert("J-1", CANCELLED))
    office.ends(1, 2, why="Undone")
    assert [(one.state, one.error) for one in office.deliveries()] == [(DeliveryState.DROPPED, OVER)]
    assert office.after(minutes(5)).deliver() == []


def test_one_of_two_undone_only_the_other_is_told(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.raises(office.alert("J-1", MOVED))
    office.after(seconds(10)).raises(office.alert("J-1", CANCELLED))
    office.ends(1, why="Undone")
    (message,) = office.after(minutes(1)).deliver()
    assert message.alerts == (2,)
    assert "Before that" not in message.notification.headline


def test_acknowledged_while_it_waits_it_is_told_all_the_same_and_who_is_on_it(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.raises(office.alert("J-1", CANCELLED))
    office.takes_on(1)
    assert office.deliver() == []
    office.after(minutes(1)).deliver()
    assert [operation for operation, _ in office.said()] == ["raise", "acknowledge"]


def test_worse_while_it_waits_it_says_so_at_once_in_the_same_message(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.raises(office.alert("J-1", AlertKind.DOUBLE_BOOKED))
    office.worsens(1, severity=Severity.CRITICAL)
    (message,) = office.deliveries()
    assert (message.operation, message.notification.severity) == (Operation.RAISE, Severity.CRITICAL)


def test_a_storm_of_changes_is_one_message_and_takes_up_more_of_its_visits(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.raises(*(office.alert(f"J-{n}", CANCELLED) for n in range(10)))
    office.after(seconds(30)).raises(office.alert("J-3", AlertKind.TRAVEL_CONFLICT))
    (message,) = office.deliveries()
    assert message.notification.subject == "11 alerts"
    assert message.notification.headline.startswith("11 alerts: ")


def test_held_back_changes_of_a_visit_are_one_message(tmp_path: Path) -> None:
    until = at("10:00")
    office = opened(tmp_path, quiet=[Quiet(reason="maintenance", until=until)])
    office.raises(office.alert("J-1", MOVED))
    office.after(minutes(20)).raises(office.alert("J-1", CANCELLED))
    (message,) = office.deliveries()
    assert (message.next_attempt_at, set(message.alerts)) == (until, {1, 2})
