"""Painting with the theme: words, icons, badges and painted buttons, for every delegate."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from dispatchwatch.desktop.assets import Assets
from dispatchwatch.desktop.theme import BASE_SIZE, Theme
from dispatchwatch.desktop.tokens import Tone, mix

TO_THE_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Canvas:
    """A painter that speaks the design's language. Made anew for each cell; it keeps nothing."""

    def __init__(self, painter: QPainter, theme: Theme, assets: Assets, pointer: QPoint | None = None) -> None:
        self.painter = painter
        self.theme = theme
        self._assets = assets
        self._pointer = pointer

    def text(
        self,
        area: QRect,
        text: str,
        tone: Tone = Tone.TEXT,
        size: int = BASE_SIZE,
        *,
        strong: bool = False,
        right: bool = False,
    ) -> int:
        """One line, in the middle of `area`, cut with an ellipsis where it must be. Answers its width."""
        words = self.theme.elided(text, size, area.width(), strong=strong)
        self.painter.setFont(self.theme.font(size, strong=strong))
        self.painter.setPen(self.theme.color(tone))
        left = area.right() + 1 - words.width if right else area.left()
        self.painter.drawStaticText(left, area.top() + (area.height() - words.height) // 2, words.glyphs)
        return words.width

    def paragraph(
        self, area: QRect, text: str, lines: int, tone: Tone = Tone.TEXT, size: int = BASE_SIZE, *, strong: bool = False
    ) -> int:
        """Up to `lines` lines from the top of `area`. Answers the height used."""
        height = self.theme.metrics(size, strong=strong).lineSpacing()
        self.painter.setFont(self.theme.font(size, strong=strong))
        self.painter.setPen(self.theme.color(tone))
        shown = self.theme.wrapped(text, size, area.width(), lines, strong=strong)
        for number, line in enumerate(shown):
            top = area.top() + number * height
            self.painter.drawText(QRect(area.left(), top, area.width(), height), TO_THE_LEFT, line)
        return height * len(shown)

    def icon(self, area: QRect, name: str, tone: Tone, size: int = 16) -> None:
        """In the middle of `area` from top to bottom, at its left edge."""
        pixmap = self._assets.pixmap(name, tone, size, self.painter.device().devicePixelRatioF())
        top = area.top() + (area.height() - self.theme.px(size)) // 2
        self.painter.drawPixmap(area.left(), top, pixmap)

    def fill(self, area: QRect, color: QColor) -> None:
        self.painter.fillRect(area, color)

    def rounded(self, area: QRect, ground: QColor | None, line: QColor | None, radius: int = 6) -> None:
        self.painter.save()
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.painter.setPen(QPen(line, 1) if line else Qt.PenStyle.NoPen)
        self.painter.setBrush(ground or Qt.BrushStyle.NoBrush)
        corner = self.theme.px(radius)
        self.painter.drawRoundedRect(area.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), corner, corner)
        self.painter.restore()

    def button(self, area: QRect, text: str, *, primary: bool = False, on: Tone = Tone.TEXT) -> None:
        """A button that is only painted; the view knows where it is and what a press on it does."""
        tokens, hovered = self.theme.tokens, self._pointer is not None and area.contains(self._pointer)
        ground = tokens.accent if primary else tokens.surface
        ink = tokens.on_accent if primary else tokens.of(on)
        if hovered:
            ground = mix(tokens.text, ground, 0.14 if primary else 0.08)
        line = tokens.accent if primary or hovered else tokens.field
        self.rounded(area, self.theme.named(ground), self.theme.named(line))
        self.painter.setFont(self.theme.font(12, strong=primary))
        self.painter.setPen(self.theme.named(ink))
        self.painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def badge(self, area: QRect, tone: Tone) -> None:
        """A filled dot."""
        self.rounded(area, self.theme.color(tone), None, radius=area.height())


def button_width(theme: Theme, text: str) -> int:
    return theme.metrics(12, strong=True).horizontalAdvance(text) + theme.px(24)
