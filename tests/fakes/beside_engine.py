"""A whole engine on a loop, and a test beside it that hears what it says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from dispatchwatch.app.clock import SystemClock
from dispatchwatch.app.compose import Setting, build_engine
from dispatchwatch.app.config import Config
from dispatchwatch.app.engine import Engine
from dispatchwatch.app.events import Event, Happening
from dispatchwatch.app.secrets import SecretSource, WritableKeyring, system_keyring


class SteppedClock(SystemClock):
    """The real clocks, with a hand on the wall one."""

    def __init__(self) -> None:
        self.offset = timedelta()
        self.asleep = 0.0

    def now(self) -> datetime:
        return super().now() + self.offset

    def steady(self) -> float:
        return super().steady() + self.asleep

    def sleep(self, length: timedelta) -> None:
        self.offset += length
        self.asleep += length.total_seconds()


class Listener:
    """Hears an engine, and waits for what it is to hear."""

    def __init__(self, engine: Engine) -> None:
        self.events: list[Event] = []
        self._heard = asyncio.Event()
        engine.bus.subscribe(self._hear)

    def _hear(self, event: Event) -> None:
        self.events.append(event)
        self._heard.set()

    def names(self) -> list[str]:
        return [event.event for event in self.events if isinstance(event, Happening)]

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not true():
                self._heard.clear()
                await self._heard.wait()


Step = Callable[[Engine, Listener, SteppedClock], Awaitable[None]]


def run_beside(
    config: Config,
    step: Step,
    keyring: Callable[[], WritableKeyring] = system_keyring,
    secrets: SecretSource | None = None,
) -> None:
    """Runs `step` beside an engine, whose database lies in `data` beside the configuration. With `secrets` the file is
    read anew when it changes."""
    clock = SteppedClock()
    database = config.path.parent / "data" / "db.sqlite"
    setting = Setting(config=config, database=database, clock=clock, tick=0.02, keyring=keyring, secrets=secrets)

    async def play() -> None:
        stop, started = asyncio.Event(), asyncio.Event()
        engine = build_engine(setting)
        listener = Listener(engine)
        running = asyncio.create_task(engine.run(stop, started.set))
        await started.wait()
        try:
            await step(engine, listener, clock)
        finally:
            stop.set()
            await running

    asyncio.run(play())
