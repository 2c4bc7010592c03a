"""What goes from bad to worse is told in one thread per channel, from the first word to the last."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.app.owing import OVER, UNHEARD
from dispatchwatch.app.sending import Destination
from dispatchwatch.dispatch.platform import dedup_key
from dispatchwatch.domain.alert import Alert, AlertKind, AlertState, Operation, Severity
from dispatchwatch.domain.match import Match
from dispatchwatch.domain.routing import Route
from dispatchwatch.domain.wording import headline
from dispatchwatch.store.deliveries import DeliveryState
from tests.fakes.office import SAM, at, hours, minutes
from tests.fakes.records import Records

RISK, LATE, GONE = AlertKind.AT_RISK, AlertKind.LATE_CHECK_IN, AlertKind.TECH_NO_SHOW
OPS = Route(channels=("ops",))


def only_for(kind: AlertKind, *channels: str, **more: Any) -> Route:
    return Route(when=Match((("kind", (kind.value,)),)), channels=channels, **more)


def opened(folder: Path, *routes: Route, **more: Any) -> Records:
    return Records(folder, at("09:00"), routes=routes or (OPS,), **more)


def at_risk(office: Records, count: int = 1) -> list[Alert]:
    return office.raises(*(office.alert(f"J-{n}", RISK) for n in range(count)))


def no_show(office: Records, name: str = "J-0") -> Alert:
    return office.alert(name, GONE, severity=Severity.CRITICAL)


def test_from_bad_to_worse_is_one_thread_told_as_an_update(tmp_path: Path) -> None:
    office = opened(tmp_path)
    (risk,) = at_risk(office)
    office.deliver()
    (late,) = office.replaces((risk.id, office.alert("J-0", LATE, severity=Severity.HIGH)))
    office.deliver()
    (gone,) = office.replaces((late.id, no_show(office)))
    office.deliver()
    office.ends(gone.id, why="He came after all")
    office.deliver()
    assert [operation for operation, _ in office.said()] == ["raise", "update", "update", "resolve"]
    assert {(one.thread, one.notification.alert_key) for one in office.deliveries()} == {(risk.key, risk.key)}
    assert [one.alerts for one in office.deliveries()] == [(risk.id,), (late.id,), (gone.id,), (gone.id,)]
    assert office.said()[2][1] == f"Now critical: {headline(gone, office.now)}"
    assert office.said()[3][1] == "Resolved: T. J-0 at Acme. He came after all"


def test_what_waits_of_the_one_it_follows_is_dropped_and_the_new_one_s_own_is_owed(tmp_path: Path) -> None:
    office = opened(
        tmp_path, Route(channels=("ops",), repeat=minutes(30)), Route(channels=("pager",), after=minutes(10))
    )
    (risk,) = at_risk(office)
    office.deliver()
    (gone,) = office.replaces((risk.id, no_show(office)))
    assert office.told("pager") == [("raise", "dropped"), ("raise", "waiting")]
    assert [one.alerts for one in office.waiting("pager")] == [(gone.id,)]
    assert office.told("ops") == [("raise", "sent"), ("raise", "dropped"), ("update", "waiting")]
    office.deliver()
    (reminder,) = office.waiting("ops")
    assert (reminder.alerts, reminder.next_attempt_at, reminder.thread) == ((gone.id,), at("09:30"), risk.key)
    assert reminder.notification.headline == f"Reminder: {headline(gone, at('09:30'))}"


def test_a_channel_that_heard_nothing_of_the_first_hears_of_the_new_one_as_the_routes_say(tmp_path: Path) -> None:
    office = opened(tmp_path, only_for(GONE, "ops"))
    (risk,) = at_risk(office)
    (gone,) = office.replaces((risk.id, no_show(office)))
    (message,) = office.deliveries()
    assert (message.operation, message.thread) == (Operation.RAISE, gone.key)


def test_where_the_first_never_left_only_the_new_one_is_told(tmp_path: Path) -> None:
    office = opened(tmp_path)
    (risk,) = at_risk(office)
    (gone,) = office.replaces((risk.id, no_show(office)))
    first, second = office.deliveries()
    assert (first.state, first.error) == (DeliveryState.DROPPED, OVER)
    assert (second.operation, second.thread, second.alerts) == (Operation.RAISE, gone.key, (gone.id,))


def test_a_channel_the_new_one_is_not_for_hears_that_it_is_worse_and_when_it_is_over(tmp_path: Path) -> None:
    office = opened(tmp_path, only_for(RISK, "ops"), only_for(GONE, "pager"))
    (risk,) = at_risk(office)
    office.deliver()
    (gone,) = office.replaces((risk.id, no_show(office)))
    office.deliver()
    office.ends(gone.id)
    office.deliver()
    assert [operation for operation, _ in office.said("ops")] == ["raise", "update", "resolve"]
    assert [operation for operation, _ in office.said("pager")] == ["raise", "resolve"]


def test_a_platform_that_can_not_be_updated_is_told_anew_under_the_same_key(tmp_path: Path) -> None:
    channels = {"ops": Destination("plain", frozenset(Operation) - {Operation.UPDATE})}
    office = opened(tmp_path, channels=channels)
    (risk,) = at_risk(office)
    office.deliver()
    office.replaces((risk.id, no_show(office)))
    (again,) = office.waiting()
    assert (again.operation, again.notification.alert_key) == (Operation.RAISE, risk.key)
    assert not again.notification.headline.startswith("Now")


def test_an_escalation_of_the_new_one_is_of_the_same_thread(tmp_path: Path) -> None:
    office = opened(tmp_path, OPS, Route(channels=("ops",), after=minutes(10)))
    (risk,) = at_risk(office)
    office.deliver()
    office.after(minutes(1)).replaces((risk.id, no_show(office)))
    assert [(one.operation.value, one.thread) for one in office.waiting()] == [
        ("update", risk.key),
        ("raise", risk.key),
    ]


def test_acknowledged_and_then_worse_it_is_open_again_and_acknowledged_again(tmp_path: Path) -> None:
    office = opened(tmp_path)
    (risk,) = at_risk(office)
    office.deliver()
    office.takes_on(risk.id)
    (gone,) = office.replaces((risk.id, no_show(office)))
    office.takes_on(gone.id)
    office.deliver()
    office.ends(gone.id)
    office.deliver()
    assert [operation for operation, _ in office.said()] == ["raise", "update", "acknowledge", "resolve"]
    assert office.told("ops")[1] == ("acknowledge", "dropped"), "that somebody was on it is no longer so"


def test_one_of_a_storm_that_becomes_worse_stays_in_its_thread(tmp_path: Path) -> None:
    office = opened(tmp_path)
    risks = at_risk(office, 12)
    office.deliver()
    (gone,) = office.replaces((3, no_show(office, "J-2")))
    (update,) = office.waiting()
    assert (update.operation, update.thread, update.alerts) == (Operation.UPDATE, risks[0].key, (gone.id,))
    office.deliver()
    office.ends(*(one.id for one in risks if one.id != 3))
    assert office.waiting() == [], "it goes on"
    office.ends(gone.id)
    (resolve,) = office.waiting()
    assert resolve.operation is Operation.RESOLVE
    assert len(resolve.alerts) == 12, "eleven at risk, and the one that became worse instead of the twelfth"


def test_a_storm_that_becomes_worse_is_one_update(tmp_path: Path) -> None:
    office = opened(tmp_path)
    risks = at_risk(office, 12)
    office.deliver()
    office.replaces(*((one.id, no_show(office, one.ext_id)) for one in risks))
    (update,) = office.waiting()
    assert (update.operation, update.thread) == (Operation.UPDATE, risks[0].key)
    assert update.notification.headline.startswith("Now critical: 12 technician no-shows: ")


def test_many_that_become_worse_at_once_keep_each_its_own_thread(tmp_path: Path) -> None:
    office = opened(tmp_path)
    risks = []
    for number in range(12):
        risks += office.after(minutes(1)).raises(office.alert(f"J-{number}", RISK))
    office.deliver()
    office.replaces(*((one.id, no_show(office, one.ext_id)) for one in risks))
    assert sorted(one.thread for one in office.waiting()) == sorted(one.key for one in risks)
    assert {one.operation for one in office.waiting()} == {Operation.UPDATE}


def test_a_raise_that_may_have_arrived_has_its_thread(tmp_path: Path) -> None:
    office = opened(tmp_path)
    (risk,) = at_risk(office)
    (first,) = office.store.outbox.due("ops", office.now)
    assert office.store.outbox.claim(first, "lane", office.now, minutes(2))
    office.store.outbox.postpone(first, office.now + minutes(1), "no answer", may_have_arrived=True)
    office.replaces((risk.id, no_show(office)))
    assert office.told("ops") == [("raise", "waiting"), ("update", "waiting")]
    assert {one.thread for one in office.deliveries()} == {risk.key}
    assert office.deliver() == [], "in its turn"
    assert [one.operation.value for one in office.after(minutes(1)).deliver()] == ["raise", "update"]


def test_a_channel_that_never_got_the_first_word_is_told_anew(tmp_path: Path) -> None:
    office = opened(tmp_path)
    (risk,) = at_risk(office)
    office.store.outbox.settle(office.deliveries()[0], DeliveryState.FAILED, office.now, error="no such channel")
    (gone,) = office.replaces((risk.id, no_show(office)))
    assert [(one.operation, one.thread) for one in office.waiting()] == [(Operation.RAISE, gone.key)]


def failed(office: Records) -> None:
    """The first word is refused; nothing else goes out before."""
    (one,) = office.store.outbox.due("ops", office.now)
    assert office.store.outbox.claim(one, "lane", office.now, minutes(2))
    office.store.outbox.settle(one, DeliveryState.FAILED, office.now, error="no such channel")
    office.owing.failed(one, office.now)


def test_a_channel_that_was_refused_is_not_told_who_is_on_it_or_that_it_is_over(tmp_path: Path) -> None:
    office = opened(tmp_path)
    (risk,) = at_risk(office)
    office.takes_on(risk.id)
    failed(office)
    assert [(one.operation.value, one.state.value, one.error) for one in office.deliveries()][1:] == [
        ("acknowledge", "dropped", UNHEARD)
    ]
    office.ends(risk.id)
    assert office.waiting() == []


def test_after_a_refused_first_word_the_update_is_the_first_that_is_heard(tmp_path: Path) -> None:
    office = opened(tmp_path)
    (risk,) = at_risk(office)
    office.worsens(risk.id)
    failed(office)
    office.deliver()
    office.ends(risk.id)
    office.deliver()
    assert [operation for operation, _ in office.said()] == ["update", "resolve"]


def test_what_failed_is_sent_again_without_what_is_over_by_now(tmp_path: Path) -> None:
    office = opened(tmp_path)
    at_risk(office, 12)
    failed(office)
    office.ends(*range(1, 12))
    (message,) = office.deliveries()
    assert office.desk.resend([message.id], SAM, office.now)[0].done
    (again,) = office.deliver()
    assert again.alerts == (12,)
    office.ends(12)
    assert [one.operation for one in office.deliver()] == [Operation.RESOLVE]


def test_what_is_all_over_is_not_sent_again(tmp_path: Path) -> None:
    office = opened(tmp_path)
    (risk,) = at_risk(office)
    failed(office)
    office.ends(risk.id)
    (result,) = office.desk.resend([1], SAM, office.now)
    assert (result.done, result.text) == (
        False,
        "What delivery 1 speaks of is over; there is nothing left to tell ops.",
    )
    assert office.waiting() == []


def test_the_platform_s_name_for_the_first_is_used_to_the_end(tmp_path: Path) -> None:
    """What the platform called the thread when it was opened is what its later messages are about."""
    office = opened(tmp_path)
    (risk,) = at_risk(office)
    office.deliver()
    office.store.outbox.keep_receipt(risk.key, "ops", dedup_key(risk.key), {"ticket": "7"})
    (gone,) = office.replaces((risk.id, no_show(office)))
    office.ends(gone.id)
    kept = [office.store.outbox.receipt(one.thread, "ops") for one in office.deliveries()]
    assert kept == [(dedup_key(risk.key), {"ticket": "7"})] * len(kept)


@pytest.mark.parametrize("sent", [True, False])
def test_it_is_over_only_once(tmp_path: Path, sent: bool) -> None:
    office = opened(tmp_path)
    (risk,) = at_risk(office)
    office.deliver()
    (gone,) = office.replaces((risk.id, no_show(office)))
    if sent:
        office.deliver()
    office.ends(gone.id)
    office.after(hours(1)).deliver()
    assert [operation for operation, _ in office.said()].count("resolve") == 1
    assert {one.state for one in office.alerts()} == {AlertState.RESOLVED}
