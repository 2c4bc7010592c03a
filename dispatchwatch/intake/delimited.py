"""Delimited text made into rows of cells; a stray quote costs its own row and no other."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress

from dispatchwatch.intake.table import Row

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_LINES = 30
OPEN_AT_THE_END = "unexpected end of data"


class HalfWritten(Exception):
    """The text ends in the middle of a row."""


def lines_of(text: str) -> list[str]:
    """The lines with their ends, whatever ends them; a quoted cell may span several."""
    return list(io.StringIO(text, newline=""))


def delimiter_of(lines: Sequence[str]) -> str:
    """What separates the cells: the character that cuts the most first lines into the same number of cells."""
    sample = [line for line in lines[:SAMPLE_LINES] if line.strip()]
    return max(DELIMITERS, key=lambda delimiter: _agreement(sample, delimiter))


def _agreement(sample: Sequence[str], delimiter: str) -> int:
    widths = Counter(len(alone(line, delimiter)) for line in sample)
    return max(((width - 1) * count for width, count in widths.items()), default=0)


def alone(line: str, delimiter: str) -> list[str]:
    """The cells of one line by itself; none where it cannot be cut at all."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def leading_rows(lines: Sequence[str], delimiter: str, first: int, count: int) -> list[tuple[int, list[str]]]:
    """The cells of the first few rows, each with the index of the line after it."""
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(lines[first : first + count], delimiter=delimiter)
    # what lies behind a line that cannot be cut is not the header
    with suppress(csv.Error):
        rows.extend((first + reader.line_num, cells) for cells in reader)
    return rows


def rows_of(lines: Sequence[str], delimiter: str, first: int, width: int) -> list[Row]:
    """All rows from line index `first` on. Every non-empty line is in one of them.

    A row that goes wrong over a quote is read again as the single line it starts on, and reading goes on with
    the next line. Raises HalfWritten when the text ends within a row.
    """
    rows: list[Row] = []
    following, mended = first, False
    while following < len(lines):
        following = _whole_rows(lines, delimiter, following, width, rows, mended)
        if following < len(lines):
            rows.append(_broken_row(lines, following, delimiter, width))
            following, mended = following + 1, bool(rows[-1].fault) or _left_open(rows[-1].cells)
    if rows and _breaks_off(rows[-1], lines, width):
        raise HalfWritten
    return rows


def fits(cells: Sequence[str], width: int) -> bool:
    """Whether a row has all the cells of the header; blank ones beyond do no harm."""
    return len(cells) >= width and not any(cell.strip() for cell in cells[width:])


def _breaks_off(last: Row, lines: Sequence[str], width: int) -> bool:
    at_the_end = last.line == len(lines) and not lines[-1].endswith(("\n", "\r"))
    return at_the_end and not last.blank and len(last.cells) < width


def _whole_rows(lines: Sequence[str], delimiter: str, first: int, width: int, rows: list[Row], mended: bool) -> int:
    """Appends rows until one goes wrong; the index of the line it starts on, or of the end.

    After a broken row (`mended`), what is narrower than the header is taken for debris of it until a row is whole.
    """
    reader = csv.reader(_from(lines, first), delimiter=delimiter, strict=True)
    start = first
    try:
        for cells in reader:
            end = first + reader.line_num
            if end - start > 1 and not fits(cells, width):
                return start
            mended = mended and not fits(cells, width)
            rows.append(Row(start + 1, cells, _debris(cells) if mended else ""))
            start = end
    except csv.Error as problem:
        if str(problem) == OPEN_AT_THE_END and not _goes_on(lines[start + 1 :], delimiter, width):
            raise HalfWritten from None
    return start


def _from(lines: Sequence[str], first: int) -> Iterator[str]:
    return (lines[index] for index in range(first, len(lines)))


def _goes_on(lines: Sequence[str], delimiter: str, width: int) -> bool:
    """Whether whole rows follow: then an open quote is a stray one, not the end of what was written so far."""
    return any(fits(alone(line, delimiter), width) for line in lines)


def _broken_row(lines: Sequence[str], index: int, delimiter: str, width: int) -> Row:
    cells = alone(lines[index], delimiter)
    if fits(cells, width):
        return Row(index + 1, cells)
    return Row(index + 1, cells, f"has {len(cells)} cells where the header has {width}; a quote is missing or stray")


def _left_open(cells: Sequence[str]) -> bool:
    """Whether the line ended inside quotes: only then does a cell hold its end."""
    return bool(cells) and cells[-1].endswith(("\n", "\r"))


def _debris(cells: Sequence[str]) -> str:
    return "seems to belong to the broken row before it" if cells else ""
