"""Quiet hours and maintenance windows hold messages back, visibly; the board shows everything as it happens."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.app import picture, wire
from dispatchwatch.app.owing import ACKNOWLEDGED, OVER
from dispatchwatch.app.waiting import JOINED, OUT_OF_DATE
from dispatchwatch.domain.alert import AlertKind, Operation, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.match import Match
from dispatchwatch.domain.quiet import Quiet
from dispatchwatch.domain.routing import Hours, Route
from dispatchwatch.store.deliveries import Delivery, DeliveryState
from tests.fakes.office import CHICAGO, SAM, WEEKDAYS_7_TO_18, Office, at, hours, minutes, visit
from tests.fakes.records import Records

NIGHT = OfficeHours(CHICAGO, dict.fromkeys(range(7), (time(22), time(6))))
QUIET = Quiet(reason="quiet hours", hours=NIGHT, unless=Severity.CRITICAL)
SIX = at("2026-11-11 06:00")
OPS = Route(channels=("ops",))
PAGER_LATER = Route(channels=("pager",), after=minutes(10), repeat=minutes(30))


def opened(folder: Path, *routes: Route, now: str = "23:00", quiet: Any = (QUIET,), **more: Any) -> Records:
    return Records(folder, at(now), routes=routes or (OPS,), quiet=quiet, **more)


def only(found: list[Delivery]) -> Delivery:
    (one,) = found
    return one


def test_a_message_in_quiet_hours_waits_for_their_end_and_says_so(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.late(1)
    message = only(office.deliveries())
    assert (message.state, message.next_attempt_at) == (DeliveryState.WAITING, SIX)
    assert message.held == "Held until 06:00: quiet hours"
    assert message.notification.headline.endswith("7 h 00 min late"), "the words are those of the morning"
    assert office.deliver() == []
    office.clock.advance_to(SIX)
    assert len(office.deliver()) == 1


def test_the_board_and_the_toast_do_not_wait(tmp_path: Path) -> None:
    with Office(tmp_path, at("22:50"), routes=[OPS], quiet=[QUIET]) as office:
        office.read(visit(start=at("22:50")))
        office.run_until(at("23:06"))
        assert (len(office.open_alerts()), len(office.toasts)) == (1, 1)
        assert office.told("ops") == [("raise", "waiting")]


def test_it_is_seen_at_the_alert_in_the_list_and_in_what_scripts_read(tmp_path: Path) -> None:
    office = opened(tmp_path)
    (late,) = office.late(1)
    (message,) = office.deliveries()
    line = picture.alert_line(late, [message], {})
    assert [(one.channel, one.state, one.held) for one in line.told] == [("ops", "waiting", message.held)]
    assert picture.delivery_line(message, {}).held == message.held
    told = wire.delivery_json(message)
    assert (told["held"], told["alerts"]) == ("Held until 06:00: quiet hours", [1])
    (entry,) = office.entries("held")
    assert (entry["subject"], entry["detail"]["reason"]) == ("alert 1", "quiet hours")


def test_what_is_held_hides_nothing_that_was_told(tmp_path: Path) -> None:
    office = opened(tmp_path, Route(channels=("ops",), repeat=minutes(30)), now="21:45")
    (late,) = office.late(1)
    office.deliver()
    line = picture.alert_line(late, office.deliveries(), {})
    assert [(one.channel, one.state, one.held) for one in line.told] == [("ops", "sent", "")]


def test_over_by_then_it_is_never_told(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.late(1)
    office.after(hours(1)).ends(1)
    assert [(one.state, one.error) for one in office.deliveries()] == [(DeliveryState.DROPPED, OVER)]


def test_acknowledged_by_then_it_is_never_told(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.late(1)
    office.takes_on(1)
    assert [(one.state, one.error) for one in office.deliveries()] == [(DeliveryState.DROPPED, ACKNOWLEDGED)]


def test_what_is_critical_goes_out_at_once(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.late(1, severity=Severity.CRITICAL)
    assert len(office.deliver()) == 1


def test_a_maintenance_window_holds_back_what_is_of_its_site_only(tmp_path: Path) -> None:
    window = Quiet(
        reason="cleaning", when=Match((("site", ("Plant 4",)),)), since=at("09:00"), until=at("2026-11-13 12:00")
    )
    office = opened(tmp_path, now="10:00", quiet=[window])
    office.raises(
        office.alert("A", facts={"site": "Plant 4"}, severity=Severity.CRITICAL),
        office.alert("B", facts={"site": "Plant 5"}),
    )
    held, free = office.deliveries()
    assert held.held == "Held until Fri 13 Nov 12:00 CST: cleaning"
    assert (free.held, free.next_attempt_at) == ("", office.now)


@pytest.mark.parametrize(("count", "messages"), [(1, 1), (3, 3), (4, 1), (12, 1)])
def test_more_than_three_held_for_one_instant_become_one_message(tmp_path: Path, count: int, messages: int) -> None:
    office = opened(tmp_path)
    kinds = (AlertKind.LATE_CHECK_IN, AlertKind.OVERRUN)
    for number in range(count):
        office.after(minutes(5)).raises(office.alert(f"J-{number:02}", kinds[number % 2]))
    waiting = office.waiting()
    assert len(waiting) == messages
    assert sorted(number for one in waiting for number in one.alerts) == list(range(1, count + 1))
    assert {one.next_attempt_at for one in waiting} == {SIX}
    dropped = [one for one in office.deliveries() if one.state is DeliveryState.DROPPED]
    assert {one.error for one in dropped} <= {JOINED}
    office.clock.advance_to(SIX)
    office.deliver()
    assert len(office.said()) == messages


def test_what_became_one_message_is_one_thread_to_its_end(tmp_path: Path) -> None:
    office = opened(tmp_path, OPS, Route(channels=("ops",), after=minutes(10)))
    for number in range(5):
        office.after(minutes(5)).raises(office.alert(f"J-{number:02}"))
    first, escalation = office.waiting()
    assert (first.next_attempt_at, escalation.next_attempt_at) == (SIX, SIX + minutes(10))
    assert first.thread == escalation.thread
    assert {len(first.alerts), len(escalation.alerts)} == {5}
    assert first.notification.alert_key == escalation.notification.alert_key == first.thread
    assert first.notification.subject == "5 late check-ins"
    office.clock.advance_to(SIX)
    office.deliver()
    office.takes_on(1)
    assert len(only(office.waiting()).alerts) == 4
    office.ends(1, 2, 3, 4)
    assert len(only(office.waiting()).alerts) == 1
    office.ends(5)
    assert [(one.operation, one.thread) for one in office.waiting()] == [(Operation.RESOLVE, first.thread)]


def test_what_is_repeated_otherwise_is_another_message(tmp_path: Path) -> None:
    late, overrun = (Match((("kind", (kind,)),)) for kind in ("late_check_in", "overrun"))
    routes = Route(when=late, channels=("ops",), repeat=minutes(30)), Route(when=overrun, channels=("ops",))
    office = opened(tmp_path, *routes)
    for number in range(4):
        office.raises(office.alert(f"L-{number}"), office.alert(f"O-{number}", AlertKind.OVERRUN))
    assert sorted(one.notification.subject for one in office.waiting()) == ["4 late check-ins", "4 visits overrunning"]
    assert len({one.thread for one in office.waiting()}) == 2


def test_what_is_new_does_not_join_what_was_told_before(tmp_path: Path) -> None:
    """A reminder of the evening is held for the same instant as four new alerts of the night."""
    office = opened(tmp_path, Route(channels=("ops",), repeat=minutes(30)), now="21:45")
    (evening,) = office.late(1)
    office.deliver()
    for number in range(4):
        office.after(minutes(20)).late(1, start=10 + number)
    reminder, night = office.waiting()
    assert (reminder.alerts, reminder.thread) == ((evening.id,), evening.key)
    assert (len(night.alerts), night.thread != evening.key) == (4, True)


def test_what_waits_for_another_instant_stays_by_itself(tmp_path: Path) -> None:
    window = Quiet(reason="cleaning", when=Match((("site", ("Plant 4",)),)), until=at("2026-11-11 12:00"))
    office = opened(tmp_path, quiet=[QUIET, window])
    office.late(3)
    office.raises(office.alert("P", facts={"site": "Plant 4"}))
    assert len(office.waiting()) == 4


def test_too_severe_for_the_quiet_it_is_told_at_once_and_the_others_stay(tmp_path: Path) -> None:
    office = opened(tmp_path, OPS, PAGER_LATER)
    late = office.late(12)
    office.after(minutes(30)).worsens(1, severity=Severity.CRITICAL)
    others, now = office.waiting()
    assert (now.alerts, now.next_attempt_at, now.held) == ((1,), office.now, "")
    assert now.notification.severity is Severity.CRITICAL
    assert (len(others.alerts), others.next_attempt_at) == (11, SIX)
    assert (now.thread, others.thread) == (late[0].key, late[1].key), "its own matter from now on"
    assert others.notification.alert_key == others.thread
    assert sorted((one.alerts[0], one.next_attempt_at) for one in office.waiting("pager")) == [
        (1, office.now + minutes(10)),
        (2, SIX + minutes(10)),
    ]
    office.deliver()
    office.ends(1)
    office.deliver()
    assert [operation for operation, _ in office.said()] == ["raise", "resolve"]


def test_worse_but_not_severe_enough_it_waits_in_its_new_words(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.late(2)
    office.worsens(2, severity=Severity.HIGH)
    assert [(one.notification.severity, one.next_attempt_at) for one in office.deliveries()] == [
        (Severity.WARNING, SIX),
        (Severity.HIGH, SIX),
    ]


def test_several_that_become_too_severe_together_are_a_storm(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.late(12)
    office.worsens(*range(1, 11), severity=Severity.CRITICAL)
    others, storm = office.waiting()
    assert (len(storm.alerts), storm.next_attempt_at) == (10, office.now)
    assert (others.alerts, others.thread != storm.thread) == ((11, 12), True)


def told_before(folder: Path, *routes: Route, **more: Any) -> Records:
    """It is 23:00, and the channel was told of the alert before it became quiet."""
    office = opened(folder, *routes, now="21:45", **more)
    office.late(1)
    office.deliver()
    return office.after(minutes(75))


def test_what_calms_goes_out_in_quiet_hours(tmp_path: Path) -> None:
    office = told_before(tmp_path)
    office.takes_on(1)
    assert [one.operation for one in office.deliver()] == [Operation.ACKNOWLEDGE]
    office.ends(1)
    assert [one.operation for one in office.deliver()] == [Operation.RESOLVE]


def test_an_update_waits_and_keeps_nothing_else_waiting(tmp_path: Path) -> None:
    office = told_before(tmp_path)
    office.worsens(1)
    update = only(office.waiting())
    assert (update.operation, update.next_attempt_at, update.held) == (
        Operation.UPDATE,
        SIX,
        "Held until 06:00: quiet hours",
    )
    office.takes_on(1)
    assert [one.operation for one in office.deliver()] == [Operation.ACKNOWLEDGE]
    office.ends(1)
    assert [one.operation for one in office.deliver()] == [Operation.RESOLVE]
    assert [one.error for one in office.deliveries() if one.operation is Operation.UPDATE] == [OUT_OF_DATE]


def test_an_update_that_is_severe_enough_goes_out_and_takes_the_held_one_s_place(tmp_path: Path) -> None:
    office = told_before(tmp_path)
    office.worsens(1)
    office.worsens(1, severity=Severity.CRITICAL)
    assert [one.notification.severity for one in office.deliver()] == [Severity.CRITICAL]
    assert office.waiting() == []


def test_updates_of_one_thread_that_are_held_are_one(tmp_path: Path) -> None:
    quiet = Quiet(reason="quiet hours", hours=NIGHT)
    office = told_before(tmp_path, quiet=[quiet])
    for severity in (Severity.HIGH, Severity.CRITICAL):
        office.after(minutes(10)).worsens(1, severity=severity)
    update = only(office.waiting())
    assert update.notification.headline.startswith("Now critical: ")


def test_a_held_update_that_brings_reminders_takes_up_the_next_one(tmp_path: Path) -> None:
    """It follows another, and so brings what reminds of it; then it becomes worse in the same night."""
    office = told_before(tmp_path, Route(channels=("ops",), repeat=minutes(30)))
    (gone,) = office.replaces((1, office.alert("J-00", AlertKind.TECH_NO_SHOW)))
    office.worsens(gone.id)
    update = only(office.waiting())
    assert (update.repeat, update.notification.severity) == (minutes(30), Severity.HIGH)


def test_a_reminder_is_held_and_goes_on_once_it_is_severe_enough(tmp_path: Path) -> None:
    office = told_before(tmp_path, Route(channels=("ops",), repeat=minutes(30)))
    assert only(office.waiting()).next_attempt_at == SIX
    office.worsens(1, severity=Severity.CRITICAL)
    assert [one.operation for one in office.deliver()] == [Operation.UPDATE]
    reminder = only(office.waiting())
    assert (reminder.next_attempt_at, reminder.notification.is_reminder) == (office.now + minutes(30), True)


def test_from_bad_to_worse_in_the_night_is_held_or_told_by_its_severity(tmp_path: Path) -> None:
    for severity, due in ((Severity.HIGH, SIX), (Severity.CRITICAL, at("23:00"))):
        office = told_before(tmp_path / severity)
        office.replaces((1, office.alert("J-00", AlertKind.TECH_NO_SHOW, severity=severity)))
        update = only(office.waiting())
        assert (update.operation, update.next_attempt_at) == (Operation.UPDATE, due)


def test_snoozed_past_the_end_of_the_quiet_it_waits_for_the_end_of_that(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.late(1)
    office.desk.snooze([1], SAM, office.now, until=SIX + hours(1))
    message = only(office.waiting())
    assert (message.next_attempt_at, message.held) == (SIX + hours(1), "Held until 07:00: snoozed")


@pytest.mark.parametrize(
    ("until", "due", "held"),
    [(at("22:30"), SIX, "Held until 06:00: quiet hours"), (at("21:58"), at("21:58"), "")],
    ids=["into the quiet", "before it"],
)
def test_a_snooze_that_ends_in_the_quiet_does_not_end_the_quiet(
    tmp_path: Path, until: datetime, due: datetime, held: str
) -> None:
    office = opened(tmp_path, Route(channels=("ops",), repeat=minutes(10)), now="21:45")
    office.late(1)
    office.deliver()
    office.desk.snooze([1], SAM, office.now, until=until)
    reminder = only(office.waiting())
    assert (reminder.next_attempt_at, reminder.held) == (due, held)


def test_an_escalation_that_comes_up_while_it_is_snoozed_into_the_quiet_waits_for_the_end_of_both(
    tmp_path: Path,
) -> None:
    when_high = Route(severities=frozenset({Severity.HIGH}), channels=("pager",), after=minutes(5))
    office = opened(tmp_path, OPS, when_high, now="21:45")
    office.late(1)
    office.desk.snooze([1], SAM, office.now, until=at("22:30"))
    office.worsens(1)
    escalation = only(office.waiting("pager"))
    assert (escalation.next_attempt_at, escalation.held) == (SIX, "Held until 06:00: quiet hours")


def test_a_snooze_shorter_than_the_quiet_changes_nothing(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.late(1)
    before = office.deliveries()
    office.desk.snooze([1], SAM, office.now, until=at("23:30"))
    assert office.deliveries() == before


def test_a_route_of_the_office_says_that_it_waits_for_the_office(tmp_path: Path) -> None:
    route = Route(channels=("ops",), hours=Hours.OFFICE)
    office = opened(tmp_path, route, quiet=(), office_hours=WEEKDAYS_7_TO_18)
    office.late(1)
    assert only(office.deliveries()).held == "Held until 07:00: told in office hours only"


def test_what_was_held_over_a_restart_is_told_in_the_morning(tmp_path: Path) -> None:
    office = opened(tmp_path)
    office.late(5)
    office.restart()
    office.clock.advance_to(SIX)
    assert [len(one.alerts) for one in office.deliver()] == [5]
