"""What stands side by side below the header: the page, the visit that is open, and on the board the alerts."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from dispatchwatch.desktop import texts
from dispatchwatch.desktop.page_stack import PageStack
from dispatchwatch.desktop.pieces import tight
from dispatchwatch.desktop.theme import Theme
from dispatchwatch.desktop.visit.pane import WIDTH as VISIT_WIDTH
from dispatchwatch.desktop.visit.pane import VisitPane

FOLDS_BELOW = 1280
BOTH_FROM = 1640
ALERTS_WIDTH = 344
LEAST_PAGE = 330
WIDEST = 16_777_215


class Middle(QWidget):
    """As much of it as there is room for: the visit alone where a page beside it could not be read."""

    def __init__(self, theme: Theme, stack: PageStack, visit: VisitPane, alerts: QFrame) -> None:
        super().__init__()
        self._theme = theme
        self._stack = stack
        self._visit = visit
        self._alerts = alerts
        layout = QHBoxLayout(self)
        tight(layout)
        layout.addWidget(stack, 1)
        layout.addWidget(visit)
        layout.addWidget(alerts)
        stack.currentChanged.connect(self.fold)
        visit.closed.connect(self.fold)
        theme.changed.connect(self.fold)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self.fold()

    @Slot()
    def fold(self) -> None:
        theme, whole = self._theme, self.window().width()
        self._alerts.setFixedWidth(theme.px(ALERTS_WIDTH))
        is_open = self._visit.key is not None
        alone = is_open and self.width() - theme.px(VISIT_WIDTH) < theme.px(LEAST_PAGE)
        self._stack.setVisible(not alone)
        self._visit.setMaximumWidth(WIDEST if alone else theme.px(VISIT_WIDTH))
        fits = whole >= theme.px(BOTH_FROM if is_open else FOLDS_BELOW)
        self._alerts.setVisible(fits and not alone and self._stack.name == texts.BOARD)
