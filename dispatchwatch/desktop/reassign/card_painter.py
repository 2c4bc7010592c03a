"""Paints the lines of “Who can take it?”: a card for everybody who can, a plain line for everybody who cannot."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from dispatchwatch.app.view import Weighed
from dispatchwatch.desktop import reassign_phrases as phrases
from dispatchwatch.desktop.canvas import Canvas
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.reassign.model import LINE
from dispatchwatch.desktop.reassign.ranking import Kind, Line
from dispatchwatch.desktop.theme import BASE_SIZE, Theme
from dispatchwatch.desktop.tokens import Tone

GAP, PADDING, NUMBER = 8, 12, 24
MOST_LINES = 4
Index = QModelIndex | QPersistentModelIndex


class Words(NamedTuple):
    """A paragraph of a card."""

    text: str
    tone: Tone = Tone.TEXT
    size: int = BASE_SIZE


class CardPainter(QStyledItemDelegate):
    """`unfolded` says which way the arrow before those who cannot points."""

    def __init__(self, room: DeskRoom, view: QListView) -> None:
        super().__init__(view)
        self._room = room
        self._view = view
        self.unfolded = False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802, ARG002
        line: Line = index.data(LINE)
        theme, width = self._room.theme, self._view.viewport().width()
        inner = width - theme.px(2 * PADDING + NUMBER)
        match line.kind:
            case Kind.CAN | Kind.COULD:
                height = theme.px(2 * PADDING + GAP) + _title_height(theme) + _height(theme, _below(line), inner)
            case Kind.CANNOT:
                height = theme.px(GAP) + _height(theme, _why_not(line), inner)
            case Kind.HEADING:
                height = theme.px(2 * GAP) + _height(theme, (Words(line.text),), width)
            case Kind.FOLD:
                height = theme.px(2 * GAP) + _height(theme, (Words(line.text),), inner)
        return QSize(width, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: Line = index.data(LINE)
        canvas, area = Canvas(painter, self._room.theme, self._room.assets), QRect(option.rect)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        match line.kind:
            case Kind.CAN | Kind.COULD:
                self._paint_card(canvas, area, line, selected=selected)
            case Kind.HEADING:
                _paint_words(canvas, area.adjusted(0, self._room.theme.px(GAP) // 2, 0, 0), (Words(line.text),))
            case _:
                self._paint_line(canvas, area, line, selected=selected)

    def _paint_card(self, canvas: Canvas, area: QRect, line: Line, *, selected: bool) -> None:
        theme, weighed = self._room.theme, line.weighed
        if weighed is None:
            return
        card = area.adjusted(0, 0, 0, -theme.px(GAP))
        self._paint_ground(canvas, card, selected=selected, framed=True)
        inner = card.adjusted(theme.px(PADDING), theme.px(PADDING), -theme.px(PADDING), -theme.px(PADDING))
        title = QRect(inner.left(), inner.top(), inner.width(), _title_height(theme))
        if line.number:
            canvas.text(title, str(line.number), Tone.MUTED, 12)
        self._paint_title(canvas, title.adjusted(theme.px(NUMBER), 0, 0, 0), weighed)
        _paint_words(canvas, inner.adjusted(theme.px(NUMBER), title.height(), 0, 0), _below(line))

    def _paint_title(self, canvas: Canvas, area: QRect, weighed: Weighed) -> None:
        """The name, and at the right how it stands with him."""
        theme, mark = self._room.theme, phrases.mark(weighed)
        width = theme.metrics(12, strong=True).horizontalAdvance(mark.word) + theme.px(24)
        right = QRect(area.right() + 1 - width, area.top(), width, area.height())
        canvas.icon(right, mark.icon, mark.tone, 16)
        canvas.text(right.adjusted(theme.px(20), 0, 0, 0), mark.word, mark.tone, 12, strong=True)
        canvas.text(area.adjusted(0, 0, -width - theme.px(8), 0), weighed.technician.name, size=15, strong=True)

    def _paint_line(self, canvas: Canvas, area: QRect, line: Line, *, selected: bool) -> None:
        theme = self._room.theme
        self._paint_ground(canvas, area, selected=selected, framed=False)
        above = theme.px(GAP if line.kind is Kind.FOLD else GAP // 2)
        inner = area.adjusted(theme.px(PADDING), above, -theme.px(PADDING), 0)
        first = QRect(inner.left(), inner.top(), theme.px(16), theme.metrics().lineSpacing())
        words = inner.adjusted(theme.px(NUMBER), 0, 0, 0)
        if line.kind is Kind.FOLD:
            canvas.icon(first, "chevron" if self.unfolded else "chevron_right", Tone.MUTED)
            _paint_words(canvas, words, (Words(line.text),))
        else:
            canvas.icon(first, "failed", Tone.IDLE)
            _paint_words(canvas, words, _why_not(line))

    def _paint_ground(self, canvas: Canvas, area: QRect, *, selected: bool, framed: bool) -> None:
        """What is chosen has a line of the accent around it, so that it is seen without its tint too."""
        theme = self._room.theme
        surface = theme.named(theme.tokens.surface) if framed else None
        edge = theme.named(theme.tokens.line) if framed else None
        if selected:
            surface, edge = theme.tint(Tone.ACCENT, 0.1), theme.color(Tone.ACCENT)
        if surface is not None:
            canvas.rounded(area, surface, edge)


def _below(line: Line) -> tuple[Words, ...]:
    """What stands under a name."""
    weighed = line.weighed
    if weighed is None:
        return ()
    told = (
        Words(weighed.asks_for, Tone.SOON),
        Words(phrases.facts(weighed)),
        Words(phrases.as_things_are(weighed) if weighed.asks_for else "", Tone.MUTED, 12),
        Words(phrases.known_of(weighed), Tone.MUTED, 12),
    )
    return tuple(words for words in told if words.text)


def _why_not(line: Line) -> tuple[Words, ...]:
    """The sentence speaks of him by name, unless it is the visit that nobody can take."""
    weighed = line.weighed
    if weighed is None:
        return ()
    named = weighed.technician.name in weighed.reason
    return (Words(weighed.reason if named else f"{weighed.technician.name}: {weighed.reason}", Tone.MUTED),)


def _title_height(theme: Theme) -> int:
    return theme.metrics(15, strong=True).lineSpacing() + theme.px(4)


def _height(theme: Theme, paragraphs: tuple[Words, ...], width: int) -> int:
    return sum(
        len(theme.wrapped(one.text, one.size, width, MOST_LINES)) * theme.metrics(one.size).lineSpacing()
        for one in paragraphs
    ) + theme.px(4) * max(0, len(paragraphs) - 1)


def _paint_words(canvas: Canvas, area: QRect, paragraphs: tuple[Words, ...]) -> None:
    top = area.top()
    for one in paragraphs:
        place = QRect(area.left(), top, area.width(), max(1, area.bottom() - top))
        top += canvas.paragraph(place, one.text, MOST_LINES, one.tone, one.size) + canvas.theme.px(4)
