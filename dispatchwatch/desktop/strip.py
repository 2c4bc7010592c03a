"""Lines under the header about the watch itself: each stays until it is over or somebody closes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dispatchwatch.desktop import texts
from dispatchwatch.desktop.assets import Assets
from dispatchwatch.desktop.pieces import IconButton, MarkLabel, button, label, repaint_style, tight
from dispatchwatch.desktop.theme import Theme
from dispatchwatch.desktop.tokens import Tone


@dataclass(frozen=True, slots=True)
class Line:
    """`action` is what the button says; there is none without it."""

    text: str
    icon: str = "info"
    tone: Tone = Tone.INFO
    action: str = ""


class Strip(QWidget):
    """One line a topic, the newest below. It takes no room while nothing is to be said."""

    def __init__(self, theme: Theme, assets: Assets, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._assets = assets
        self._lines: dict[str, StripLine] = {}
        self._layout = QVBoxLayout(self)
        tight(self._layout)
        self.hide()

    @property
    def texts(self) -> list[str]:
        return [line.text for line in self._lines.values()]

    @property
    def topics(self) -> frozenset[str]:
        return frozenset(self._lines)

    def say(self, topic: str, line: Line, then: Callable[[], object] | None = None) -> None:
        """Says it in place of what was said of this topic before; `then` is what the button does."""
        shown = self._lines.get(topic)
        if shown is None:
            shown = self._lines[topic] = StripLine(self._theme, self._assets)
            shown.closes.clicked.connect(lambda: self.drop(topic))
            self._layout.addWidget(shown)
        shown.show_line(line, then)
        self.show()

    @Slot(str)
    def drop(self, topic: str) -> None:
        """It is over."""
        line = self._lines.pop(topic, None)
        if line is not None:
            line.hide()
            self._layout.removeWidget(line)
            line.deleteLater()
        self.setVisible(bool(self._lines))


class StripLine(QFrame):
    def __init__(self, theme: Theme, assets: Assets) -> None:
        super().__init__()
        self.setObjectName("watchLine")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._then: Callable[[], object] | None = None
        self._mark = MarkLabel(theme, assets, "info", Tone.INFO)
        self._words = label(wraps=True, selectable=True)
        self.acts = button("")
        self.closes = IconButton(theme, assets, "close", texts.CLOSE)
        self.acts.clicked.connect(self._act)
        layout = QHBoxLayout(self)
        tight(layout, (16, 4, 8, 4), 12)
        layout.addWidget(self._mark)
        layout.addWidget(self._words, 1)
        layout.addWidget(self.acts)
        layout.addWidget(self.closes)

    @property
    def text(self) -> str:
        return self._words.text()

    def show_line(self, line: Line, then: Callable[[], object] | None) -> None:
        self._then = then
        self._mark.wear(line.icon, line.tone)
        self.setProperty("tone", line.tone.value)
        repaint_style(self)
        self.acts.setText(line.action)
        self.acts.setAccessibleName(line.action)
        self.acts.setVisible(bool(line.action))
        if line.text != self.text:
            self._words.setText(line.text)
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, line.text))

    @Slot()
    def _act(self) -> None:
        if self._then is not None:
            self._then()
