"""Giving a window the keyboard where there is no window manager that would."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot


def give_keyboard(window: QWidget, qtbot: QtBot) -> None:
    """Asks for it until the window has it: asked too early, it is not given."""

    def has_it() -> bool:
        window.activateWindow()
        return window.isActiveWindow()

    qtbot.waitUntil(has_it)
