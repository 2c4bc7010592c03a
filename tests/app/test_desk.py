"""What a person may do, what it leaves behind, and each way it is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.app.deeds import Actor, Result
from dispatchwatch.app.desk import Desk
from dispatchwatch.domain.alert import AlertState, Outcome, Severity
from dispatchwatch.domain.routing import Route
from dispatchwatch.domain.visit import Status, Technician
from dispatchwatch.store.deliveries import DeliveryState
from tests.fakes.office import SAM, Office, at, hours, key, minutes, seconds, visit

ROUTES = (Route(channels=("ops",)), Route(channels=("pager",), after=minutes(10)))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Two late visits (alerts 1 and 2) and one of the afternoon; everything due was sent."""
    office = Office(tmp_path, at("09:00"), routes=ROUTES)
    office.read(visit("A", start=at("09:00")), visit("B", start=at("09:00")), visit("C", start=at("15:00")))
    office.run_until(at("09:16"))
    office.deliver()
    assert [alert.ext_id for alert in office.open_alerts()] == ["A", "B"]
    return office


def answers(results: list[Result]) -> list[tuple[str, bool]]:
    return [(one.subject, one.done) for one in results]


def last_entry(office: Office) -> tuple[str, str, str, str]:
    entry = office.entries()[-1]
    return entry["who"], entry["origin"], entry["action"], entry["subject"]


def unchanged(office: Office, deed: Callable[[], Any]) -> Any:
    """What the deed answered; it has to leave every row as it was."""
    before = office.contents()
    answer = deed()
    assert office.contents() == before
    return answer


def test_acknowledging_takes_an_alert_on(office: Office) -> None:
    (result,) = office.desk.acknowledge([1], SAM, office.now, reason="traffic", note="ten minutes away")
    assert (result.subject, result.done) == ("alert 1", True)
    assert result.text.startswith("Acknowledged: J. Ortiz has not checked in at Acme Foundry")
    alert = office.alerts()[0]
    assert (alert.state, alert.acknowledged_by, alert.acknowledged_at) == (AlertState.ACKNOWLEDGED, "Sam", office.now)
    assert (alert.reason, alert.note) == ("traffic", "ten minutes away")
    assert last_entry(office) == ("Sam", "desk", "acknowledged", "alert 1")
    assert office.entries()[-1]["detail"] == {"reason": "traffic", "note": "ten minutes away"}


def test_every_alert_has_an_answer_of_its_own(office: Office) -> None:
    office.desk.resolve([2], SAM, office.now)
    results = office.desk.acknowledge([1, 2, 99, 1], SAM, office.now)
    assert answers(results) == [("alert 1", True), ("alert 2", False), ("alert 99", False), ("alert 1", False)]
    assert [one.text for one in results[1:]] == [
        "Alert 2 is already over: Sam closed it.",
        "There is no alert 99.",
        "Already acknowledged by Sam.",
    ]


def test_who_acts_and_from_where_is_in_the_trail(office: Office) -> None:
    office.desk.acknowledge([1], Actor("Kim", "toast"), office.now)
    assert last_entry(office) == ("Kim", "toast", "acknowledged", "alert 1")
    office.desk.resolve([2], Actor("Lou", "command"), office.now)
    assert last_entry(office) == ("Lou", "command", "resolved", "alert 2")


@pytest.mark.parametrize(("note", "text"), [("", "Sam closed it"), ("he called in", "Sam closed it: he called in")])
def test_resolving_by_hand_ends_it(office: Office, note: str, text: str) -> None:
    (result,) = office.desk.resolve([1], SAM, office.now, note=note)
    assert result == Result("alert 1", done=True, text="Resolved: J. Ortiz at Acme Foundry, Plant 4")
    alert = office.alerts()[0]
    assert (alert.state, alert.outcome, alert.resolution, alert.resolved_by) == (
        AlertState.RESOLVED,
        Outcome.BY_HAND,
        text,
        "Sam",
    )
    assert office.told("ops") == [("raise", "sent"), ("raise", "sent"), ("resolve", "waiting")]
    assert office.told("pager") == [("raise", "dropped"), ("raise", "waiting")]


