"""Excel workbooks: every row comes through the same door as a CSV file's."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from dispatchwatch.domain.schedule import Gravity
from dispatchwatch.domain.visit import Status
from dispatchwatch.intake.catalog import FEEDS, read_once
from dispatchwatch.intake.feed import FeedError, Unsettled
from dispatchwatch.intake.xlsx_cells import ZERO_DAY_1900, Shown, number_text, shown_as
from dispatchwatch.intake.xlsx_feed import XlsxConfig
from tests.intake.samples import CHICAGO, NOW, accounted, profile, unreadable, utc
from tests.intake.workbooks import merged, read_xlsx, shown, with_part, workbook_bytes, workbook_of, xlsx, xlsx_feed

NINE = datetime(2026, 5, 2, 9)  # noqa: DTZ001 - a spreadsheet's times have no zone
HEADER = ("Visit ID", "Start", "Status", "Technician", "Customer")
SHEET = "xl/worksheets/sheet1.xml"


def test_a_sheet_becomes_visits(tmp_path: Path) -> None:
    (tmp_path / "day.xlsx").write_bytes(xlsx([HEADER, ("A-1", NINE, "Tech On Site", "J. Ortiz", "Acme")]))
    config = FEEDS["xlsx"].model_validate({"name": "today", "kind": "xlsx", "path": "day.xlsx"})
    snapshot = read_once(config, None, office_zone=CHICAGO, base=tmp_path, now=NOW)
    (visit,) = snapshot.visits
    assert (visit.feed, visit.ext_id, visit.sched_start) == ("today", "A-1", utc(2026, 5, 2, 14))
    assert (visit.status, visit.technician, visit.customer.name) == (Status.ARRIVED, "J. Ortiz", "Acme")
    assert (len(snapshot.problems), snapshot.complete) == (0, True)
    assert snapshot.covered == {date(2026, 5, 2)}


def test_an_unchanged_workbook_is_not_read_again_and_gives_the_very_same_visits(tmp_path: Path) -> None:
    path = tmp_path / "day.xlsx"
    raw = xlsx([HEADER, ("A-1", NINE)])
    path.write_bytes(raw)
    feed = xlsx_feed(tmp_path)
    with pytest.raises(Unsettled):
        feed.fetch(NOW)
    first = feed.fetch(NOW)
    os.utime(path, (1, 1))
    with pytest.raises(Unsettled):
        feed.fetch(NOW)
    again = feed.fetch(NOW)
    assert again.visits is first.visits
    assert again.digest == first.digest


def test_a_folder_stands_for_its_workbooks_without_the_lock_files_of_excel(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(xlsx([HEADER, ("A", NINE)]))
    (tmp_path / "~$a.xlsx").write_bytes(b"\x05Ortiz")
    (tmp_path / "b.csv").write_text("Visit ID,Start\nB,2026-05-02 09:00\n", encoding="utf-8")
    feed = xlsx_feed(tmp_path, ".")
    with pytest.raises(Unsettled):
        feed.fetch(NOW)
    assert [visit.ext_id for visit in feed.fetch(NOW).visits] == ["A"]


def test_titles_stand_above_the_header_and_lines_are_those_of_the_sheet() -> None:
    rows = [("Northside Compressor Service",), (), ("Day", date(2026, 5, 2)), HEADER, ("A", NINE), (), ("B", "soon")]
    reading, problems = read_xlsx(xlsx(rows))
    assert [visit.ext_id for visit in reading.visits] == ["A"]
    assert [(one.line, one.column) for one in unreadable(reading)] == [(7, "Start")]
    assert problems == ()


def test_a_header_over_two_rows_is_joined() -> None:
    rows = [
        ("Dispatch board of 2 May",),
        ("Visit ID", "Arrival Window", None, "Technician"),
        (None, "Start", "End", None),
        ("A", NINE, NINE + timedelta(hours=2), "Ortiz"),
    ]
    reading, _ = read_xlsx(xlsx(rows, merged("A1:D1"), merged("B2:C2"), merged("A2:A3"), merged("D2:D3")))
    (visit,) = reading.visits
    assert (visit.window_start, visit.window_end) == (utc(2026, 5, 2, 14), utc(2026, 5, 2, 16))
    assert visit.technician == "Ortiz"


def test_a_name_merged_over_several_rows_stands_for_all_of_them() -> None:
    rows = [("Visit ID", "Start", "Technician"), ("A", NINE, "Ortiz"), ("B", NINE), ("C", NINE), ("D", NINE)]
    reading, _ = read_xlsx(xlsx(rows, merged("C2:C4")))
    assert [visit.technician for visit in reading.visits] == ["Ortiz", "Ortiz", "Ortiz", ""]


@pytest.mark.parametrize("system", [1900, 1904])
def test_dates_are_read_in_both_date_systems(system: int) -> None:
    workbook = workbook_of([("Visit ID", "Start")])
    if system == 1904:
        workbook.epoch = CALENDAR_MAC_1904
    workbook.worksheets[0].append(("A", NINE))
    reading, _ = read_xlsx(workbook_bytes(workbook))
    assert reading.visits[0].sched_start == utc(2026, 5, 2, 14)


def test_a_date_and_a_time_in_two_cells_are_one_time() -> None:
    rows = [("Visit ID", "Start Date", "Start Time", "End Time"), ("A", date(2026, 5, 2), time(22, 30), time(1, 0))]
    visit = read_xlsx(xlsx(rows))[0].visits[0]
    assert (visit.sched_start, visit.sched_end) == (utc(2026, 5, 3, 3, 30), utc(2026, 5, 3, 6))


def test_a_date_alone_is_an_anytime_visit_and_midnight_is_a_time() -> None:
    midnight = datetime(2026, 5, 2)  # noqa: DTZ001 - a spreadsheet's times have no zone
    rows = [("Visit ID", "Start"), ("A", date(2026, 5, 2)), ("B", midnight)]
    visits = read_xlsx(xlsx(rows, shown("B2", "m/d/yyyy"), shown("B3", "m/d/yyyy h:mm")))[0].visits
    assert [visit.anytime for visit in visits] == [True, False]
    assert {visit.sched_start for visit in visits} == {utc(2026, 5, 2, 5)}


@pytest.mark.parametrize(
    ("written", "number_format", "text"),
    [
        ("46144", "General", "46144"),
        ("1.0", "General", "1"),
        ("123456789012345678", "General", "123456789012345678"),
        ("2.98725E+13", "General", "29872500000000"),
        ("0.30000000000000004", "General", "0.3"),
        ("1E-7", "General", "0.0000001"),
        ("-87.63", "0.00", "-87.63"),
        ("123", "00000", "00123"),
        ("46144", "mm-dd-yy", "2026-05-02"),
        ("46144", "d\\.m\\.yyyy", "2026-05-02"),
        ("46144", "[$-409]mmmm d, yyyy;@", "2026-05-02"),
        ("46144.375", "mm-dd-yy", "2026-05-02 09:00"),
        ("46144.375", "h:mm AM/PM", "2026-05-02 09:00"),
        ("46144.38194444", "m/d/yyyy h:mm", "2026-05-02 09:10"),
        ("46144", "m/d/yyyy h:mm", "2026-05-02 00:00"),
        ("46144.3755787037", "yyyy-mm-dd hh:mm:ss", "2026-05-02 09:00:50"),
        ("0.375", "h:mm", "09:00"),
        ("0.999999999", "h:mm", "24:00"),
        ("1", "h:mm", "24:00"),
        ("1.5", "[h]:mm", "36:00"),
        ("0.0625", "[mm]:ss", "01:30"),
        ("0", "mm-dd-yy", ""),
        ("59", "mm-dd-yy", "1900-02-28"),
        ("61", "mm-dd-yy", "1900-03-01"),
    ],
)
def test_a_number_is_told_as_its_format_shows_it(written: str, number_format: str, text: str) -> None:
    assert number_text(written, shown_as(number_format), ZERO_DAY_1900) == text


@pytest.mark.parametrize(
    "number_format", ["General", "@", "0.00", '"dhms" 0', "#,##0", "[Red]0", "General;[Red]-General"]
)
def test_what_only_looks_like_a_time_format_is_none(number_format: str) -> None:
    assert shown_as(number_format) == Shown()


@pytest.mark.parametrize("written", ["NaN", "INF", "abc", "1E+999", "--1"])
def test_what_is_no_number_is_not_guessed(written: str) -> None:
    with pytest.raises(ValueError, match="number"):
        number_text(written, Shown(), ZERO_DAY_1900)


def test_numbers_durations_and_yes_and_no() -> None:
    rows = [
        ("Visit ID", "Start", "Duration", "Anytime", "Latitude", "Longitude"),
        (1001, NINE, timedelta(hours=1, minutes=30), True, 41.88, -87.63),
        (1002.0, NINE, 45, False, None, None),
    ]
    first, second = read_xlsx(xlsx(rows))[0].visits
    assert (first.ext_id, first.duration, first.anytime) == ("1001", timedelta(minutes=90), True)
    assert (first.site.latitude, first.site.longitude) == (41.88, -87.63)
    assert (second.ext_id, second.duration, second.anytime) == ("1002", timedelta(minutes=45), False)


def test_ids_that_a_spreadsheet_may_have_cut_are_a_doubt_told_once() -> None:
    rows = [("Visit ID", "Start", "Customer Phone"), (298725 * 10**8, NINE, 15551234567), (298725 * 10**8 + 1, NINE)]
    reading, (doubt,) = read_xlsx(xlsx(rows))
    assert [visit.ext_id for visit in reading.visits] == ["29872500000000", "29872500000001"]
    assert (doubt.line, doubt.column, doubt.gravity) == (2, "Visit ID", Gravity.DOUBTFUL)
    assert doubt.problem.startswith("cell A2 is the number 29872500000000")
    assert "1 more cells" in doubt.problem
    assert "2.98725E+13" in doubt.problem


def test_an_id_shown_in_scientific_format_is_a_doubt_and_text_of_it_too() -> None:
    rows = [("Visit ID", "Start"), (4000, NINE), ("2.98725E+13", NINE)]
    reading, (doubt,) = read_xlsx(xlsx(rows, shown("A2", "0.00E+00")))
    assert "cell A2 is the number 4000" in doubt.problem
    assert "destroyed this id (2.98725E+13)" in reading.problems[0].problem


def test_a_formula_tells_the_value_it_last_had() -> None:
    raw = xlsx([HEADER, ("A", NINE, "=UPPER(A1)")])
    raw = with_part(
        raw,
        SHEET,
        lambda xml: (
            xml.replace(b'<c r="C2"><f>', b'<c r="C2" t="str"><f>')
            .replace(b"<v />", b"<v>Done</v>")
            .replace(b"<v></v>", b"<v>Done</v>")
        ),
    )
    reading, problems = read_xlsx(raw)
    assert (reading.visits[0].status_raw, problems) == ("Done", ())


def test_a_formula_without_a_value_is_blank_and_named() -> None:
    reading, (doubt,) = read_xlsx(xlsx([HEADER, ("A", NINE, "=UPPER(B1)"), ("B", NINE, "=UPPER(B2)")]))
    assert [visit.status_raw for visit in reading.visits] == ["", ""]
    assert (doubt.line, doubt.column) == (2, "Status")
    assert doubt.problem.startswith("cell C2 holds a formula without a value; open the file")
    assert "1 more cells" in doubt.problem


def test_a_cell_with_an_error_is_blank_and_named() -> None:
    reading, (doubt,) = read_xlsx(xlsx([HEADER, ("A", NINE, "Done", "#REF!")]))
    assert reading.visits[0].technician == ""
    assert (doubt.line, doubt.column, doubt.problem) == (2, "Technician", "cell D2 holds the error #REF!")


@pytest.mark.parametrize(("row", "cell"), [(("A", "#N/A"), "B2"), (("#REF!", NINE), "A2"), (("A", "=NOW()"), "B2")])
def test_a_row_whose_id_or_start_is_lost_does_not_pass_for_an_unscheduled_visit(
    row: tuple[object, ...], cell: str
) -> None:
    reading, doubts = read_xlsx(xlsx([("Visit ID", "Start"), row, ("B", NINE)]))
    assert [visit.ext_id for visit in reading.visits] == ["B"]
    assert [one.problem.startswith(f"cell {cell} holds ") for one in unreadable(reading)] == [True]
    assert doubts == ()


def test_a_broken_cell_costs_no_other() -> None:
    raw = xlsx([HEADER, ("A", NINE, "Done", "Ortiz"), ("B", NINE, "Done", 7)])
    raw = with_part(raw, SHEET, lambda xml: xml.replace(b"<v>7</v>", b"<v>NaN</v>"))
    reading, (doubt,) = read_xlsx(raw)
    assert len(reading.visits) == 2
    assert doubt.problem == "cell D3 holds 'NaN', which is nothing a cell can hold"


def test_the_size_that_a_file_claims_is_not_believed() -> None:
    raw = xlsx([HEADER, ("A", NINE), ("B", NINE)])
    raw = with_part(raw, SHEET, lambda xml: xml.replace(b'<dimension ref="A1:E3"', b'<dimension ref="A1"'))
    assert len(read_xlsx(raw)[0].visits) == 2


def two_sheets() -> Workbook:
    workbook = workbook_of([("Notes",), ("call Acme back",)])
    workbook.worksheets[0].title = "Cover"
    for title, ext_id in (("Old", "OLD"), ("Monday", "MON"), ("Tuesday", "TUE")):
        sheet = workbook.create_sheet(title)
        sheet.append(HEADER)
        sheet.append((ext_id, NINE))
    workbook["Old"].sheet_state = "hidden"
    return workbook


def test_the_first_visible_sheet_with_a_header_we_know_is_read_and_hidden_ones_are_named() -> None:
    reading, (doubt,) = read_xlsx(workbook_bytes(two_sheets()))
    assert [visit.ext_id for visit in reading.visits] == ["MON"]
    assert doubt.problem.startswith("hidden sheets were not read: 'Old'")


@pytest.mark.parametrize(("sheet", "ext_id"), [("Tuesday", "TUE"), (" tuesday", "TUE"), ("Old", "OLD")])
def test_a_sheet_asked_for_by_name_is_read_though_it_is_hidden(sheet: str, ext_id: str) -> None:
    reading, doubts = read_xlsx(workbook_bytes(two_sheets()), sheet)
    assert ([visit.ext_id for visit in reading.visits], doubts) == ([ext_id], ())


def fails(raw: bytes, message: str, **values: object) -> None:
    config = XlsxConfig.model_validate({"name": "today", "path": "day.xlsx", **values})
    with pytest.raises(FeedError) as failure:
        config.table(raw, profile(), "day.xlsx")
    text = str(failure.value)
    assert text.startswith("day.xlsx")
    assert message in text


def test_a_sheet_that_is_not_there_is_told_with_those_that_are() -> None:
    fails(workbook_bytes(two_sheets()), "no sheet 'Friday'; its sheets are 'Cover', 'Old', 'Monday'", sheet="Friday")
    fails(workbook_bytes(two_sheets()), "sheet 'Cover', has no column that identifies", sheet="Cover")


def test_files_that_are_no_workbook_say_what_to_do() -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    whole = xlsx([HEADER, ("A", NINE)])
    fails(b"", "is empty")
    fails(old, "is an old Excel file (.xls). Open it")
    fails(old + "EncryptedPackage".encode("utf-16-le"), "is protected with a password. Save a copy without one")
    fails(b"Visit ID,Start\n", 'If it is text, write kind = "csv"')
    fails(b"<html><table>", "is not an Excel workbook")
    fails(whole[: len(whole) // 2], "is broken or half-written")
    fails(with_part(whole, SHEET, lambda xml: xml[: len(xml) // 2]), "the workbook is broken")
    fails(with_part(whole, "xl/workbook.xml", lambda _: b"<x/>"), "day.xlsx")
    fails(xlsx([]), "has no visible sheet with anything in it")


def test_another_kind_of_archive_is_no_workbook() -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    fails(other.getvalue(), "is not an Excel workbook (.xlsx)")


def test_a_file_that_unpacks_to_gigabytes_is_not_opened() -> None:
    bomb = with_part(xlsx([HEADER, ("A", NINE)]), SHEET, lambda xml: xml + b" " * 3_000_000)
    assert len(bomb) < 20_000
    fails(bomb, "more than the 1,000,000 that max_unpacked_bytes allows", max_unpacked_bytes=1_000_000)


def test_a_schedule_of_more_cells_than_there_can_be_is_not_read_to_its_end() -> None:
    wide = b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (line, line) for line in range(3, 700))
    bomb = with_part(
        xlsx([HEADER, ("A", NINE)]), SHEET, lambda xml: xml.replace(b"</sheetData>", wide + b"</sheetData>")
    )
    fails(bomb, "holds more than a schedule can. Export fewer days")


def test_text_in_cells_is_read_as_in_a_csv_file() -> None:
    rows = [("Visit ID", "Start", "Technician"), ("A", "5/13/2026 9:00 AM", "Ortiz_x000D_\nLee")]
    visit = read_xlsx(xlsx(rows))[0].visits[0]
    assert visit.sched_start == utc(2026, 5, 13, 14)
    assert [one.name for one in visit.technicians] == ["Ortiz", "Lee"]


def test_every_row_is_accounted_for() -> None:
    rows = [HEADER, ("A", NINE), ("A", NINE), (), (None, NINE), ("B", "soon"), ("C", NINE, *"abc", "", "call first")]
    reading, _ = read_xlsx(xlsx(rows))
    assert accounted(reading) == reading.rows
    assert (len(reading.visits), len(unreadable(reading)), reading.duplicates) == (2, 2, 1)


def test_entities_that_unfold_to_gigabytes_are_not_unfolded() -> None:
    entities = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
    laughs = b'<!DOCTYPE x [<!ENTITY e0 "ha">' + entities + b"]>"

    def laughing(xml: bytes) -> bytes:
        return laughs + xml[xml.find(b"<worksheet") :].replace(b"<v>0</v>", b"<v>&e11;</v>")

    fails(with_part(xlsx([HEADER, ("A", NINE, "Done")]), SHEET, laughing), "the workbook is broken")
