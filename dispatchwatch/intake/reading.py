"""A whole table made into visits; every row is accounted for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from dispatchwatch.domain.schedule import Gravity, RowProblem
from dispatchwatch.domain.visit import Status, Visit
from dispatchwatch.intake.day_order import month_first
from dispatchwatch.intake.faults import Doubt, Unreadable
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.row_times import TimeColumns
from dispatchwatch.intake.rows import RowReader
from dispatchwatch.intake.statuses import normal
from dispatchwatch.intake.table import Row, Table

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a table was read as. Every one of its `rows` is a visit, an unreadable row (one UNREADABLE problem
    each), `blank`, or a `duplicate` that another row of the same visit has overtaken. `repeated` are the ids of which
    several rows differ and none is newer by its stamp, so that only their order decides."""

    visits: tuple[Visit, ...]
    problems: tuple[RowProblem, ...]
    rows: int
    blank: int
    duplicates: int
    repeated: frozenset[str] = frozenset()


def read_table(table: Table, profile: ProfileConfig, *, feed: str, office_zone: ZoneInfo) -> Reading:
    """Never fails: what is wrong with a row becomes a problem that names the line, the column and the remedy."""
    return _Reader(table, profile, feed, office_zone).read()


class _Reader:
    def __init__(self, table: Table, profile: ProfileConfig, feed: str, office_zone: ZoneInfo) -> None:
        self._table = table
        self._problems: list[RowProblem] = []
        self._visits: dict[str, Visit] = {}
        self._lines: dict[str, int] = {}
        self._repeats: Counter[str] = Counter()
        self._disagree: set[str] = set()
        self._unknown: Counter[str] = Counter()
        self._unknown_first: dict[str, tuple[int, str]] = {}
        orders, doubts = month_first(table, profile)
        for line, doubt in doubts:
            self._doubt(line, doubt)
        times = TimeColumns(table.columns, profile, orders)
        self._reader = RowReader(feed, table.columns, profile, times, office_zone)

    def read(self) -> Reading:
        blank = 0
        for row in self._table.rows:
            if row.blank:
                blank += 1
            else:
                self._take(row)
        self._tell_repeats()
        self._tell_unknown_words()
        problems = sorted(self._problems, key=lambda problem: problem.line)
        return Reading(
            visits=tuple(self._visits.values()),
            problems=tuple(problems),
            rows=len(self._table.rows),
            blank=blank,
            duplicates=self._repeats.total(),
            repeated=frozenset(self._disagree),
        )

    def _take(self, row: Row) -> None:
        try:
            visit, doubts = self._reader.read(self._table.columns.texts(self._cells(row)), row.untold)
        except Unreadable as fault:
            problem = RowProblem(self._table.file, row.line, fault.column, str(fault), Gravity.UNREADABLE)
            self._problems.append(problem)
            return
        for doubt in doubts:
            self._doubt(row.line, doubt)
        if visit.status is Status.UNKNOWN and visit.status_raw:
            self._note_unknown(visit.status_raw, row.line)
        self._keep(visit, row.line)

    def _cells(self, row: Row) -> list[str]:
        """Exactly as many cells as the header has; what a row lacks at its end is blank."""
        if row.fault:
            raise Unreadable("", row.fault)
        width = self._table.columns.width
        cells = list(row.cells)
        if any(cell.strip() for cell in cells[width:]):
            count = f"has {len(cells)} cells where the header has {width}"
            raise Unreadable("", f"{count}; a quote or delimiter may be missing")
        return cells + [""] * (width - len(cells))

    def _keep(self, visit: Visit, line: int) -> None:
        """The last modified of several rows of one visit counts; without stamps the last row."""
        known = self._visits.get(visit.ext_id)
        if known is not None:
            self._repeats[visit.ext_id] += 1
            stamp, last = visit.modified_at or LONG_AGO, known.modified_at or LONG_AGO
            if stamp < last:
                return
            if stamp > last:
                self._disagree.discard(visit.ext_id)
            elif visit != known:
                self._disagree.add(visit.ext_id)
        self._visits[visit.ext_id] = visit
        self._lines[visit.ext_id] = line

    def _note_unknown(self, word: str, line: int) -> None:
        key = normal(word)
        self._unknown[key] += 1
        self._unknown_first.setdefault(key, (line, word))

    def _tell_repeats(self) -> None:
        header = self._table.columns.headers["ext_id"]
        for ext_id, count in self._repeats.items():
            problem = f"the id {ext_id} stands in {count + 1} rows; this one, the newest, was taken"
            self._doubt(self._lines[ext_id], Doubt(header, problem))

    def _tell_unknown_words(self) -> None:
        for key, (line, word) in self._unknown_first.items():
            count = self._unknown[key]
            rows = "1 row has" if count == 1 else f"{count} rows have"
            problem = (
                f"nobody has said what the status '{word}' means ({rows} it); map it in the profile:"
                f' status = {{ "{word}" = "scheduled" }}, with the right one of our words'
            )
            self._doubt(line, Doubt(self._table.columns.headers["status"], problem))

    def _doubt(self, line: int, doubt: Doubt) -> None:
        self._problems.append(RowProblem(self._table.file, line, doubt.column, doubt.problem, Gravity.DOUBTFUL))