def test_an_acknowledged_alert_can_be_resolved_and_snoozed(office: Office) -> None:
    office.desk.acknowledge([1, 2], SAM, office.now)
    assert office.desk.snooze([1], SAM, office.now, until=office.now + minutes(15))[0].done
    assert office.desk.resolve([2], SAM, office.now)[0].done
    assert [alert.state.value for alert in office.alerts()] == ["acknowledged", "resolved"]


def test_snoozing_holds_back_the_escalation_and_says_until_when(office: Office) -> None:
    (result,) = office.desk.snooze([1], SAM, office.now, until=at("09:46"))
    assert result.text == "Snoozed until 09:46 CST: J. Ortiz at Acme Foundry, Plant 4"
    alert = office.alerts()[0]
    assert (alert.snoozed_until, alert.snoozed_by, alert.state) == (at("09:46"), "Sam", AlertState.OPEN)
    assert office.deliveries("pager")[0].next_attempt_at == at("09:46")
    assert last_entry(office) == ("Sam", "desk", "snoozed", "alert 1")
    office.clock.advance_to(at("09:45:59"))
    assert [one.alert_id for one in office.deliver("pager")] == [2]
    office.clock.advance_to(at("09:46"))
    assert [one.alert_id for one in office.deliver("pager")] == [1]


def test_snoozing_makes_no_sound_when_it_worsens(office: Office) -> None:
    office.desk.snooze([1], SAM, office.now, until=at("11:00"))
    office.catch_up()
    office.toasts.clear()
    office.run_until(at("09:46"))
    assert [alert.severity for alert in office.open_alerts()] == [Severity.HIGH, Severity.HIGH]
    assert [toast.alert_ids for toast in office.toasts] == [(2,)]


@pytest.mark.parametrize("until", [minutes(0), minutes(-5)])
def test_a_snooze_into_the_past_is_refused(office: Office, until: Any) -> None:
    (result,) = unchanged(office, lambda: office.desk.snooze([1], SAM, office.now, until=office.now + until))
    assert (result.done, result.text) == (False, "A snooze must end in the future.")


@pytest.mark.parametrize("number", [2, 99])
def test_what_is_over_or_unknown_is_refused_and_nothing_is_written(office: Office, number: int) -> None:
    office.desk.resolve([2], SAM, office.now)
    desk, now = office.desk, office.now
    for deed in (
        lambda: desk.acknowledge([number], SAM, now),
        lambda: desk.resolve([number], SAM, now),
        lambda: desk.snooze([number], SAM, now, until=now + hours(1)),
    ):
        (result,) = unchanged(office, deed)
        assert not result.done
        assert str(number) in result.text


def test_checking_in_at_the_desk_ends_the_alert_and_tells_the_channels(office: Office) -> None:
    result = office.desk.check_in(key("A"), at("09:10"), SAM, office.now, note="phoned")
    assert result == Result("visit today/A", done=True, text="A: J. Ortiz checked in at 09:10 CST.")
    alert = office.alerts()[0]
    assert (alert.state, alert.outcome, alert.resolved_by) == (AlertState.RESOLVED, Outcome.WAS_ON_TIME, "Sam")
    assert alert.resolution == "J. Ortiz checked in on time at 09:10 CST, reported 6 min later"
    assert office.told("ops")[-1] == ("resolve", "waiting")
    stored = office.store.schedules.get(key("A"))
    assert stored is not None
    assert (stored.visit.status, stored.visit.arrived_at, stored.visit.checkin_method) == (
        Status.ARRIVED,
        at("09:10"),
        "desk",
    )
    assert [change.origin for change in office.store.schedules.history(key("A"))] == ["desk: Sam"]
    assert [(one["who"], one["action"], one["subject"]) for one in office.entries()[-2:]] == [
        ("Sam", "check_in", "visit today/A"),
        ("Sam", "resolved", "alert 1"),
    ]


