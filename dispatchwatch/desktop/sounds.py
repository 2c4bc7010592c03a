"""A short sound for what is new, one per gravity. Qt's own sound is not in what we install, so the system plays it."""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from dispatchwatch.desktop.tasks import Tasks, aside
from dispatchwatch.domain.alert import Severity

logger = logging.getLogger(__name__)

FILES: Mapping[Severity, str] = {
    Severity.INFO: "notice.wav",
    Severity.WARNING: "warning.wav",
    Severity.HIGH: "warning.wav",
    Severity.CRITICAL: "critical.wav",
}
PLAYERS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "darwin": (("afplay",),),
    "linux": (("pw-play",), ("paplay",), ("aplay", "-q")),
}
PATIENCE = 10


class Sounds:
    """`beep` is the last way out: the system's own bell."""

    def __init__(self, folder: Path, tasks: Tasks, beep: Callable[[], None]) -> None:
        self._folder = folder
        self._tasks = tasks
        self._beep = beep
        self.muted = False

    def play(self, severity: Severity) -> None:
        if not self.muted:
            self._tasks.spawn(self._play(self._folder / FILES[severity]))

    async def _play(self, path: Path) -> None:
        try:
            played = await aside(play_file, path)
        except (OSError, RuntimeError, subprocess.SubprocessError) as problem:
            logger.info("%s could not be played: %s", path.name, problem)
            played = False
        if not played:
            self._beep()


def play_file(path: Path) -> bool:
    """Called in a worker thread. False where the system has nothing that plays."""
    if sys.platform == "win32":
        import winsound

        winsound.PlaySound(str(path), winsound.SND_FILENAME)
        return True
    player = find_player(sys.platform, shutil.which)
    if player is None:
        return False
    # The words are ours and fixed; no shell reads them.
    subprocess.run([*player, str(path)], check=True, timeout=PATIENCE, capture_output=True)  # noqa: S603
    return True


def find_player(platform: str, which: Callable[[str], str | None]) -> tuple[str, ...] | None:
    for player in PLAYERS.get(platform, PLAYERS["linux"]):
        found = which(player[0])
        if found:
            return (found, *player[1:])
    return None
