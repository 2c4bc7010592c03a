"""Who does something, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and from where: "desk", "toast", "command", or whatever brought his word. `place` is the thread and the
    channel where he did the same already: it is not told there."""

    name: str
    origin: str
    place: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one thing that was asked. `text` is a sentence for the person who asked; `field` is where in a
    form it belongs, if it speaks of one."""

    subject: str
    done: bool
    text: str
    field: str = ""
