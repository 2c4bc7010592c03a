"""How each cell of a row is painted: the time that is left first, then state, who, where, when, and who was told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from PySide6.QtCore import QRect

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop import board_phrases, phrases
from dispatchwatch.desktop.board import buttons
from dispatchwatch.desktop.board.cells import TWO_LINES
from dispatchwatch.desktop.board.columns import Column
from dispatchwatch.desktop.board.marking import mark_hits
from dispatchwatch.desktop.canvas import Canvas
from dispatchwatch.desktop.countdown import countdown
from dispatchwatch.desktop.marks import EVIDENCES, SEVERITIES, STANDINGS, Mark
from dispatchwatch.desktop.theme import BASE_SIZE, Density, Theme
from dispatchwatch.desktop.tokens import Tone
from dispatchwatch.domain.alert import Severity
from dispatchwatch.domain.evidence import evidence_of
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.wording import clock

SETTLED = frozenset({Standing.DONE, Standing.CANCELLED, Standing.GONE})
URGENT = frozenset({Standing.LATE, Standing.SOON})
STRONG = frozenset({Column.TECHNICIAN})
FIGURE, UNIT = 18, 12
Paint = Callable[[Canvas, QRect, BoardRow], None]


class CellPainter:
    """`now`, `read_at` (when each feed was read last), `hits` (the words to be marked) and `folded` are set from
    outside."""

    def __init__(self, theme: Theme, now: datetime) -> None:
        self._theme = theme
        self.now = now
        self.office_zone = "UTC"
        self.read_at: Mapping[str, datetime | None] = {}
        self.hits: tuple[str, ...] = ()
        self.folded: frozenset[Column] = frozenset()
        self._paint: Mapping[Column, Paint] = {
            Column.TIME: self._time,
            Column.STATE: self._state,
            Column.TECHNICIAN: self._technician,
            Column.WINDOW: self._window,
            Column.TOLD: self._told,
            Column.EVIDENCE: self._evidence,
            Column.AGE: self._age,
            Column.ACTIONS: self._actions,
        }

    def paint(self, canvas: Canvas, area: QRect, row: BoardRow, column: Column) -> None:
        special = self._paint.get(column)
        if special is not None:
            special(canvas, area, row)
            return
        first, second = TWO_LINES[column](row)
        self._two_lines(canvas, area, (first, Tone.TEXT), second, row)

    def time_width(self) -> int:
        """The room that the longest countdown takes: the column never changes its width."""
        figure = self._theme.metrics(FIGURE, strong=True).horizontalAdvance("+23 h 59")
        unit = self._theme.metrics(UNIT).horizontalAdvance(" late")
        return figure + unit + self._theme.px(16 + 16)

    def _time(self, canvas: Canvas, area: QRect, row: BoardRow) -> None:
        theme = self._theme
        inner = area.adjusted(theme.px(12), 0, -theme.px(16), 0)
        if Column.STATE in self.folded and not self._compact:
            inner = self._state_below(canvas, inner, row)
        if row.deadline is None or row.standing in SETTLED or row.standing is Standing.ON_SITE:
            canvas.text(inner, _settled_time(row), Tone.MUTED, right=True)
            return
        left = countdown(row.deadline, self.now)
        tone = self._tone(row, mark_of(row).tone if row.standing in URGENT else Tone.TEXT)
        if left.unit:
            unit = theme.metrics(UNIT).horizontalAdvance(f" {left.unit}")
            drop = (theme.metrics(FIGURE).ascent() - theme.metrics(UNIT).ascent()) // 3
            canvas.text(inner.translated(0, drop), left.unit, tone, UNIT, right=True)
            inner = inner.adjusted(0, 0, -unit, 0)
        canvas.text(inner, left.figure, tone, FIGURE, strong=row.standing in URGENT, right=True)

    def _state_below(self, canvas: Canvas, inner: QRect, row: BoardRow) -> QRect:
        """Where there is no room for the state, it stands below the time. Answers what is left for that."""
        upper, lower = self._lines(inner)
        mark, width = mark_of(row), self._theme.px(18)
        used = canvas.text(lower.adjusted(width, 0, 0, 0), mark.word, self._tone(row, mark.tone), 11, right=True)
        lower.setLeft(lower.right() - used - width)
        canvas.icon(lower, mark.icon, self._tone(row, mark.tone), 13)
        return upper

    def _state(self, canvas: Canvas, area: QRect, row: BoardRow) -> None:
        """What the state rests on stands below it, unless there is something more pressing to say."""
        mark, theme = mark_of(row), self._theme
        tone, strong = self._tone(row, mark.tone), row.standing in URGENT
        canvas.icon(area, mark.icon, tone, 16)
        words = area.adjusted(theme.px(24), 0, -theme.px(8), 0)
        note, note_tone = self._note(row)
        if self._compact:
            used = canvas.text(words, mark.word, tone, strong=strong) + theme.px(8)
            self._evidence_icon(canvas, words.adjusted(used, 0, 0, 0), row)
            return
        if not note and evidence_of(row.visit) is None:
            canvas.text(words, mark.word, tone, strong=strong)
            return
        upper, lower = self._lines(words)
        canvas.text(upper, mark.word, tone, strong=strong)
        if note:
            canvas.text(lower, note, note_tone, 11)
        elif used := self._evidence_icon(canvas, lower, row):
            canvas.text(
                lower.adjusted(used, 0, 0, 0), board_phrases.evidence_words(evidence_of(row.visit)), Tone.MUTED, 11
            )

    def _note(self, row: BoardRow) -> tuple[str, Tone]:
        note = phrases.row_note(row, self.now)
        if note:
            speaks_up = row.standing is not Standing.LATE and note == phrases.alert_note(row)
            return note, self._tone(row, Tone.SOON) if speaks_up else Tone.MUTED
        if row.outlook is None:
            return "", Tone.MUTED
        return row.outlook.text, self._tone(row, Tone.SOON if row.outlook.at_risk else Tone.MUTED)

    def _evidence_icon(self, canvas: Canvas, area: QRect, row: BoardRow) -> int:
        """Answers the room it takes; 0 where there is no evidence."""
        evidence = evidence_of(row.visit)
        if evidence is None:
            return 0
        canvas.icon(area, EVIDENCES[evidence].icon, self._tone(row, EVIDENCES[evidence].tone), 12)
        return self._theme.px(16)

    def _technician(self, canvas: Canvas, area: QRect, row: BoardRow) -> None:
        first, second = TWO_LINES[Column.TECHNICIAN](row)
        strong = row.standing not in SETTLED and row.unverified_since is None
        tone = Tone.TEXT if row.visit.technicians else Tone.INFO
        self._two_lines(canvas, area, (first, tone), second, row, strong=strong)

    def _window(self, canvas: Canvas, area: QRect, row: BoardRow) -> None:
        zone_name, below = row.visit.site.timezone, ""
        if row.deadline:
            below = f"due {clock(row.deadline, zone_name, label=zone_name != self.office_zone)}"
        self._two_lines(canvas, area, (phrases.window(row.visit), Tone.TEXT), below, row)

    def _evidence(self, canvas: Canvas, area: QRect, row: BoardRow) -> None:
        inner = area.adjusted(0, 0, -self._theme.px(12), 0)
        used = self._evidence_icon(canvas, inner, row)
        words = board_phrases.evidence_words(evidence_of(row.visit))
        canvas.text(inner.adjusted(used, 0, 0, 0), words, self._tone(row, Tone.TEXT if used else Tone.MUTED), 12)

    def _age(self, canvas: Canvas, area: QRect, row: BoardRow) -> None:
        read_at = row.unverified_since or self.read_at.get(row.key.feed)
        tone = Tone.MUTED if row.unverified_since is None else Tone.IDLE
        words = board_phrases.data_age(read_at, self.now)
        self._two_lines(canvas, area, (words, tone), "" if row.unverified_since is None else "old", row)

    def _actions(self, canvas: Canvas, area: QRect, row: BoardRow) -> None:
        for button in buttons.placed(row, area, self._theme):
            canvas.button(button.area, button.text)

    def _told(self, canvas: Canvas, area: QRect, row: BoardRow) -> None:
        """Who has heard, and below it who has not: waiting or failed, in its own colour."""
        room = area.adjusted(0, 0, -self._theme.px(12), 0)
        heard, others = phrases.told_pair(row.told)
        states = {one.state for one in row.told}
        tone = Tone.LATE if "failed" in states else Tone.MUTED if states <= {"sent"} else Tone.SOON
        if self._compact or not heard or not others:
            words = " · ".join(part for part in (others, heard) if part)
            canvas.text(room, words, self._tone(row, tone if others else Tone.MUTED), 11)
            return
        upper, lower = self._lines(room)
        canvas.text(upper, heard, Tone.MUTED, 11)
        canvas.text(lower, others, self._tone(row, tone), 11)

    def _two_lines(
        self, canvas: Canvas, area: QRect, first: tuple[str, Tone], second: str, row: BoardRow, *, strong: bool = False
    ) -> None:
        """A cell with a line that is read and one that is looked up; packed tightly, both stand side by side."""
        words = area.adjusted(0, 0, -self._theme.px(12), 0)
        text, tone = first
        tone = self._tone(row, Tone.MUTED if row.standing in SETTLED else tone)
        if not second:
            self._text(canvas, words, text, tone, strong=strong)
        elif self._compact:
            used = self._text(canvas, words, text, tone, strong=strong) + self._theme.px(8)
            if words.width() - used > self._theme.px(24):
                self._text(canvas, words.adjusted(used, 0, 0, 0), second, Tone.MUTED, 11)
        else:
            upper, lower = self._lines(words)
            self._text(canvas, upper, text, tone, strong=strong)
            self._text(canvas, lower, second, Tone.MUTED, 11)

    def _text(
        self, canvas: Canvas, area: QRect, text: str, tone: Tone, size: int = BASE_SIZE, *, strong: bool = False
    ) -> int:
        if self.hits:
            mark_hits(
                canvas, area, self._theme.elided(text, size, area.width(), strong=strong), self.hits, (size, strong)
            )
        return canvas.text(area, text, tone, size, strong=strong)

    def _lines(self, area: QRect) -> tuple[QRect, QRect]:
        """The upper and the lower line of a cell, together in its middle."""
        first = self._theme.metrics().height()
        second = self._theme.metrics(11).height()
        top = area.top() + (area.height() - first - second) // 2
        return (
            QRect(area.left(), top, area.width(), first),
            QRect(area.left(), top + first, area.width(), second),
        )

    def _tone(self, row: BoardRow, tone: Tone) -> Tone:
        """Old news looks old, whatever it says."""
        return tone if row.unverified_since is None else Tone.IDLE

    @property
    def _compact(self) -> bool:
        return self._theme.density is Density.COMPACT


def mark_of(row: BoardRow) -> Mark:
    """A late row takes the colour of its alert once that is critical."""
    mark = STANDINGS[row.standing]
    if row.standing is Standing.LATE and row.severity is Severity.CRITICAL:
        return Mark(SEVERITIES[Severity.CRITICAL].icon, Tone.CRITICAL, mark.word)
    return mark


def _settled_time(row: BoardRow) -> str:
    visit = row.visit
    if row.standing is Standing.ON_SITE and visit.checked_in_at:
        return f"in {clock(visit.checked_in_at, visit.site.timezone, label=False)}"
    if row.standing is Standing.DONE and visit.completed_at:
        return f"done {clock(visit.completed_at, visit.site.timezone, label=False)}"
    return "–"
