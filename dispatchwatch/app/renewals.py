"""Secrets that a platform renewed while it was told: they take the place of the old ones in the system keyring."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Self

from dispatchwatch.app.secrets import SecretError, WritableKeyring, keep
from dispatchwatch.app.settling import Channel
from dispatchwatch.dispatch.sender import Sender

NOT_KEPT = "secret_not_kept"


class Renewals:
    """The keyring may take its time, so it is asked beside the loop, one secret after the other. `said` hears what went
    wrong, its word and a sentence: what is in use stays in use, and the old secret counts at the next start.

    As a context it ends as soon as everything is kept.
    """

    def __init__(self, keyring: Callable[[], WritableKeyring], said: Callable[[str, str], None]) -> None:
        self._keyring = keyring
        self._said = said
        self._one_by_one = asyncio.Lock()
        self._under_way: set[asyncio.Task[None]] = set()
        self._out_of_reach: set[tuple[str, str]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.settled()

    def sender(self, channel: Channel) -> Sender:
        """A connection of its own to the channel's platform; what that renews goes where it came from."""

        def take(field: str, secret: str) -> None:
            if field in channel.in_keyring:
                task = asyncio.get_running_loop().create_task(self._keep(channel.name, field, secret))
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)
            else:
                self._tell_once(channel, field)

        return Sender(way=channel.way, hand_over=take)

    async def settled(self) -> None:
        """As soon as everything is kept."""
        await asyncio.gather(*self._under_way)

    def _tell_once(self, channel: Channel, field: str) -> None:
        if (channel.name, field) not in self._out_of_reach:
            self._out_of_reach.add((channel.name, field))
            told = f"{channel.name}: {channel.platform.name} renewed the {field}, which can’t be kept where it stands"
            self._said(NOT_KEPT, f'{told}. Write {field} = "keyring:" and sign in again before the old one ends.')

    async def _keep(self, channel: str, field: str, secret: str) -> None:
        async with self._one_by_one:
            try:
                await asyncio.to_thread(self._store, channel, field, secret)
            except SecretError as problem:
                told = f"{channel}: a renewed {field} could not be kept: {problem}"
                self._said(NOT_KEPT, f"{told}. Sign in again before the old one ends.")

    def _store(self, channel: str, field: str, secret: str) -> None:
        try:
            keyring = self._keyring()
        except Exception as error:  # noqa: BLE001 - every system's keyring has errors of its own
            raise SecretError(f"there is no system keyring ({type(error).__name__})") from None
        keep(keyring, channel, field, secret)
