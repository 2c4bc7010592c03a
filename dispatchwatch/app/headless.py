"""The engine without a window: on this thread, until a signal or for some seconds."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from dispatchwatch.app import garbage
from dispatchwatch.app.compose import Setting, build_engine
from dispatchwatch.app.events import Event, Happening
from dispatchwatch.app.lock import DataLock
from dispatchwatch.app.logs import set_up_log


def run_headless(setting: Setting, lock: Path, tell: Callable[[Happening], None], seconds: float | None = None) -> None:
    """Watches and tells until SIGINT or SIGTERM, or for `seconds`. Raises `AlreadyRunningError`, `StoreError`."""
    held = DataLock(lock)
    set_up_log(lock.parent / "logs")
    garbage.search_seldom()
    try:
        asyncio.run(_run(setting, tell, seconds))
    finally:
        held.release()


async def _run(setting: Setting, tell: Callable[[Happening], None], seconds: float | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    _stop_on_signals(loop, stop)
    if seconds is not None:
        loop.call_later(seconds, stop.set)
    engine = build_engine(setting)
    engine.bus.subscribe(lambda event: _hear(event, tell))
    await engine.run(stop)


def _hear(event: Event, tell: Callable[[Happening], None]) -> None:
    if isinstance(event, Happening):
        tell(event)


def _stop_on_signals(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:
            # Windows has no signal handlers on a loop; its own reach the main thread.
            with suppress(ValueError):
                signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
