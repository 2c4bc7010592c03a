"""The rows of one worksheet as text.

openpyxl's own way over the cells ends at the first one that is not in order, trusts the size that a file claims to
have, and tells neither a formula without a value from an empty cell nor which cells are merged. So the cells are read
here; strings, styles and the date system are openpyxl's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element, iterparse

from openpyxl import Workbook
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils import coordinate_to_tuple, get_column_letter, range_boundaries
from openpyxl.utils.escape import unescape

from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.table import Row
from dispatchwatch.intake.xlsx_cells import Shown, is_long, iso_text, number_text, shown_as

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ROW, CELL, VALUE, FORMULA, MERGED = (SPACE + name for name in ("row", "c", "v", "f", "mergeCell"))
INLINE, RUN, TEXT = (SPACE + name for name in ("is", "r", "t"))
MOST_CELLS = 5_000_000
COST_OF_A_ROW, COST_OF_A_MERGE = 5, 50
"""In cells: what each takes in memory beside the cells in it, so that no file of nothing else fills it."""


class Oddity(Enum):
    """What is odd about a cell, as it is told of one; the cell itself counts as empty unless it is a LONG_NUMBER."""

    ERROR = "holds the error {}"
    NO_VALUE = "holds a formula without a value; open the file in the spreadsheet program and save it"
    BROKEN = "holds {}, which is nothing a cell can hold"
    LONG_NUMBER = (
        "is the number {}, and spreadsheets cut such numbers after 15 digits or write them like 2.98725E+13;"
        " format the column as text where it is made"
    )


class Note(NamedTuple):
    """An odd cell: row number from 1, column from 0."""

    line: int
    place: int
    oddity: Oddity
    text: str

    @property
    def cell(self) -> str:
        return f"{get_column_letter(self.place + 1)}{self.line}"

    @property
    def problem(self) -> str:
        return self.oddity.value.format(self.text)


class Merge(NamedTuple):
    """Cells shown as one: rows from 1, columns from 0, both ends included. Only the first holds a value."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """`rows` are those that hold anything at all, and the empty ones between them that the file has."""

    title: str
    rows: list[Row] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def read_sheet(workbook: Workbook, title: str, file: str) -> Sheet:
    """Raises FeedError for a sheet of more cells than a schedule can have; anything, for one that is broken."""
    reader = _Reader(workbook, title, file)
    reader.sheet.rows.extend(reader.rows())
    return reader.sheet


class _Reader:
    def __init__(self, workbook: Workbook, title: str, file: str) -> None:
        self.sheet = Sheet(title)
        self._file = file
        self._room = MOST_CELLS
        source: Any = workbook[title]  # what openpyxl's own way is built on is not in its types
        self._source = source
        self._strings: Sequence[str] = source._shared_strings
        self._zero_day = workbook.epoch
        self._shown: Callable[[str], Shown] = lru_cache(maxsize=None)(self._shown_in)

    def rows(self) -> Iterator[Row]:
        """Empty ones only once another follows: a sheet whose columns were formatted whole has a million at its end."""
        line = 0
        empty: list[int] = []
        with self._source._get_source() as xml:
            for _, element in iterparse(xml):  # noqa: S314 - see above
                if element.tag == ROW:
                    line = _number(element.get("r", "")) or line + 1
                    cells = self._cells(element, line)
                    element.clear()
                    empty.append(line)
                    if any(cell and not cell.isspace() for cell in cells):
                        self._spend(COST_OF_A_ROW * len(empty) + len(cells))
                        yield from (Row(above, []) for above in empty[:-1])
                        yield Row(line, cells)
                        empty = []
                elif element.tag == MERGED:
                    for merge in _merged(element.get("ref", "")):
                        self._spend(COST_OF_A_MERGE + max(0, min(merge.bottom, line) - merge.top))
                        self.sheet.merges.append(merge)

    def _spend(self, cells: int) -> None:
        self._room -= cells
        if self._room < 0:
            raise FeedError(f"{self._file} holds more than a schedule can. Export fewer days or columns.")

    def _cells(self, row: Element, line: int) -> list[str]:
        cells: list[str] = []
        place = -1
        for cell in row:
            reference = cell.get("r")
            try:
                place = coordinate_to_tuple(reference)[1] - 1 if reference else place + 1
            except ValueError:
                self.sheet.notes.append(Note(line, place + 1, Oddity.BROKEN, f"the place {reference!r:.40}"))
                continue
            text = self._text(cell, line, place)
            if text:
                cells.extend([""] * (place + 1 - len(cells)))
                cells[place] = text
        return cells

    def _text(self, cell: Element, line: int, place: int) -> str:
        kind = cell.get("t", "n")
        written = _inline(cell) if kind == "inlineStr" else cell.findtext(VALUE)
        if not written:
            if cell.find(FORMULA) is not None and kind != "str":
                self.sheet.notes.append(Note(line, place, Oddity.NO_VALUE, ""))
            return ""
        if kind == "e":
            self.sheet.notes.append(Note(line, place, Oddity.ERROR, written))
            return ""
        try:
            return self._told(kind, written, cell.get("s", ""), (line, place))
        except (ValueError, IndexError, OverflowError):
            self.sheet.notes.append(Note(line, place, Oddity.BROKEN, repr(written[:40])))
            return ""

    def _told(self, kind: str, written: str, style: str, at: tuple[int, int]) -> str:
        if kind == "s":
            return _unescaped(self._strings[int(written)])
        if kind == "n":
            shown = self._shown(style)
            text = number_text(written, shown, self._zero_day)
            if is_long(written, shown):
                self.sheet.notes.append(Note(*at, Oddity.LONG_NUMBER, text))
            return text
        if kind == "b":
            return "TRUE" if int(written) else "FALSE"
        return iso_text(written, self._shown(style)) if kind == "d" else _unescaped(written)

    def _shown_in(self, style: str) -> Shown:
        cell = ReadOnlyCell(self._source, 1, 1, 0, "n", int(style) if style else 0)
        return shown_as(str(cell.number_format))


def _number(written: str) -> int:
    """The number of a row; 0 for what is none."""
    return int(written) if written.isdecimal() and len(written) < 9 else 0


def _merged(reference: str) -> Iterator[Merge]:
    """The merged cells; whole columns or rows, which have no end, are left as they are, and so is what is no range."""
    try:
        left, top, right, bottom = range_boundaries(reference)
    except ValueError:
        return
    if left is not None and top is not None and right is not None and bottom is not None:
        yield Merge(top, left - 1, bottom, right - 1)


def _inline(cell: Element) -> str:
    """The text of an inline string without its phonetic guides."""
    found = cell.find(INLINE)
    if found is None:
        return ""
    texts = (part if part.tag == TEXT else part.find(TEXT) for part in found if part.tag in (RUN, TEXT))
    return "".join(text.text or "" for text in texts if text is not None)


def _unescaped(text: str) -> str:
    """Line ends and the like are written as _x000D_."""
    return unescape(text) if "_x" in text else text
