"""The configuration file on the disk: replaced in one go, private, with the version before it kept beside it."""

from __future__ import annotations

import os
from pathlib import Path

BACKUP = ".bak"
CANDIDATE = ".new"
PRIVATE = 0o600


class FileChangedError(Exception):
    """Somebody else has written the file since it was read."""


def content_of(path: Path) -> bytes | None:
    """What the file holds; None where there is none. Raises OSError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def replace_file(path: Path, before: bytes | None, after: bytes) -> Path | None:
    """Puts `after` in place of `before` and returns the copy of that; None where there was no file.

    A link stays one. Raises OSError, and FileChangedError where the file does not hold `before` any more.
    """
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    candidate = path.with_name(path.name + CANDIDATE)
    try:
        _write(candidate, after)
        if content_of(path) != before:
            raise FileChangedError
        backup = None if before is None else path.with_name(path.name + BACKUP)
        if before is not None and backup is not None:
            _write(backup, before)
        candidate.replace(path)
        return backup
    finally:
        candidate.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, PRIVATE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
