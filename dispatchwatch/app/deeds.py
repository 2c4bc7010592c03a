"""Who does something, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and from where: "desk", "toast", "command", or whatever brought his word."""

    name: str
    origin: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one thing that was asked. `text` is a sentence for the person who asked; `field` is where in a
    form it belongs, if it speaks of one."""

    subject: str
    done: bool
    text: str
    field: str = ""
