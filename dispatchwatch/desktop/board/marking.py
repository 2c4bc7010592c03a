"""The marks behind words that were searched for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QRect

from dispatchwatch.desktop.canvas import Canvas
from dispatchwatch.desktop.theme import SetWords
from dispatchwatch.desktop.tokens import Tone

SHARE = 0.22


def mark_hits(canvas: Canvas, area: QRect, shown: SetWords, hits: Sequence[str], font: tuple[int, bool]) -> None:
    """A tint and a line below every hit in a line of text, which is painted over it. `font` is size and strength."""
    theme, text = canvas.theme, shown.text
    metrics = theme.metrics(font[0], strong=font[1])
    top = area.top() + (area.height() - shown.height) // 2
    for start, end in found(text, hits):
        left, right = (area.left() + metrics.horizontalAdvance(text[:place]) for place in (start, end))
        canvas.fill(QRect(left, top, right - left, shown.height), theme.tint(Tone.SOON, SHARE))
        canvas.fill(QRect(left, top + shown.height - 1, right - left, 1), theme.color(Tone.SOON))


def found(text: str, hits: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where each hit begins and ends. Letters that grow when folded are passed over rather than marked wrongly."""
    folded = text.casefold()
    if len(folded) != len(text):
        return
    for hit in hits:
        start = folded.find(hit)
        while start >= 0:
            yield start, start + len(hit)
            start = folded.find(hit, start + len(hit))
