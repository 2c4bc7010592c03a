"""What stands in each cell of the board, in plain words: for screen readers, for copying, and as two lines to paint."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop import board_phrases, feed_phrases, phrases, texts
from dispatchwatch.desktop.board.columns import Column
from dispatchwatch.domain.evidence import evidence_of
from dispatchwatch.domain.wording import clock, day_and_clock

Lines = tuple[str, str]


def _deadline(row: BoardRow) -> str:
    return day_and_clock(row.deadline, row.visit.site.timezone) if row.deadline else ""


def _site(row: BoardRow) -> Lines:
    visit = row.visit
    below = " · ".join(part for part in (visit.site.name, visit.site.address) if part)
    return visit.customer.name or phrases.where(visit), below


def _technician(row: BoardRow) -> Lines:
    visit = row.visit
    return phrases.crew(visit), f"{visit.ext_id} · {visit.title}" if visit.title else visit.ext_id


def _contact(row: BoardRow) -> Lines:
    numbers = (phone for phone in (row.visit.customer.phone, *(one.phone for one in row.visit.technicians)) if phone)
    return row.visit.site.address, next(numbers, "")


def _planned(row: BoardRow) -> Lines:
    start, end, zone_name = row.visit.sched_start, row.visit.sched_end, row.visit.site.timezone
    if start is None:
        return "", ""
    text = clock(start, zone_name, label=False)
    return (f"{text}–{clock(end, zone_name, label=False)}" if end else text), ""


def _notes(row: BoardRow) -> Lines:
    """The last two lines: notes grow at their end."""
    lines = [line for line in row.visit.notes.splitlines() if line.strip()]
    return (lines[-2], lines[-1]) if len(lines) > 1 else ("".join(lines), "")


TWO_LINES: Mapping[Column, Callable[[BoardRow], Lines]] = {
    Column.TECHNICIAN: _technician,
    Column.SITE: _site,
    Column.PRIORITY: lambda row: (row.visit.priority, ""),
    Column.KIND: lambda row: (row.visit.kind, ""),
    Column.ORDER: lambda row: (row.visit.order_ref, ""),
    Column.FEED: lambda row: (feed_phrases.feed_name(row.key.feed), ""),
    Column.CONTACT: _contact,
    Column.PLANNED: _planned,
    Column.PREDICTED: board_phrases.expected,
    Column.ACKNOWLEDGED: lambda row: (row.acknowledged_by, ""),
    Column.NOTES: _notes,
}
PLAIN: Mapping[Column, Callable[[BoardRow], str]] = {
    Column.TIME: _deadline,
    Column.STATE: lambda row: texts.STANDING_NAMES[row.standing],
    Column.TECHNICIAN: lambda row: row.visit.technician,
    Column.WINDOW: lambda row: phrases.window(row.visit),
    Column.TOLD: lambda row: phrases.told_line(row.told),
    Column.EVIDENCE: lambda row: board_phrases.evidence_words(evidence_of(row.visit)),
    Column.NOTES: lambda row: row.visit.notes,
}


def words(row: BoardRow, column: Column, *, read_at: datetime | None = None, now: datetime | None = None) -> str:
    """A cell on one line. The age of the data needs to be told when its feed was read."""
    if column in PLAIN:
        return PLAIN[column](row)
    if column in TWO_LINES:
        return " · ".join(part for part in TWO_LINES[column](row) if part)
    return board_phrases.data_age(read_at, now) if column is Column.AGE and now is not None else ""
