"""A configuration that can’t be used at the start: said, its settings opened, and tried again once the file changes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from dispatchwatch.app.config import ConfigError
from dispatchwatch.desktop import texts
from dispatchwatch.desktop.strip import Line, Strip
from dispatchwatch.desktop.tasks import aside
from dispatchwatch.desktop.tokens import Tone

T = TypeVar("T")
LOOKS_EVERY = 1.0
TOPIC = "configuration"


class Mending:
    """`show` leads to the settings; `config` is the file."""

    def __init__(self, config: Path, strip: Strip, show: Callable[[], object], *, every: float = LOOKS_EVERY) -> None:
        self._config = config
        self._strip = strip
        self._show = show
        self._every = every

    async def until_sound(self, start: Callable[[], Awaitable[T]]) -> T:
        """What `start` gives, as soon as the configuration lets it. Whatever else goes wrong is raised."""
        while True:
            before = await aside(self._stamp)
            try:
                started = await start()
            except ConfigError as problem:
                self._say(problem)
                await self._changed(before)
            else:
                self._strip.drop(TOPIC)
                return started

    def _say(self, problem: ConfigError) -> None:
        first = problem.problems[0]
        more = len(problem.problems) - 1
        others = texts.AND_MORE.format(more) if more else ""
        text = texts.NOT_USABLE.format(where=first.where, text=first.text, more=others)
        self._strip.say(TOPIC, Line(text, "warning", Tone.LATE, texts.TO_THE_SETTINGS), self._show)
        self._show()

    async def _changed(self, before: tuple[int, int]) -> None:
        found = before
        while found == before:
            await asyncio.sleep(self._every)
            found = await aside(self._stamp)

    def _stamp(self) -> tuple[int, int]:
        try:
            found = self._config.stat()
        except OSError:
            return (0, 0)
        return found.st_mtime_ns, found.st_size
