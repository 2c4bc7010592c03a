"""How a row of the board is painted: the time that is left first, then state, who, where, when, and who was told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop import phrases
from dispatchwatch.desktop.assets import Assets
from dispatchwatch.desktop.board import buttons
from dispatchwatch.desktop.board.columns import Column
from dispatchwatch.desktop.board.model import BoardModel
from dispatchwatch.desktop.canvas import Canvas
from dispatchwatch.desktop.countdown import countdown
from dispatchwatch.desktop.marks import SEVERITIES, STANDINGS, Mark
from dispatchwatch.desktop.theme import Density, Theme
from dispatchwatch.desktop.tokens import Tone
from dispatchwatch.domain.alert import Severity
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.wording import clock

SETTLED = frozenset({Standing.DONE, Standing.CANCELLED, Standing.GONE})
URGENT = frozenset({Standing.LATE, Standing.SOON})
FIGURE, UNIT = 18, 12
Paint = Callable[[Canvas, QRect, BoardRow], None]


class BoardDelegate(QStyledItemDelegate):
    """`now`, `pointer`, the rows `hovered` and `focused`, and `folded` (columns without room) are set by the view."""

    def __init__(self, theme: Theme, assets: Assets, model: BoardModel, now: datetime, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._assets = assets
        self._model = model
        self.now = now
        self.office_zone = "UTC"
        self.hovered = -1
        self.focused = -1
        self.pointer: QPoint | None = None
        self.folded: frozenset[Column] = frozenset()
        self._paint: Mapping[int, Paint] = {
            Column.TIME: self._time,
            Column.STATE: self._state,
            Column.TECHNICIAN: self._technician,
            Column.SITE: self._site,
            Column.WINDOW: self._window,
            Column.TOLD: self._told,
        }

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = self._model.line_at(index.row())
        canvas = Canvas(painter, self._theme, self._assets, self.pointer)
        area: QRect = option.rect
        painter.save()
        painter.setClipRect(area)
        self._ground(canvas, area, row, option, index)
        self._paint[index.column()](canvas, area, row)
        painter.restore()

    def time_width(self) -> int:
        """The room that the longest countdown takes: the column never changes its width."""
        figure = self._theme.metrics(FIGURE, strong=True).horizontalAdvance("+23 h 59")
        unit = self._theme.metrics(UNIT).horizontalAdvance(" late")
        return figure + unit + self._theme.px(16 + 16)

    def _ground(
        self,
        canvas: Canvas,
        area: QRect,
        row: BoardRow,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Tint of the state, selection, the line below, and the frame of the row that has the keyboard."""
        theme, state = self._theme, option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected:
            canvas.fill(area, theme.tint(Tone.ACCENT, 0.13))
        elif index.row() == self.hovered:
            canvas.fill(area, theme.tint(Tone.TEXT, 0.04))
        elif row.standing in URGENT and row.unverified_since is None:
            canvas.fill(area, theme.tint(_mark(row).tone, 0.07 if row.standing is Standing.LATE else 0.04))
        canvas.fill(QRect(area.left(), area.bottom(), area.width(), 1), theme.named(theme.tokens.line))
        if index.column() == Column.TIME and (selected or row.standing is Standing.LATE):
            bar = Tone.ACCENT if selected else _mark(row).tone
            canvas.fill(QRect(area.left(), area.top(), theme.px(3), area.height() - 1), theme.color(bar))
        if index.row() == self.focused or (selected and theme.tokens.high_contrast):
            self._frame(canvas, area)

    def _frame(self, canvas: Canvas, area: QRect) -> None:
        color = self._theme.color(Tone.ACCENT)
        canvas.fill(QRect(area.left(), area.top(), area.width(), 1), color)
        canvas.fill(QRect(area.left(), area.bottom(), area.width(), 1), color)

    def _time(self, canvas: Canvas, area: QRect, row: BoardRow) -> None:
        theme = self._theme
        inner = area.adjusted(theme.px(12), 0, -theme.px(16), 0)
        if Column.STATE in self.folded:
            upper, lower = self._lines(inner)
            mark, width = _mark(row), theme.px(18)
            word = lower.adjusted(width, 0, 0, 0)
            if not self._compact:
                used = canvas.text(word, mark.word, self._tone(row, mark.tone), 11, right=True)
                lower.setLeft(lower.right() - used - width)
                canvas.icon(lower, mark.icon, self._tone(row, mark.tone), 13)
                inner = upper
        if row.deadline is None or row.standing in SETTLED or row.standing is Standing.ON_SITE:
            canvas.text(inner, _settled_time(row), Tone.MUTED, right=True)
            return
        left = countdown(row.deadline, self.now)
        tone = self._tone(row, _mark(row).tone if row.standing in URGENT else Tone.TEXT)
        if left.unit:
            unit = theme.metrics(UNIT).horizontalAdvance(f" {left.unit}")
            drop = (theme.metrics(FIGURE).ascent() - theme.metrics(UNIT).ascent()) // 3
            canvas.text(inner.translated(0, drop), left.unit, tone, UNIT, right=True)
            inner = inner.adjusted(0, 0, -unit, 0)
        canvas.text(inner, left.figure, tone, FIGURE, strong=row.standing in URGENT, right=True)

    def _state(self, canvas: Canvas, area: QRect, row: BoardRow) -> None:
        mark, theme = _mark(row), self._theme
        tone = self._tone(row, mark.tone)
        canvas.icon(area, mark.icon, tone, 16)
        words = area.adjusted(theme.px(24), 0, -theme.px(8), 0)
        note = phrases.row_note(row, self.now)
        speaks_up = row.standing is not Standing.LATE and note == phrases.alert_note(row)
        note_tone = self._tone(row, Tone.SOON) if speaks_up else Tone.MUTED
        if not note and row.outlook is not None:
            note, note_tone = row.outlook.text, self._tone(row, Tone.SOON if row.outlook.at_risk else Tone.MUTED)
        if not note or self._compact:
            canvas.text(words, mark.word, tone, strong=row.standing in URGENT)
            return
        upper, lower = self._lines(words)
        canvas.text(upper, mark.word, tone, strong=row.standing in URGENT)
        canvas.text(lower, note, note_tone, 11)

    def _technician(self, canvas: Canvas, area: QRect, row: BoardRow) -> None:
        visit = row.visit
        below = f"{visit.ext_id} · {visit.title}" if visit.title else visit.ext_id
        strong = row.standing not in SETTLED and row.unverified_since is None
        tone = Tone.TEXT if visit.technicians else Tone.INFO
        self._two_lines(canvas, area, (phrases.crew(visit), tone), below, row, strong=strong)

    def _site(self, canvas: Canvas, area: QRect, row: BoardRow) -> None:
        visit = row.visit
        below = " · ".join(part for part in (visit.site.name, visit.site.address) if part)
        self._two_lines(canvas, area, (visit.customer.name or phrases.where(visit), Tone.TEXT), below, row)

    def _window(self, canvas: Canvas, area: QRect, row: BoardRow) -> None:
        visit = row.visit
        below = f"due {clock(row.deadline, visit.site.timezone, label=False)}" if row.deadline else ""
        if visit.site.timezone != self.office_zone and row.deadline:
            below = f"due {clock(row.deadline, visit.site.timezone)}"
        self._two_lines(canvas, area, (phrases.window(visit), Tone.TEXT), below, row)

    def _told(self, canvas: Canvas, area: QRect, row: BoardRow) -> None:
        theme = self._theme
        room = area.adjusted(0, 0, -theme.px(12), 0)
        placed = buttons.placed(row, area, theme)
        for button in placed:
            canvas.button(button.area, button.text, primary=button.primary)
        if placed:
            room.setRight(placed[0].area.left() - theme.px(12))
        if room.width() >= theme.px(60):
            self._told_words(canvas, room, row)

    def _told_words(self, canvas: Canvas, room: QRect, row: BoardRow) -> None:
        """Who has heard, and below it who has not: waiting or failed, in its own colour."""
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
            canvas.text(words, text, tone, strong=strong)
        elif self._compact:
            used = canvas.text(words, text, tone, strong=strong) + self._theme.px(8)
            if words.width() - used > self._theme.px(24):
                canvas.text(words.adjusted(used, 0, 0, 0), second, Tone.MUTED, 11)
        else:
            upper, lower = self._lines(words)
            canvas.text(upper, text, tone, strong=strong)
            canvas.text(lower, second, Tone.MUTED, 11)

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


def _mark(row: BoardRow) -> Mark:
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
