"""The engine in a thread of its own, for a window to start and to stop."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

from dispatchwatch.app.engine import FAREWELL, Engine
from dispatchwatch.app.lock import DataLock


class EngineThread:
    """Start and stop block; call them from a thread that may wait."""

    def __init__(self, engine: Engine, lock: Path) -> None:
        self.engine = engine
        self._lock = lock
        self._stop: asyncio.Event | None = None
        self._started = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def start(self) -> None:
        """Returns once the engine runs. Raises what kept it from running, `AlreadyRunningError` among it."""
        held = self._held = DataLock(self._lock)
        self._thread.start()
        self._started.wait()
        if self._error is not None:
            held.release()
            raise self._error

    def stop(self) -> None:
        """Lets the engine finish what is in flight, for a bounded time."""
        if self._thread.is_alive() and self._stop is not None:
            stop = self._stop
            self.engine.loop.call_soon_threadsafe(stop.set)
            self._thread.join(FAREWELL + 5)
            self._held.release()

    def _run(self) -> None:
        try:
            asyncio.run(self._live())
        except BaseException as error:  # noqa: BLE001 - handed to the thread that started us, or to the window
            self._error = error
        finally:
            self._started.set()

    async def _live(self) -> None:
        self._stop = asyncio.Event()
        await self.engine.run(self._stop, self._started.set)
