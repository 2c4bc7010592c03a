"""A toast, and what a way to show one is: what it can do, and how it says that it can't."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from dispatchwatch.app.events import ToastWanted
from dispatchwatch.desktop import texts, toast_phrases


class Action(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    SNOOZE = "snooze"
    SHOW = "show"


ACTION_NAMES: Mapping[Action, str] = {
    Action.ACKNOWLEDGE: texts.ACKNOWLEDGE,
    Action.SNOOZE: toast_phrases.SNOOZE_FOR,
    Action.SHOW: texts.SHOW,
}


@dataclass(frozen=True, slots=True)
class Toast:
    """`number` is its own, from 1, as long as the program runs. `pressed` is called on the window's thread."""

    number: int
    wanted: ToastWanted
    pressed: Callable[[Action], None]

    @property
    def actions(self) -> tuple[Action, ...]:
        """What can be done from it: everything about one alert; about many, only looking at them."""
        return tuple(Action) if len(self.wanted.alert_ids) == 1 else (Action.SHOW,)


@dataclass(frozen=True, slots=True)
class Ability:
    """What a way can do. `clicks` says whether a click on the toast reaches us."""

    buttons: bool = False
    clicks: bool = False
    withdraws: bool = False

    def in_words(self) -> str:
        parts = [toast_phrases.WITH_BUTTONS if self.buttons else toast_phrases.WITHOUT_BUTTONS]
        if not self.buttons:
            parts.append(toast_phrases.REPORTS_CLICK if self.clicks else toast_phrases.REPORTS_NOTHING)
        if self.withdraws:
            parts.append(toast_phrases.WITHDRAWS)
        return " ".join(parts)


class Closed(Exception):
    """This way is closed for as long as the program runs."""


class Absent(Exception):
    """This way is closed now. It may open later."""


class ToastBackend(Protocol):
    """One way to show a toast. Everything here is called on the window's thread and must not block it.

    Raises `Closed`, `Absent` or whatever kept it from showing one.
    """

    name: str

    async def check(self) -> Ability:
        """What it can do here."""
        ...

    async def show(self, toast: Toast) -> None: ...

    async def withdraw(self, number: int) -> None:
        """Takes a toast back, where that can be done and it is still there."""
        ...

    async def leave(self) -> None:
        """The program ends."""
        ...


def cut(text: str, longest: int) -> str:
    """The text, cut at a word with an ellipsis where it is too long: Windows refuses longer ones."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    at_word = head.rsplit(" ", 1)[0] if " " in head else head
    return f"{at_word.rstrip(' ,.;:–-')}…"
