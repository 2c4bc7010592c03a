"""The rail at the left: where one can go."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from dispatchwatch.desktop import texts
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pages import PLACES
from dispatchwatch.desktop.pieces import label, tight

FIRST = ((texts.BOARD, "board"), (texts.ALERTS, "alerts"), (texts.SENT, "deliveries"), (texts.FEEDS, "feeds"))


def _in_order() -> dict[str, str]:
    found = list(FIRST)
    for place in sorted(PLACES, key=lambda place: place.at):
        found.insert(place.at, (place.name, place.icon))
    return dict(found)


RAIL: Mapping[str, str] = _in_order()
"""Every page by its name, with its icon, from top to bottom."""
WIDTH = 76
LEAST_WITH_WORDS, LEAST_WITHOUT = 62, 42


class Rail(QFrame):
    """`went` carries the name of a page."""

    went = Signal(str)
    shortcuts_wanted = Signal()

    def __init__(self, room: DeskRoom, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self._room = room
        self._buttons = {name: self._button(name, str(number)) for number, name in enumerate(RAIL, 1)}
        self._keys = self._button(texts.KEYBOARD, "F1")
        self._keys.setCheckable(False)
        self._keys.setAccessibleName(texts.SHORTCUTS)
        self._keys.setToolTip(f"{texts.SHORTCUTS} · F1")
        self._keys.clicked.connect(self.shortcuts_wanted)
        self._badge = label()
        self._badge.setObjectName("badge")
        self._badge.setParent(self._buttons[texts.ALERTS])
        self._badge.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._badge.hide()
        self._lay_out()
        room.theme.changed.connect(self._dress)
        self._dress()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fold()

    def show_page(self, name: str) -> None:
        self._buttons[name].setChecked(True)

    def show_open_alerts(self, number: int) -> None:
        self._badge.setText(str(number) if number < 100 else "99+")
        self._badge.setVisible(number > 0)
        self._buttons[texts.ALERTS].setAccessibleName(f"{texts.ALERTS}, {number} open" if number else texts.ALERTS)
        self._place_badge()

    def _lay_out(self) -> None:
        group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        tight(layout, (6, 8, 6, 8), 4)
        for name, made in self._buttons.items():
            group.addButton(made)
            layout.addWidget(made)
            made.clicked.connect(lambda _=False, chosen=name: self.went.emit(chosen))
        layout.addStretch(1)
        layout.addWidget(self._keys)

    def _button(self, name: str, key: str) -> QToolButton:
        made = QToolButton()
        made.setText(name)
        made.setProperty("kind", "rail")
        made.setCheckable(True)
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setAccessibleName(name)
        made.setToolTip(f"{name} · {key}")
        made.setCursor(Qt.CursorShape.PointingHandCursor)
        return made

    @Slot()
    def _dress(self) -> None:
        theme, side = self._room.theme, self._room.theme.px(20)
        self.setFixedWidth(theme.px(WIDTH))
        for name, icon in (*RAIL.items(), (texts.KEYBOARD, "keyboard")):
            made = self._buttons.get(name, self._keys)
            made.setIcon(self._room.assets.rail_icon(icon))
            made.setIconSize(QSize(side, side))
        self._fold()
        self._place_badge()

    def _fold(self) -> None:
        """Where the words of all pages have no room, their icons must do; the words stay in the tooltips."""
        style = Qt.ToolButtonStyle
        every = [*self._buttons.values(), self._keys]
        needed = self._room.theme.px(LEAST_WITH_WORDS) * len(every)
        worded = self.height() >= needed
        for made in every:
            made.setToolButtonStyle(style.ToolButtonTextUnderIcon if worded else style.ToolButtonIconOnly)
        self._keys.setVisible(self.height() >= self._room.theme.px(LEAST_WITHOUT) * len(every))

    def _place_badge(self) -> None:
        badge: QLabel = self._badge
        badge.adjustSize()
        badge.move(self._room.theme.px(36), self._room.theme.px(2))
