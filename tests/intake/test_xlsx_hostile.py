"""Workbooks made to fill the memory or to keep the program busy: each ends with a sentence, before it does harm."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import datetime

import pytest

from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.xlsx_file import MOST_TAGS
from dispatchwatch.intake.xlsx_sheet import COST_OF_A_MERGE, COST_OF_A_ROW, MOST_CELLS
from tests.intake.workbooks import read_xlsx, with_part, xlsx

NINE = datetime(2026, 5, 2, 9)  # noqa: DTZ001 - a spreadsheet's times have no zone
HEADER = ("Visit ID", "Start", "Technician")
SHEET, STRINGS, TYPES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "[Content_Types].xml"
SPACE = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TOO_MUCH = "day.xlsx holds more than a schedule can. Export fewer days or columns."
BROKEN = "day.xlsx cannot be read: the workbook is broken or oddly written. Open it in the spreadsheet program"
MEGABYTE = 1_000_000


def workbook(change: Callable[[bytes], bytes] = bytes) -> bytes:
    return with_part(xlsx([HEADER, ("A", NINE, "Ortiz"), ("B", NINE)]), SHEET, change)


def in_the_sheet(more: bytes) -> bytes:
    return workbook(lambda xml: xml.replace(b"</sheetData>", more + b"</sheetData>"))


def below_the_cells(more: bytes) -> bytes:
    return workbook(lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + more))


def with_strings(table: bytes) -> bytes:
    """The workbook with a table of shared strings, which openpyxl itself writes none of."""
    override = (
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument'
        b'.spreadsheetml.sharedStrings+xml"/></Types>'
    )
    raw = with_part(workbook(), TYPES, lambda xml: xml.replace(b"</Types>", override))
    out = io.BytesIO(raw)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(STRINGS, b'<sst xmlns="%s">%s</sst>' % (SPACE, table))
    return out.getvalue()


def refused(raw: bytes) -> str:
    with pytest.raises(FeedError) as failure:
        read_xlsx(raw)
    return str(failure.value)


def test_a_table_of_strings_is_read_and_one_of_millions_is_not() -> None:
    raw = with_part(with_strings(b"<si><t>Lee</t></si>"), SHEET, _first_string_for_the_second_technician)
    assert [visit.technician for visit in read_xlsx(raw)[0].visits] == ["Ortiz", "Lee"]
    assert refused(with_strings(b"<si><t/></si>" * (MOST_TAGS // 3 + 1))) == TOO_MUCH


def _first_string_for_the_second_technician(xml: bytes) -> bytes:
    before, row, after = xml.rpartition(b"</row>")
    return before + b'<c r="C3" t="s"><v>0</v></c>' + row + after


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(in_the_sheet(b"<x/>" * (MOST_TAGS + 1)), id="elements that mean nothing"),
        pytest.param(
            in_the_sheet(b"<row/>" * (MOST_CELLS // COST_OF_A_ROW) + b"<row><c><v>7</v></c></row>"),
            id="rows without cells",
        ),
        pytest.param(below_the_cells(b'<mergeCell ref="A1:B1"/>' * (MOST_CELLS // COST_OF_A_MERGE)), id="merged cells"),
    ],
)
def test_what_only_fills_the_memory_is_not_read_to_its_end(raw: bytes) -> None:
    assert len(raw) < 200_000
    assert refused(raw) == TOO_MUCH


def test_cells_merged_over_millions_of_rows_one_over_the_other_do_not_keep_the_program_busy() -> None:
    far_below = b'<row r="1000000"><c r="A1000000"><v>7</v></c></row>'
    raw = in_the_sheet(far_below)
    merges = b'<mergeCell ref="C2:C1000000"/>' * 6
    assert (
        refused(with_part(raw, SHEET, lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + merges))) == TOO_MUCH
    )


def test_cells_merged_to_the_end_of_the_sheet_stand_for_the_rows_there_are() -> None:
    raw = below_the_cells(b'<mergeCells><mergeCell ref="C2:C1048576"/></mergeCells>')
    assert [visit.technician for visit in read_xlsx(raw)[0].visits] == ["Ortiz", "Ortiz"]


def test_columns_formatted_to_the_end_of_the_sheet_are_no_rows() -> None:
    formatted = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (line, line) for line in range(4, 200_000))
    reading, _ = read_xlsx(in_the_sheet(formatted))
    assert (len(reading.visits), reading.rows) == (2, 2)


def test_gigabytes_of_blanks_are_counted_before_anything_is_unpacked() -> None:
    """A part of 150 MB, packed a thousand times smaller."""
    raw = in_the_sheet(b" " * 150 * MEGABYTE)
    tracemalloc.start()
    text = refused(raw)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "more than the 100,000,000 that max_unpacked_bytes allows" in text
    assert peak < MEGABYTE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", [SHEET, STRINGS, "xl/workbook.xml", "xl/styles.xml", "xl/theme/theme1.xml"])
def test_no_part_may_define_entities(encoding: str, part: str) -> None:
    """These would do no harm; none is let through all the same.

    Where defusedxml happens to be installed, as here for Radicale, openpyxl refuses them in the parts that it parses;
    the theme, which it does not, shows that we look ourselves.
    """

    def defining(xml: bytes) -> bytes:
        root = xml.decode().partition("?>")[2] if xml.startswith(b"<?xml") else xml.decode()
        doctype = '<!DOCTYPE x [<!ENTITY e "Ortiz, Ortiz, Ortiz">]>'
        return f'<?xml version="1.0" encoding="{encoding}"?>{doctype}{root}'.encode(encoding)

    assert refused(with_part(with_strings(b""), part, defining)).startswith(BROKEN)
