"""Secrets that a platform renewed while it was told: they take the place of the old ones in the system keyring."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection

from dispatchwatch.app.secrets import SecretError, WritableKeyring, keep


class Renewals:
    """The keyring may take its time, so it is asked beside the engine, one secret after the other. `said` hears what
    went wrong: what is in use stays in use, and the old secret counts at the next start."""

    def __init__(self, keyring: Callable[[], WritableKeyring], said: Callable[[str, str], None]) -> None:
        self._keyring = keyring
        self._said = said
        self._one_by_one = asyncio.Lock()
        self._under_way: set[asyncio.Task[None]] = set()

    def of(self, channel: str, fields: Collection[str]) -> Callable[[str, str], None]:
        """What keeps the renewed secrets of a channel, where they came from the keyring: only these `fields`."""

        def take(field: str, secret: str) -> None:
            if field in fields:
                task = asyncio.get_running_loop().create_task(self._keep(channel, field, secret))
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)

        return take

    async def settled(self) -> None:
        """As soon as everything is kept."""
        await asyncio.gather(*self._under_way)

    async def _keep(self, channel: str, field: str, secret: str) -> None:
        async with self._one_by_one:
            try:
                await asyncio.to_thread(self._store, channel, field, secret)
            except SecretError as problem:
                told = f"{channel}: a renewed {field} could not be kept: {problem}"
                self._said("secret_not_kept", f"{told}. Sign in again before the old one ends.")

    def _store(self, channel: str, field: str, secret: str) -> None:
        try:
            keyring = self._keyring()
        except Exception as error:  # noqa: BLE001 - every system's keyring has errors of its own
            raise SecretError(f"there is no system keyring ({type(error).__name__})") from None
        keep(keyring, channel, field, secret)
