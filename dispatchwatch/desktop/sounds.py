"""A short sound for what is new, one per gravity. Qt's own sound is not in what we install, so the system plays it."""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from dispatchwatch.desktop import toast_phrases
from dispatchwatch.desktop.silence import Silence
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

Play = Callable[[Path], bool]


class Sounds:
    """`beep` is the last way out: the system's own bell. `play_file` answers whether anything here plays."""

    def __init__(
        self, folder: Path, tasks: Tasks, silence: Silence, beep: Callable[[], None], play_file: Play | None = None
    ) -> None:
        self._folder = folder
        self._tasks = tasks
        self._silence = silence
        self._beep = beep
        self._play_file = play_file or play
        self._playing: Severity | None = None

    def play(self, severity: Severity, now: datetime) -> None:
        """Unless it is to be silent, or something as grave is heard already."""
        if self._silence.holds_back(severity, now) or (self._playing and self._playing.rank >= severity.rank):
            return
        self._playing = severity
        self._tasks.spawn(self._play(severity))

    async def try_out(self, severity: Severity) -> str:
        """Plays the sound of this severity, muted or not. What came of it, as a sentence."""
        if problem := await self._sound(severity):
            return f"{problem} {toast_phrases.RANG}"
        return toast_phrases.PLAYED

    async def _play(self, severity: Severity) -> None:
        try:
            await self._sound(severity)
        finally:
            if self._playing is severity:
                self._playing = None

    async def _sound(self, severity: Severity) -> str:
        """Why the bell had to ring; empty where the sound was played."""
        path = self._folder / FILES[severity]
        try:
            problem = "" if await aside(self._play_file, path) else no_player()
        except (OSError, RuntimeError, subprocess.SubprocessError) as raised:
            problem = toast_phrases.not_played(path.name, raised)
            logger.info("%s", problem)
        if problem:
            self._beep()
        return problem


def play(path: Path) -> bool:
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


def no_player() -> str:
    return toast_phrases.no_player([player[0] for player in PLAYERS.get(sys.platform, PLAYERS["linux"])])
