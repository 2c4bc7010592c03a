"""How the board looks at present: the one place that knows, and that everybody who changes it asks."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from dispatchwatch.desktop.board.filter import BoardFilter, FacetValue
from dispatchwatch.desktop.board.grouping import Grouping
from dispatchwatch.desktop.board.keeping import BOARD
from dispatchwatch.desktop.board.order import Chip
from dispatchwatch.desktop.board.sorting import Sort
from dispatchwatch.desktop.board.views import Arrangement, BoardMemory, Columns
from dispatchwatch.desktop.preferences import Preferences

KEPT_AFTER = 400


class Arranging(QObject):
    """`changed` is emitted once something looks different; what it is, is asked of `memory`."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.memory = BoardMemory()
        self._preferences: Preferences | None = None
        # A width that is being dragged changes many times a second.
        self._soon = QTimer(self, singleShot=True, interval=KEPT_AFTER)
        self._soon.timeout.connect(self.keep)

    def remember(self, preferences: Preferences) -> None:
        """From here on: begins with what was kept, and keeps what is changed."""
        self._preferences = preferences
        self.memory = preferences.get(BOARD).begun()
        self.changed.emit()

    @Slot()
    def keep(self) -> None:
        self._soon.stop()
        if self._preferences is not None:
            self._preferences.choose(BOARD, self.memory)

    @property
    def present(self) -> Arrangement:
        return self.memory.present

    @property
    def folded(self) -> frozenset[str]:
        return self.memory.folded.get(self.present.grouping, frozenset())

    def become(self, memory: BoardMemory) -> None:
        if memory != self.memory:
            self.memory = memory
            self._soon.start()
            self.changed.emit()

    def open(self, number: int) -> None:
        """The view with this number, 0 for the first; nothing where there is none."""
        if 0 <= number < len(self.memory.views):
            self.become(self.memory.opening(self.memory.views[number].name))

    def open_again(self) -> None:
        self.become(self.memory.opening(self.memory.opened))

    def choose_chip(self, chip: Chip) -> None:
        self.filter(replace(self.present.filter, chip=chip))

    def toggle(self, value: FacetValue) -> None:
        self.filter(self.present.filter.toggled(value))

    def toggle_mine(self) -> None:
        self.filter(replace(self.present.filter, mine=not self.present.filter.mine))

    def clear_values(self) -> None:
        """The chips are left as they are."""
        self.filter(BoardFilter(self.present.filter.chip))

    def filter(self, wanted: BoardFilter) -> None:
        self.become(replace(self.memory, present=replace(self.present, filter=wanted)))

    def group(self, grouping: Grouping) -> None:
        self.become(replace(self.memory, present=replace(self.present, grouping=grouping)))

    def sort(self, sort: Sort) -> None:
        self.become(replace(self.memory, present=replace(self.present, sort=sort)))

    def place_columns(self, columns: Columns) -> None:
        """For whichever the present columns are for: this view, or all."""
        self.become(self.memory.with_columns(columns, own=self.present.columns is not None))

    def fold(self, names: frozenset[str]) -> None:
        self.become(self.memory.folding(names))
