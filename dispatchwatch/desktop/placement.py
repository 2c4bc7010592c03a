"""Where the window opens: where it was, as long as that is still on a screen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect


def on_a_screen(wanted: QRect, screens: Sequence[QRect], least: tuple[int, int]) -> QRect:
    """`wanted`, moved and made smaller until it lies wholly on the screen it overlaps most, or on the first one."""
    if not screens:
        return wanted
    screen = max(screens, key=lambda one: _overlap(one, wanted))
    width = max(min(wanted.width(), screen.width()), min(least[0], screen.width()))
    height = max(min(wanted.height(), screen.height()), min(least[1], screen.height()))
    left = min(max(wanted.left(), screen.left()), screen.right() - width + 1)
    top = min(max(wanted.top(), screen.top()), screen.bottom() - height + 1)
    return QRect(left, top, width, height)


def _overlap(screen: QRect, wanted: QRect) -> int:
    common = screen.intersected(wanted)
    return max(0, common.width()) * max(0, common.height())
