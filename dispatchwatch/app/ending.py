"""Waiting for the end of what goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence


async def until(ends: Sequence[asyncio.Event], tasks: Sequence[asyncio.Task[None]]) -> None:
    """Waits for one of the `ends`; a task that ends before it does so by a fault, which is raised here."""
    ending = [asyncio.create_task(end.wait()) for end in ends]
    done, _ = await asyncio.wait([*ending, *tasks], return_when=asyncio.FIRST_COMPLETED)
    for waiting in ending:
        waiting.cancel()
    for task in done:
        task.result()
