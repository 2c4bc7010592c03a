"""The own data beside every question: what was found, what it is taken for, and what could not be read."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QPushButton, QTableView, QVBoxLayout, QWidget

from dispatchwatch.app.mapping import FoundTable, Question
from dispatchwatch.app.mapping_stages import Reading, Stage
from dispatchwatch.desktop import mapping_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.empty import EmptyNote
from dispatchwatch.desktop.flow import FlowLayout
from dispatchwatch.desktop.mapping.found_model import FoundModel
from dispatchwatch.desktop.mapping.previewed import counts_of, tables_of
from dispatchwatch.desktop.pieces import button, clear, label, on_key, tight
from dispatchwatch.desktop.tables import settle

WIDEST, ROW = 260, 32
CHANGEABLE = {"column": "field", "word": "status"}
"""What a row begins with, and what can be said of it."""


class PreviewPanel(QWidget):
    """`change_wanted` carries what kind of thing, `column` or `word`, its name, and what it is taken for."""

    change_wanted = Signal(str, str, str)

    def __init__(self, room: DeskRoom) -> None:
        super().__init__()
        self._room = room
        self.model = FoundModel(room)
        self.view = QTableView()
        settle(self.view, mapping_phrases.PREVIEW, "foundHeader")
        self.view.setObjectName("found")
        self.view.setModel(self.model)
        self.view.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.view.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._title = label(role="muted", wraps=True)
        self._tabs_box = QWidget()
        self._flow = FlowLayout(self._tabs_box, spacing=4)
        self.tabs: dict[str, QPushButton] = {}
        self._tables: dict[str, FoundTable] = {}
        self._chosen = ""
        self.change = button(mapping_phrases.CHANGE, key="F2")
        self.detail = label(role="muted", wraps=True, selectable=True)
        self._none = EmptyNote(room, "file", self.view.viewport())
        self._lay_out()
        self.change.clicked.connect(lambda: self._change(self.view.currentIndex()))
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._tell())
        self.view.doubleClicked.connect(self._change)
        self.view.activated.connect(self._change)
        on_key(self.view, "F2", lambda: self._change(self.view.currentIndex()))
        room.theme.changed.connect(self._fit)
        self._fit()
        self._none.say(mapping_phrases.PREVIEW, mapping_phrases.NOTHING_YET)

    def show_stage(self, stage: Stage, reading: Reading | None) -> None:
        """The tab that is seen stays, as long as there is one of its name."""
        tables = {_name(one): one for one in stage.found}
        counts = {name: len(one.rows) for name, one in tables.items()}
        if reading is not None:
            tables |= tables_of(reading)
            counts |= counts_of(reading)
        self._tables = tables
        self._offer(counts)
        self.choose(self._chosen if self._chosen in tables else next(iter(tables), ""))
        self._none.setVisible(not tables)
        self._tabs_box.setVisible(bool(tables))

    def point_at(self, question: Question) -> None:
        """Marks what a question is about."""
        about, _, name = question.key.partition(":")
        self.choose(mapping_phrases.WORDS if about == "status" else mapping_phrases.COLUMNS)
        names = {name, *question.choices}
        rows = (row for row in range(self.model.rowCount()) if str(self.model.table.rows[row][0]) in names)
        self.view.selectRow(next(rows, 0))

    def choose(self, name: str) -> None:
        """Shows one of the tables."""
        if name in self._tables:
            self._chosen = name
            table = self._tables[name]
            row = self.view.currentIndex().row()
            self.model.show_table(table)
            self._title.setText(table.title if name not in mapping_phrases.READ_TABS else "")
            self._title.setVisible(bool(self._title.text()))
            self.view.selectRow(min(max(row, 0), self.model.rowCount() - 1))
            self._fit()
            self._tell()
        for one, tab in self.tabs.items():
            tab.setChecked(one == name)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        tight(column, spacing=8)
        for widget in (self._tabs_box, self._title):
            column.addWidget(widget)
        column.addWidget(self.view, 1)
        line = QHBoxLayout()
        tight(line, spacing=8)
        line.addWidget(self.detail, 1)
        line.addWidget(self.change, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        column.addLayout(line)
        for one in (self._tabs_box, self._title, self.change, self.detail):
            one.hide()

    def _tell(self) -> None:
        """The whole of what is cut in the table, and whether it can be said anew."""
        row, last = self.view.currentIndex().row(), self.model.columnCount() - 1
        text = str(self.model.table.rows[row][last]) if row >= 0 and last >= 0 else ""
        self.detail.setText(text if self._chosen == mapping_phrases.NOT_READ else "")
        self.detail.setVisible(bool(self.detail.text()))
        self.change.setVisible(row >= 0 and self._is_changeable)

    @property
    def _is_changeable(self) -> bool:
        columns = self.model.table.columns
        return bool(columns) and CHANGEABLE.get(columns[0]) in columns

    def _offer(self, counts: dict[str, int]) -> None:
        if list(counts) != list(self.tabs):
            clear(self._flow)
            self.tabs = {}
            for name in counts:
                self.tabs[name] = button("", "chip")
                self.tabs[name].setCheckable(True)
                self.tabs[name].clicked.connect(partial(self.choose, name))
                self._flow.addWidget(self.tabs[name])
        for name, count in counts.items():
            self.tabs[name].setText(mapping_phrases.row_count(name, count))
            self.tabs[name].setAccessibleName(mapping_phrases.row_count(name, count))
        self._tabs_box.updateGeometry()

    def _change(self, index: QModelIndex) -> None:
        if index.isValid() and self._is_changeable:
            kind = self.model.table.columns[0]
            name, now = self.model.cell(index.row(), kind), self.model.cell(index.row(), CHANGEABLE[kind])
            self.change_wanted.emit(kind, str(name), "" if now is None else str(now))

    def _fit(self) -> None:
        theme, across = self._room.theme, self.view.horizontalHeader()
        self.view.setIconSize(QSize(theme.px(16), theme.px(16)))
        self.view.verticalHeader().setDefaultSectionSize(theme.px(ROW))
        last = self.model.columnCount() - 1
        for column in range(last + 1):
            mode = QHeaderView.ResizeMode.Stretch if column == last else QHeaderView.ResizeMode.Interactive
            across.setSectionResizeMode(column, mode)
            if column != last:
                self.view.setColumnWidth(column, self._width(column))

    def _width(self, column: int) -> int:
        """As wide as its first rows need, within reason."""
        theme, metrics = self._room.theme, self._room.theme.metrics()
        head = str(self.model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole) or "")
        texts = [str(self.model.index(row, column).data() or "") for row in range(min(self.model.rowCount(), 30))]
        widest = max((metrics.horizontalAdvance(text) for text in (head, *texts)), default=0)
        return min(widest + theme.px(24 + (24 if column == 0 else 0)), theme.px(WIDEST))


def _name(table: FoundTable) -> str:
    """What the tab of a table is called."""
    first = table.columns[0] if table.columns else ""
    named = {"column": mapping_phrases.COLUMNS, "word": mapping_phrases.WORDS, "field": mapping_phrases.COLUMNS}
    return named.get(first, mapping_phrases.FOUND)
