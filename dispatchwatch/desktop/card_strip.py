"""Cards side by side above a table; where they would take too much of the page, they scroll."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from dispatchwatch.desktop.flow import FlowLayout

LARGEST_SHARE = 0.5


class CardStrip(QScrollArea):
    """As high as its cards, but never more than its share of the page."""

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self._page = page
        self._inner = QWidget()
        self._flow = FlowLayout(self._inner, spacing=12, level=True)
        self._flow.setContentsMargins(16, 16, 16, 16)
        self.setObjectName("strip")
        self.setWidget(self._inner)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inner.installEventFilter(self)
        page.installEventFilter(self)

    def add(self, card: QWidget) -> None:
        self._flow.addWidget(card)

    def drop(self, card: QWidget) -> None:
        self._flow.removeWidget(card)
        card.hide()
        card.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        wanted = QEvent.Type.LayoutRequest if watched is self._inner else QEvent.Type.Resize
        if event.type() == wanted:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        width = self.viewport().width()
        needed = self._flow.heightForWidth(width)
        self._inner.resize(width, needed)
        self.setFixedHeight(min(needed, round(self._page.height() * LARGEST_SHARE)))
