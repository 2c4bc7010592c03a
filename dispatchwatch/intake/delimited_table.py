"""The bytes of a delimited file made into a table: encoding, delimiter, header, rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dispatchwatch.domain.schedule import Gravity, RowProblem
from dispatchwatch.intake.columns import Columns, recognised, resolve
from dispatchwatch.intake.decoding import LOST, Text, decode
from dispatchwatch.intake.delimited import DELIMITERS, HalfWritten, delimiter_of, leading_rows, lines_of, rows_of
from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.table import Table

HEADER_WITHIN = 10
EXCEL_HINT = "sep="


class DelimitedTable(NamedTuple):
    """The table, and what was doubtful about the text as a whole."""

    table: Table
    problems: tuple[RowProblem, ...]


def read_delimited(raw: bytes, profile: ProfileConfig, file: str) -> DelimitedTable:
    """Raises FeedError, naming `file`, when it is empty, no text, half-written or has no usable header."""
    text = decode(raw, profile.encoding, file)
    if not text.text.strip():
        raise FeedError(f"{file} is empty. Check whether the export ran to its end.")
    lines = lines_of(text.text)
    hint = _hinted(lines[0])
    first = 1 if hint else 0
    delimiter = profile.delimiter or hint or delimiter_of(lines[first:])
    below, columns = _header(leading_rows(lines, delimiter, first, HEADER_WITHIN), profile, file)
    try:
        rows = rows_of(lines, delimiter, below, columns.width)
    except HalfWritten:
        raise FeedError(f"{file} looks half-written: its last row breaks off. Check whether the export ran.") from None
    return DelimitedTable(Table(file, columns, rows), _lost(text, lines, file))


def _hinted(line: str) -> str | None:
    """Excel's own first line `sep=;`."""
    hint = line.rstrip("\r\n").lower()
    delimiter = hint.removeprefix(EXCEL_HINT)
    return delimiter if hint != delimiter and delimiter in DELIMITERS else None


def _header(candidates: Sequence[tuple[int, list[str]]], profile: ProfileConfig, file: str) -> tuple[int, Columns]:
    """The index of the line below the header, and the columns; titles above the header are passed over."""
    failures: list[tuple[int, FeedError]] = []
    for below, cells in candidates:
        header = _without_trailing_blanks(cells)
        try:
            return below, resolve(header, profile.columns, file)
        except FeedError as failure:
            failures.append((recognised(header, profile.columns), failure))
    if not failures:
        raise FeedError(f"{file} has no usable header: its first line cannot be cut into cells.")
    raise max(failures, key=lambda failure: failure[0])[1]


def _without_trailing_blanks(cells: Sequence[str]) -> list[str]:
    names = list(cells)
    while names and not names[-1].strip():
        names.pop()
    return names


def _lost(text: Text, lines: Sequence[str], file: str) -> tuple[RowProblem, ...]:
    if not text.lost:
        return ()
    line = next((number for number, line in enumerate(lines, 1) if LOST in line), 1)
    problem = f"{text.lost} characters could not be read as {text.encoding}; if letters look wrong, set encoding"
    return (RowProblem(file, line, "", problem, Gravity.DOUBTFUL),)
