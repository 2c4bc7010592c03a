"""Whatever the cells of a workbook hold, every row is accounted for and nothing crashes."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.xlsx_cells import ZERO_DAY_1900, number_text, shown_as
from tests.intake.samples import accounted, unreadable
from tests.intake.workbooks import read_xlsx, with_part, xlsx
from tests.thorough import times

HEADER = ("Visit ID", "Date", "Start", "End", "Window End", "Duration", "Status", "Technician", "Latitude", "Longitude")
SHEET = "xl/worksheets/sheet1.xml"
GOOD = xlsx([HEADER, ("A", date(2026, 5, 2), time(9)), ("B", date(2026, 5, 2), time(10))])
TEXT = st.text(max_size=10).map(lambda text: ILLEGAL_CHARACTERS_RE.sub("", text))
LIKELY = st.sampled_from(
    ["A", "B", "TBD", "9:00", "5/2/2026", "2.98725E+13", "=A1", "#REF!", "#N/A", "Done", "_x000D_", "_x0000_", "-5"]
)
DAYS = st.datetimes(datetime(1900, 1, 1), datetime(9999, 12, 30))  # noqa: DTZ001 - a spreadsheet's times have no zone
CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**16), 10**16), st.floats(allow_nan=False, allow_infinity=False),
    DAYS, DAYS.map(datetime.date), st.times(), st.timedeltas(timedelta(0), timedelta(days=3)), LIKELY, TEXT,
)  # fmt: skip
ROWS = st.lists(st.lists(CELLS, max_size=len(HEADER) + 1), max_size=6)
FORMATS = st.one_of(
    st.sampled_from(["General", "mm-dd-yy", "h:mm", "[h]:mm", "0.00E+00", "00000", "[$-409]d;@", '"d"0', "\\d"]),
    st.text(alphabet='dmyhs:;[]"\\_0E+-@ ', max_size=12),
)


@settings(max_examples=times(20))
@given(ROWS)
def test_every_row_of_a_workbook_is_accounted_for(rows: list[list[object]]) -> None:
    reading, problems = read_xlsx(xlsx([HEADER, *rows]))
    assert accounted(reading) == reading.rows
    plain = [row for row in rows if any(isinstance(cell, (int, datetime)) for cell in row[: len(HEADER)])]
    assert len(plain) <= reading.rows - reading.blank <= len(rows)
    assert len({problem.line for problem in unreadable(reading)}) == len(unreadable(reading))
    assert all(problem.line > 1 for problem in problems)


@settings(max_examples=times(80))
@given(st.one_of(st.floats().map(str), st.integers().map(str), st.text(max_size=8)), FORMATS)
def test_a_number_is_told_or_refused_with_a_reason(written: str, number_format: str) -> None:
    with suppress(ValueError, OverflowError):
        text = number_text(written, shown_as(number_format), ZERO_DAY_1900)
        assert "e" not in text.casefold()


@settings(max_examples=times(30))
@given(st.binary(max_size=6), st.integers(0, 600), st.integers(0, 6))
def test_a_damaged_sheet_is_read_or_refused_in_words(garbage: bytes, at: int, lost: int) -> None:
    raw = with_part(GOOD, SHEET, lambda xml: xml[: at + 300] + garbage + xml[at + 300 + lost :])
    with suppress(FeedError):
        reading, _ = read_xlsx(raw)
        assert accounted(reading) == reading.rows


PARTS = [SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "_rels/.rels"]


@settings(max_examples=times(50))
@given(st.sampled_from(PARTS), st.binary(max_size=6), st.floats(0, 1), st.integers(0, 40))
def test_a_workbook_with_any_part_damaged_is_read_or_refused_in_words(
    part: str, garbage: bytes, where: float, lost: int
) -> None:
    def damaged(xml: bytes) -> bytes:
        at = int(len(xml) * where)
        return xml[:at] + garbage + xml[at + lost :]

    with suppress(FeedError):
        reading, _ = read_xlsx(with_part(GOOD, part, damaged))
        assert accounted(reading) == reading.rows


@settings(max_examples=times(60))
@given(st.binary(max_size=8), st.floats(0, 1), st.integers(0, 60))
def test_a_workbook_whose_bytes_are_damaged_is_read_or_refused_in_words(
    garbage: bytes, where: float, lost: int
) -> None:
    at = int(len(GOOD) * where)
    with suppress(FeedError):
        reading, _ = read_xlsx(GOOD[:at] + garbage + GOOD[at + lost :])
        assert accounted(reading) == reading.rows


CELL_TEXTS = st.sampled_from(
    ['<c r="A2"><v>7</v></c>', '<c r="B2" t="s"><v>9</v></c>', '<c r="C9" t="b"><v>1</v></c>', "<c><v>-0</v></c>",
     '<c t="inlineStr"><is><t>A</t></is></c>', '<c t="d"><v>2026-05-02T09:00</v></c>', '<c t="e"><v>#REF!</v></c>',
     '<c s="99"><v>1</v></c>', '<c s="x"><v>1</v></c>', '<c r="AAAA1"><v>1</v></c>', '<c r="7"/>', '<c r="AB"/>',
     "<c><f>A1</f></c>", '<c t="n"><v>1e400</v></c>', '<c t="?"><v>1</v></c>', "<x/>", "<!-- -->", "text"]
)  # fmt: skip
ROW_TEXTS = st.tuples(st.sampled_from(["", ' r="9"', ' r="1"', ' r="x"', ' r="-1"', ' r="999999999999"']), CELL_TEXTS)
MERGES = st.sampled_from(["A1:B9", "A2:A3", "A2", "", "B1:A1", "A:A", "1:1", "XFD1:XFD1048576", "?"])


@settings(max_examples=times(80))
@given(st.lists(st.tuples(ROW_TEXTS, st.lists(CELL_TEXTS, max_size=5)), max_size=6), st.lists(MERGES, max_size=3))
def test_whatever_the_rows_of_a_sheet_are_made_of_each_is_accounted_for(
    rows: list[tuple[tuple[str, str], list[str]]], merges: list[str]
) -> None:
    more = "".join(f"<row{number}>{first}{''.join(cells)}</row>" for (number, first), cells in rows)
    below = "".join(f'<mergeCell ref="{merge}"/>' for merge in merges)
    raw = with_part(GOOD, SHEET, lambda xml: xml.replace(b"</sheetData>", f"{more}</sheetData>{below}".encode()))
    reading, _ = read_xlsx(raw)
    assert accounted(reading) == reading.rows
    told = {visit.ext_id for visit in reading.visits} | {problem.line for problem in unreadable(reading)}
    assert not {"A", 2}.isdisjoint(told)
    assert not {"B", 3}.isdisjoint(told)
