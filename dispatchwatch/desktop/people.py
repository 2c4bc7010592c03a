"""Who sits at this desk, and who else does at other hours: whoever it is signs what is done here."""

from __future__ import annotations

import json
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from dispatchwatch.desktop.initials import initials_of
from dispatchwatch.desktop.preference_kinds import Name, Preference
from dispatchwatch.desktop.preferences import Preferences

SECTION = "People"
LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Names(Preference[tuple[str, ...]]):
    def read(self, word: str) -> tuple[str, ...]:
        told = json.loads(word)
        if not isinstance(told, list):
            raise ValueError(word)
        return tuple(name for name in told if isinstance(name, str) and name)

    def write(self, value: tuple[str, ...]) -> str:
        return json.dumps(value, ensure_ascii=False)


KNOWN = Names(
    key="people",
    section=SECTION,
    label="Who sits here",
    help="Chosen at the right end of the header. Whoever it is signs what is done.",
    default=(),
)
PRESENT = Name(key="person", section=SECTION, label="Who sits here now", help=KNOWN.help, default="")


class People(QObject):
    """`account` is the user of the computer, who is there until somebody is chosen. `changed` after every choice."""

    changed = Signal()

    def __init__(self, account: str, preferences: Preferences) -> None:
        super().__init__()
        self.account = account
        self._preferences = preferences

    @property
    def name(self) -> str:
        """Who sits here now."""
        chosen = self._preferences.get(PRESENT)
        return chosen if chosen in self.known else self.account

    @property
    def initials(self) -> str:
        return initials_of(self.name)

    @property
    def known(self) -> tuple[str, ...]:
        """The account first, then the others in the order they were added."""
        return (self.account, *(name for name in self._preferences.get(KNOWN) if name != self.account))

    def choose(self, name: str) -> None:
        """Somebody takes the seat; a new name is kept."""
        tidy = " ".join(name.split())[:LONGEST]
        if not tidy or tidy == self.name:
            return
        if tidy not in self.known:
            self._preferences.choose(KNOWN, (*self._preferences.get(KNOWN), tidy))
        self._preferences.choose(PRESENT, tidy)
        self.changed.emit()

    def forget(self, name: str) -> None:
        """Takes a name off the list; whoever sits here stays until somebody else does."""
        if name in self.known and name not in {self.account, self.name}:
            self._preferences.choose(KNOWN, tuple(one for one in self._preferences.get(KNOWN) if one != name))
            self.changed.emit()
