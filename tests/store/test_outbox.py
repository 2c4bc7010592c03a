"""The outbox: order per alert, claimed once, nothing lost."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.domain.alert import AlertKind, AlertState, Operation, Severity
from dispatchwatch.store.deliveries import Delivery, DeliveryState
from dispatchwatch.store.outbox import Outbox
from dispatchwatch.store.store import Store, open_store
from tests.fakes.office import hours, minutes, seconds
from tests.store.samples import NOW, alert, delivery

LEASE = minutes(2)
RAISE, UPDATE, ACKNOWLEDGE, RESOLVE = Operation.RAISE, Operation.UPDATE, Operation.ACKNOWLEDGE, Operation.RESOLVE


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "a.sqlite", NOW)


@pytest.fixture
def outbox(store: Store) -> Outbox:
    return store.outbox


def due(outbox: Outbox, channel: str = "ops", after: timedelta = timedelta()) -> list[tuple[int, str]]:
    return [(one.alert_id, one.operation.value) for one in outbox.due(channel, NOW + after)]


def only(outbox: Outbox) -> Delivery:
    (found,) = outbox.listed()
    return found


def claimed(outbox: Outbox, owner: str = "me") -> Delivery:
    one = outbox.listed()[0]
    assert outbox.claim(one, owner, NOW, LEASE)
    return one


def test_a_debt_comes_back_as_it_was_owed(outbox: Outbox) -> None:
    owed = delivery(repeat=minutes(30), waits_for_nobody=True)
    outbox.owe([owed])
    found = only(outbox)
    assert found.notification == owed.notification
    assert (found.repeat, found.waits_for_nobody, found.state) == (minutes(30), True, DeliveryState.WAITING)
    assert outbox.get(found.id) == found
    assert outbox.get(99) is None


def test_for_one_alert_the_earlier_debt_comes_first(outbox: Outbox) -> None:
    outbox.owe([delivery(1), delivery(2), delivery(1, RESOLVE)])
    assert due(outbox) == [(1, "raise"), (2, "raise")]
    first = outbox.due("ops", NOW)[0]
    assert outbox.claim(first, "me", NOW, LEASE)
    assert due(outbox) == [(2, "raise")], "in flight is not settled"
    outbox.settle(first, DeliveryState.SENT, NOW)
    assert due(outbox) == [(2, "raise"), (1, "resolve")]


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.DROPPED])
def test_whatever_way_it_is_settled_the_next_may_go(outbox: Outbox, state: DeliveryState) -> None:
    outbox.owe([delivery(1), delivery(1, UPDATE), delivery(1, RESOLVE)])
    outbox.settle(outbox.listed()[0], state, NOW)
    assert due(outbox) == [(1, "update")]


def test_a_debt_put_off_holds_up_the_later_ones_of_its_alert_only(outbox: Outbox) -> None:
    outbox.owe([delivery(1, next_attempt_at=NOW + minutes(5)), delivery(1, RESOLVE), delivery(2)])
    assert due(outbox) == [(2, "raise")]
    assert due(outbox, after=minutes(5)) == [(1, "raise"), (2, "raise")]


def test_a_message_that_waits_for_nobody_holds_up_none(outbox: Outbox) -> None:
    outbox.owe([delivery(1, next_attempt_at=NOW + minutes(10), waits_for_nobody=True), delivery(1, UPDATE)])
    assert due(outbox) == [(1, "update")]


def test_channels_do_not_hold_up_one_another(outbox: Outbox) -> None:
    outbox.owe([delivery(1, channel="ops", next_attempt_at=NOW + hours(1)), delivery(1, RESOLVE, channel="pager")])
    assert due(outbox, "pager") == [(1, "resolve")]


def test_no_more_than_asked_for_and_the_oldest_first(outbox: Outbox) -> None:
    outbox.owe([delivery(n, next_attempt_at=NOW - seconds(n)) for n in range(1, 6)])
    assert [one.alert_id for one in outbox.due("ops", NOW, limit=2)] == [1, 2]
    assert outbox.next_due("ops") == NOW - seconds(5)
    assert outbox.next_due("pager") is None


def test_a_delivery_is_claimed_only_once(outbox: Outbox) -> None:
    outbox.owe([delivery()])
    one = only(outbox)
    assert outbox.claim(one, "me", NOW, LEASE)
    assert not outbox.claim(one, "me", NOW, LEASE)
    assert not outbox.claim(one, "another", NOW, LEASE)
    found = only(outbox)
    assert (found.state, found.attempts, found.first_attempt_at) == (DeliveryState.SENDING, 1, NOW)


def test_of_many_at_once_one_gets_it(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    first = open_store(path, NOW)
    first.outbox.owe([delivery(n) for n in range(20)])
    owed = first.outbox.listed()
    winners: list[int] = []
    start = threading.Barrier(4)

    def work(worker: int) -> None:
        store = open_store(path, NOW)
        start.wait()
        winners.extend(one.id for one in owed if store.outbox.claim(one, f"worker {worker}", NOW, LEASE))
        store.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(winners) == [one.id for one in owed]


def test_a_sent_delivery_says_when_and_under_which_name(outbox: Outbox) -> None:
    outbox.owe([delivery()])
    outbox.settle(claimed(outbox), DeliveryState.SENT, NOW + seconds(1), reference="dw:1")
    found = only(outbox)
    assert (found.state, found.settled_at, found.reference, found.error) == (
        DeliveryState.SENT,
        NOW + seconds(1),
        "dw:1",
        "",
    )


def test_put_back_it_waits_with_its_error_and_keeps_count(outbox: Outbox) -> None:
    outbox.owe([delivery()])
    outbox.postpone(claimed(outbox), NOW + minutes(1), "no answer", may_have_arrived=True)
    found = only(outbox)
    assert (found.state, found.error, found.attempts, found.may_have_arrived) == (
        DeliveryState.WAITING,
        "no answer",
        1,
        True,
    )
    assert due(outbox) == []
    assert outbox.claim(found, "me", NOW + minutes(1), LEASE)
    again = only(outbox)
    assert (again.attempts, again.first_attempt_at) == (2, NOW)


def test_only_what_waits_is_dropped(outbox: Outbox) -> None:
    outbox.owe([delivery(1), delivery(2), delivery(3)])
    one, two, three = outbox.listed()
    assert outbox.claim(one, "me", NOW, LEASE)
    outbox.settle(two, DeliveryState.SENT, NOW)
    outbox.drop([one, two, three], NOW, "over")
    states = [(found.state, found.error) for found in outbox.listed()]
    assert states == [(DeliveryState.SENDING, ""), (DeliveryState.SENT, ""), (DeliveryState.DROPPED, "over")]


def test_only_a_failed_delivery_is_sent_again_and_counts_anew(outbox: Outbox) -> None:
    outbox.owe([delivery(1), delivery(2), delivery(3), delivery(4)])
    one, two, three, four = outbox.listed()
    assert outbox.claim(one, "me", NOW, LEASE)
    outbox.settle(one, DeliveryState.FAILED, NOW, error="no such channel")
    outbox.settle(two, DeliveryState.SENT, NOW)
    outbox.settle(three, DeliveryState.DROPPED, NOW, error="over")
    assert [outbox.resend(n.id, NOW + hours(1)) for n in (one, two, three, four)] == [True, False, False, False]
    assert not outbox.resend(99, NOW)
    found = outbox.get(one.id)
    assert found is not None
    assert (found.state, found.attempts, found.first_attempt_at, found.settled_at, found.next_attempt_at) == (
        DeliveryState.WAITING,
        0,
        None,
        None,
        NOW + hours(1),
    )


def test_what_a_crash_left_claimed_is_found_by_its_owner_at_once_and_by_others_after_the_lease(outbox: Outbox) -> None:
    outbox.owe([delivery(1), delivery(2)])
    one, two = outbox.listed()
    assert outbox.claim(one, "me", NOW, LEASE)
    assert outbox.claim(two, "another", NOW, LEASE)
    assert [found.id for found in outbox.left_sending("me", NOW)] == [one.id]
    assert [found.id for found in outbox.left_sending("third", NOW + LEASE - seconds(1))] == []
    assert [found.id for found in outbox.left_sending("third", NOW + LEASE)] == [one.id, two.id]


def test_giving_up_a_channel_fails_what_waits_for_it(outbox: Outbox) -> None:
    outbox.owe([delivery(1), delivery(2, channel="pager")])
    outbox.fail_all("ops", NOW, "gone")
    assert [(one.state, one.error) for one in outbox.listed()] == [
        (DeliveryState.FAILED, "gone"),
        (DeliveryState.WAITING, ""),
    ]


def test_when_the_clock_is_set_the_waits_stay_as_long_as_they_were(outbox: Outbox) -> None:
    outbox.owe([delivery(1, next_attempt_at=NOW + minutes(5)), delivery(2)])
    outbox.settle(outbox.listed()[1], DeliveryState.SENT, NOW)
    outbox.shift(hours(-1))
    assert [one.next_attempt_at - NOW for one in outbox.listed()] == [minutes(5) - hours(1), timedelta()]


def test_loads_leave_out_what_nobody_may_come_to_need(outbox: Outbox) -> None:
    outbox.owe(
        [delivery(1), delivery(2), delivery(3, waits_for_nobody=True), delivery(4), delivery(5, channel="pager")]
    )
    outbox.settle(outbox.listed()[0], DeliveryState.FAILED, NOW, error="x")
    outbox.settle(outbox.listed()[3], DeliveryState.SENT, NOW)
    assert {name: load[:2] for name, load in outbox.loads().items()} == {"ops": (1, 1), "pager": (1, 0)}
    assert outbox.waiting_channels() == {"ops", "pager"}


def test_listing_by_state_and_the_latest_of_many(outbox: Outbox) -> None:
    outbox.owe([delivery(n) for n in range(5)])
    outbox.settle(outbox.listed()[2], DeliveryState.FAILED, NOW, error="x")
    assert [one.alert_id for one in outbox.listed([DeliveryState.FAILED])] == [2]
    assert [one.alert_id for one in outbox.listed(limit=2)] == [3, 4]
    assert [one.alert_id for one in outbox.of_alerts([1, 4])] == [1, 4]


def test_what_the_platform_calls_the_thread_is_kept_per_channel(outbox: Outbox) -> None:
    assert outbox.receipt("a", "ops") is None
    outbox.keep_receipt("a", "ops", "A", {"thread": "7"})
    outbox.keep_receipt("a", "ops", "B", {"thread": "8"})
    assert outbox.receipt("a", "ops") == ("B", {"thread": "8"})
    assert outbox.receipt("a", "pager") is None
    assert outbox.receipt("b", "ops") is None


def test_a_delivery_speaks_of_all_its_alerts_the_first_first(outbox: Outbox) -> None:
    (owed,) = outbox.owe([delivery(7, alerts=(7, 3, 9))])
    found = only(outbox)
    assert (owed.id, found.alert_id, found.alerts) == (found.id, 7, (7, 3, 9))
    for number in (3, 7, 9):
        assert [one.id for one in outbox.of_alerts([number])] == [found.id]
    assert [one.id for one in outbox.of_alerts([3, 9])] == [found.id], "once, however many of its alerts are asked for"
    assert outbox.of_alerts([8]) == []
    assert outbox.due("ops", NOW)[0].alerts == (7, 3, 9)


def test_in_one_thread_the_earlier_debt_comes_first_whatever_alerts_it_speaks_of(outbox: Outbox) -> None:
    outbox.owe([delivery(1, thread="t"), delivery(2, UPDATE, thread="t"), delivery(3, UPDATE, thread="u")])
    assert due(outbox) == [(1, "raise"), (3, "update")]
    outbox.settle(outbox.due("ops", NOW)[0], DeliveryState.SENT, NOW)
    assert due(outbox) == [(2, "update"), (3, "update")]


def test_what_is_held_back_holds_up_none(outbox: Outbox) -> None:
    outbox.owe([delivery(1, UPDATE, next_attempt_at=NOW + hours(8), held="Held until 06:00"), delivery(1, RESOLVE)])
    assert due(outbox) == [(1, "resolve")]


@pytest.mark.parametrize("more", [{"waits_for_nobody": True}, {"held": "Held until 06:00"}])
def test_once_it_was_tried_it_is_out_first_whatever_it_waited_for(outbox: Outbox, more: dict[str, Any]) -> None:
    """An escalation is on its way when the alert ends; its answer is lost. The end must not overtake the second try."""
    outbox.owe([delivery(1, **more)])
    outbox.postpone(claimed(outbox), NOW + minutes(1), "no answer", may_have_arrived=True)
    outbox.owe([delivery(1, RESOLVE)])
    assert due(outbox) == []
    assert due(outbox, after=minutes(1)) == [(1, "raise")]


def test_a_delivery_that_was_put_differently_is_not_claimed_in_its_old_words(store: Store) -> None:
    outbox = store.outbox
    outbox.owe([delivery(1), delivery(2), delivery(3)])
    reworded, moved, rethreaded = outbox.due("ops", NOW)
    store.threads.reword(reworded.id, 1, replace(reworded.notification, headline="Otherwise"))
    store.threads.move(moved.id, NOW, "")
    store.threads.rethread([rethreaded.id], "another")
    assert [outbox.claim(one, "me", NOW, LEASE) for one in (reworded, moved, rethreaded)] == [False] * 3
    again = outbox.due("ops", NOW)
    assert [one.notification.headline for one in again][:1] == ["Otherwise"]
    assert [outbox.claim(one, "me", NOW, LEASE) for one in again] == [True] * 3


def test_what_is_no_longer_waiting_is_not_put_differently(store: Store) -> None:
    store.outbox.owe([delivery(1)])
    one = claimed(store.outbox)
    store.threads.reword(one.id, 2, replace(one.notification, headline="Otherwise"))
    store.threads.move(one.id, NOW + hours(1), "held")
    store.threads.rethread([one.id], "another")
    found = only(store.outbox)
    assert (found.notification, found.next_attempt_at, found.thread) == (one.notification, NOW, one.thread)


def test_an_alert_taken_out_of_a_message_is_spoken_of_no_more_and_the_message_is_still_found_by_it(
    store: Store,
) -> None:
    store.outbox.owe([delivery(1, alerts=(1, 2))])
    (one,) = store.outbox.listed()
    store.threads.take_out(one.id, [2])
    (found,) = store.outbox.of_alerts([2])
    assert (found.id, found.alerts) == (one.id, (1,))
    assert store.threads.of_alerts([2]) == {}
    assert store.threads.sizes([one.id]) == {one.id: 1}
    store.threads.put_in(one.id, [2, 5])
    assert only(store.outbox).alerts == (1, 2, 5)


def test_the_alerts_of_a_thread_are_counted_once_each_and_by_their_state(store: Store) -> None:
    first, second, third = store.alerts.add([alert("A"), alert("B"), alert("C")])
    store.alerts.save(replace(third, state=AlertState.ACKNOWLEDGED), expected=AlertState.OPEN)
    told: dict[str, Any] = {"thread": "t", "alerts": (first.id, second.id, third.id)}
    store.outbox.owe([delivery(1, **told), delivery(1, UPDATE, **told), delivery(1, thread="t", channel="pager")])
    assert store.threads.states(["t"]) == {
        ("t", "ops"): {AlertState.OPEN: 2, AlertState.ACKNOWLEDGED: 1},
        ("t", "pager"): {AlertState.OPEN: 1},
    }
    assert store.threads.members(("t", "ops")) == [first.id, second.id, third.id]


def test_what_was_dropped_makes_no_alert_part_of_a_thread_unless_it_may_have_arrived(store: Store) -> None:
    first, second = store.alerts.add([alert("A"), alert("B")])
    store.outbox.owe([delivery(first.id, thread="t"), delivery(second.id, thread="t")])
    one, two = store.outbox.listed()
    assert store.outbox.claim(two, "me", NOW, LEASE)
    store.outbox.postpone(two, NOW, "no answer", may_have_arrived=True)
    store.outbox.drop([one, two], NOW, "over")
    assert store.threads.members(("t", "ops")) == [second.id]
    assert store.threads.states(["t"]) == {("t", "ops"): {AlertState.OPEN: 1}}


def test_the_worst_are_shown_first_and_of_equals_the_one_due_longest(store: Store) -> None:
    raised = store.alerts.add(
        [
            alert("A", severity=Severity.WARNING, due_at=NOW),
            alert("B", severity=Severity.CRITICAL, due_at=NOW),
            alert("C", severity=Severity.INFO, due_at=NOW - hours(9)),
            alert("D", severity=Severity.CRITICAL, due_at=NOW - hours(1)),
            alert("E", severity=Severity.HIGH, due_at=NOW),
        ]
    )
    (owed,) = store.outbox.owe([delivery(1, alerts=tuple(one.id for one in raised))])
    names = [one.ext_id for number in store.threads.worst_of(owed.id, 4) if (one := store.alerts.get(number))]
    assert names == ["D", "B", "E", "A"]
    assert store.threads.spoken_of(owed.id) == {AlertKind.LATE_CHECK_IN: 5}


def test_when_the_clock_is_set_what_waits_for_a_time_of_day_still_does(outbox: Outbox) -> None:
    outbox.owe([delivery(1, next_attempt_at=NOW + hours(8), held="Held until 06:00: quiet hours")])
    outbox.shift(hours(-1))
    assert only(outbox).next_attempt_at == NOW + hours(8)


def test_an_alert_changed_by_somebody_else_is_not_overwritten(store: Store) -> None:
    (one,) = store.alerts.add([alert()])
    acknowledged = replace(one, state=AlertState.ACKNOWLEDGED, acknowledged_by="Sam", acknowledged_at=NOW)
    assert store.alerts.save(acknowledged, expected=AlertState.OPEN)
    assert not store.alerts.save(replace(one, note="late"), expected=AlertState.OPEN)
    assert store.alerts.get(one.id) == acknowledged
    assert store.alerts.by_key(one.key) == acknowledged
    assert store.alerts.used_keys([one.key, "never"]) == {one.key}
