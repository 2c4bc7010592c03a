"""A dialog whose middle scrolls where it is larger than the window it stands over: nothing is cut at large text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from dispatchwatch.desktop.pieces import label, tight
from dispatchwatch.desktop.theme import Theme

MARGIN = 24


class Sheet(QDialog):
    """Title and `foot` stay where they are; `body` is what scrolls. `left` once it has been closed: what comes then
    finds no widgets any more."""

    def __init__(self, theme: Theme, title: str, width: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.left = False
        self._to_reveal: QWidget = self
        # A timer of nothing runs after what is laid out anew has its place.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._reveal)
        self._theme = theme
        self._width = theme.px(width)
        self._over = parent
        inner = QWidget()
        self.body, self.foot = QVBoxLayout(inner), QHBoxLayout()
        tight(self.body, (MARGIN, 12, MARGIN, 8), 8)
        tight(self.foot, (MARGIN, 8, MARGIN, MARGIN), 8)
        self.middle = Scroll(inner, self.body)
        inner.installEventFilter(self)
        head = label(title, "title", wraps=True)
        head.setContentsMargins(MARGIN, MARGIN, MARGIN, 0)
        layout = self._whole = QVBoxLayout(self)
        tight(layout)
        layout.addWidget(head)
        layout.addWidget(self.middle, 1)
        layout.addLayout(self.foot)

    def done(self, result: int) -> None:
        self.left = True
        super().done(result)

    def open(self) -> None:
        self.fit()
        super().open()

    def reveal(self, widget: QWidget) -> None:
        """Has a part of the body in sight once what just came or went has its place."""
        self._to_reveal = widget
        self._soon.start()

    @Slot()
    def _reveal(self) -> None:
        self.middle.ensureWidgetVisible(self._to_reveal)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self.fit()
        return super().eventFilter(watched, event)

    def fit(self) -> None:
        """As high as what it holds, but never more than the window below."""
        width = min(self._width, self._over.width() - 2 * MARGIN)
        for one in (self, *self.findChildren(QWidget)):
            one.ensurePolished()
        self.middle.measure(width)
        self._whole.activate()
        self.resize(width, min(self._whole.totalHeightForWidth(width), self._over.height() - 2 * MARGIN))
        if self.isVisible():
            self.move(self._over.frameGeometry().center() - self.rect().center())


class Scroll(QScrollArea):
    """Wants to be as high as its content."""

    def __init__(self, inner: QWidget, layout: QLayout) -> None:
        super().__init__()
        self._layout = layout
        self.setObjectName("sheet")
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._needed = QSize()

    def measure(self, width: int) -> None:
        self._layout.activate()
        least = self._layout.totalMinimumSize().height()
        self._needed = QSize(width, max(least, self._layout.totalHeightForWidth(width)))
        self.updateGeometry()

    def sizeHint(self) -> QSize:  # noqa: N802
        return self._needed
