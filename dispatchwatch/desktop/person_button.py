"""Who sits here, at the right end of the header; a press opens the list of people."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatchwatch.desktop import people_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.initials_badge import InitialsBadge, icon
from dispatchwatch.desktop.people_popup import PeoplePopup
from dispatchwatch.desktop.pieces import label, tight

BADGE = 24
LARGE = 72
STAYS = 2200


class PersonButton(QPushButton):
    """In a narrow window only the initials."""

    def __init__(self, room: DeskRoom) -> None:
        super().__init__()
        self._room = room
        self._is_short = False
        self.popup = PeoplePopup(room, self)
        self.card: PersonCard | None = None
        self.setProperty("kind", "quiet")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._open)
        room.people.changed.connect(self._change)
        room.theme.changed.connect(self._dress)
        self._dress()

    def show_short(self, is_short: bool) -> None:
        if is_short != self._is_short:
            self._is_short = is_short
            self._dress()

    @Slot()
    def _open(self) -> None:
        self.popup.open_at(self.mapToGlobal(self.rect().bottomRight()))

    @Slot()
    def _change(self) -> None:
        said = people_phrases.at_the_desk(self._room.people.name)
        if said == self.accessibleName():
            return
        self._dress()
        if self.card is None:
            self.card = PersonCard(self._room, self.window())
        self.card.show_person(self._room.people.name)

    @Slot()
    def _dress(self) -> None:
        name, side = self._room.people.name, self._room.theme.px(BADGE)
        self.setText("" if self._is_short else name)
        self.setIcon(icon(self._room.theme, name, BADGE))
        self.setIconSize(QSize(side, side))
        self.setAccessibleName(people_phrases.at_the_desk(name))
        self.setToolTip(people_phrases.at_the_desk(name))


class PersonCard(QFrame):
    """Large, in the middle of the window, for two seconds: so that nobody signs for somebody else."""

    def __init__(self, room: DeskRoom, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("notice")
        self._over = over
        self._badge = InitialsBadge(room.theme, "", LARGE)
        self.name = label(role="clock")
        layout, words = QHBoxLayout(self), QVBoxLayout()
        tight(layout, (32, 24, 40, 24), 24)
        tight(words)
        words.addWidget(self.name)
        words.addWidget(label(people_phrases.SIGNS_NOW, "muted"))
        layout.addWidget(self._badge)
        layout.addLayout(words)
        self._goes = QTimer(self, singleShot=True, interval=STAYS)
        self._goes.timeout.connect(self.hide)
        over.installEventFilter(self)

    def show_person(self, name: str) -> None:
        self._badge.show_name(name)
        self.name.setText(name)
        self._place()
        self.show()
        self.raise_()
        self._goes.start()
        said = f"{name} {people_phrases.SIGNS_NOW}"
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        elif event.type() == QEvent.Type.MouseButtonPress:
            self.hide()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        self.ensurePolished()
        self.adjustSize()
        room = self._over.rect()
        self.move((room.width() - self.width()) // 2, (room.height() - self.height()) // 3)
