"""What a replay is asked for, and its parts put together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from dispatchwatch.app.config import Config
from dispatchwatch.app.replay import Replay, Source, Span
from dispatchwatch.app.replay_figures import TOLERANCE, Judged, Listener, run
from dispatchwatch.app.replay_files import Reader, files_of, read_history
from dispatchwatch.app.replay_history import History
from dispatchwatch.app.replay_snapshots import Snapshots, exports
from dispatchwatch.domain.schedule import Gravity, RowProblem
from dispatchwatch.domain.standards import Standards
from dispatchwatch.intake.fields import zone_named

EVERYTHING = Span()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """`files` may be patterns and folders. With `snapshots`, each is an export whose name carries its instant."""

    files: Sequence[Path]
    profile: str = ""
    snapshots: bool = False
    span: Span = EVERYTHING
    tolerance: timedelta = TOLERANCE


class Past:
    """The past that was asked for, read once, to be replayed under one office's standards or several."""

    def __init__(self, wish: Wish, config: Config, now: datetime) -> None:
        """`config` says how the files are read. Raises `ReplayFailure`."""
        self.wish = wish
        reader = Reader.of(config, wish.profile)
        files = files_of(wish.files)
        self._row_problems: tuple[RowProblem, ...] = ()
        if wish.snapshots:
            zone = zone_named(reader.profile.timezone or "") or config.office.zone
            self.source: Source = Snapshots(exports(files, zone), reader, wish.span)
        else:
            rows = read_history(reader, files, now)
            self._row_problems = rows.problems
            self.source = History(rows.visits, feed=reader.feed, zone=config.office.zone, span=wish.span)

    def replay(self, standards: Standards, listen: Iterable[Listener] = ()) -> list[Judged]:
        """What an office with these standards would have been told, in order, each with its verdict."""
        with closing(Replay(self.source, standards)) as replay:
            return run(replay, self.wish.span, self.wish.tolerance, listen)

    @property
    def unreadable(self) -> Sequence[RowProblem]:
        """The rows that were left out; of snapshots, those of the files read so far, each row once."""
        problems = self.source.problems if isinstance(self.source, Snapshots) else self._row_problems
        return [one for one in problems if one.gravity is Gravity.UNREADABLE]
