"""How the program ended last time: by itself, or not."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

MARK = "running"
CRASH, LAST_CRASH = "crash.txt", "crash-last.txt"
LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class Ending:
    """`report` is what the interpreter wrote when it was ended; empty where it could not write any more."""

    badly: bool
    report: str = ""


class LastRun:
    """A mark in the folder of the logs stands there while the program runs. Both calls touch files."""

    def __init__(self, logs: Path) -> None:
        self._mark = logs / MARK
        self._crash = logs / CRASH
        self._kept = logs / LAST_CRASH

    def begin(self) -> Ending:
        """How the run before this one ended. Its report is put aside, so that it is shown once."""
        badly = self._mark.exists()
        self._mark.touch(0o600)
        report = self._crash.read_text("utf-8", "replace")[-LONGEST:] if self._crash.exists() else ""
        if report.strip():
            self._keep(report)
        return Ending(badly or bool(report.strip()), report.strip())

    def end(self) -> None:
        self._mark.unlink(missing_ok=True)

    def _keep(self, report: str) -> None:
        """The file itself is open already, for this run's own last words; so it is emptied, not moved."""
        private = os.open(self._kept, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(private, "w", encoding="utf-8") as kept:
            kept.write(report)
        os.truncate(self._crash, 0)
