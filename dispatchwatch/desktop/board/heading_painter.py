"""How the header of a group is painted: its name, how many visits, and where they stand, the worst first."""

from __future__ import annotations

from PySide6.QtCore import QRect

from dispatchwatch.desktop import board_phrases
from dispatchwatch.desktop.canvas import Canvas
from dispatchwatch.desktop.grouped_model import Heading
from dispatchwatch.desktop.marks import STANDINGS
from dispatchwatch.desktop.tokens import Tone
from dispatchwatch.domain.standing import Standing

WORTH_A_COLOUR = frozenset({Standing.LATE, Standing.SOON, Standing.UNASSIGNED, Standing.UNKNOWN})


def paint_heading(canvas: Canvas, area: QRect, heading: Heading, *, hovered: bool) -> None:
    theme = canvas.theme
    canvas.fill(area, theme.named(theme.tokens.sunken))
    if hovered:
        canvas.fill(area, theme.tint(Tone.TEXT, 0.06))
    canvas.fill(QRect(area.left(), area.bottom(), area.width(), 1), theme.named(theme.tokens.line))
    inner = area.adjusted(theme.px(12), 0, -theme.px(16), 0)
    canvas.icon(inner, "chevron_right" if heading.folded else "chevron", Tone.MUTED, 16)
    inner.setLeft(inner.left() + theme.px(24))
    inner.setLeft(inner.left() + canvas.text(inner, board_phrases.heading_name(heading), strong=True) + theme.px(8))
    inner.setLeft(inner.left() + canvas.text(inner, str(heading.count), Tone.MUTED) + theme.px(24))
    for standing, words in board_phrases.heading_counts(heading):
        if inner.width() < theme.px(48):
            return
        tone = STANDINGS[standing].tone if standing in WORTH_A_COLOUR else Tone.MUTED
        canvas.icon(inner, STANDINGS[standing].icon, tone, 14)
        inner.setLeft(inner.left() + theme.px(20))
        inner.setLeft(inner.left() + canvas.text(inner, words, tone, 12) + theme.px(16))
