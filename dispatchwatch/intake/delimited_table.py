"""The bytes of a delimited file made into a table: encoding, delimiter, header, rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dispatchwatch.domain.schedule import Gravity, RowProblem
from dispatchwatch.intake.decoding import LOST, Text, decode, is_web_page
from dispatchwatch.intake.delimited import DELIMITERS, HalfWritten, delimiter_of, leading_rows, lines_of, rows_of
from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.header import HEADER_WITHIN, Candidate, likely_header, usable_header, without_trailing_blanks
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.table import Row, Sample, Table

EXCEL_HINT = "sep="
MOST_LINES, MOST_CELLS = 1_000_000, 5_000_000


class DelimitedTable(NamedTuple):
    """The table, and what was doubtful about the text as a whole."""

    table: Table
    problems: tuple[RowProblem, ...]


def read_delimited(raw: bytes, profile: ProfileConfig, file: str) -> DelimitedTable:
    """Raises FeedError, naming `file`, when it is empty, no text, half-written, too much or has no usable header."""
    text, lines, delimiter, candidates = _opened(raw, profile, file)
    found, columns = usable_header(candidates, profile.columns, file)
    rows = _rows(lines, delimiter, found.below, columns.width, file)
    return DelimitedTable(Table(file, columns, rows), _lost(text, lines, file))


def sample_delimited(raw: bytes, profile: ProfileConfig, file: str) -> Sample:
    """The table with a header that nobody has understood yet. Raises FeedError as `read_delimited` does."""
    _, lines, delimiter, candidates = _opened(raw, profile, file)
    found = likely_header(candidates, profile.columns, file)
    header = without_trailing_blanks(found.cells)
    return Sample(file, header, _rows(lines, delimiter, found.below, len(header), file))


def _opened(raw: bytes, profile: ProfileConfig, file: str) -> tuple[Text, list[str], str, list[Candidate]]:
    """The text, its lines, what separates their cells, and the rows that may be the header."""
    text = decode(raw, profile.encoding, file)
    if not text.text.strip():
        raise FeedError(f"{file} is empty. Check whether the export ran to its end.")
    if is_web_page(text.text):
        raise FeedError(f"{file} is a web page, not a table, perhaps a page to sign in. Check the export.")
    _check_size(text.text, file)
    lines = lines_of(text.text)
    hint = _hinted(lines[0])
    first = 1 if hint else 0
    delimiter = profile.delimiter or hint or delimiter_of(lines[first:])
    candidates = [Candidate(*row) for row in leading_rows(lines, delimiter, first, HEADER_WITHIN)]
    return text, lines, delimiter, candidates


def _check_size(text: str, file: str) -> None:
    """Raises FeedError: a line or a cell costs fifty times its one character."""
    if max(map(text.count, "\r\n")) > MOST_LINES or max(map(text.count, DELIMITERS)) > MOST_CELLS:
        raise FeedError(f"{file} holds more than a schedule can. Export fewer days or columns.")


def _rows(lines: Sequence[str], delimiter: str, below: int, width: int, file: str) -> list[Row]:
    try:
        return rows_of(lines, delimiter, below, width)
    except HalfWritten:
        raise FeedError(f"{file} looks half-written: its last row breaks off. Check whether the export ran.") from None


def _hinted(line: str) -> str | None:
    """Excel's own first line `sep=;`."""
    hint = line.rstrip("\r\n").lower()
    delimiter = hint.removeprefix(EXCEL_HINT)
    return delimiter if hint != delimiter and delimiter in DELIMITERS else None


def _lost(text: Text, lines: Sequence[str], file: str) -> tuple[RowProblem, ...]:
    if not text.lost:
        return ()
    line = next((number for number, line in enumerate(lines, 1) if LOST in line), 1)
    problem = f"{text.lost} characters could not be read as {text.encoding}; if letters look wrong, set encoding"
    return (RowProblem(file, line, "", problem, Gravity.DOUBTFUL),)
