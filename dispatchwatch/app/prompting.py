"""Reading a feed because word came that something in it changed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

SETTLING = 1.0
"""Seconds to wait before reading: events come in bursts, and some senders tell before their own database does."""


class Prompts:
    """Lives on the engine's loop. However often word comes, a feed has one reading at a time and one more after it."""

    def __init__(self, read: Callable[[str], Awaitable[None]], settling: float = SETTLING) -> None:
        """`read` reads the feed of a name and takes in what it says; it tells of its failures itself."""
        self._read = read
        self._settling = settling
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    def poll(self, name: str) -> None:
        """Has the feed read soon. What is told while it is being read leads to another reading."""
        if name in self._tasks:
            self._again.add(name)
            return
        self._tasks[name] = asyncio.get_running_loop().create_task(self._read_on(name))

    def stop(self) -> None:
        for task in self._tasks.values():
            task.cancel()

    async def _read_on(self, name: str) -> None:
        try:
            while True:
                await asyncio.sleep(self._settling)
                self._again.discard(name)
                await self._read(name)
                if name not in self._again:
                    return
        finally:
            del self._tasks[name]
            self._again.discard(name)
