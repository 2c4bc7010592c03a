"""The sheet of keyboard shortcuts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from dispatchwatch.desktop import texts
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import button, label, tight
from dispatchwatch.desktop.sheet import Sheet

WIDTH = 820


class ShortcutSheet(Sheet):
    """Made once and shown again and again."""

    def __init__(self, room: DeskRoom, parent: QWidget) -> None:
        super().__init__(room.theme, texts.SHORTCUTS, WIDTH, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        grid = QGridLayout()
        tight(grid, (0, 0, 0, 8), 8)
        grid.setHorizontalSpacing(room.theme.px(16))
        rows = -(-len(texts.SHORTCUT_LIST) // 2)
        for number, (keys, meaning) in enumerate(texts.SHORTCUT_LIST):
            side, row = divmod(number, rows)
            grid.addWidget(label(keys, "muted"), row, 2 * side)
            grid.addWidget(label(meaning, wraps=True), row, 2 * side + 1)
            grid.setColumnStretch(2 * side + 1, 1)
        self.body.addLayout(grid)
        close = button(texts.CLOSE, "primary", "Esc")
        close.clicked.connect(self.accept)
        self.foot.addStretch(1)
        self.foot.addWidget(close)
