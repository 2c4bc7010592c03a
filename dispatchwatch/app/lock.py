"""One engine per data folder: a lock that the system gives back when its holder ends, however it ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

from dispatchwatch.app.paths import make_private


class AlreadyRunningError(Exception):
    """Another engine works on this data folder."""


class DataLock:
    def __init__(self, path: Path) -> None:
        """Takes the lock. Raises `AlreadyRunningError` if another process holds it."""
        make_private(path.parent)
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii")
        try:
            _lock(self._file)
        except OSError:
            self._file.close()
            raise AlreadyRunningError(
                f"DispatchWatch is already running on the data folder {path.parent}. Close it first."
            ) from None

    def release(self) -> None:
        self._file.close()


def is_running(path: Path) -> bool:
    """Whether an engine works on this data folder now."""
    if not path.exists():
        return False
    try:
        DataLock(path).release()
    except AlreadyRunningError:
        return True
    return False


def _lock(file: IO[str]) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
