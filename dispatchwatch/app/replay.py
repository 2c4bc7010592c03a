"""The same engine under a virtual clock: what it would have said of a schedule that is past.

The clock jumps from one telling of the source to the next, and to every change the rules foretell between them. At each
of these instants there is one look, exactly as `watch` takes it; but no channel is there to be owed anything, and the
record is one to throw away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

from dispatchwatch.app.looking import Look, Reading
from dispatchwatch.app.owing import Owing
from dispatchwatch.app.watch import Watch
from dispatchwatch.domain.alert import Alert
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.rules import Rule
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.verdict import Ended
from dispatchwatch.domain.visit import VisitKey
from dispatchwatch.domain.watched import Watched
from dispatchwatch.store.store import Store, open_store
from dispatchwatch.store.threads import Place

WARM_UP = timedelta(days=1)
"""How long before the span asked for the clock begins, unreported, so that what was already going on is known."""

SMALLEST = timedelta(microseconds=1)


class ReplayFailure(Exception):
    """Nothing can be replayed; `status` is 2 where the call was wrong, 1 where the files are."""

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to before `end`; an open side is None."""

    start: datetime | None = None
    end: datetime | None = None

    def covers(self, at: datetime) -> bool:
        return (self.start is None or at >= self.start) and (self.end is None or at < self.end)

    @property
    def warm(self) -> datetime:
        """When the clock begins at the earliest."""
        return self.start - WARM_UP if self.start is not None else datetime.min.replace(tzinfo=UTC)

    @property
    def last(self) -> datetime:
        """The last instant that it covers."""
        return self.end - SMALLEST if self.end is not None else datetime.max.replace(tzinfo=UTC)


class Told(NamedTuple):
    """What the source told at one instant."""

    at: datetime
    readings: tuple[Reading, ...]


class Source(Protocol):
    """A schedule that is past, as it was told at the time.

    `title` says in a word or two what it is. `feeds` are those it is replayed as. The clock runs from `begins` to
    `ends`. `tellings` is how many there are. `notes` are sentences about what could not be replayed as it was.
    """

    @property
    def title(self) -> str: ...

    @property
    def feeds(self) -> Mapping[str, FeedHealth]: ...

    @property
    def rules(self) -> Sequence[Rule]: ...

    @property
    def begins(self) -> datetime: ...

    @property
    def ends(self) -> datetime: ...

    @property
    def tellings(self) -> int: ...

    @property
    def notes(self) -> Sequence[str]: ...

    def told(self) -> Iterator[Told]:
        """Everything that was told, in order, up to `ends`."""
        ...

    def between(self, now: datetime) -> Sequence[Reading]:
        """What a look at `now`, between two tellings, brings: nothing, or that nothing is new."""
        ...

    def ended(self, key: VisitKey, watched: Watched | None) -> Ended:
        """How a visit came out. `watched` is what the engine knows of it at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """One look of the virtual clock. `told` is how many tellings had been taken in by then."""

    at: datetime
    look: Look
    told: int


class NobodyOwed(Owing):
    """A replay tells nobody: no channel is owed anything, and none need be asked what it has heard."""

    def __init__(self) -> None:
        """There is nothing to know: no routes, no channels, no outbox."""

    def raised(self, alerts: Iterable[Alert], now: datetime) -> None:
        pass

    def worsened(self, alerts: Iterable[Alert], now: datetime) -> None:
        pass

    def reopened(self, alerts: Iterable[Alert], now: datetime) -> None:
        pass

    def resolved(self, alerts: Iterable[Alert], now: datetime, heard: Place | None = None) -> None:
        pass


class Replay:
    """One source under the standards of one office. Close it, and all it wrote is gone."""

    def __init__(self, source: Source, standards: Standards) -> None:
        self.source = source
        self._store: Store = open_store(None, source.begins)
        self._watch = Watch(self._store, NobodyOwed(), standards, source.feeds, source.rules)
        self._watch.wake(source.begins)

    def close(self) -> None:
        self._store.close()

    def steps(self) -> Iterator[Step]:
        """Lets the clock run over everything. Where the rules foretell a change, it is looked at to the microsecond."""
        due: datetime | None = None
        count = 0
        for told in self.source.told():
            while due is not None and due < told.at:
                step = self._look(due, self.source.between(due), count)
                due = _due(step)
                yield step
            count += 1
            step = self._look(told.at, told.readings, count)
            due = _due(step)
            yield step
        while due is not None and due <= self.source.ends:
            step = self._look(due, self.source.between(due), count)
            due = _due(step)
            yield step

    def ended(self, key: VisitKey) -> Ended:
        """How a visit came out, also one that the engine has let go of."""
        return self.source.ended(key, self._watch.visits.get(key) or self._store.schedules.get(key))

    def _look(self, now: datetime, readings: Sequence[Reading], count: int) -> Step:
        return Step(now, self._watch.look(now, readings), count)


def _due(step: Step) -> datetime | None:
    """When to look next. Never at the same instant again, whatever a rule foretells."""
    change = step.look.next_change
    return None if change is None else max(change, step.at + SMALLEST)
