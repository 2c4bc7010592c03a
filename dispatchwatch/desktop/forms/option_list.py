"""A list of which one thing is chosen, and nothing before somebody does."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView

STEPS = frozenset({Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Home})


class OptionList(QListView):
    """Getting the keyboard chooses nothing; the first arrow key chooses the first line."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("options")
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @property
    def chosen(self) -> QModelIndex:
        """No valid one as long as nothing is chosen."""
        return next(iter(self.selectedIndexes()), QModelIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in STEPS and not self.chosen.isValid():
            self.setCurrentIndex(QModelIndex())
            self.setCurrentIndex(self.model().index(0, 0))
        else:
            super().keyPressEvent(event)
