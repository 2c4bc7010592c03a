"""What the settings show of a configuration that is being edited, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dispatchwatch.app.config import Config, Problem
from dispatchwatch.app.key_path import Steps
from dispatchwatch.app.settings.changes import Change


@dataclass(frozen=True, slots=True)
class State:
    """`values` is the whole file, empty while it has a fault, which then stands at `fault_line`. `edition` is another
    number whenever what stands in the file may differ from what the forms show. `undoes` is what undoing takes back;
    empty where there is nothing to undo. `config` is None while the program could not run with it.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    problems: tuple[Problem, ...] = ()
    changes: tuple[Change, ...] = ()
    fault: Problem | None = None
    fault_line: int = 0
    is_changed: bool = False
    can_keep: bool = True
    undoes: str = ""
    edition: int = 0
    config: Config | None = field(default=None, repr=False, compare=False)

    @property
    def change_count(self) -> int:
        """A secret that was typed over another is a change that no key shows."""
        return max(len(self.changes), int(self.is_changed))

    def problems_at(self, base: Steps) -> dict[Steps, str]:
        """What is wrong at a place and below it, by the steps that lead there from it."""
        found: dict[Steps, str] = {}
        for one in self.problems:
            if one.steps[: len(base)] == base:
                rest = one.steps[len(base) :]
                found[rest] = f"{found[rest]}; {one.text}" if rest in found else one.text
        return found
