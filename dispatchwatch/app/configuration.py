"""The configuration the engine runs with, and its file: that it changed is noticed, and what it says is read anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dispatchwatch.app.config import Config, ConfigError, Problem
from dispatchwatch.app.config_reader import read_file, read_values
from dispatchwatch.app.secrets import SecretSource

Mark = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Refused:
    """What the file says now can't be run with."""

    problems: tuple[Problem, ...]


class Configuration:
    """`current` is what is in force. Looking and reading block."""

    def __init__(self, current: Config, secrets: SecretSource | None) -> None:
        """Without `secrets` the file is never looked at again: the configuration stays what it is."""
        self.current = current
        self._secrets = secrets
        self._seen: Mark | None = None
        self._read: Mark | None = None

    @property
    def is_watched(self) -> bool:
        return self._secrets is not None

    def look(self) -> Config | Refused | None:
        """What the file says, where it was changed and nobody is writing it any more; None where nothing is new.

        `current` itself is the answer where the file says again what is in force.
        """
        mark, before = self._mark(), self._seen
        self._seen = mark
        is_there = mark is not None or bool(self.current.values)
        if mark == self._read or mark != before or not is_there:
            return None
        return self.read()

    def read(self, *, anew: bool = False) -> Config | Refused:
        """What the file says now. Secrets may have changed where it has not: `anew` takes it as new in any case."""
        self._read = self._seen = self._mark()
        if self._secrets is None:
            return self.current
        try:
            values: Mapping[str, Any] = read_file(self.current.path)
            is_new = anew or values != self.current.values
            return read_values(self.current.path, values, self._secrets) if is_new else self.current
        except ConfigError as error:
            return Refused(error.problems)

    def _mark(self) -> Mark | None:
        """What tells one version of the file from another without reading it; None where there is no file."""
        try:
            found = self.current.path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
