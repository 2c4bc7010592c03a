"""Whether this pair of Python and PySide6 can be trusted to run for a day."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject

CALLS = 500


def bad_pair(qt: str, python: tuple[int, int]) -> bool:
    """PySide6 6.12 on Python before 3.12 loses a reference to None with every call and aborts after some minutes."""
    major, minor = (int(part) for part in qt.split(".")[:2])
    return (major, minor) == (6, 12) and python < (3, 12)


def references_lost() -> int:
    """How many references to None get lost in some hundred calls that answer nothing. Sound: about none."""
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        thing.setObjectName("x")
    return before - sys.getrefcount(None)
