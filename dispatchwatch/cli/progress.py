"""How far a long piece of work is, for a person who waits at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import monotonic
from types import TracebackType
from typing import Self, TextIO

PATIENCE, EVERY = 1.0, 0.2
"""Seconds before anything is shown, and between two showings."""


class Progress:
    """One line on standard error that is written over and taken away at the end; nothing where it is no terminal."""

    def __init__(self, what: str, stream: TextIO | None = None, clock: Callable[[], float] = monotonic) -> None:
        self._what = what
        self._stream = stream or sys.stderr
        self._clock = clock
        self._due = clock() + PATIENCE if self._stream.isatty() else float("inf")
        self._shown = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._shown:
            self._show("")

    def tell(self, done: int, whole: int, detail: Callable[[], str]) -> None:
        """That `done` of `whole` is done. Costs next to nothing where nothing is shown."""
        if self._clock() >= self._due:
            self._due = self._clock() + EVERY
            self._show(f"{self._what}: {100 * done // max(whole, 1)} % · {detail()}")

    def _show(self, text: str) -> None:
        self._stream.write(f"\r{text.ljust(len(self._shown))}")
        if not text:
            self._stream.write("\r")
        self._stream.flush()
        self._shown = text
