"""Something slow on a loop and a thread of its own: asking a platform, or a keyring that wants to be unlocked."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from dispatchwatch.desktop.tasks import aside

T = TypeVar("T")


class Errand(Generic[T]):
    """Goes once. Whoever stops waiting for it has it stopped there."""

    def __init__(self, make: Callable[[], Coroutine[Any, Any, T]]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._stopped = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Any] | None = None

    async def run(self) -> T:
        try:
            return await aside(lambda: asyncio.run(self._go()))
        except asyncio.CancelledError:
            self._stop()
            raise

    async def _go(self) -> T:
        with self._lock:
            if self._stopped:
                raise asyncio.CancelledError
            self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        try:
            return await self._make()
        finally:
            with self._lock:
                self._loop = self._task = None

    def _stop(self) -> None:
        with self._lock:
            self._stopped = True
            if self._loop is not None and self._task is not None:
                self._loop.call_soon_threadsafe(self._task.cancel)
