"""The program as a process of its own: an office in a folder, `watch` running on it, and commands beside it.

What is under test are two processes on one database: a command runs in this one, for a third would take a second.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from unittest.mock import patch

from dispatchwatch.cli.program import run

COLUMNS = ("Appointment No", "Start", "End", "Status", "Tech", "Customer", "Site", "Arrived At")
KEY = "0123456789abcdef0123456789abcdef"
SLACK_PATH = "/services/T00000000/B00000000/abcdefghijklmnop"
OFFICE = """
[office]
timezone = "America/Chicago"
"""
CONFIG = f"""{OFFICE}
[[feed]]
name = "today"
kind = "csv"
path = "today.csv"
every = "1s"
"""


def slack(url: str, name: str = "ops-slack") -> str:
    return _channel(name, "slack", 'webhook_url = "env:SLACK"', url)


def pagerduty(url: str, name: str = "pager") -> str:
    return _channel(name, "pagerduty", 'routing_key = "env:PD_KEY"', url)


def _channel(name: str, platform: str, secret: str, url: str) -> str:
    """A channel that leads to a receiver of the test's own, which takes as many messages as come."""
    lines = f'name = "{name}"', f'platform = "{platform}"', secret, f'base_url = "{url}"', 'rate = "off"', ""
    return "\n".join(["[[channel]]", *lines])


def route(*channels: str, more: str = "") -> str:
    return f"[[route]]\nchannels = {json.dumps(channels)}\n{more}\n"


def minutes(number: float) -> str:
    """An instant so many minutes from now, as a file holds it."""
    return (datetime.now(UTC) + timedelta(minutes=number)).isoformat(timespec="seconds")


def row(number: int, start: str, *, arrived: str = "", technician: str = "J. Ortiz") -> tuple[str, ...]:
    return (f"J-{number}", start, "", "Scheduled", technician, "Acme Foundry", "Plant 4", arrived)


@dataclass(frozen=True)
class Said:
    """What became of a command."""

    status: int
    out: str
    err: str


class Program:
    """`watch` on one folder. Leaving the context ends it.

    `config` goes behind `base`: an office with a feed of CSV files, unless told otherwise.
    """

    def __init__(self, folder: Path, config: str, *, base: str = CONFIG) -> None:
        self.folder = folder
        self.config = folder / "office.toml"
        self.config.write_text(base + config, encoding="utf-8")
        self._secrets = {"PD_KEY": KEY, "SLACK": f"https://hooks.slack.com{SLACK_PATH}"}
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._changed = threading.Condition()
        self._dead = threading.Event()
        self.started_at = ""
        self.events: list[dict[str, Any]] = []
        self.errors = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def write(self, rows: Sequence[Sequence[str]]) -> None:
        """Puts a whole new export in place at once."""
        draft = self.folder / "today.part"
        with draft.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows(rows)
        draft.replace(self.folder / "today.csv")

    def start(self) -> None:
        with self._changed:
            self.events.clear()
        self._dead.clear()
        self.started_at = datetime.now(UTC).isoformat()
        self._process = self._popen("watch", "--json")
        self._reader = threading.Thread(target=self._read, args=(self._process,), name="events", daemon=True)
        self._reader.start()

    def signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        """kill -9. Any thread may call it."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            self._end(process)
            self._dead.set()

    def wait_until_dead(self) -> None:
        """Returns once a kill from another thread is through."""
        assert self._dead.wait(60)

    def stop(self) -> int:
        """SIGTERM, and the exit status."""
        process, self._process = self._process, None
        assert process is not None
        process.terminate()
        self._end(process)
        return process.returncode

    def wait_for(self, wanted: Callable[[dict[str, Any]], bool], count: int = 1, timeout: float = 30) -> list[Any]:
        """The first `count` events that are wanted, as soon as they are there. Raises TimeoutError."""

        def found() -> list[dict[str, Any]]:
            return [event for event in self.events if wanted(event)]

        with self._changed:
            if not self._changed.wait_for(lambda: len(found()) >= count, timeout):
                raise TimeoutError(f"{len(found())} of {count} events; all: {[e['event'] for e in self.events]}")
            return found()[:count]

    def run(self, *arguments: str) -> Said:
        """One command in this process, to its end."""
        out, err = io.StringIO(), io.StringIO()
        with patch.dict(os.environ, self._secrets), redirect_stdout(out), redirect_stderr(err):
            status = run([*arguments, *self._place()])
        return Said(status, out.getvalue(), err.getvalue())

    def lines(self, *arguments: str) -> list[dict[str, Any]]:
        """What a command prints as JSON lines."""
        return [json.loads(line) for line in self.run(*arguments, "--json").out.splitlines()]

    def _popen(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "dispatchwatch", *arguments, *self._place()],
            cwd=self.folder,
            env={**os.environ, **self._secrets, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def _place(self) -> list[str]:
        return ["--config", str(self.config), "--data", str(self.folder / "data")]

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            with self._changed:
                self.events.append(json.loads(line))
                self._changed.notify_all()

    def _end(self, process: subprocess.Popen[str]) -> None:
        process.wait(60)
        assert self._reader is not None
        self._reader.join()
        assert process.stdout is not None
        assert process.stderr is not None
        self.errors = process.stderr.read()
        process.stdout.close()
        process.stderr.close()


def event(name: str, **fields: object) -> Callable[[dict[str, Any]], bool]:
    """Wants events of this name with these fields."""
    return lambda one: one["event"] == name and all(one.get(key) == value for key, value in fields.items())
