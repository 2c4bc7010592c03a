"""What an empty list says: that it is empty, how we know, and what to do if that is wrong."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import MarkLabel, button, label, tight
from dispatchwatch.desktop.tokens import Tone


class EmptyNote(QWidget):
    """Lies over a list, in its middle. `pressed` when its button, if it has one, was pressed."""

    pressed = Signal()

    def __init__(self, room: DeskRoom, icon: str, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._icon = MarkLabel(room.theme, room.assets, icon, Tone.IDLE, 32)
        self._title, self._advice = label(role="strong", wraps=True), label(role="muted", wraps=True)
        self._button = button("", "link")
        self._button.clicked.connect(self.pressed)
        layout = QVBoxLayout(self)
        tight(layout, (24, 24, 24, 24), 8)
        layout.addStretch(2)
        for widget in (self._icon, self._title, self._advice):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(widget)
        layout.addWidget(self._button, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addStretch(3)
        over.installEventFilter(self)
        self.hide()

    def say(self, title: str, advice: str, offer: str = "") -> None:
        self._title.setText(title)
        self._advice.setText(advice)
        self._button.setText(offer)
        self._button.setAccessibleName(offer or title)
        self._button.setVisible(bool(offer))
        self._fill()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Resize:
            self._fill()
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        self.setGeometry(self._over.rect())
