"""The list below the name in the header: one press, and somebody else is at the desk."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from dispatchwatch.desktop import people_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.initials_badge import icon
from dispatchwatch.desktop.people import LONGEST
from dispatchwatch.desktop.pieces import IconButton, button, clear, label, tight

WIDTH = 320
BADGE = 36


class PeoplePopup(QFrame):
    """Goes as soon as somebody is chosen, or something else is pressed."""

    def __init__(self, room: DeskRoom, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self._room = room
        self.names: dict[str, QPushButton] = {}
        self._list = QVBoxLayout()
        tight(self._list, spacing=4)
        self.new = QLineEdit()
        self.new.setMaxLength(LONGEST)
        self.new.setPlaceholderText(people_phrases.NAME_HINT)
        self.new.setAccessibleName(people_phrases.SOMEBODY_ELSE)
        self.take = button(people_phrases.TAKE_SEAT, key="Enter")
        self.take.clicked.connect(self._take_seat)
        self.new.returnPressed.connect(self._take_seat)
        self._lay_out()

    def open_at(self, corner: QPoint) -> None:
        """`corner` is the lower right one of what it belongs to, on the screen."""
        self._fill()
        self.new.clear()
        self.setMinimumWidth(self._room.theme.px(WIDTH))
        self.adjustSize()
        screen = self.screen().availableGeometry()
        left = min(corner.x() - self.width(), screen.right() - self.width())
        self.move(max(screen.left(), left), corner.y() + self._room.theme.px(4))
        self.show()
        self.names[self._room.people.name].setFocus(Qt.FocusReason.PopupFocusReason)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        tight(layout, (16, 16, 16, 16), 4)
        layout.addWidget(label(people_phrases.WHO_IS_HERE, "strong"))
        layout.addWidget(label(people_phrases.MEANING, "small", wraps=True))
        layout.addSpacing(8)
        layout.addLayout(self._list)
        layout.addSpacing(8)
        layout.addWidget(label(people_phrases.SOMEBODY_ELSE, "small"))
        line = QHBoxLayout()
        tight(line, spacing=8)
        line.addWidget(self.new, 1)
        line.addWidget(self.take)
        layout.addLayout(line)

    def _fill(self) -> None:
        clear(self._list)
        self.names = {}
        for name in self._room.people.known:
            self._list.addWidget(self._row(name))

    def _row(self, name: str) -> QWidget:
        people, theme = self._room.people, self._room.theme
        made, line = QWidget(), QHBoxLayout()
        tight(line, spacing=4)
        made.setLayout(line)
        chooses = button(name, "person", says=people_phrases.takes_seat(name))
        chooses.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        side = theme.px(BADGE)
        chooses.setIcon(icon(theme, name, BADGE))
        chooses.setIconSize(QSize(side, side))
        chooses.setCheckable(True)
        chooses.setChecked(name == people.name)
        chooses.clicked.connect(partial(self._choose, name))
        line.addWidget(chooses, 1)
        if name not in {people.account, people.name}:
            forgets = IconButton(theme, self._room.assets, "close", people_phrases.forget(name))
            forgets.clicked.connect(partial(self._forget, name))
            line.addWidget(forgets)
        self.names[name] = chooses
        return made

    @Slot()
    def _choose(self, name: str) -> None:
        self.hide()
        self._room.people.choose(name)

    @Slot()
    def _forget(self, name: str) -> None:
        self._room.people.forget(name)
        self._fill()
        self.adjustSize()

    @Slot()
    def _take_seat(self) -> None:
        if self.new.text().strip():
            self._choose(self.new.text())
        else:
            self.new.setFocus()
