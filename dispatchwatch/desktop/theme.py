"""How everything looks now: the colour scheme in force, the size of type, and the row height."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QPalette, QStaticText, QTransform
from PySide6.QtWidgets import QApplication

from dispatchwatch.desktop import stylesheet
from dispatchwatch.desktop.tokens import DARK, DARK_HIGH_CONTRAST, LIGHT, LIGHT_HIGH_CONTRAST, Tokens, Tone, mix

SCALES = (1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
BASE_SIZE = 13


class Scheme(StrEnum):
    """What the person chose. `CONTRAST` is high contrast, light or dark as the system is."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class Density(StrEnum):
    COMFORTABLE = "comfortable"
    COMPACT = "compact"


class SetWords(NamedTuple):
    """A line of text with its glyphs already set: painted twice as fast as text that is not."""

    glyphs: QStaticText
    width: int
    height: int

    @property
    def text(self) -> str:
        return self.glyphs.text()


class Theme(QObject):
    """Hands out colours, fonts and lengths. `changed` is emitted after the application wears the new look."""

    changed = Signal()

    def __init__(self, application: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._application = application
        self._hints = application.styleHints()
        self._families = _families()
        self.scheme = Scheme.SYSTEM
        self.scale = 1.0
        self.density = Density.COMFORTABLE
        self.tokens: Tokens = LIGHT
        self._hints.colorSchemeChanged.connect(self._system_changed)

    def apply(self) -> None:
        """Dresses the whole application. Called once at the start and after every choice."""
        self.tokens = self._tokens_in_force()
        self._application.setStyle("Fusion")
        self._application.setPalette(palette(self.tokens))
        self._application.setFont(self.font())
        self._application.setStyleSheet(stylesheet.build(self.tokens, self.scale))
        self.changed.emit()

    def choose(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.apply()

    def enlarge(self, scale: float) -> None:
        self.scale = min(max(scale, SCALES[0]), SCALES[-1])
        self.apply()

    def step(self, steps: int) -> None:
        """Text some steps larger or smaller."""
        nearest = min(range(len(SCALES)), key=lambda number: abs(SCALES[number] - self.scale))
        self.enlarge(SCALES[min(max(nearest + steps, 0), len(SCALES) - 1)])

    def pack(self, density: Density) -> None:
        self.density = density
        self.changed.emit()

    def px(self, length: float) -> int:
        """A length of the design, scaled with the text."""
        return round(length * self.scale)

    @property
    def row_height(self) -> int:
        return self.px(44 if self.density is Density.COMFORTABLE else 32)

    def font(self, size: int = BASE_SIZE, *, strong: bool = False) -> QFont:
        """The system's own typeface with figures of equal width, so that a running clock never moves."""
        return _font(self._families, self.px(size), strong)

    def metrics(self, size: int = BASE_SIZE, *, strong: bool = False) -> QFontMetrics:
        return _metrics(self._families, self.px(size), strong)

    def elided(self, text: str, size: int, width: int, *, strong: bool = False) -> SetWords:
        """The text as it fits into `width`, cut with an ellipsis where it must be, ready to be painted."""
        return _elided(text, self._families, self.px(size), strong, width)

    def wrapped(self, text: str, size: int, width: int, lines: int, *, strong: bool = False) -> tuple[str, ...]:
        """The text broken at words into at most so many lines; the last one is cut where it must be."""
        return _wrapped(text, self._families, self.px(size), strong, width, lines)

    def color(self, tone: Tone) -> QColor:
        return _color(self.tokens.of(tone))

    def named(self, colour: str) -> QColor:
        return _color(colour)

    def tint(self, tone: Tone, share: float = 0.07) -> QColor:
        """A breath of a state's colour on the surface; none in high contrast, where borders speak instead."""
        if self.tokens.high_contrast:
            return _color(self.tokens.surface)
        return _color(mix(self.tokens.of(tone), self.tokens.surface, share))

    def _tokens_in_force(self) -> Tokens:
        dark = self._hints.colorScheme() == Qt.ColorScheme.Dark
        match self.scheme:
            case Scheme.LIGHT:
                return LIGHT
            case Scheme.DARK:
                return DARK
            case Scheme.CONTRAST:
                return DARK_HIGH_CONTRAST if dark else LIGHT_HIGH_CONTRAST
            case Scheme.SYSTEM:
                return DARK if dark else LIGHT

    @Slot()
    def _system_changed(self) -> None:
        if self.scheme in {Scheme.SYSTEM, Scheme.CONTRAST}:
            self.apply()


def palette(tokens: Tokens) -> QPalette:
    """What Qt itself paints with: selection, placeholder text, links, disabled text."""
    result = QPalette()
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.sunken,
        role.Text: tokens.text,
        role.Button: tokens.surface,
        role.ButtonText: tokens.text,
        role.ToolTipBase: tokens.text,
        role.ToolTipText: tokens.surface,
        role.PlaceholderText: tokens.muted,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.BrightText: tokens.late,
        role.Mid: tokens.line,
    }
    for one, colour in colours.items():
        result.setColor(one, _color(colour))
    for one in (role.Text, role.WindowText, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, one, _color(tokens.idle))
    return result


def _families() -> tuple[str, ...]:
    """A Linux without desktop settings names no typeface of its own; a plain one is better than its stand-in."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    nameless = system.casefold() in {"", "sans", "sans serif", "sans-serif", "dejavu sans", "helvetica"}
    return ("Inter", "Noto Sans", "Cantarell", "Ubuntu", "DejaVu Sans", system) if nameless else (system,)


@lru_cache(maxsize=64)
def _font(families: tuple[str, ...], size: int, strong: bool) -> QFont:
    font = QFont(list(families))
    font.setPixelSize(size)
    font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


@lru_cache(maxsize=256)
def _color(name: str) -> QColor:
    return QColor(name)


@lru_cache(maxsize=64)
def _metrics(families: tuple[str, ...], size: int, strong: bool) -> QFontMetrics:
    return QFontMetrics(_font(families, size, strong))


# The same words are painted again and again; measuring and setting them anew took half of every paint.
@lru_cache(maxsize=8192)
def _elided(text: str, families: tuple[str, ...], size: int, strong: bool, width: int) -> SetWords:
    metrics = _metrics(families, size, strong)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    glyphs = QStaticText(shown)
    glyphs.setTextFormat(Qt.TextFormat.PlainText)
    glyphs.prepare(QTransform(), _font(families, size, strong))
    return SetWords(glyphs, metrics.horizontalAdvance(shown), metrics.height())


@lru_cache(maxsize=4096)
def _wrapped(text: str, families: tuple[str, ...], size: int, strong: bool, width: int, lines: int) -> tuple[str, ...]:
    metrics, words, shown = _metrics(families, size, strong), text.split(), list[str]()
    while words and len(shown) < lines - 1:
        taken = _words_that_fit(words, metrics, width)
        shown.append(_elided(" ".join(words[:taken]), families, size, strong, width).text)
        words = words[taken:]
    if words:
        shown.append(_elided(" ".join(words), families, size, strong, width).text)
    return tuple(shown)


def _words_that_fit(words: list[str], metrics: QFontMetrics, width: int) -> int:
    for number in range(1, len(words)):
        if metrics.horizontalAdvance(" ".join(words[: number + 1])) > width:
            return number
    return len(words)
