from __future__ import annotations

import pytest

from dispatchwatch.domain.schedule import Gravity
from dispatchwatch.domain.visit import Technician
from dispatchwatch.intake.places import read_coordinates
from tests.intake.samples import accounted, as_csv, problems_of_row, read_row, read_text, unreadable, utc

START = {"Start": "2026-05-02 09:00"}


def names(cell: str) -> list[str]:
    return [technician.name for technician in read_row({**START, "Technician": cell}).technicians]


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("J. Ortiz", ["J. Ortiz"]),
        ("Ortiz, J.", ["Ortiz, J."]),
        ("Ortiz, J.; Chen, W.", ["Ortiz, J.", "Chen, W."]),
        ("Ortiz & Chen", ["Ortiz", "Chen"]),
        ("Ortiz / Chen", ["Ortiz", "Chen"]),
        ("Ortiz\nChen", ["Ortiz", "Chen"]),
        ("Ortiz; ; TBD", ["Ortiz"]),
        ("A&B Services", ["A&B Services"]),
    ],
)
def test_technicians_are_told_apart(cell: str, people: list[str]) -> None:
    assert names(cell) == people


@pytest.mark.parametrize("cell", ["", "Unassigned", "UNASSIGNED", "TBD", "none", "-", "n/a"])
def test_nobody_is_nobody(cell: str) -> None:
    assert names(cell) == []


def test_ids_and_phones_go_with_their_names() -> None:
    cells = {**START, "Technician": "Ortiz; Chen", "Technician ID": "T-7; T-9", "Tech Phone": "555"}
    assert read_row(cells).technicians == (Technician("Ortiz", "T-7"), Technician("Chen", "T-9"))
    assert read_row(cells | {"Technician": "Ortiz", "Technician ID": "T-7"}).technicians == (
        Technician("Ortiz", "T-7", "555"),
    )
    assert read_row(cells | {"Technician ID": "T-7"}).technicians == (Technician("Ortiz"), Technician("Chen"))


def test_a_source_with_ids_alone_gives_them_as_names() -> None:
    assert read_row({**START, "Unit ID": "E07"}).technicians == (Technician("E07", "E07"),)


def test_texts_are_stripped_and_kept() -> None:
    visit = read_row(
        {
            **START,
            "Priority": " 1 ",
            "Contract": "Gold\u00a0",
            "Customer": "Acme",
            "Address": "1 Main St",
            "Notes": "a\nb",
        }
    )
    assert (visit.priority, visit.contract, visit.customer.name, visit.notes) == ("1", "Gold", "Acme", "a\nb")
    assert (visit.site.name, visit.site.address) == ("1 Main St", "1 Main St")


@pytest.mark.parametrize("ext_id", ["007", "2E10", "1.50", "29872500000000"])
def test_ids_are_text(ext_id: str) -> None:
    assert read_row({**START, "Appointment No": ext_id}).ext_id == ext_id
    assert problems_of_row({**START, "Appointment No": ext_id}) == ()


def test_an_id_that_a_spreadsheet_destroyed_is_read_and_pointed_out() -> None:
    cells = {**START, "Appointment No": "2.98725E+13"}
    (problem,) = problems_of_row(cells)
    assert (problem.column, problem.gravity) == ("Appointment No", Gravity.DOUBTFUL)
    assert "the spreadsheet has destroyed this id (2.98725E+13)" in problem.problem
    assert read_row(cells).ext_id == "2.98725E+13"


@pytest.mark.parametrize("ext_id", ["", "  ", "n/a"])
def test_a_row_without_an_id_is_unreadable(ext_id: str) -> None:
    (problem,) = problems_of_row({**START, "Appointment No": ext_id})
    assert (problem.line, problem.column, problem.gravity) == (2, "Appointment No", Gravity.UNREADABLE)


