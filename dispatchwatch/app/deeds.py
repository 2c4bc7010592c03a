"""Who does something, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and from where: "desk", "toast", "command", or whatever brought his word. `place` is the thread and the
    channel where he did the same already: it is not told there. `account` is the user of the computer, where that is
    somebody else."""

    name: str
    origin: str
    place: tuple[str, str] | None = None
    account: str = ""

    @property
    def signature(self) -> str:
        """The name for the audit trail, with whose computer account it was."""
        return f"{self.name} (as {self.account})" if self.account and self.account != self.name else self.name


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long an acknowledgement is to last, where not until the alert is over."""

    length: timedelta | None = None
    until_visit_changes: bool = False


TILL_OVER = Lasting()


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one thing that was asked. `text` is a sentence for the person who asked; `field` is where in a
    form it belongs, if it speaks of one. `fate` is what became of it in a few words that others may share, such as
    "acknowledged" or "was already acknowledged by Kim", for counting many."""

    subject: str
    done: bool
    text: str
    fate: str = field(default="", compare=False)
    field: str = ""