def test_what_the_desk_said_outlives_readings_that_do_not_know_it_and_a_restart(office: Office) -> None:
    office.desk.check_in(key("A"), at("09:10"), SAM, office.now)
    office.catch_up()
    office.poll()
    office.restart()
    office.run_until(at("09:40"))
    assert office.watched("A").visit.arrived_at == at("09:10")
    assert [alert.ext_id for alert in office.open_alerts()] == ["B"]


def test_what_the_source_learns_later_wins_over_the_desk(office: Office) -> None:
    office.desk.check_in(key("A"), at("09:10"), SAM, office.now)
    office.catch_up()
    office.read(
        visit("A", start=at("09:00"), status=Status.IN_PROGRESS, arrived_at=at("09:13")),
        visit("B", start=at("09:00")),
        visit("C", start=at("15:00")),
    )
    assert office.watched("A").visit.arrived_at == at("09:13")


def test_checking_in_before_the_deadline_means_no_alert_ever(office: Office) -> None:
    office.run_until(at("14:58"))
    assert office.desk.check_in(key("C"), at("14:57"), SAM, office.now).done
    office.catch_up()
    office.run_until(at("16:00"))
    assert [alert.ext_id for alert in office.alerts()] == ["A", "B"]


@pytest.mark.parametrize(("ahead", "done"), [(minutes(2), True), (minutes(2) + seconds(1), False)])
def test_an_arrival_in_the_future_is_refused_beyond_two_minutes(office: Office, ahead: Any, done: bool) -> None:
    result = office.desk.check_in(key("A"), office.now + ahead, SAM, office.now)
    assert result.done is done
    if not done:
        assert result.text == "09:18 CST is in the future; for a later arrival enter an ETA."


def test_an_expected_arrival_is_shown_and_lowers_what_is_still_to_come(office: Office) -> None:
    result = office.desk.eta(key("C"), at("15:20"), SAM, office.now)
    assert result == Result("visit today/C", done=True, text="C: expected at 15:20 CST.")
    office.catch_up()
    assert (office.watched("C").visit.status, office.watched("C").visit.eta) == (Status.EN_ROUTE, at("15:20"))
    office.run_until(at("15:16"))
    assert office.alerts()[-1].severity is Severity.INFO


def test_an_expected_arrival_does_not_end_an_alert(office: Office) -> None:
    office.desk.eta(key("A"), at("09:30"), SAM, office.now)
    office.catch_up()
    assert [alert.ext_id for alert in office.open_alerts()] == ["A", "B"]


def test_cancelling_at_the_desk_ends_the_alert_and_stays(office: Office) -> None:
    result = office.desk.cancel(key("A"), SAM, office.now, note="customer closed today")
    assert result == Result("visit today/A", done=True, text="A is cancelled at the desk.")
    office.catch_up()
    office.run_until(at("09:40"))
    alert = office.alerts()[0]
    assert (alert.outcome, alert.resolution) == (
        Outcome.CANCELLED,
        "The visit was cancelled by the desk: customer closed today",
    )
    assert office.watched("A").visit.status is Status.CANCELLED


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ({"status": Status.CANCELLED}, "A is cancelled; reinstate it in the office software first."),
        ({"arrived_at": at("09:05")}, "A is already checked in at 09:05 CST."),
        ({"status": Status.COMPLETED}, "A is already checked in."),
    ],
)
@pytest.mark.parametrize("deed", ["check_in", "eta", "cancel"])
def test_a_visit_that_is_settled_takes_no_entries(office: Office, before: dict[str, Any], text: str, deed: str) -> None:
    office.read(visit("A", start=at("09:00"), **before), visit("B", start=at("09:00")), visit("C", start=at("15:00")))
    desk, now = office.desk, office.now
    deeds = {
        "check_in": lambda: desk.check_in(key("A"), now, SAM, now),
        "eta": lambda: desk.eta(key("A"), now, SAM, now),
        "cancel": lambda: desk.cancel(key("A"), SAM, now),
    }
    assert unchanged(office, deeds[deed]) == Result("visit today/A", done=False, text=text)


