"""The small dialog that gives the present view a name."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from dispatchwatch.desktop import board_phrases, texts
from dispatchwatch.desktop.board.arranging import Arranging
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.switch import Switch
from dispatchwatch.desktop.pieces import button, label, repaint_style
from dispatchwatch.desktop.sheet import Sheet

WIDTH, LONGEST = 440, 40
OWN = (board_phrases.OWN_COLUMNS, board_phrases.OWN_COLUMNS)


class ViewNaming(Sheet):
    """Saves the present state as a new view, or gives a view another name."""

    def __init__(self, room: DeskRoom, arranging: Arranging, parent: QWidget, *, renames: str = "") -> None:
        super().__init__(room.theme, board_phrases.RENAME if renames else board_phrases.NEW_VIEW_TITLE, WIDTH, parent)
        self._arranging = arranging
        self._renames = renames
        self.name, self.own_columns = QLineEdit(renames), Switch(room.theme, *OWN)
        self.name.setMaxLength(LONGEST)
        self.name.setAccessibleName(board_phrases.VIEW_NAME)
        self.name.setPlaceholderText(board_phrases.VIEW_NAME_HINT)
        self.own_columns.setAccessibleName(board_phrases.OWN_COLUMNS)
        self.own_columns.setChecked(arranging.present.columns is not None)
        self.problem = label("", "problem", wraps=True)
        self._lay_out()
        self.problem.hide()
        self.name.textEdited.connect(self._calm)
        self.name.selectAll()
        self.name.setFocus()

    def _lay_out(self) -> None:
        if not self._renames:
            self.body.addWidget(label(board_phrases.NEW_VIEW_MEANING, "muted", wraps=True))
        self.body.addWidget(label(board_phrases.VIEW_NAME, "small"))
        self.body.addWidget(self.name)
        self.body.addWidget(self.problem)
        if not self._renames:
            self.body.addWidget(self.own_columns)
        does, back = button(texts.SAVE, "primary", "Enter"), button(texts.BACK, key="Esc")
        does.setDefault(True)
        does.clicked.connect(self._save)
        back.clicked.connect(self.reject)
        self.foot.addStretch(1)
        self.foot.addWidget(back)
        self.foot.addWidget(does)

    @Slot()
    def _save(self) -> None:
        name, memory = self.name.text().strip(), self._arranging.memory
        taken = memory.view(name) is not None and name != self._renames
        if not name or taken:
            self._complain(board_phrases.NAME_IS_TAKEN if taken else board_phrases.NAME_IS_MISSING)
            return
        if self._renames:
            self._arranging.become(memory.renamed(self._renames, name))
        else:
            own = self.own_columns.isChecked()
            self._arranging.become(memory.with_columns(memory.columns, own=own).saved_as(name))
        self.accept()

    @Slot()
    def _calm(self) -> None:
        self.problem.hide()
        self._mark(wrong=False)

    def _complain(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.show()
        self._mark(wrong=True)
        self.name.setFocus()

    def _mark(self, *, wrong: bool) -> None:
        self.name.setProperty("wrong", wrong)
        repaint_style(self.name)
