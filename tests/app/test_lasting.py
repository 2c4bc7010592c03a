"""Acknowledgements that end by themselves, or that somebody takes back; channels that somebody pauses."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatchwatch.app.deeds import Actor, Lasting
from dispatchwatch.domain.alert import REOPENED, AlertKind, AlertState
from dispatchwatch.domain.routing import Route
from dispatchwatch.domain.visit import Technician
from dispatchwatch.domain.wording import REASONS, reasons_for
from tests.fakes.office import SAM, Office, at, key, minutes, visit

ROUTES = (Route(channels=("ops",)), Route(channels=("pager",), after=minutes(10)))
UNTIL_CHANGED = Lasting(until_visit_changes=True)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """One late visit: alert 1, told to ops."""
    office = Office(tmp_path, at("09:00"), routes=ROUTES)
    office.read(visit("A", start=at("09:00")), visit("C", start=at("15:00")))
    office.run_until(at("09:16"))
    office.deliver()
    return office


def taken_on(office: Office, lasting: Lasting) -> None:
    (result,) = office.desk.acknowledge([1], SAM, office.now, lasting=lasting)
    assert result.done
    office.catch_up()
    office.deliver()


def actions(office: Office) -> list[str]:
    return [entry["action"] for entry in office.entries() if entry["subject"] == "alert 1"]


def test_it_is_open_again_once_the_visit_has_changed(office: Office) -> None:
    taken_on(office, UNTIL_CHANGED)
    (entry,) = (one for one in office.entries() if one["action"] == "acknowledged")
    assert entry["detail"] == {"reason": "", "note": "", "until_visit_changes": True}
    office.run_until(at("09:18"))
    office.read(visit("A", start=at("09:00")), visit("C", start=at("15:00"), technicians=()))
    assert office.alerts()[0].state is AlertState.ACKNOWLEDGED
    ann = (Technician("A. Novak", "T-9"),)
    office.read(visit("A", start=at("09:00"), technicians=ann), visit("C", start=at("15:00"), technicians=()))
    alert = office.alerts()[0]
    assert alert.state is AlertState.OPEN
    assert (alert.acknowledged_by, alert.acknowledged_at, alert.while_visit) == ("", None, "")
    assert alert.facts[REOPENED] == "the visit has changed"
    assert actions(office)[-1] == "reopened"


def test_the_channels_hear_that_it_is_open_again_and_escalation_begins_anew(office: Office) -> None:
    taken_on(office, Lasting(length=minutes(5)))
    assert office.told("ops") == [("raise", "sent"), ("acknowledge", "sent")]
    assert office.told("pager") == [("raise", "dropped")]
    office.toasts.clear()
    office.run_until(at("09:22"))
    assert office.alerts()[0].facts[REOPENED] == "the time set for it is up"
    assert office.told("ops")[-1] == ("update", "waiting")
    assert office.deliveries("ops")[-1].notification.headline.startswith("Open again, the time set for it is up: J. Or")
    assert office.deliveries("pager")[-1].next_attempt_at == at("09:31")
    assert [toast.alert_ids for toast in office.toasts] == [(1,)]


def test_it_ends_with_time_alone_and_not_a_moment_before(office: Office) -> None:
    taken_on(office, Lasting(length=minutes(5)))
    assert office.look().next_change == at("09:21")
    office.run_until(at("09:20:59"))
    assert office.alerts()[0].state is AlertState.ACKNOWLEDGED
    office.run_until(at("09:21:01"))
    assert office.alerts()[0].state is AlertState.OPEN


def test_one_that_lasts_is_left_alone(office: Office) -> None:
    taken_on(office, Lasting())
    office.read(visit("A", start=at("09:00"), technicians=(Technician("A. Novak", "T-9"),)))
    office.run_until(at("12:00"))
    assert office.alerts()[0].state is AlertState.ACKNOWLEDGED


def test_what_is_over_is_not_opened_again(office: Office) -> None:
    taken_on(office, UNTIL_CHANGED)
    office.read(visit("A", start=at("09:00"), arrived_at=at("09:17")), visit("C", start=at("15:00")))
    assert office.alerts()[0].state is AlertState.RESOLVED


def test_what_the_desk_says_of_the_visit_counts_as_a_change(office: Office) -> None:
    taken_on(office, UNTIL_CHANGED)
    assert office.desk.eta(key("A"), at("09:40"), SAM, office.now).done
    office.catch_up()
    office.look()
    assert office.alerts()[0].state is AlertState.OPEN


def test_somebody_may_put_back_what_was_taken_on(office: Office) -> None:
    taken_on(office, Lasting())
    kim = Actor("Kim", "desk")
    first, second, third = office.desk.reopen([1, 1, 9], kim, office.now)
    assert (first.done, first.fate) == (True, "open again")
    assert (second.done, second.text) == (False, "Open already.")
    assert not third.done
    alert = office.alerts()[0]
    assert (alert.state, alert.facts[REOPENED]) == (AlertState.OPEN, "Kim put it back")
    assert office.entries()[-1]["who"] == "Kim"
    assert office.told("ops")[-1] == ("update", "waiting")


def test_a_channel_whose_first_message_still_waits_is_not_told_twice(office: Office) -> None:
    office.desk.pause("ops", SAM, office.now)
    office.read(visit("A", start=at("09:00")), visit("B", start=at("09:02")))
    office.run_until(at("09:18"))
    second = office.open_alerts()[-1].id
    office.desk.acknowledge([second], SAM, office.now)
    office.desk.reopen([second], SAM, office.now)
    waiting = [one for one in office.deliveries("ops") if one.alert_id == second and one.state.value == "waiting"]
    assert [one.operation.value for one in waiting].count("raise") == 1


def test_every_fate_can_be_counted(office: Office) -> None:
    (done,) = office.desk.acknowledge([1], SAM, office.now)
    (again,) = office.desk.acknowledge([1], SAM, office.now)
    office.desk.resolve([1], SAM, office.now)
    (over,) = office.desk.acknowledge([1], SAM, office.now)
    fates = [done.fate, again.fate, over.fate]
    assert fates == ["acknowledged", "already acknowledged by Sam", "already resolved by Sam"]


def test_a_paused_channel_waits_for_a_person_and_says_who_paused_it(office: Office) -> None:
    result = office.desk.pause("ops", SAM, office.now)
    assert result.done
    lane = office.store.lanes.get("ops")
    assert lane.paused == "Sam paused it on Tue 10 Nov 09:16 CST. What is owed waits until somebody resumes it."
    assert office.entries()[-1]["action"] == "channel_paused"
    assert not office.desk.pause("ops", SAM, office.now).done
    assert office.desk.resume("ops", SAM, office.now).done
    assert not office.store.lanes.get("ops").paused


def test_the_trail_names_the_account_of_somebody_who_signs_otherwise(office: Office) -> None:
    office.desk.acknowledge([1], Actor("Ana Ruiz", "desk", account="root"), office.now)
    assert office.entries()[-1]["who"] == "Ana Ruiz (as root)"
    assert office.alerts()[0].acknowledged_by == "Ana Ruiz"


def test_each_kind_has_reasons_that_suit_it() -> None:
    late, feed = reasons_for([AlertKind.LATE_CHECK_IN]), reasons_for([AlertKind.STALE_FEED])
    assert "traffic" in late
    assert "traffic" not in feed
    assert list(reasons_for([AlertKind.LATE_CHECK_IN, AlertKind.STALE_FEED])) == ["", "other"]
    assert all(set(reasons_for([kind])) <= REASONS.keys() for kind in AlertKind)
