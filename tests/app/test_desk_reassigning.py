"""Giving a visit to somebody else at the desk: what is recorded, and what follows once the feed speaks of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dispatchwatch.app.desk_reassigning import Handover
from dispatchwatch.app.story import story
from dispatchwatch.domain.desk_entry import overlay
from dispatchwatch.domain.visit import Status, Technician, Visit
from tests.fakes.office import FEED, LEE, ORTIZ, SAM, Office, at, key, visit

NOVAK = Technician("A. Novak", "T-11")
PLANNED = visit(start=at("10:00"))
TO_LEE = Handover(LEE, "nearer", ("arrives 09:40", "delays nobody"))


def reassigned(folder: Path, told: Visit = PLANNED) -> Office:
    office = Office(folder, at("08:00"))
    office.read(told)
    result = office.desk.reassign(key(), TO_LEE, SAM, office.now)
    assert (result.done, result.text) == (True, "J-1042 from J. Ortiz to M. Lee, decided by Sam.")
    office.catch_up()
    return office


def shown(office: Office) -> tuple[str, str]:
    watched = office.store.schedules.get(key())
    assert watched is not None
    return watched.visit.technician, watched.visit.assigned_by


def told_of(office: Office) -> list[str]:
    watched = office.store.schedules.get(key())
    assert watched is not None
    return [line.text for line in story(watched, office.store.schedules.history(key()), [], [])]


def test_it_is_on_record_with_what_was_shown_of_it(tmp_path: Path) -> None:
    with reassigned(tmp_path) as office:
        (entry,) = office.entries("reassign")
        assert (entry["who"], entry["subject"]) == ("Sam", f"visit {FEED}/J-1042")
        assert entry["detail"] == {
            "from": "J. Ortiz",
            "to": "M. Lee",
            "to_id": "T-09",
            "note": "nearer",
            "costs": ["arrives 09:40", "delays nobody"],
        }
        assert shown(office) == ("M. Lee", "Sam")
        assert "Reassigned at the desk by Sam, until the office software says who goes" in told_of(office)


def test_it_holds_while_the_feed_still_sends_whom_it_sent(tmp_path: Path) -> None:
    with reassigned(tmp_path) as office:
        office.read(replace(PLANNED, title="Belt"))
        assert shown(office) == ("M. Lee", "Sam")


@pytest.mark.parametrize(
    ("crew", "said", "action"),
    [
        pytest.param(
            Technician("M. Lee", "T-09", "+1 555 0109"),
            "The office software agrees with what Sam decided at the desk",
            "reassign_agreed",
            id="agrees",
        ),
        pytest.param(
            NOVAK,
            "The office software sends A. Novak, unlike what Sam decided at the desk",
            "reassign_contradicted",
            id="contradicts",
        ),
    ],
)
def test_the_feed_settles_it_and_that_is_told(tmp_path: Path, crew: Technician, said: str, action: str) -> None:
    with reassigned(tmp_path) as office:
        office.read(replace(PLANNED, technicians=(crew,)))
        assert shown(office) == (crew.name, "")
        assert said in told_of(office)
        (entry,) = office.entries(action)
        assert entry["detail"] == {"decided": "M. Lee", "told": crew.name, "by": "Sam"}


def test_the_way_of_the_one_before_is_no_news_of_the_one_who_goes_now(tmp_path: Path) -> None:
    driving = replace(PLANNED, status=Status.EN_ROUTE, en_route_at=at("07:50"), eta=at("09:30"))
    with reassigned(tmp_path, driving) as office:
        watched = office.store.schedules.get(key())
        assert watched is not None
        assert (watched.visit.status, watched.visit.eta, watched.visit.en_route_at) == (Status.SCHEDULED, None, None)
        assert watched.conflicts == ()


def test_given_back_it_is_as_if_nothing_had_been_said(tmp_path: Path) -> None:
    with reassigned(tmp_path) as office:
        office.desk.reassign(key(), Handover(ORTIZ), SAM, office.now)
        office.catch_up()
        office.read(replace(PLANNED, title="Belt"))
        assert shown(office) == ("J. Ortiz", "")


def test_an_appointment_half_a_day_later_is_another_one(tmp_path: Path) -> None:
    with reassigned(tmp_path) as office:
        entries = office.store.schedules.entries_of(key())
        moved = visit(start=at("10:00") + timedelta(days=1))
        assert overlay(moved, entries) == moved


@pytest.mark.parametrize(
    ("told", "why"),
    [
        pytest.param(
            replace(PLANNED, status=Status.COMPLETED),
            "J-1042 stands as “completed”; nobody has to go there any more.",
            id="over",
        ),
        pytest.param(
            replace(PLANNED, status=Status.ARRIVED, arrived_at=at("07:55")),
            "J. Ortiz is already there; J-1042 can’t be given to somebody else.",
            id="started",
        ),
        pytest.param(
            replace(PLANNED, locked=True), "J-1042 is locked in the office software; release it there first.", id="lock"
        ),
        pytest.param(
            replace(PLANNED, technicians=(ORTIZ, NOVAK)),
            "J. Ortiz, A. Novak go to J-1042 together; change a crew in the office software.",
            id="crew",
        ),
        pytest.param(replace(PLANNED, technicians=(LEE,)), "J-1042 is M. Lee’s already.", id="his_own"),
    ],
)
def test_what_nobody_may_do_is_refused_and_leaves_no_trace(tmp_path: Path, told: Visit, why: str) -> None:
    with Office(tmp_path, at("08:00")) as office:
        office.read(told)
        result = office.desk.reassign(key(), TO_LEE, SAM, office.now)
        assert (result.done, result.text) == (False, why)
        assert office.store.schedules.entries_of(key()) == ()


def test_a_visit_nobody_has_is_given_away_too(tmp_path: Path) -> None:
    with Office(tmp_path, at("08:00")) as office:
        office.read(replace(PLANNED, technicians=()))
        result = office.desk.reassign(key(), TO_LEE, SAM, office.now)
        assert result.text == "J-1042 from nobody to M. Lee, decided by Sam."
        assert shown(office) == ("M. Lee", "Sam")
