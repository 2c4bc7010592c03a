"""What can be completed while it is typed, found anywhere in a name and whatever its case."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView


class Offers(QCompleter):
    """`offer` may come later than the field."""

    def __init__(self, edit: QLineEdit) -> None:
        super().__init__(edit)
        self._model = QStringListModel(self)
        self.setModel(self._model)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setMaxVisibleItems(10)
        shown = QListView()
        shown.setObjectName("offers")
        self.setPopup(shown)
        edit.setCompleter(self)

    def offer(self, names: Sequence[str]) -> None:
        self._model.setStringList(list(names))
