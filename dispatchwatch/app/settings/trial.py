"""Trying an edited policy on the days that are past: what would have been told, held against what is told now."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from dispatchwatch.app.comparing import Difference, compare, sentences, true_of
from dispatchwatch.app.config import Config
from dispatchwatch.app.replay import Replay, ReplayFailure, Span, Step
from dispatchwatch.app.replay_figures import TOLERANCE, Judged, run
from dispatchwatch.app.replay_record import Record
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.wording import KIND_NAMES
from dispatchwatch.intake.desk_feed import DESK
from dispatchwatch.store.database import StoreError
from dispatchwatch.store.store import open_store

THE_CHANGE = "the change"
Progress = Callable[[float], None]
"""Hears how much is done, from 0 to 1; called on the thread that works."""


class TrialFailure(Exception):
    """Nothing can be tried; the text is a sentence that says why."""


class Cancelled(Exception):
    """The trial was called off."""


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of alert: how many there were now and with the change. `only_…` are those that only the one raised, and
    how many of them were true."""

    kind: str
    name: str
    now: int
    with_change: int
    only_now: int
    only_now_true: int
    only_with_change: int
    only_with_change_true: int

    @property
    def difference(self) -> int:
        return self.with_change - self.now


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it: a row for each kind that either raised, what differs in sentences, and what is not in it."""

    since: datetime
    until: datetime
    what: str
    rows: tuple[Row, ...]
    sentences: tuple[str, ...]
    notes: tuple[str, ...]


class Trial:
    """`run` blocks and belongs in a thread of its own, with a connection of its own that only reads; `cancel` may be
    called from any other."""

    def __init__(self, database: Path, now_in_force: Config, edited: Config, *, days: int, now: datetime) -> None:
        self._database = database
        self._before, self._after = now_in_force, edited
        self._span = Span(now - timedelta(days=days), now)
        self._now = now
        self._cancelled = Event()

    def cancel(self) -> None:
        self._cancelled.set()

    def run(self, progress: Progress = lambda _: None) -> Tried:
        """Raises TrialFailure, or Cancelled."""
        try:
            source = self._record()
            before = self._replayed(source, self._before.standards, lambda share: progress(share / 2))
            after = self._replayed(source, self._after.standards, lambda share: progress((1 + share) / 2))
        except (ReplayFailure, StoreError) as error:
            raise TrialFailure(str(error)) from None
        differences = compare(before, after)
        return Tried(
            since=self._span.start or self._now,
            until=self._now,
            what=source.title,
            rows=tuple(map(_row, differences)),
            sentences=tuple(sentences(differences, THE_CHANGE)),
            notes=tuple(source.notes),
        )

    def _record(self) -> Record:
        """The feeds of both: one that is new has no past, one that is gone still has it."""
        names = dict.fromkeys([*(feed.name for feed in (*self._before.feeds, *self._after.feeds)), DESK])
        with closing(open_store(self._database, self._now, read_only=True)) as store:
            return Record(store, names, zone=self._before.office.zone, span=self._span, now=self._now)

    def _replayed(self, source: Record, standards: Standards, progress: Progress) -> list[Judged]:
        def listen(step: Step) -> None:
            if self._cancelled.is_set():
                raise Cancelled
            progress(step.told / source.tellings)

        with closing(Replay(source, standards)) as replay:
            return run(replay, self._span, TOLERANCE, [listen])


async def tried(trial: Trial, progress: Progress = lambda _: None) -> Tried:
    """Runs it beside the loop; cancelled, it ends soon after. Raises TrialFailure."""
    try:
        return await asyncio.to_thread(trial.run, progress)
    except asyncio.CancelledError:
        trial.cancel()
        raise


def _row(one: Difference) -> Row:
    return Row(
        kind=one.kind.value,
        name=KIND_NAMES[one.kind],
        now=one.here,
        with_change=one.other,
        only_now=len(one.only_here),
        only_now_true=true_of(one.only_here),
        only_with_change=len(one.only_other),
        only_with_change_true=true_of(one.only_other),
    )
