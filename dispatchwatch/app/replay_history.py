"""A history: one row per visit with its final facts, told again in the order in which they became known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from dispatchwatch.app.looking import Reading
from dispatchwatch.app.replay import SMALLEST, ReplayFailure, Span, Told
from dispatchwatch.app.replay_story import Story, story
from dispatchwatch.domain.alert import AlertKind
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.rules import RULES, Rule
from dispatchwatch.domain.schedule import Snapshot
from dispatchwatch.domain.verdict import Ended
from dispatchwatch.domain.visit import Visit, VisitKey
from dispatchwatch.domain.watched import Watched

AFTERWARDS = timedelta(days=1)
"""How long the clock runs on after the last fact: what nobody ever came for is followed that far."""

ABOUT_THE_FEED = frozenset({AlertKind.STALE_FEED, AlertKind.FEED_SHRUNK, AlertKind.CLOCK_SKEW, AlertKind.JOB_MISSING})
"""Kinds that a history can't tell of: it says what happened, not how the schedule was read at the time."""

INTERVAL = timedelta(seconds=30)
FAR_OFF = datetime(9000, 1, 1, tzinfo=UTC)


class History:
    """A source for `Replay`. Every look is told that nothing else is new, so absence of news means something."""

    def __init__(self, visits: Iterable[Visit], *, feed: str, zone: ZoneInfo, span: Span | None = None) -> None:
        """`feed` is the feed of all the visits, `zone` the office's. `ReplayFailure`: nothing to tell."""
        span = span or Span()
        told = [(visit, story(visit, zone)) for visit in visits]
        stories = [one for _, one in told if one is not None]
        self.notes: list[str] = _of_the_timeless(sum(one is None for _, one in told))
        until = _last_news(visit for visit, _ in told)
        kept = [one for one in stories if one.has_news or not _planned_after(one, until, zone)]
        self.notes += _of_the_future(len(stories) - len(kept))
        self.ends = min(_end(kept, until), span.last)
        self._stories = [one for one in kept if one.known_at <= self.ends and _last_instant(one) >= span.warm]
        if not self._stories:
            raise ReplayFailure(_nothing_left(span, any_told=bool(stories)))
        self._order = sorted(
            (at, number) for number, one in enumerate(self._stories) for at in one.instants if at <= self.ends
        )
        self.begins = self._order[0][0]
        self.tellings = len({at for at, _ in self._order})
        self.health = FeedHealth(feed=feed, interval=INTERVAL)
        self.rules: Sequence[Rule] = tuple(rule for rule in RULES if not set(rule.kinds) <= ABOUT_THE_FEED)
        self._final = {one.visit.key: one.visit for one in self._stories}

    @property
    def feeds(self) -> Mapping[str, FeedHealth]:
        return {self.health.feed: self.health}

    @property
    def title(self) -> str:
        count = len(self._stories)
        return "1 visit" if count == 1 else f"{count:,} visits"

    def told(self) -> Iterator[Told]:
        for at, group in groupby(self._order, key=itemgetter(0)):
            visits = tuple(self._stories[number].at(at) for _, number in group)
            yield Told(at, (self._reading((), at - SMALLEST), self._reading(visits, at)))

    def between(self, now: datetime) -> Sequence[Reading]:
        return (self._reading((), now),)

    def ended(self, key: VisitKey, watched: Watched | None) -> Ended:
        """The final facts. That a check-in without a time was learnt of at some instant is our own assumption."""
        del watched
        return Ended(self._final.get(key))

    def _reading(self, visits: tuple[Visit, ...], at: datetime) -> Reading:
        """Nothing but these visits is new at `at`. The digest is that of no reading: a history is not a feed."""
        feed = self.health.feed
        return Reading(
            feed, at, Snapshot(feed=feed, read_at=at, visits=visits, digest="", complete=False, source_at=at)
        )


def _last_news(visits: Iterable[Visit]) -> datetime | None:
    """The last instant that any fact is from; None where there are no facts at all."""
    return max((at for visit in visits for at in _news(visit)), default=None)


def _news(visit: Visit) -> Iterator[datetime]:
    for at in (
        visit.reported_at,
        visit.booked_at,
        visit.modified_at,
        visit.status_at,
        visit.dispatched_at,
        visit.en_route_at,
        visit.arrived_at,
        visit.started_at,
        visit.completed_at,
        visit.departed_at,
        visit.cancelled_at,
    ):
        if at is not None:
            yield at


def _planned_after(one: Story, until: datetime | None, zone: ZoneInfo) -> bool:
    """Whether a visit is planned for a later day than the last that anything is known of."""
    start = one.visit.start or one.visit.sched_start
    if until is None or start is None:
        return False
    return start.astimezone(zone).date() > until.astimezone(zone).date()


def _end(stories: Sequence[Story], until: datetime | None) -> datetime:
    """When the clock stops: a day after the last fact or, where there are none, after the last promise."""
    instants = [_last_instant(one) for one in stories] if until is None else [until]
    return max(instants, default=FAR_OFF) + AFTERWARDS


def _last_instant(one: Story) -> datetime:
    planned = (one.visit.promise, one.visit.sched_end)
    return max([*one.instants, *(at for at in planned if at is not None)])


def _of_the_timeless(count: int) -> list[str]:
    if not count:
        return []
    return [f"{_counted(count)} no time at all, so nobody knows when it was; not replayed."]


def _of_the_future(count: int) -> list[str]:
    if not count:
        return []
    return [f"{_counted(count)} a day still to come when the files were written; not replayed."]


def _counted(count: int) -> str:
    return "1 visit has" if count == 1 else f"{count:,} visits have"


def _nothing_left(span: Span, *, any_told: bool) -> str:
    if not any_told:
        return "No visit in these files has a time, so there is nothing to replay. Check the profile’s columns."
    if span.start is None and span.end is None:
        return "Every visit in these files is still to come, so there is nothing to replay."
    return "No visit in these files falls between --from and --to."
