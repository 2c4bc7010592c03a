"""Many alerts of one kind at once are one message, one thread and one toast; each stays an alert by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.app.deeds import Actor
from dispatchwatch.app.owing import ACKNOWLEDGED, OVER
from dispatchwatch.app.waiting import OUT_OF_DATE
from dispatchwatch.domain.alert import AlertKind, AlertState, Severity
from dispatchwatch.domain.match import Match
from dispatchwatch.domain.routing import Route
from dispatchwatch.store.deliveries import Delivery, DeliveryState
from tests.fakes.office import Office, at, hours, minutes, visit
from tests.fakes.records import Records

OPS = Route(channels=("ops",))
PAGER_LATER = Route(channels=("pager",), after=minutes(10), repeat=minutes(30))
KIM = Actor("Kim", "desk")


def opened(folder: Path, *routes: Route, **more: Any) -> Records:
    return Records(folder, at("09:00"), routes=routes or (OPS,), **more)


def only(found: list[Delivery]) -> Delivery:
    (one,) = found
    return one


@pytest.mark.parametrize(("count", "messages"), [(8, 8), (9, 1), (40, 1)])
def test_more_than_eight_of_a_kind_at_once_are_one_message(tmp_path: Path, count: int, messages: int) -> None:
    office = opened(tmp_path)
    office.late(count)
    assert len(office.deliveries("ops")) == messages
    assert sorted(number for one in office.deliveries("ops") for number in one.alerts) == list(range(1, count + 1))
    assert len(office.alerts()) == len(office.entries("raised")) == count, "each is on record by itself"


def test_how_many_make_a_storm_is_the_offices_to_say(tmp_path: Path) -> None:
    office = opened(tmp_path, storm_over=2)
    office.late(3)
    assert len(office.deliveries("ops")) == 1


def test_it_names_the_worst_first_and_how_many_more_there_are(tmp_path: Path) -> None:
    office = opened(tmp_path)
    late = [office.alert(f"J-{n:02}", due_at=at("08:50"), at=at("08:50")) for n in range(11)]
    office.raises(*late, office.alert("J-99", severity=Severity.CRITICAL, due_at=at("08:35"), at=at("09:00")))
    message = only(office.deliveries("ops")).notification
    assert message.severity is Severity.CRITICAL
    assert message.subject == "12 late check-ins"
    assert message.headline.startswith("12 late check-ins: T. J-99 at Acme (25 min); T. J-00 at Acme (10 min); ")
    assert message.headline.endswith("T. J-06 at Acme (10 min); and 4 more")
    assert [label for label, _ in message.facts] == ["J-99", *(f"J-{n:02}" for n in range(8)), "And"]
    assert message.facts[0] == ("J-99", "T. J-99 is 25 min late · Acme")
    assert message.facts[-1] == ("And", "3 more on the board")
    assert message.due_at == at("08:35")


ACME, BOLT = Match((("customer", ("Acme",)),)), Match((("customer", ("Bolt",)),))


@pytest.mark.parametrize(
    ("routes", "kind", "storms"),
    [
        ((OPS,), AlertKind.LATE_CHECK_IN, 1),
        ((OPS,), AlertKind.OVERRUN, 0),
        ((Route(when=ACME, channels=("ops",)), Route(when=BOLT, channels=("pager",))), AlertKind.LATE_CHECK_IN, 0),
        (
            (Route(when=ACME, channels=("ops",)), Route(when=BOLT, channels=("ops",), after=minutes(5))),
            AlertKind.LATE_CHECK_IN,
            0,
        ),
        (
            (Route(when=ACME, channels=("ops",)), Route(when=BOLT, channels=("ops",), repeat=minutes(5))),
            AlertKind.LATE_CHECK_IN,
            0,
        ),
    ],
    ids=["alike", "kind", "channel", "instant", "repeat"],
)
def test_only_what_is_of_one_kind_for_one_channel_at_one_instant_counts(
    tmp_path: Path, routes: tuple[Route, ...], kind: AlertKind, storms: int
) -> None:
    office = opened(tmp_path, *routes)
    office.raises(
        *(office.alert(f"A-{n}") for n in range(5)),
        *(office.alert(f"B-{n}", kind, facts={"customer": "Bolt"}) for n in range(5)),
    )
    assert len([one for one in office.deliveries() if len(one.alerts) > 1]) == storms


def test_two_kinds_at_once_are_a_message_each(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.raises(
        *(office.alert(f"A-{n}") for n in range(9)), *(office.alert(f"B-{n}", AlertKind.OVERRUN) for n in range(9))
    )
    assert [one.notification.subject for one in office.deliveries()] == ["9 late check-ins", "9 visits overrunning"]


def test_the_escalation_of_a_storm_is_one_message_of_the_same_thread(tmp_path: Path) -> None:
    office = opened(tmp_path, OPS, Route(channels=("ops",), after=minutes(10)), PAGER_LATER)
    office.late(12)
    now, later = office.deliveries("ops")
    assert (now.thread, len(now.alerts)) == (later.thread, len(later.alerts))
    assert later.next_attempt_at == at("09:10")
    assert len(only(office.deliveries("pager")).alerts) == 12


def test_an_escalation_for_some_of_them_stays_in_their_thread(tmp_path: Path) -> None:
    urgent = Match((("priority", ("1",)),))
    office = opened(tmp_path, OPS, Route(when=urgent, channels=("ops",), after=minutes(10)))
    office.raises(*(office.alert(f"J-{n:02}", facts={"priority": "1" if n < 3 else ""}) for n in range(12)))
    now, later = office.deliveries("ops")
    assert (len(now.alerts), len(later.alerts)) == (12, 3)
    assert later.thread == now.thread


def test_its_reminders_are_one_message_too_and_leave_out_what_is_taken_on(tmp_path: Path) -> None:
    office = opened(tmp_path, Route(channels=("ops",), repeat=minutes(30)))
    office.late(12)
    office.deliver()
    reminder = only(office.waiting())
    assert (len(reminder.alerts), reminder.notification.is_reminder) == (12, True)
    assert reminder.notification.headline.startswith("Reminder: 12 late check-ins: T. J-00 at Acme (30 min); ")
    office.takes_on(1, 2)
    office.ends(3)
    reminder = only(office.waiting())
    assert len(reminder.alerts) == 9
    assert reminder.notification.headline.startswith("Reminder: 9 late check-ins: T. J-03 at Acme (30 min); ")
    office.after(minutes(30)).deliver()
    assert len(only(office.waiting()).alerts) == 9, "and so on"


def test_a_reminder_with_nobody_left_to_remind_of_is_dropped(tmp_path: Path) -> None:
    office = opened(tmp_path, Route(channels=("ops",), repeat=minutes(30)))
    office.late(9)
    office.deliver()
    office.takes_on(*range(1, 9))
    assert only(office.waiting()).notification.headline == "Reminder: T. J-08 has not checked in at Acme – 30 min late"
    office.takes_on(9)
    assert [(one.state, one.error) for one in office.deliveries() if one.notification.is_reminder] == [
        (DeliveryState.DROPPED, ACKNOWLEDGED)
    ]


def test_an_acknowledgement_is_told_once_all_are_taken_on_and_names_who(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.late(9)
    office.deliver()
    office.takes_on(*range(1, 9))
    assert office.waiting() == []
    office.takes_on(9, by=KIM)
    message = only(office.waiting()).notification
    assert message.headline == "Acknowledged by Kim and Sam: 9 late check-ins"
    assert message.by == "Kim and Sam"


def test_an_acknowledgement_is_told_also_where_what_was_left_open_is_over(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.late(9)
    office.deliver()
    office.takes_on(*range(1, 8))
    office.ends(8)
    assert office.waiting() == []
    office.ends(9)
    assert only(office.waiting()).notification.headline == "Acknowledged by Sam: 7 late check-ins"
    office.deliver()
    office.ends(7)
    assert office.waiting() == [], "that is not told twice"


def test_the_end_is_told_once_with_the_last_of_them(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.late(12)
    office.deliver()
    for number in range(1, 12):
        office.ends(number)
    assert office.waiting() == []
    office.ends(12, why="Cancelled")
    message = only(office.waiting()).notification
    assert message.headline == "Resolved: 12 late check-ins. All of them are over"
    assert message.facts[0] == ("J-00", "He checked in")
    assert message.facts[-1] == ("And", "3 more on the board")
    office.deliver()
    assert [operation for operation, _ in office.said()] == ["raise", "resolve"]


def test_over_before_the_message_left_they_are_no_longer_in_it(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.late(12)
    office.ends(*range(1, 12))
    message = only(office.waiting())
    assert (message.alerts, message.alert_id) == ((12,), 12)
    assert message.notification.headline == "T. J-11 has not checked in at Acme – was due 09:00 CST"
    office.ends(12)
    assert [(one.state, one.error) for one in office.deliveries()] == [(DeliveryState.DROPPED, OVER)]


def test_a_batch_in_hand_does_not_send_the_old_words(tmp_path: Path) -> None:
    """The lane read the message; before it is sent, somebody arrives."""
    office = opened(tmp_path)
    office.late(12)
    (held,) = office.store.outbox.due("ops", office.now)
    office.ends(1)
    assert not office.store.outbox.claim(held, "lane", office.now, minutes(2))
    (again,) = office.store.outbox.due("ops", office.now)
    assert again.notification.subject == "11 late check-ins"
    assert office.store.outbox.claim(again, "lane", office.now, minutes(2))


def test_worse_they_are_one_update_for_the_thread(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.late(12)
    office.deliver()
    office.after(minutes(30)).worsens(*range(1, 8))
    update = only(office.waiting())
    assert (update.operation, len(update.alerts), update.thread) == ("update", 7, office.deliveries()[0].thread)
    assert update.notification.headline.startswith("Now high: 7 late check-ins: T. J-00 at Acme (30 min); ")


def test_an_update_that_still_waits_leaves_out_what_is_over(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.late(12)
    office.deliver()
    office.worsens(1, 2)
    office.ends(1)
    assert (
        only(office.waiting()).notification.headline
        == "Now high: T. J-01 has not checked in at Acme – was due 09:00 CST"
    )
    office.ends(2)
    assert office.deliveries()[-1].error == OUT_OF_DATE


def test_worse_they_are_one_raise_where_the_routes_fit_only_now(tmp_path: Path) -> None:
    office = opened(tmp_path, OPS, Route(severities=frozenset({Severity.HIGH}), channels=("pager",)))
    office.late(12)
    office.worsens(*range(1, 13))
    assert only(office.deliveries("pager")).notification.subject == "12 late check-ins"


def test_an_escalation_speaks_of_the_severity_there_is(tmp_path: Path) -> None:
    office = opened(tmp_path, PAGER_LATER)
    office.late(2)
    office.worsens(2)
    assert [one.notification.severity for one in office.waiting("pager")] == [Severity.WARNING, Severity.HIGH]


def test_one_that_is_snoozed_leaves_the_reminder_of_the_others(tmp_path: Path) -> None:
    office = opened(tmp_path, Route(channels=("ops",), repeat=minutes(30)))
    office.late(12)
    office.deliver()
    office.desk.snooze([5], KIM, office.now, until=office.now + hours(2))
    others, own = office.waiting()
    assert (len(others.alerts), others.next_attempt_at) == (11, at("09:30"))
    assert (own.alerts, own.next_attempt_at, own.thread) == ((5,), at("11:00"), others.thread)
    assert own.notification.headline == "Reminder: T. J-04 has not checked in at Acme – 2 h 00 min late"


def test_a_storm_is_one_toast_in_the_words_of_its_kind(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.late(12)
    (toast,) = office.toasts
    assert toast.title == "12 late check-ins"
    assert len(toast.alert_ids) == 12


def test_of_several_kinds_it_is_so_many_new_alerts(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.raises(
        *(office.alert(f"A-{n}") for n in range(3)), *(office.alert(f"B-{n}", AlertKind.OVERRUN) for n in range(3))
    )
    assert [toast.title for toast in office.toasts] == ["6 new alerts"]


def test_the_real_rules_raise_a_storm_and_end_it(tmp_path: Path) -> None:
    names = [f"J-{n:02}" for n in range(12)]
    with Office(tmp_path, at("09:00"), routes=[OPS]) as office:
        office.read(*(visit(name, start=at("09:00")) for name in names))
        office.run_until(at("09:16"))
        office.deliver()
        office.run_until(at("09:46"))
        office.deliver()
        office.read(*(visit(name, start=at("09:00"), arrived_at=at("09:40")) for name in names))
        office.deliver()
        assert office.told("ops") == [("raise", "sent"), ("update", "sent"), ("resolve", "sent")]
        assert {one.state for one in office.alerts()} == {AlertState.RESOLVED}


def test_the_trail_names_all_that_a_message_spoke_of(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.late(9)
    assert only(office.deliveries()).alerts == tuple(range(1, 10))
    assert [entry["subject"] for entry in office.entries("raised")] == [f"alert {n}" for n in range(1, 10)]
