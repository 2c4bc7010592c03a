"""A few made-up visits played through the engine itself, to show what a threshold does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from dispatchwatch.app.looking import Reading
from dispatchwatch.app.replay import SMALLEST, Replay, Told
from dispatchwatch.domain.alert import Alert, AlertKind, Outcome, Severity
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules import RULES, Rule
from dispatchwatch.domain.schedule import Snapshot
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.verdict import Ended
from dispatchwatch.domain.visit import Visit, VisitKey
from dispatchwatch.domain.watched import Watched

FEED = "example"
INTERVAL = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Telling:
    """What the source says at an instant. With `whole` days its absence of other visits on them means something."""

    at: datetime
    visits: tuple[Visit, ...]
    whole: frozenset[date] = frozenset()
    clock_ahead: timedelta | None = None


class Script:
    """A source for `Replay`: these tellings and, between them, that nothing is new."""

    title = "an example"
    notes: Sequence[str] = ()
    rules: Sequence[Rule] = RULES

    def __init__(self, tellings: Sequence[Telling], ends: datetime) -> None:
        self._tellings = tellings
        self._digest, self._written = "", tellings[0].at
        self.begins, self.ends, self.tellings = tellings[0].at, ends, len(tellings)
        self.feeds: Mapping[str, FeedHealth] = {FEED: FeedHealth(feed=FEED, interval=INTERVAL)}

    def told(self) -> Iterator[Told]:
        for one in self._tellings:
            before = self._reading(one.at - SMALLEST)
            self._digest, self._written = one.at.isoformat(), one.at
            yield Told(one.at, (before, self._reading(one.at, one)))

    def between(self, now: datetime) -> Sequence[Reading]:
        return (self._reading(now),)

    def ended(self, key: VisitKey, watched: Watched | None) -> Ended:
        del key
        return Ended(watched.visit if watched else None)

    def _reading(self, at: datetime, told: Telling | None = None) -> Reading:
        snapshot = Snapshot(
            feed=FEED,
            read_at=at,
            visits=told.visits if told else (),
            digest=self._digest or "nothing",
            complete=bool(told and told.whole),
            covered=told.whole if told else frozenset(),
            source_at=self._written,
            clock_ahead=told.clock_ahead if told else None,
        )
        return Reading(FEED, at, snapshot)


@dataclass(frozen=True)
class Stage:
    """Plays under the standards of an office, with no alerts but those of one kind, and nobody treated otherwise."""

    standards: Standards

    def alerts(self, kind: AlertKind, tellings: Sequence[Telling], ends: datetime) -> list[tuple[datetime, Alert]]:
        """Every alert of this kind as it was raised, grew worse or ended, in order."""
        others = frozenset(one.value for one in AlertKind if one is not kind)
        policy = self.standards.policy
        base = replace(policy.base, off=others | policy.base.off)
        alone = Policy(base=base, urgent_priorities=policy.urgent_priorities, hours=policy.hours)
        found: list[tuple[datetime, Alert]] = []
        with closing(Replay(Script(tellings, ends), replace(self.standards, policy=alone))) as replay:
            for step in replay.steps():
                recorded = step.look.recorded
                changed = (*recorded.raised, *recorded.worsened, *recorded.resolved)
                found += [(step.at, alert) for alert in changed]
        return found

    def raised(
        self, kind: AlertKind, *tellings: Telling, ends: datetime, severity: Severity = Severity.INFO
    ) -> datetime | None:
        """When an alert of this kind is first at least so severe; None if it never is."""
        return next(
            (at for at, alert in self.alerts(kind, tellings, ends) if alert.severity.rank >= severity.rank), None
        )

    def due(self, kind: AlertKind, *tellings: Telling, ends: datetime) -> datetime | None:
        """What instant the first alert of this kind is about."""
        return next((alert.due_at for _, alert in self.alerts(kind, tellings, ends)), None)

    def ended(self, kind: AlertKind, *tellings: Telling, ends: datetime) -> Outcome | None:
        """How the first alert of this kind came out; None while it is open."""
        return next((one.outcome for _, one in self.alerts(kind, tellings, ends) if one.resolved_at), None)
