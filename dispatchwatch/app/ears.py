"""The ears of all channels that listen, each at its own pace: a place that hangs or fails holds up no other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dispatchwatch.app.clock import Clock
from dispatchwatch.app.hearing import Ear, Room
from dispatchwatch.app.settling import Channel
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.store.store import Store


class Ears:
    """Lives on the engine's loop. `sender` makes the connection of one ear."""

    def __init__(
        self,
        channels: Iterable[Channel],
        store: Store,
        clock: Clock,
        chance: Callable[[], float],
        sender: Callable[[Channel], Sender],
    ) -> None:
        self.all = tuple(Ear(some, store, clock, chance, sender(some[0])) for some in _together(channels))
        self._asking: list[asyncio.Task[None]] = []

    def start(self, room: Room, passed: Ear | None = None) -> None:
        """Begins to ask. What the ear that is `passed` hears is brought to it by somebody who asks in its place."""
        self._asking = [asyncio.create_task(_listen(ear, room)) for ear in self.all if ear is not passed]

    def at(self, platform: str, key: str) -> Ear | None:
        """The ear that hears what comes from there, if there is one."""
        return next((ear for ear in self.all if ear.platform == platform and ear.key == key), None)

    async def stop(self) -> None:
        for task in self._asking:
            task.cancel()
        await asyncio.gather(*self._asking, return_exceptions=True)
        await asyncio.gather(*(ear.aclose() for ear in self.all))


async def _listen(ear: Ear, room: Room) -> None:
    while True:
        rest = await ear.ask(room)
        if rest is None:
            return
        await asyncio.sleep(rest)


def _together(channels: Iterable[Channel]) -> list[list[Channel]]:
    """The channels that are asked as one, those first that listen. One that shares the ear of another is heard there in
    any case: what is said on it would else be taken in and lost."""
    found: dict[tuple[str, ...], list[Channel]] = {}
    for one in channels:
        if one.platform.hears(one.config):
            ear = one.platform.ear(one.config)
            found.setdefault((one.platform.key, "shared", ear) if ear else ("", one.name), []).append(one)
    ordered = (sorted(some, key=lambda one: not one.config.listen) for some in found.values())
    return [some for some in ordered if some[0].config.listen]


def passed_on(room: Room, ear: Ear, loop: asyncio.AbstractEventLoop) -> Callable[[Mapping[str, Any]], None]:
    """For the thread that asks Telegram: gives one update to the ear and returns once it is done, or raises as that
    does."""

    def give(update: Mapping[str, Any]) -> None:
        taking = ear.take(room, {"ok": True, "result": [update]})
        asyncio.run_coroutine_threadsafe(taking, loop).result()

    return give
