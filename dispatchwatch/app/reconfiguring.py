"""Taking a changed configuration over while the program runs: the engine ends what it does and begins anew with it.

What is owed, open and under way is in the store, so nothing of it is lost between the two. A file that can't be used
changes nothing but that this is said.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from dispatchwatch.app.announcing import Announcer
from dispatchwatch.app.config import Config, Problem
from dispatchwatch.app.configuration import Configuration, Refused
from dispatchwatch.app.deeds import Actor
from dispatchwatch.app.settings.changes import Change, changes
from dispatchwatch.app.trail import PROGRAM

LOOK_EVERY = 2.0
"""So many ticks of the engine pass between two looks at the file."""
BY_HAND = Actor(PROGRAM, "file")
"""Whoever changed the file with an editor did not say who he is."""
MOST_NAMED = 3

Note = Callable[[Actor, str, Mapping[str, Any]], None]
"""Writes an entry of the trail: who, what, and its details."""


class Taken(NamedTuple):
    """A configuration that is to be in force, by whom, and what is different in it."""

    config: Config
    by: Actor
    changes: tuple[Change, ...]


class Reconfiguring:
    """Everything runs on the engine's loop but what blocks, which is done in threads."""

    def __init__(self, configuration: Configuration, announcer: Announcer) -> None:
        self._configuration = configuration
        self._announcer = announcer
        self._one_by_one = asyncio.Lock()
        self._next: Taken | None = None
        self.wanted = asyncio.Event()
        self._in_force = asyncio.Event()
        self.fault = ""

    @property
    def current(self) -> Config:
        return self._configuration.current

    @property
    def is_watched(self) -> bool:
        return self._configuration.is_watched

    async def look(self, note: Note) -> None:
        """Looks whether the file was changed by hand."""
        async with self._one_by_one:
            found = await asyncio.to_thread(self._configuration.look)
            if found is not None:
                self._answer(found, BY_HAND, note)

    async def take(self, save: Callable[[], object], by: Actor, note: Note) -> tuple[Problem, ...]:
        """Has the file saved, and returns once what it says is in force, or why it is not."""
        async with self._one_by_one:
            await asyncio.to_thread(save)
            found = await asyncio.to_thread(lambda: self._configuration.read(anew=True))
            self._in_force.clear()
            self._answer(found, by, note)
            if isinstance(found, Refused):
                return found.problems
            if self.wanted.is_set():
                await self._in_force.wait()
            return ()

    def adopt(self) -> Taken | None:
        """What is to be in force from now on; None where nothing is to change."""
        taken, self._next = self._next, None
        self.wanted.clear()
        if taken is not None:
            self._configuration.current = taken.config
            self.fault = ""
        return taken

    def began(self, taken: Taken | None, note: Note) -> None:
        """The engine runs with it."""
        if taken is None:
            return
        note(taken.by, "configuration_changed", {"changes": [one._asdict() for one in taken.changes]})
        self._announcer.configured(taken.by.name, taken.changes, taken.config)
        self._in_force.set()

    def _answer(self, found: Config | Refused, by: Actor, note: Note) -> None:
        if isinstance(found, Refused):
            wrong = [one for one in found.problems if not one.is_warning]
            self.fault = _refusal(wrong)
            told = [{"where": one.where, "text": one.text} for one in wrong]
            note(by, "configuration_refused", {"problems": told})
            self._announcer.refused(self.fault, told)
        elif found is self.current:
            self.fault = ""
        else:
            self._next = Taken(found, by, changes(self.current.values, found.values))
            self.wanted.set()


def _refusal(problems: list[Problem]) -> str:
    told = "; ".join(f"{one.where}: {one.text}" for one in problems[:MOST_NAMED])
    more = f"; and {len(problems) - MOST_NAMED} more" if len(problems) > MOST_NAMED else ""
    return f"The configuration was changed and can’t be used, so the one before stays in force. {told}{more}."
