"""How an alert is painted: what is wrong, since when, who was told, what to do next, and the buttons to do it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from dispatchwatch.app.view import AlertLine
from dispatchwatch.desktop import alert_phrases, texts
from dispatchwatch.desktop.alerts.model import AlertsModel
from dispatchwatch.desktop.assets import Assets
from dispatchwatch.desktop.canvas import Canvas, button_width
from dispatchwatch.desktop.grouped_model import Heading
from dispatchwatch.desktop.marks import SEVERITIES, Mark
from dispatchwatch.desktop.theme import Theme
from dispatchwatch.desktop.tokens import Tone
from dispatchwatch.domain.alert import AlertState
from dispatchwatch.domain.wording import headline

WIDE_FROM = 620
PAD = 16


class AlertAction(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    SNOOZE = "snooze"
    RESOLVE = "resolve"
    SEEN = "seen"
    REOPEN = "reopen"
    BRING_BACK = "bring_back"


class CardButton(NamedTuple):
    action: AlertAction
    text: str
    area: QRect
    primary: bool = False


NAMES = {
    AlertAction.ACKNOWLEDGE: texts.ACKNOWLEDGE,
    AlertAction.SNOOZE: texts.SNOOZE,
    AlertAction.RESOLVE: texts.RESOLVE,
    AlertAction.SEEN: texts.MARK_SEEN,
    AlertAction.REOPEN: alert_phrases.REOPEN,
    AlertAction.BRING_BACK: alert_phrases.BRING_BACK,
}
TOLD_TONES = {"sent": Tone.MUTED, "failed": Tone.LATE, "dropped": Tone.MUTED}
TOLD_ICONS = {"sent": "sent", "failed": "failed", "dropped": "dropped"}
HEADING = 32


class AlertDelegate(QStyledItemDelegate):
    """Every card is as high as the next, so that a list of thousands needs no measuring."""

    def __init__(self, theme: Theme, assets: Assets, model: AlertsModel, now: datetime, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._assets = assets
        self._model = model
        self.now = now
        self.zone_name = "UTC"
        self.hovered = -1
        self.pointer: QPoint | None = None

    def sizeHint(  # noqa: N802
        self,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QSize:
        area: QRect = option.rect
        if index.isValid() and self._model.heading_at(index.row()) is not None:
            return QSize(area.width(), self._theme.px(HEADING))
        return QSize(area.width(), self.card_height(area.width()))

    def card_height(self, width: int) -> int:
        theme = self._theme
        line = theme.metrics().lineSpacing()
        small = theme.metrics(11).lineSpacing()
        if self.wide(width):
            return theme.px(12 + 12 + 2) + line * 2 + small * 2
        return theme.px(12 + 4 + 4 + 4 + 8 + 28 + 12) + line * 3 + small * 3

    def wide(self, width: int) -> bool:
        return width >= self._theme.px(WIDE_FROM)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        heading = self._model.heading_at(index.row())
        area: QRect = option.rect
        canvas = Canvas(painter, self._theme, self._assets, self.pointer)
        painter.save()
        painter.setClipRect(area)
        if heading is not None:
            self._heading(canvas, area, heading, focused=bool(option.state & QStyle.StateFlag.State_HasFocus))
        else:
            self._card(canvas, area, option, index.row())
        painter.restore()

    def _heading(self, canvas: Canvas, area: QRect, heading: Heading, *, focused: bool) -> None:
        theme = self._theme
        canvas.fill(area, theme.named(theme.tokens.sunken))
        canvas.fill(QRect(area.left(), area.bottom(), area.width(), 1), theme.named(theme.tokens.line))
        inner = area.adjusted(theme.px(PAD), 0, -theme.px(PAD), 0)
        canvas.icon(inner, "chevron_right" if heading.folded else "chevron", Tone.MUTED, 16)
        inner.setLeft(inner.left() + theme.px(22))
        room = inner.adjusted(0, 0, -theme.px(48), 0)
        used = canvas.text(room, heading.group.name, strong=True)
        canvas.text(inner.adjusted(used + theme.px(8), 0, 0, 0), str(heading.count), Tone.MUTED)
        if focused:
            canvas.rounded(area.adjusted(1, 1, -1, -2), None, theme.color(Tone.ACCENT), 4)

    def _card(self, canvas: Canvas, area: QRect, option: QStyleOptionViewItem, row: int) -> None:
        line = self._model.line_at(row)
        self._ground(canvas, area, line, option, row)
        placed = self.buttons(line, area)
        for one in placed:
            canvas.button(one.area, one.text, primary=one.primary)
        inner = area.adjusted(self._theme.px(PAD), self._theme.px(12), -self._theme.px(PAD), -self._theme.px(12))
        if self.wide(area.width()) and placed:
            inner.setRight(placed[0].area.left() - self._theme.px(24))
        self._words(canvas, inner, line, wide=self.wide(area.width()))

    def buttons(self, line: AlertLine, area: QRect) -> list[CardButton]:
        """The buttons of a card from left to right: below its words, or at the right end where there is room."""
        theme, actions = self._theme, self._offered(line)
        gap, height = theme.px(8), theme.px(28)
        sizes = [button_width(theme, NAMES[action]) for action in actions]
        if self.wide(area.width()):
            left = area.right() - theme.px(PAD) - sum(sizes) - gap * (len(sizes) - 1)
            top = area.top() + (area.height() - height) // 2
        else:
            left, top = area.left() + theme.px(PAD), area.bottom() - theme.px(12) - height
        result = []
        for number, (action, width) in enumerate(zip(actions, sizes, strict=True)):
            primary = number == 0 and action is AlertAction.ACKNOWLEDGE and self._model.number_of(line.alert.id) == 0
            result.append(CardButton(action, NAMES[action], QRect(left, top, width, height), primary))
            left += width + gap
        return result

    def _offered(self, line: AlertLine) -> list[AlertAction]:
        alert = line.alert
        if alert.state is AlertState.RESOLVED:
            return [AlertAction.SEEN] if self._model.missed(alert) else []
        snooze = AlertAction.BRING_BACK if self._model.mine_until(alert) is not None else AlertAction.SNOOZE
        if alert.state is AlertState.ACKNOWLEDGED:
            return [AlertAction.RESOLVE, snooze, AlertAction.REOPEN]
        return [AlertAction.ACKNOWLEDGE, snooze, AlertAction.RESOLVE]

    def _ground(self, canvas: Canvas, area: QRect, line: AlertLine, option: QStyleOptionViewItem, row: int) -> None:
        theme, state = self._theme, option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected:
            canvas.fill(area, theme.tint(Tone.ACCENT, 0.13))
        elif row == self.hovered:
            canvas.fill(area, theme.tint(Tone.TEXT, 0.04))
        canvas.fill(QRect(area.left(), area.bottom(), area.width(), 1), theme.named(theme.tokens.line))
        if line.alert.state is AlertState.OPEN or selected:
            bar = Tone.ACCENT if selected else SEVERITIES[line.alert.severity].tone
            canvas.fill(QRect(area.left(), area.top(), theme.px(3), area.height() - 1), theme.color(bar))
        if state & QStyle.StateFlag.State_HasFocus:
            canvas.rounded(area.adjusted(1, 1, -1, -2), None, theme.color(Tone.ACCENT), 4)

    def _words(self, canvas: Canvas, area: QRect, line: AlertLine, *, wide: bool) -> None:
        theme, alert = self._theme, line.alert
        small = theme.metrics(11).lineSpacing()
        self._first_line(canvas, area, line)
        top = area.top() + theme.metrics().lineSpacing() + theme.px(2 if wide else 4)
        rest = QRect(area.left(), top, area.width(), area.bottom() - top)
        top += canvas.paragraph(rest, headline(alert, self.now), 1 if wide else 2, strong=not self._over(line))
        top += theme.px(0 if wide else 4)
        self._told(canvas, QRect(area.left(), top, area.width(), small), line)
        below = QRect(area.left(), top + small + theme.px(0 if wide else 4), area.width(), small * 2)
        put = alert_phrases.aside(alert, self._model.mine_until(alert), self.zone_name, self.now)
        next_line = ". ".join(part for part in (put, alert_phrases.what_next(alert, self.zone_name)) if part)
        canvas.paragraph(below, next_line, 1 if wide else 2, Tone.MUTED, 11)

    def _told(self, canvas: Canvas, area: QRect, line: AlertLine) -> None:
        """Channel by channel, each with whether it arrived."""
        theme = self._theme
        if not line.told:
            canvas.text(area, texts.NOBODY_TOLD, Tone.MUTED, 11)
        for told in line.told:
            if area.width() < theme.px(40):
                return
            tone = TOLD_TONES.get(told.state, Tone.SOON)
            canvas.icon(area, TOLD_ICONS.get(told.state, "waiting"), tone, 12)
            words = area.adjusted(theme.px(16), 0, 0, 0)
            text = alert_phrases.told_with_time(told, self.zone_name, self.now)
            area = words.adjusted(canvas.text(words, text, tone, 11) + theme.px(16), 0, 0, 0)

    def _first_line(self, canvas: Canvas, area: QRect, line: AlertLine) -> None:
        """Severity, visit and time: "⬥ High · J-1042 … since 09:15"."""
        theme, alert, mark = self._theme, line.alert, self._mark(line)
        first = QRect(area.left(), area.top(), area.width(), theme.metrics().lineSpacing())
        canvas.icon(first, mark.icon, mark.tone, 16)
        since = alert_phrases.alert_since(alert, self.zone_name, self.now)
        used = canvas.text(first, since, Tone.MUTED, 11, right=True)
        words = first.adjusted(theme.px(22), 0, -used - theme.px(8), 0)
        left = canvas.text(words, mark.word, mark.tone, strong=True) + theme.px(8)
        rest = words.adjusted(left, 0, 0, 0)
        if self._model.is_new(alert):
            dot = theme.px(7)
            canvas.badge(QRect(rest.left(), first.center().y() - dot // 2, dot, dot), Tone.ACCENT)
            rest.setLeft(rest.left() + dot + theme.px(4))
            rest.setLeft(rest.left() + canvas.text(rest, texts.NEW, Tone.ACCENT, 11, strong=True) + theme.px(8))
        taken = alert_phrases.taken_by(alert, self.zone_name)
        canvas.text(rest, " · ".join(part for part in (alert.ext_id or alert.feed, taken) if part), Tone.MUTED)

    def _mark(self, line: AlertLine) -> Mark:
        if self._over(line):
            return Mark("done", Tone.OK, texts.RESOLVED)
        return SEVERITIES[line.alert.severity]

    def _over(self, line: AlertLine) -> bool:
        return line.alert.state is AlertState.RESOLVED
