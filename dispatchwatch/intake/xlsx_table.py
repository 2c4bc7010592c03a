"""The bytes of an Excel workbook made into a table: sheet, header, rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from openpyxl import Workbook

from dispatchwatch.domain.schedule import Gravity, RowProblem
from dispatchwatch.intake.columns import Columns, recognised
from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.header import HEADER_WITHIN, Candidate, likely_header, usable_header, without_trailing_blanks
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.synonyms import START_FIELDS
from dispatchwatch.intake.table import Row, Sample, Table
from dispatchwatch.intake.xlsx_file import opened
from dispatchwatch.intake.xlsx_sheet import Merge, Note, Oddity, Sheet, read_sheet

VISIBLE = "visible"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which sheet is meant (none: the first visible one with a header we know), and how far a file may unpack."""

    sheet: str | None
    max_unpacked: int


def read_workbook(
    raw: bytes, profile: ProfileConfig, file: str, choice: Choice
) -> tuple[Table, tuple[RowProblem, ...]]:
    """Raises FeedError, naming `file`, when it is no workbook, lacks the sheet or has no usable header."""
    with opened(raw, file, choice.max_unpacked) as workbook:
        sheet, header, columns = _usable(workbook, profile, file, choice)
        hidden = [] if choice.sheet else _hidden(workbook)
    # what stands beside the table is nobody's column
    rows = [row._replace(cells=list(row.cells[: columns.width])) for row in sheet.rows[header.below :]]
    first = rows[0].line if rows else 0
    notes = [note for note in sheet.notes if note.line >= first]
    _fill_down(rows, sheet.merges, columns)
    faulty = {note.line: note for note in reversed(notes) if _costs_the_row(note, columns)}
    rows = [_faulted(row, faulty[row.line]) if row.line in faulty else row for row in rows]
    doubts = [*_hidden_doubts(hidden, file), *_doubts(notes, set(faulty), columns, file)]
    return Table(file, columns, rows), tuple(doubts)


def sample_workbook(raw: bytes, profile: ProfileConfig, file: str, choice: Choice) -> Sample:
    """The sheet that seems to hold visits, with a header that nobody has understood yet. Raises FeedError."""
    with opened(raw, file, choice.max_unpacked) as workbook:
        sheets = [read_sheet(workbook, title, file) for title in _titles(workbook, choice.sheet, file)]
    found = [(sheet, likely_header(_candidates(sheet), profile.columns, file)) for sheet in sheets if sheet.rows]
    if not found:
        raise FeedError(_empty(file))
    sheet, header = max(found, key=lambda one: recognised(one[1].cells, profile.columns))
    return Sample(file, without_trailing_blanks(header.cells), sheet.rows[header.below :])


def _usable(workbook: Workbook, profile: ProfileConfig, file: str, choice: Choice) -> tuple[Sheet, Candidate, Columns]:
    failures: list[tuple[int, FeedError]] = []
    for title in _titles(workbook, choice.sheet, file):
        sheet = read_sheet(workbook, title, file)
        candidates = _candidates(sheet)
        if not candidates:
            continue
        try:
            return sheet, *usable_header(candidates, profile.columns, f"{file}, sheet '{title}',")
        except FeedError as failure:
            failures.append((max(recognised(one.cells, profile.columns) for one in candidates), failure))
    if not failures:
        raise FeedError(_empty(file))
    raise max(failures, key=lambda failure: failure[0])[1]


def _empty(file: str) -> str:
    return f"{file} has no visible sheet with anything in it. Check whether the export ran to its end."


def _titles(workbook: Workbook, wanted: str | None, file: str) -> list[str]:
    """The sheets to look at. A sheet asked for by name may be hidden."""
    sheets = workbook.worksheets
    if not wanted:
        return [sheet.title for sheet in sheets if sheet.sheet_state == VISIBLE]
    same = [sheet.title for sheet in sheets if sheet.title == wanted]
    found = same or [sheet.title for sheet in sheets if sheet.title.strip().casefold() == wanted.strip().casefold()]
    if not found:
        names = ", ".join(f"'{sheet.title}'" for sheet in sheets) or "none"
        raise FeedError(f"{file} has no sheet '{wanted}'; its sheets are {names}. Set sheet to one of them.")
    return found[:1]


