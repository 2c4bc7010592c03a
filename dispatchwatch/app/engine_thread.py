"""The engine in a thread of its own, for a window to start and to stop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

from dispatchwatch.app.clock import Clock
from dispatchwatch.app.config import Config
from dispatchwatch.app.configuration import Configuration
from dispatchwatch.app.engine import FAREWELL, Engine
from dispatchwatch.app.lock import DataLock
from dispatchwatch.app.parts import Hearing, Parts


class EngineThread(Engine):
    """An engine with a thread. `start` and `stop` block; call them where waiting harms nobody."""

    def __init__(
        self, build: Callable[[Config, Hearing], Parts], clock: Clock, configuration: Configuration, lock: Path
    ) -> None:
        super().__init__(build, clock, configuration)
        self._lock_file = lock
        self._lock: DataLock | None = None
        self._stop: asyncio.Event | None = None
        self._settled = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._live, name="engine", daemon=True)

    def start(self) -> None:
        """Returns once the engine runs. Raises what kept it from running, `AlreadyRunningError` among it."""
        self._lock = DataLock(self._lock_file)
        self._thread.start()
        self._settled.wait()
        if self._error is not None:
            self._release()
            raise self._error

    @property
    def fault(self) -> BaseException | None:
        """What ended it once it ran; None while it runs, and after it was stopped."""
        return self._error if self._settled.is_set() and not self._thread.is_alive() else None

    def stop(self) -> None:
        """Lets the engine finish what is in flight, for a bounded time."""
        if self._thread.is_alive() and self._stop is not None:
            self.loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(FAREWELL + 5)
        self._release()

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _live(self) -> None:
        try:
            asyncio.run(self._watch_on())
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that started us
            self._error = error
        finally:
            self._settled.set()

    async def _watch_on(self) -> None:
        self._stop = asyncio.Event()
        await self.run(self._stop, self._settled.set)
