"""What the account has to choose from, as a list that can be searched."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QLineEdit, QWidget

from dispatchwatch.app.choosing import Choice
from dispatchwatch.desktop import channel_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.option_list import OptionList
from dispatchwatch.desktop.forms.two_lines import TwoLines
from dispatchwatch.desktop.pieces import button
from dispatchwatch.desktop.sheet import Sheet

WIDTH, LEAST = 480, 280
VALUE = Qt.ItemDataRole.UserRole + 3


class ChoiceSheet(Sheet):
    """`chosen` carries the value and what a person reads of it."""

    chosen = Signal(str, str)

    def __init__(self, room: DeskRoom, title: str, choices: Sequence[Choice], parent: QWidget) -> None:
        super().__init__(room.theme, title, WIDTH, parent)
        self.search, self.view = QLineEdit(), OptionList()
        self._lines = TwoLines(room, has_more=False)
        self._items, self._shown = QStandardItemModel(self), QSortFilterProxyModel(self)
        for one in choices:
            item = QStandardItem(one.label)
            item.setData(one.value, VALUE)
            item.setToolTip(one.value)
            item.setEditable(False)
            self._items.appendRow(item)
        self._shown.setSourceModel(self._items)
        self._shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.view.setModel(self._shown)
        self.view.setItemDelegate(self._lines)
        self.view.setAccessibleName(title)
        self.view.setMinimumHeight(room.theme.px(LEAST))
        self.search.setPlaceholderText(channel_phrases.SEARCH)
        self.search.setAccessibleName(channel_phrases.SEARCH)
        self.does = button(channel_phrases.CHOOSE, "primary", "Enter")
        self._back = button(channel_phrases.CANCEL, key="Esc")
        self.body.addWidget(self.search)
        self.body.addWidget(self.view)
        self.foot.addStretch(1)
        self.foot.addWidget(self._back)
        self.foot.addWidget(self.does)
        self.does.setDefault(True)
        self._wire()
        self._first()

    def _wire(self) -> None:
        self.search.textChanged.connect(self._narrow)
        self.does.clicked.connect(lambda: self._take(self.view.currentIndex()))
        self.view.doubleClicked.connect(self._take)
        self._back.clicked.connect(self.reject)
        self.search.setFocus()

    def _narrow(self, text: str) -> None:
        self._shown.setFilterFixedString(text.strip())
        self._first()

    def _first(self) -> None:
        if not self.view.currentIndex().isValid() and self._shown.rowCount():
            self.view.setCurrentIndex(self._shown.index(0, 0))
        self.does.setEnabled(self._shown.rowCount() > 0)

    def _take(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(str(index.data(VALUE)), str(index.data()))
            self.accept()
