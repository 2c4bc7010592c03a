"""What can be wrong with one row."""

from __future__ import annotations

from typing import NamedTuple


class Doubt(NamedTuple):
    """Something in a row that was read with a doubt or left out. `column` is the header; empty for the whole row."""

    column: str
    problem: str


class Unreadable(Exception):
    """A row that cannot become a visit; its text is the problem as a person reads it."""

    def __init__(self, column: str, problem: str) -> None:
        super().__init__(problem)
        self.column = column
