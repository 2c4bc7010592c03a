"""The outbox: order per alert, claimed once, nothing lost."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from dispatchwatch.domain.alert import Operation
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


def test_snoozing_holds_back_only_what_waits_for_nobody_and_would_come_sooner(outbox: Outbox) -> None:
    until = NOW + minutes(30)
    outbox.owe(
        [
            delivery(1, UPDATE),
            delivery(1, next_attempt_at=NOW + minutes(10), waits_for_nobody=True),
            delivery(1, next_attempt_at=NOW + minutes(40), waits_for_nobody=True),
            delivery(2, next_attempt_at=NOW + minutes(10), waits_for_nobody=True),
        ]
    )
    outbox.hold_back(1, until)
    times = [one.next_attempt_at - NOW for one in outbox.listed()]
    assert times == [timedelta(), minutes(30), minutes(40), minutes(10)]


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
    assert outbox.loads() == {"ops": (1, 1), "pager": (1, 0)}
    assert outbox.waiting_channels() == {"ops", "pager"}


def test_listing_by_state_and_the_latest_of_many(outbox: Outbox) -> None:
    outbox.owe([delivery(n) for n in range(5)])
    outbox.settle(outbox.listed()[2], DeliveryState.FAILED, NOW, error="x")
    assert [one.alert_id for one in outbox.listed([DeliveryState.FAILED])] == [2]
    assert [one.alert_id for one in outbox.listed(limit=2)] == [3, 4]
    assert [one.alert_id for one in outbox.of_alerts([1, 4])] == [1, 4]


def test_what_the_platform_calls_the_alert_is_kept_per_channel(outbox: Outbox) -> None:
    assert outbox.receipt(1, "ops") is None
    outbox.keep_receipt(1, "ops", "A", {"thread": "7"})
    outbox.keep_receipt(1, "ops", "B", {"thread": "8"})
    assert outbox.receipt(1, "ops") == ("B", {"thread": "8"})
    assert outbox.receipt(1, "pager") is None


def test_an_alert_changed_by_somebody_else_is_not_overwritten(store: Store) -> None:
    from dataclasses import replace

    from dispatchwatch.domain.alert import AlertState

    (one,) = store.alerts.add([alert()])
    acknowledged = replace(one, state=AlertState.ACKNOWLEDGED, acknowledged_by="Sam", acknowledged_at=NOW)
    assert store.alerts.save(acknowledged, expected=AlertState.OPEN)
    assert not store.alerts.save(replace(one, note="late"), expected=AlertState.OPEN)
    assert store.alerts.get(one.id) == acknowledged
    assert store.alerts.by_key(one.key) == acknowledged
    assert store.alerts.used_keys([one.key, "never"]) == {one.key}
