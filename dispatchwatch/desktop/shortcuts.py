"""The sheet of keyboard shortcuts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from dispatchwatch.desktop import texts
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import button, label, tight


class ShortcutSheet(QDialog):
    def __init__(self, room: DeskRoom, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.SHORTCUTS)
        close = button(texts.CLOSE, "primary", "Esc")
        close.clicked.connect(self.accept)
        grid = QGridLayout()
        tight(grid, (0, 8, 0, 16), 8)
        grid.setHorizontalSpacing(room.theme.px(24))
        for number, (keys, meaning) in enumerate(texts.SHORTCUT_LIST):
            grid.addWidget(label(keys, "muted"), number, 0)
            grid.addWidget(label(meaning), number, 1)
        layout = QVBoxLayout(self)
        tight(layout, (24, 24, 24, 24), 8)
        layout.addWidget(label(texts.SHORTCUTS, "title"))
        layout.addLayout(grid)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