def _hidden(workbook: Workbook) -> list[str]:
    return [sheet.title for sheet in workbook.worksheets if sheet.sheet_state != VISIBLE]


def _hidden_doubts(titles: Sequence[str], file: str) -> Iterable[RowProblem]:
    if titles:
        names = ", ".join(f"'{title}'" for title in titles)
        problem = f"hidden sheets were not read: {names}; if one holds the visits, name it in the feed: sheet"
        yield RowProblem(file, 1, "", problem, Gravity.DOUBTFUL)


def _candidates(sheet: Sheet) -> list[Candidate]:
    """The first rows that hold anything, each also joined with the next where it has cells merged side by side."""
    found: list[Candidate] = []
    filled = [index for index, row in enumerate(sheet.rows) if not row.blank][:HEADER_WITHIN]
    for index in filled:
        row = sheet.rows[index]
        groups = [one for one in sheet.merges if one.top == one.bottom == row.line and one.right > one.left]
        if groups and index + 1 < len(sheet.rows):
            found.append(Candidate(index + 2, _joined(row, sheet.rows[index + 1], groups)))
        found.append(Candidate(index + 1, [_name(cell) for cell in row.cells]))
    return found


def _joined(upper: Row, lower: Row, groups: Sequence[Merge]) -> list[str]:
    """ "Arrival Window" over "Start" and "End" are "Arrival Window Start" and "Arrival Window End"."""
    width = max(len(upper.cells), len(lower.cells), *(group.right + 1 for group in groups))
    over, under = (list(row.cells) + [""] * (width - len(row.cells)) for row in (upper, lower))
    for group in groups:
        over[group.left : group.right + 1] = [over[group.left]] * (group.right + 1 - group.left)
    return [_name(f"{one} {other}") for one, other in zip(over, under, strict=True)]


def _name(cell: str) -> str:
    return " ".join(cell.split())


def _fill_down(rows: Sequence[Row], merges: Sequence[Merge], columns: Columns) -> None:
    """A technician's name merged over the rows of his visits stands for all of them; an id stands for one visit."""
    by_line = {row.line: row for row in rows}
    last = rows[-1].line if rows else 0
    for merge in merges:
        top = by_line.get(merge.top)
        if top is None or merge.left != merge.right or merge.left in columns.places["ext_id"]:
            continue
        value = top.cells[merge.left] if merge.left < len(top.cells) else ""
        for line in range(merge.top + 1, min(merge.bottom, last) + 1) if value else ():
            row = by_line.get(line)
            if row is not None and not row.blank and isinstance(row.cells, list):
                row.cells.extend([""] * (merge.left + 1 - len(row.cells)))
                row.cells[merge.left] = value


def _costs_the_row(note: Note, columns: Columns) -> bool:
    """Without its id or its start, a row must not pass for a visit that nobody has scheduled."""
    start = next(name for name in START_FIELDS if name in columns.places)
    places = (place for name in ("ext_id", start, "date") for place in columns.places.get(name, ()))
    return note.oddity is not Oddity.LONG_NUMBER and note.place in places


def _faulted(row: Row, note: Note) -> Row:
    return row._replace(fault=f"cell {note.cell} {note.problem}")


def _doubts(notes: Iterable[Note], faulty: set[int], columns: Columns, file: str) -> Iterable[RowProblem]:
    """One for each kind of oddity in each column that is read, with its first cell."""
    headers = {place: columns.headers[name] for name, places in columns.places.items() for place in places}
    ids = columns.places["ext_id"]
    told = [
        note
        for note in notes
        if note.place in headers
        and note.line not in faulty
        and (note.oddity is not Oddity.LONG_NUMBER or note.place in ids)
    ]
    told.sort(key=lambda note: (note.place, note.oddity.name))
    for _, group in groupby(told, key=lambda note: (note.place, note.oddity)):
        first, *others = group
        more = f" (and so do {len(others)} more cells of this column)" if others else ""
        problem = f"cell {first.cell} {first.problem}{more}"
        yield RowProblem(file, first.line, headers[first.place], problem, Gravity.DOUBTFUL)
