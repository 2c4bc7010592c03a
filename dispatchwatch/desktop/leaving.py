"""What closing the window means: hiding where there is a tray to come back from, else a clear question."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from dispatchwatch.desktop import texts
from dispatchwatch.desktop.main_window import MainWindow
from dispatchwatch.desktop.pieces import button, label, tight
from dispatchwatch.desktop.preferences import Preferences
from dispatchwatch.desktop.tray import Tray


class Leaving(QObject):
    quit_wanted = Signal()

    def __init__(self, window: MainWindow, tray: Tray, preferences: Preferences) -> None:
        super().__init__(window)
        self._window = window
        self._tray = tray
        self._preferences = preferences
        window.closing.connect(self.close_window)

    @Slot()
    def close_window(self) -> None:
        if not self._tray.present:
            self._ask()
            return
        self._window.hide()
        if not self._preferences.tray_explained:
            self._preferences.note_tray_explained()
            self._tray.message(texts.APPLICATION, texts.STILL_WATCHING)

    def _ask(self) -> None:
        question = Question(self._window)
        question.accepted.connect(self.quit_wanted)
        question.open()


class Question(QDialog):
    """Quit, or stay. It says what quitting costs."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.QUIT_TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        quits, stays = button(texts.QUIT, "danger"), button(texts.STAY, "primary", "Esc")
        stays.setDefault(True)
        quits.clicked.connect(self.accept)
        stays.clicked.connect(self.reject)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(quits)
        line.addWidget(stays)
        layout = QVBoxLayout(self)
        tight(layout, (24, 24, 24, 24), 8)
        layout.addWidget(label(texts.QUIT_TITLE, "title"))
        layout.addWidget(label(texts.QUIT_MEANING, "muted", wraps=True))
        layout.addSpacing(16)
        layout.addLayout(line)
