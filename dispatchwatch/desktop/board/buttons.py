"""The buttons painted on a row that needs a person: which there are, and where."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from PySide6.QtCore import QRect

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop import board_phrases, texts
from dispatchwatch.desktop.board.reaching import number_to_call
from dispatchwatch.desktop.canvas import button_width
from dispatchwatch.desktop.theme import Theme
from dispatchwatch.domain.alert import AlertState
from dispatchwatch.domain.standing import Standing


class RowAction(StrEnum):
    CALL = "call"
    REASSIGN = "reassign"
    CHECK_IN = "check_in"
    ACKNOWLEDGE = "acknowledge"


class RowButton(NamedTuple):
    action: RowAction
    text: str
    area: QRect


HEIGHT, BETWEEN, AROUND = 28, 8, 12
TEXTS: Mapping[RowAction, str] = {
    RowAction.CALL: board_phrases.CALL,
    RowAction.REASSIGN: board_phrases.WHO_CAN,
    RowAction.CHECK_IN: texts.CHECK_IN,
    RowAction.ACKNOWLEDGE: texts.ACKNOWLEDGE,
}
MOST_NEEDED = (RowAction.CHECK_IN, RowAction.ACKNOWLEDGE, RowAction.REASSIGN, RowAction.CALL)


def offered(row: BoardRow) -> list[RowAction]:
    """What a row offers, from left to right. Acknowledging is over once somebody has done it."""
    if row.standing is Standing.UNASSIGNED:
        return [RowAction.REASSIGN]
    if row.standing is not Standing.LATE:
        return []
    found = [RowAction.REASSIGN, RowAction.CHECK_IN]
    if number_to_call(row):
        found.insert(0, RowAction.CALL)
    if row.alert_id is not None and row.alert_state is AlertState.OPEN:
        found.append(RowAction.ACKNOWLEDGE)
    return found


def placed(row: BoardRow, cell: QRect, theme: Theme) -> list[RowButton]:
    """From left to right, at the right end of the last cell; the most needed ones where room is short."""
    height = min(theme.px(HEIGHT), cell.height() - theme.px(6))
    top, right = cell.top() + (cell.height() - height) // 2, cell.right() - theme.px(AROUND)
    result: list[RowButton] = []
    for action in reversed(_fitting(offered(row), cell.width(), theme)):
        width = button_width(theme, TEXTS[action])
        result.insert(0, RowButton(action, TEXTS[action], QRect(right - width, top, width, height)))
        right -= width + theme.px(BETWEEN)
    return result


def room(theme: Theme, actions: tuple[RowAction, ...] = MOST_NEEDED[:2]) -> int:
    """What these buttons take with their surroundings."""
    between = theme.px(BETWEEN) * (len(actions) - 1)
    return sum(button_width(theme, TEXTS[action]) for action in actions) + between + theme.px(2 * AROUND)


def _fitting(wanted: list[RowAction], width: int, theme: Theme) -> list[RowAction]:
    kept: tuple[RowAction, ...] = ()
    for action in MOST_NEEDED:
        if action in wanted and room(theme, (*kept, action)) <= width:
            kept = (*kept, action)
    return [action for action in wanted if action in kept]