@pytest.mark.parametrize(
    ("latitude", "longitude", "place"),
    [
        ("37.74", "-122.45", (37.74, -122.45)),
        ("(37.74, -122.45)", "", (37.74, -122.45)),
        ("37.74,-122.45", "-", (37.74, -122.45)),
        ("47,37", "8,54", (47.37, 8.54)),
        ("", "", None),
        ("37.74", "", None),
    ],
)
def test_coordinates_come_in_two_cells_or_one(latitude: str, longitude: str, place: tuple[float, float] | None) -> None:
    assert read_coordinates(latitude, longitude) == place


@pytest.mark.parametrize(("latitude", "longitude"), [("north", "5"), ("91", "5"), ("5", "181"), ("inf", "5")])
def test_a_place_that_is_nowhere_is_a_doubt_and_left_out(latitude: str, longitude: str) -> None:
    cells = {**START, "Latitude": latitude, "Longitude": longitude}
    (problem,) = problems_of_row(cells)
    assert (problem.column, problem.gravity) == ("Latitude", Gravity.DOUBTFUL)
    assert read_row(cells).site.latitude is None


def test_one_broken_row_in_a_hundred_costs_one_visit() -> None:
    rows = [[f"A-{number}", "2026-05-02 09:00"] for number in range(100)]
    rows[41][1] = "31 o'clock"
    reading = read_text(as_csv(["Visit ID", "Start"], rows))
    assert len(reading.visits) == 99
    assert [(problem.line, problem.column) for problem in reading.problems] == [(43, "Start")]


def test_of_several_rows_of_a_visit_the_last_modified_counts() -> None:
    reading = read_text(
        "Visit ID,Start,Modified At\n"
        "A,2026-05-02 09:00,2026-05-01 08:00\n"
        "A,2026-05-02 11:00,2026-05-01 10:00\n"
        "A,2026-05-02 10:00,2026-05-01 09:00\n"
        "B,2026-05-02 10:00,\n"
    )
    assert [visit.sched_start for visit in reading.visits] == [utc(2026, 5, 2, 16), utc(2026, 5, 2, 15)]
    (problem,) = reading.problems
    assert (problem.line, problem.gravity) == (3, Gravity.DOUBTFUL)
    assert "the id A stands in 3 rows" in problem.problem
    assert (reading.duplicates, accounted(reading), reading.rows) == (2, 4, 4)


def test_without_stamps_the_last_row_of_a_visit_counts() -> None:
    reading = read_text("Visit ID,Start\nA,2026-05-02 09:00\nA,2026-05-02 10:00\n")
    assert [visit.sched_start for visit in reading.visits] == [utc(2026, 5, 2, 15)]


def test_blank_rows_are_passed_over() -> None:
    reading = read_text("Visit ID,Start\n,\n\n  ,  \nA,2026-05-02 09:00\n")
    assert (len(reading.visits), reading.blank, reading.rows, reading.problems) == (1, 3, 4, ())


def test_missing_cells_at_the_end_are_blank() -> None:
    reading = read_text("Visit ID,Start,Technician,Notes\nA,2026-05-02 09:00\nB,2026-05-02 09:00,Ortiz,x\n")
    assert [visit.technician for visit in reading.visits] == ["", "Ortiz"]
    assert reading.problems == ()


def test_too_many_cells_cost_the_row_unless_they_are_blank() -> None:
    reading = read_text("Visit ID,Start\nA,2026-05-02 09:00,x,y\nB,2026-05-02 09:00,,\n")
    assert [visit.ext_id for visit in reading.visits] == ["B"]
    (problem,) = unreadable(reading)
    assert problem.line == 2
    assert "has 4 cells where the header has 2; a quote or delimiter may be missing" in problem.problem


def test_contradictions_of_the_source_are_read_as_told() -> None:
    visit = read_row({**START, "En Route": "2026-05-02 09:30", "Arrived At": "2026-05-02 09:10", "Status": "Cancelled"})
    assert visit.status == "cancelled"
    assert visit.arrived_at is not None
    assert visit.en_route_at is not None
    assert visit.arrived_at < visit.en_route_at
