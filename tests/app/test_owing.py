"""What an alert's life owes to the channels."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from dispatchwatch.app.owing import ACKNOWLEDGED, OVER
from dispatchwatch.app.sending import Destination
from dispatchwatch.app.waiting import OUT_OF_DATE
from dispatchwatch.domain.alert import Operation, Severity
from dispatchwatch.domain.match import Match
from dispatchwatch.domain.routing import Hours, Route
from dispatchwatch.domain.visit import Status
from dispatchwatch.store.deliveries import Delivery, DeliveryState
from tests.fakes.office import SAM, WEEKDAYS_7_TO_18, Office, at, hours, minutes, seconds, visit

OPS = Route(channels=("ops",))
PAGER_LATER = Route(channels=("pager",), after=minutes(10), repeat=minutes(30))
PAGER_WHEN_HIGH = Route(severities=frozenset({Severity.HIGH, Severity.CRITICAL}), channels=("pager",))


def opened(folder: Path, *routes: Route, **more: object) -> Office:
    return Office(folder, at("09:00"), routes=routes, **more)  # type: ignore[arg-type]  # what Office takes


def late(office: Office) -> None:
    """J-1042, promised for 09:00, is late from 09:15 on; it is 09:16."""
    office.read(visit(start=at("09:00")))
    office.run_until(at("09:16"))
    assert len(office.open_alerts()) == 1


def arrived(office: Office) -> None:
    office.read(visit(start=at("09:00"), status=Status.ARRIVED, arrived_at=office.now))


def unanswered(office: Office, channel: str) -> Delivery:
    """The next message to the channel went out, and no answer came."""
    (one,) = office.store.outbox.due(channel, office.now)
    assert office.store.outbox.claim(one, "test", office.now, minutes(2))
    office.store.outbox.postpone(one, office.now + minutes(1), "no answer", may_have_arrived=True)
    return one


def test_a_new_alert_is_owed_to_every_channel_of_a_fitting_route(tmp_path: Path) -> None:
    office = opened(tmp_path, OPS, PAGER_LATER, Route(when=Match((("kind", ("stale_feed",)),)), channels=("ops",)))
    late(office)
    ops, pager = office.deliveries()
    assert (ops.channel, ops.platform, ops.operation, ops.waits_for_nobody) == ("ops", "slack", Operation.RAISE, False)
    assert (pager.channel, pager.waits_for_nobody, pager.repeat) == ("pager", True, minutes(30))
    assert pager.next_attempt_at - ops.next_attempt_at == minutes(10)
    assert ops.notification.alert_key == office.alerts()[0].key


def test_a_channel_nobody_configured_is_owed_nothing(tmp_path: Path) -> None:
    office = opened(tmp_path, Route(channels=("nowhere", "ops")))
    late(office)
    assert [one.channel for one in office.deliveries()] == ["ops"]


def test_acknowledged_before_the_escalation_it_never_goes_out_and_the_others_hear_who_is_on_it(tmp_path: Path) -> None:
    office = opened(tmp_path, OPS, PAGER_LATER)
    late(office)
    office.deliver()
    office.desk.acknowledge([1], SAM, office.now, reason="traffic", note="ten minutes away")
    assert office.told("ops") == [("raise", "sent"), ("acknowledge", "waiting")]
    assert office.told("pager") == [("raise", "dropped")]
    assert office.deliveries("pager")[0].error == ACKNOWLEDGED
    message = office.deliveries("ops")[1].notification
    assert (message.by, message.note) == ("Sam", "ten minutes away")
    office.clock.advance(hours(2))
    assert [one.channel for one in office.deliver()] == ["ops"]


def test_acknowledged_after_the_escalation_the_pager_hears_it_too(tmp_path: Path) -> None:
    office = opened(tmp_path, OPS, PAGER_LATER)
    late(office)
    office.clock.advance(minutes(10))
    office.deliver()
    office.desk.acknowledge([1], SAM, office.now)
    assert office.told("pager") == [("raise", "sent"), ("raise", "dropped"), ("acknowledge", "waiting")]


def test_the_escalation_reminds_until_somebody_acts(tmp_path: Path) -> None:
    office = opened(tmp_path, PAGER_LATER)
    late(office)
    sent: list[datetime] = []
    for _ in range(8):
        office.clock.advance(minutes(10))
        sent.extend(office.now for _ in office.deliver())
    assert sent == [at("09:26"), at("09:56"), at("10:26")]
    assert [one.notification.is_reminder for one in office.deliveries()] == [False, True, True, True]
    assert office.deliveries()[1].notification.headline.startswith("Reminder: J. Ortiz has not checked in")
    arrived(office)
    assert office.told("pager")[-2:] == [("raise", "dropped"), ("resolve", "waiting")]


def test_a_first_message_sent_after_somebody_acknowledged_is_not_followed_by_reminders(tmp_path: Path) -> None:
    office = opened(tmp_path, Route(channels=("ops",), repeat=minutes(10)))
    late(office)
    office.desk.acknowledge([1], SAM, office.now)
    office.deliver()
    assert office.told("ops") == [("raise", "sent"), ("acknowledge", "sent")]


def test_a_resolve_whose_raise_never_left_sends_nothing_at_all(tmp_path: Path) -> None:
    office = opened(tmp_path, OPS, PAGER_LATER)
    late(office)
    arrived(office)
    assert [(one.channel, one.operation, one.state, one.error) for one in office.deliveries()] == [
        ("ops", Operation.RAISE, DeliveryState.DROPPED, OVER),
        ("pager", Operation.RAISE, DeliveryState.DROPPED, OVER),
    ]


def test_a_resolve_is_owed_where_the_raise_is_in_flight(tmp_path: Path) -> None:
    office = opened(tmp_path, OPS)
    late(office)
    (one,) = office.deliveries()
    assert office.store.outbox.claim(one, "test", office.now, minutes(2))
    arrived(office)
    assert office.told("ops") == [("raise", "sending"), ("resolve", "waiting")]


def test_a_resolve_is_owed_where_the_raise_may_have_arrived(tmp_path: Path) -> None:
    office = opened(tmp_path, OPS)
    late(office)
    unanswered(office, "ops")
    arrived(office)
    assert office.told("ops") == [("raise", "waiting"), ("resolve", "waiting")]


def test_an_escalation_that_may_have_arrived_is_closed_again(tmp_path: Path) -> None:
    """The pager rang, but its answer was lost: when the alert is over it has to stop ringing."""
    office = opened(tmp_path, PAGER_LATER)
    late(office)
    office.clock.advance(minutes(10))
    unanswered(office, "pager")
    arrived(office)
    assert office.told("pager")[-1] == ("resolve", "waiting")


def test_an_escalation_that_may_have_arrived_is_closed_also_after_somebody_acknowledged(tmp_path: Path) -> None:
    office = opened(tmp_path, PAGER_LATER)
    late(office)
    office.clock.advance(minutes(10))
    unanswered(office, "pager")
    office.desk.acknowledge([1], SAM, office.now)
    office.catch_up()
    assert office.told("pager")[-1] == ("acknowledge", "waiting")
    office.deliver()
    arrived(office)
    assert office.told("pager")[-1] == ("resolve", "waiting")


def test_a_resolve_makes_what_still_waits_pointless(tmp_path: Path) -> None:
    office = opened(tmp_path, OPS)
    late(office)
    office.deliver()
    office.desk.acknowledge([1], SAM, office.now)
    office.catch_up()
    arrived(office)
    assert office.told("ops") == [("raise", "sent"), ("acknowledge", "dropped"), ("resolve", "waiting")]
    assert office.deliveries()[1].error == OUT_OF_DATE


def test_a_channel_whose_raise_failed_hears_nothing_of_the_rest(tmp_path: Path) -> None:
    office = opened(tmp_path, OPS)
    late(office)
    office.store.outbox.settle(office.deliveries()[0], DeliveryState.FAILED, office.now, error="no such channel")
    office.desk.acknowledge([1], SAM, office.now)
    office.catch_up()
    arrived(office)
    assert office.told("ops") == [("raise", "failed")]


def test_worse_it_is_told_as_an_update_and_raised_where_it_fits_only_now(tmp_path: Path) -> None:
    office = opened(tmp_path, OPS, PAGER_WHEN_HIGH)
    late(office)
    office.deliver()
    office.run_until(at("09:46"))
    assert office.told("ops") == [("raise", "sent"), ("update", "waiting")]
    assert office.told("pager") == [("raise", "waiting")]
    update = office.deliveries("ops")[1].notification
    assert (update.severity, update.headline) == (
        Severity.HIGH,
        "Now high: J. Ortiz has not checked in at Acme Foundry, Plant 4 – 30 min late",
    )


def test_worse_still_nobody_is_raised_twice(tmp_path: Path) -> None:
    office = opened(tmp_path, OPS, PAGER_WHEN_HIGH)
    late(office)
    office.deliver()
    office.run_until(at("10:16"))
    assert [operation for operation, _ in office.told("ops")] == ["raise", "update", "update"]
    assert [operation for operation, _ in office.told("pager")] == ["raise", "update"]


def test_worse_it_goes_at_once_to_a_channel_that_would_have_heard_later(tmp_path: Path) -> None:
    """The pager is told of everything after two hours, and of what is high at once."""
    office = opened(tmp_path, Route(channels=("pager",), after=hours(2)), PAGER_WHEN_HIGH)
    late(office)
    office.run_until(at("09:46"))
    due = [one for one in office.store.outbox.due("pager", office.now) if one.operation is Operation.RAISE]
    assert len(due) == 1


def test_worse_but_acknowledged_it_is_told_and_not_escalated(tmp_path: Path) -> None:
    office = opened(
        tmp_path,
        OPS,
        Route(severities=frozenset({Severity.HIGH, Severity.CRITICAL}), channels=("pager",), after=minutes(10)),
    )
    late(office)
    office.deliver()
    office.desk.acknowledge([1], SAM, office.now)
    office.catch_up()
    office.run_until(at("10:30"))
    assert [operation for operation, _ in office.told("ops")] == ["raise", "acknowledge", "update", "update"]
    assert office.told("pager") == []


def test_worse_and_acknowledged_it_still_goes_at_once_where_a_route_says_at_once(tmp_path: Path) -> None:
    office = opened(tmp_path, OPS, PAGER_WHEN_HIGH)
    late(office)
    office.desk.acknowledge([1], SAM, office.now)
    office.catch_up()
    office.run_until(at("09:46"))
    assert office.told("pager") == [("raise", "waiting")]


def test_a_route_of_the_office_waits_for_the_opening_and_is_dropped_if_it_is_over_by_then(tmp_path: Path) -> None:
    office = Office(
        tmp_path,
        at("20:00"),
        routes=[Route(channels=("ops",), hours=Hours.OFFICE), Route(channels=("pager",), hours=Hours.OUTSIDE)],
        office_hours=WEEKDAYS_7_TO_18,
    )
    office.read(visit("A", start=at("20:00")), visit("B", start=at("20:00")))
    office.run_until(at("20:16"))
    assert {one.next_attempt_at for one in office.deliveries("ops")} == {at("2026-11-11 07:00")}
    assert [one.channel for one in office.deliver()] == ["pager", "pager"]
    office.read(visit("A", start=at("20:00"), arrived_at=at("20:20")), visit("B", start=at("20:00")))
    office.clock.advance_to(at("2026-11-11 07:00"))
    office.deliver()
    assert office.told("ops") == [("raise", "dropped"), ("raise", "sent")]
    night = office.deliveries("ops")[1].notification
    assert "10 h 45 min late" in night.headline, "the words are those of the morning it is sent"


def test_snoozed_nothing_reminds_until_then(tmp_path: Path) -> None:
    office = opened(tmp_path, OPS, PAGER_LATER)
    late(office)
    office.deliver()
    until = office.now + hours(1)
    office.desk.snooze([1], SAM, office.now, until=until)
    assert office.deliveries("pager")[0].next_attempt_at == until


def test_a_reminder_owed_while_the_alert_is_snoozed_waits_for_the_end_of_that(tmp_path: Path) -> None:
    """Snoozed while the first message was still on its way; sent, it would remind in ten minutes."""
    office = opened(tmp_path, Route(channels=("ops",), repeat=minutes(10)))
    late(office)
    until = office.now + hours(1)
    office.desk.snooze([1], SAM, office.now, until=until)
    office.deliver()
    first, reminder = office.deliveries("ops")
    assert (first.state, reminder.state) == (DeliveryState.SENT, DeliveryState.WAITING)
    assert reminder.next_attempt_at == until


def test_an_escalation_that_comes_up_while_the_alert_is_snoozed_waits_for_the_end_of_that(tmp_path: Path) -> None:
    office = opened(
        tmp_path,
        OPS,
        Route(severities=frozenset({Severity.HIGH, Severity.CRITICAL}), channels=("pager",), after=minutes(5)),
    )
    late(office)
    until = office.now + hours(2)
    office.desk.snooze([1], SAM, office.now, until=until)
    office.catch_up()
    office.run_until(at("09:46"))
    assert [one.next_attempt_at for one in office.deliveries("pager")] == [until]


@pytest.mark.parametrize("missing", [Operation.ACKNOWLEDGE, Operation.UPDATE, Operation.RESOLVE])
def test_a_platform_is_not_told_what_it_can_not_be_told(tmp_path: Path, missing: Operation) -> None:
    channels = {"ops": Destination("plain", frozenset(Operation) - {missing})}
    office = opened(tmp_path, OPS, channels=channels)
    late(office)
    office.deliver()
    office.run_until(at("09:46"))
    office.deliver()
    office.desk.acknowledge([1], SAM, office.now)
    office.catch_up()
    office.deliver()
    arrived(office)
    told = [operation for operation, _ in office.told("ops")]
    assert told == [one for one in ("raise", "update", "acknowledge", "resolve") if one != missing.value]


def test_a_message_says_what_was_true_when_it_was_written(tmp_path: Path) -> None:
    office = opened(tmp_path, OPS)
    late(office)
    message = office.deliveries()[0].notification
    assert message.headline == ("J. Ortiz has not checked in at Acme Foundry, Plant 4 – was due 09:15 CST")
    assert dict(message.facts)["Technician"] == "J. Ortiz (+1 555 0107)"
    assert message.written_at - at("09:15") < seconds(1)
