"""What every way to show a toast can do on this computer, for the self-test and for `dispatchwatch doctor`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from dispatchwatch.desktop import toast_phrases
from dispatchwatch.desktop.side_loop import SideLoop
from dispatchwatch.desktop.toast import Ability
from dispatchwatch.desktop.toast_notifier import NotifierBackend
from dispatchwatch.desktop.toast_plyer import PlyerBackend


@dataclass(frozen=True, slots=True)
class Found:
    """`problem` says why there is no ability."""

    ability: Ability | None
    problem: str = ""

    def in_words(self) -> str:
        return self.ability.in_words() if self.ability else toast_phrases.not_there(self.problem)


async def look(check: Callable[[], Coroutine[Any, Any, Ability]]) -> Found:
    try:
        return Found(await check())
    except Exception as problem:  # noqa: BLE001 - whatever keeps a way closed is what is asked for
        return Found(None, str(problem) or type(problem).__name__)


def without_window() -> list[str]:
    """Which ways there are, as far as that can be told without a window. Blocks for a second at most."""
    return asyncio.run(_without_window())


async def _without_window() -> list[str]:
    system = NotifierBackend(SideLoop("toasts"))
    plyer = PlyerBackend()
    found = {
        system.name: (await look(system.check)).in_words(),
        "tray": toast_phrases.TRAY_UNKNOWN,
        plyer.name: (await look(plyer.check)).in_words(),
        "window": toast_phrases.WINDOW_ALWAYS,
    }
    await system.leave()
    return [f"{name}: {words.removesuffix('.')}" for name, words in found.items()]
