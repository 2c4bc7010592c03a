"""One field of the form of a typed visit: its label, what is typed, what helps, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QPlainTextEdit, QVBoxLayout, QWidget

from dispatchwatch.desktop.pieces import label, repaint_style, tight

LINES = 3


class TypedField(QWidget):
    """`long` gives room for several lines, where Enter begins a new one."""

    def __init__(self, name: str, hint: str = "", *, long: bool = False) -> None:
        super().__init__()
        self.edit: QLineEdit | QPlainTextEdit = _several_lines() if long else QLineEdit()
        self.edit.setAccessibleName(name)
        self.edit.setAccessibleDescription(hint)
        self._hint = hint
        self._problem = label(role="problem", wraps=True)
        self._problem.hide()
        self.setFocusProxy(self.edit)
        layout = QVBoxLayout(self)
        tight(layout, spacing=4)
        layout.addWidget(label(name, "small"))
        layout.addWidget(self.edit)
        if hint:
            layout.addWidget(label(hint, "small", wraps=True))
        layout.addWidget(self._problem)
        layout.addStretch(1)

    @property
    def text(self) -> str:
        return self.edit.text() if isinstance(self.edit, QLineEdit) else self.edit.toPlainText()

    def put(self, text: str) -> None:
        if isinstance(self.edit, QLineEdit):
            self.edit.setText(text)
        else:
            self.edit.setPlainText(text)

    def offer(self, names: Sequence[str]) -> None:
        """Names that are known, to be completed while one is typed."""
        if isinstance(self.edit, QLineEdit):
            self.edit.setCompleter(NamesCompleter(names, self.edit))

    def complain(self, problem: str) -> None:
        """Says what is wrong; with nothing to say all is well again."""
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self.edit.setAccessibleDescription(problem or self._hint)
        if bool(self.edit.property("wrong")) != bool(problem):
            self.edit.setProperty("wrong", bool(problem))
            repaint_style(self.edit)


class NamesCompleter(QCompleter):
    """Completes the name after the last semicolon."""

    def __init__(self, names: Sequence[str], edit: QLineEdit) -> None:
        super().__init__(list(names), edit)
        self._edit = edit
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        shown = QListView()
        shown.setObjectName("offers")
        self.setPopup(shown)

    def splitPath(self, path: str) -> list[str]:  # noqa: N802
        return [path.rpartition(";")[2].strip()]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:  # noqa: N802
        before, semicolon, _ = self._edit.text().rpartition(";")
        name = str(index.data(Qt.ItemDataRole.EditRole))
        return f"{before}{semicolon} {name}" if semicolon else name


def _several_lines() -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setTabChangesFocus(True)
    made.setFixedHeight(made.fontMetrics().lineSpacing() * LINES + 16)
    return made