def test_a_visit_nobody_knows_takes_no_entries(office: Office) -> None:
    result = unchanged(office, lambda: office.desk.check_in(key("Z"), office.now, SAM, office.now))
    assert (result.done, result.text) == (False, "There is no visit Z in the feed today.")


def test_an_expected_arrival_of_a_visit_that_is_not_scheduled_is_refused(office: Office) -> None:
    """It would change nothing, so it must not be answered as done."""
    office.read(
        visit("A", start=at("09:00"), status=Status.UNSCHEDULED),
        visit("B", start=at("09:00")),
        visit("C", start=at("15:00")),
    )
    result = unchanged(office, lambda: office.desk.eta(key("A"), at("09:40"), SAM, office.now))
    assert not result.done


def test_a_visit_is_found_by_its_id(office: Office) -> None:
    assert [one.visit.ext_id for one in office.desk.find("A")] == ["A"]
    assert office.desk.find("Z") == []


def test_only_a_failed_delivery_is_sent_again(office: Office) -> None:
    sent, failed = office.deliveries("ops")
    office.store.outbox.settle(failed, DeliveryState.FAILED, office.now, error="no such channel")
    results = office.desk.resend([sent.id, failed.id, 99], SAM, office.now)
    assert [(one.done, one.text) for one in results] == [
        (False, f"Delivery {sent.id} is sent; only a failed one can be sent again."),
        (True, f"Delivery {failed.id} to ops will be sent again."),
        (False, "There is no delivery 99."),
    ]
    assert last_entry(office) == ("Sam", "desk", "resend", f"delivery {failed.id}")
    assert [one.id for one in office.deliver("ops")] == [failed.id]


def test_a_paused_channel_sends_again_when_a_person_says_so(office: Office) -> None:
    assert unchanged(office, lambda: office.desk.resume("ops", SAM, office.now)) == Result(
        "channel ops", done=False, text="ops is not paused."
    )
    office.store.lanes.change("ops", paused="the key is not valid", paused_at=office.now)
    assert office.desk.resume("ops", SAM, office.now) == Result("channel ops", done=True, text="ops sends again.")
    assert office.store.lanes.get("ops").paused == ""
    assert last_entry(office) == ("Sam", "desk", "channel_resumed", "channel ops")


@pytest.mark.parametrize(("problem", "action"), [("", "toast_shown"), ("no notification service", "toast_failed")])
def test_whether_the_desktop_took_a_toast_is_in_the_trail(office: Office, problem: str, action: str) -> None:
    office.desk.toast_shown([1, 2], "tray", problem, office.now)
    found = [(one["who"], one["origin"], one["action"], one["subject"]) for one in office.entries()[-2:]]
    assert found == [("DispatchWatch", "toast", action, f"alert {n}") for n in (1, 2)]


def test_a_channel_that_lacks_its_secret_is_not_resumed_by_a_click(tmp_path: Path) -> None:
    with Office(tmp_path, at("10:25")) as office:
        office.store.lanes.change("ops", paused="The environment variable HOOK is not set.")
        desk = Desk(
            office.store,
            office.owing,
            office.standards,
            {"ops": "HOOK is not set."},
        )
        result = desk.resume("ops", SAM, office.now)
        assert not result.done
        assert "HOOK is not set. Then start the program again." in result.text
        assert office.store.lanes.get("ops").paused


def test_a_technician_that_is_typed_by_name_is_the_one_the_schedule_knows(tmp_path: Path) -> None:
    known = Technician("J. Ortíz", "T-07")
    with Office(tmp_path, at("09:00")) as office:
        twins = (Technician("M. Lee", "T-1"), Technician("M. Lee", "T-2"))
        office.read(
            visit("J-1", technicians=(known,)), *(visit(f"J-{one.ext_id}", technicians=(one,)) for one in twins)
        )
        told = {"customer": "Acme", "sched_start": "2026-11-10 13:00", "technician": "J. Ortíz; m. lee; A. Novak"}
        assert office.desk.add_visit(told, SAM, office.now).done
        (watched,) = office.desk.find("D-1")
    assert [one.identity for one in watched.visit.technicians] == ["T-07", "m. lee", "a. novak"]
