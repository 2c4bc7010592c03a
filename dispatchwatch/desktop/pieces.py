"""The plain parts that pages are made of: labels, buttons and lines, each with its place in the style sheet."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from dispatchwatch.desktop.assets import Assets
from dispatchwatch.desktop.theme import Theme
from dispatchwatch.desktop.tokens import Tone


def label(text: str = "", role: str = "", *, wraps: bool = False, selectable: bool = False) -> QLabel:
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    made.setWordWrap(wraps)
    if wraps:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    if selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def button(text: str, kind: str = "", key: str = "", *, says: str = "") -> QPushButton:
    """A button in words. `key` is shown in its tooltip; `says` names it where the words alone are too few."""
    made = QPushButton(text)
    if kind:
        made.setProperty("kind", kind)
    # Reached by Tab, but a press with the mouse leaves the keyboard where it was.
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setAccessibleName(says or text)
    made.setToolTip(" · ".join(part for part in (says, key) if part))
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


class IconButton(QToolButton):
    """A button that is only an icon, drawn anew whenever the theme changes."""

    def __init__(self, theme: Theme, assets: Assets, icon: str, says: str, key: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._assets = assets
        self._icon = icon
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.says(says, key)
        theme.changed.connect(self._dress)
        self._dress()

    def says(self, text: str, key: str = "") -> None:
        self.setAccessibleName(text)
        self.setToolTip(f"{text} · {key}" if key else text)

    def shows(self, icon: str) -> None:
        self._icon = icon
        self._dress()

    def _dress(self) -> None:
        self.setIcon(self._assets.icon(self._icon, Tone.MUTED))
        side = self._theme.px(20)
        self.setIconSize(QSize(side, side))


class MarkLabel(QLabel):
    """An icon of a state, drawn anew whenever the theme changes. The word stands beside it."""

    def __init__(self, theme: Theme, assets: Assets, icon: str, tone: Tone, size: int = 16) -> None:
        super().__init__()
        self._theme = theme
        self._assets = assets
        self._wears = (icon, tone, size)
        theme.changed.connect(self._dress)
        self._dress()

    def wear(self, icon: str, tone: Tone) -> None:
        if self._wears[:2] != (icon, tone):
            self._wears = (icon, tone, self._wears[2])
            self._dress()

    def _dress(self) -> None:
        icon, tone, size = self._wears
        self.setPixmap(self._assets.pixmap(icon, tone, size, self.devicePixelRatioF()))


class Choice(QComboBox):
    """A field to choose from; its arrow is ours, drawn anew for every theme."""

    def __init__(self, theme: Theme, assets: Assets) -> None:
        super().__init__()
        self._theme = theme
        self._assets = assets

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        super().paintEvent(event)
        side, painter = self._theme.px(14), QPainter(self)
        arrow = self._assets.pixmap("chevron", Tone.MUTED, 14, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - side - self._theme.px(8), (self.height() - side) // 2, arrow)


def panel(name: str) -> QFrame:
    """A surface that the style sheet knows by name."""
    made = QFrame()
    made.setObjectName(name)
    made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return made


def tight(layout: QLayout, margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 0) -> None:
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)


def repaint_style(widget: QWidget) -> None:
    """Has the style sheet look again at the properties of a widget."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def wear(widget: QLabel, tone: Tone) -> None:
    """Gives words the colour of a state."""
    if widget.property("tone") != tone.value:
        widget.setProperty("tone", tone.value)
        repaint_style(widget)


def clear(layout: QLayout) -> None:
    """Takes everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def on_key(widget: QWidget, keys: str, action: Callable[[], object]) -> None:
    """Does `action` on these keys while the keyboard is in `widget` or within it."""
    shortcut = QShortcut(QKeySequence(keys), widget)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.activated.connect(action)
