"""A typed visit as the text of its form, and back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatchwatch.app.deeds import Result
from dispatchwatch.app.typed_visit import DESK, LABELS, dated, key_of, told_of
from dispatchwatch.domain.visit import Visit, VisitKey
from dispatchwatch.intake.desk_feed import understood
from tests.fakes.office import CHICAGO, at

NOW = at("08:00")
BASE = {"customer": "Acme Foundry", "sched_start": "2026-11-10 13:00"}


def typed(told: dict[str, str]) -> Visit:
    return understood(told, "D-1", office_zone=CHICAGO, now=NOW)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"duration": "90"},
        {"duration": "90", "sched_end": "16:00"},
        {"sched_end": "15:30"},
        {"sched_end": "2026-11-11 01:30"},
        {"sched_start": "2026-11-10"},
        {"sched_start": "", "window_start": "2026-11-10 13:00", "window_end": "15:00"},
        {"sched_start": "2026-11-10 23:00", "window_start": "22:00", "window_end": "2026-11-11 00:30"},
        {"site_timezone": "America/Denver", "site": "Plant 4", "address": "4 Mill Road"},
        {"address": "4 Mill Road"},
        {"technician": "J. Ortiz; M. Lee"},
        {"technician": "J. Ortiz", "technician_phone": "+1 312 555 0142", "customer_phone": "+1 312 555 0100"},
        {"order_ref": "WO-7", "title": "Dryer", "kind": "repair", "priority": "1", "notes": "Gate 4\nAsk for Kim"},
    ],
)
def test_what_the_form_shows_is_understood_as_the_same_visit(told: dict[str, str]) -> None:
    visit = typed({**BASE, **told})
    assert typed(told_of(visit, CHICAGO.key)) == visit


def test_every_field_that_can_be_typed_is_there_in_the_order_of_the_form() -> None:
    assert list(told_of(typed(BASE), CHICAGO.key)) == list(LABELS)


def test_an_end_moves_with_the_start() -> None:
    told = told_of(typed({**BASE, "sched_end": "15:30"}), CHICAGO.key)
    assert told["sched_end"] == "15:30"
    moved = typed({**told, "sched_start": "2026-11-12 14:00"})
    assert moved.sched_end == at("2026-11-12 15:30")


def test_a_length_is_told_instead_of_its_end() -> None:
    told = told_of(typed({**BASE, "duration": "1:30"}), CHICAGO.key)
    assert (told["duration"], told["sched_end"]) == ("90", "")


def test_the_zone_of_the_office_need_not_be_told() -> None:
    assert told_of(typed(BASE), CHICAGO.key)["site_timezone"] == ""
    assert told_of(typed(BASE), "Europe/Zurich")["site_timezone"] == CHICAGO.key


@pytest.mark.parametrize(
    ("start", "dated_start"),
    [
        ("14:00", "2026-11-10 14:00"),
        (" 2 pm ", "2026-11-10 2 pm"),
        ("2026-11-12 14:00", "2026-11-12 14:00"),
        ("2026-11-12", "2026-11-12"),
        ("soon", "soon"),
        ("", ""),
    ],
)
def test_a_start_without_a_day_gets_one(start: str, dated_start: str) -> None:
    assert dated({**BASE, "sched_start": start}, "2026-11-10") == {**BASE, "sched_start": dated_start}


def test_a_result_names_its_visit() -> None:
    assert key_of(Result("visit desk/D-12", done=True, text="")) == VisitKey(DESK, "D-12")


def test_what_a_form_can_not_hold_is_left_out() -> None:
    noted = replace(typed(BASE), contract="Gold", url="https://example.org/1")
    assert "Gold" not in told_of(noted, CHICAGO.key).values()
