"""The buttons painted on a row that needs a person: which there are, and where."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from PySide6.QtCore import QRect

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop import texts
from dispatchwatch.desktop.canvas import button_width
from dispatchwatch.desktop.theme import Theme
from dispatchwatch.domain.alert import AlertState
from dispatchwatch.domain.standing import Standing


class RowAction(StrEnum):
    CHECK_IN = "check_in"
    ACKNOWLEDGE = "acknowledge"


class RowButton(NamedTuple):
    action: RowAction
    text: str
    area: QRect
    primary: bool = False


HEIGHT, WORDS = 28, 88


def offered(row: BoardRow) -> list[RowAction]:
    """What a late row offers. Acknowledging is over once somebody has done it."""
    if row.standing is not Standing.LATE:
        return []
    open_alert = row.alert_id is not None and row.alert_state is AlertState.OPEN
    return [RowAction.CHECK_IN, RowAction.ACKNOWLEDGE] if open_alert else [RowAction.CHECK_IN]


def placed(row: BoardRow, cell: QRect, theme: Theme) -> list[RowButton]:
    """The buttons of a row from left to right, at the right end of its last cell."""
    height = min(theme.px(HEIGHT), cell.height() - theme.px(6))
    top, right = cell.top() + (cell.height() - height) // 2, cell.right() - theme.px(12)
    result: list[RowButton] = []
    for action in reversed(offered(row)):
        text = texts.CHECK_IN if action is RowAction.CHECK_IN else texts.ACKNOWLEDGE
        width = button_width(theme, text)
        result.insert(0, RowButton(action, text, QRect(right - width, top, width, height)))
        right -= width + theme.px(8)
    return result


def room(theme: Theme) -> int:
    """What both buttons take, with their surroundings and a few words beside them."""
    both = sum(button_width(theme, text) for text in (texts.CHECK_IN, texts.ACKNOWLEDGE))
    return both + theme.px(8 + 12 + 12 + WORDS)
