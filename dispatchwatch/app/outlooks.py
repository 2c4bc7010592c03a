"""What is predicted for each visit, kept at hand for the board: worked out anew only where it may be another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from dispatchwatch.app.view import Outlook
from dispatchwatch.domain.prediction import Prediction
from dispatchwatch.domain.rules import Facts
from dispatchwatch.domain.rules.at_risk import predicted
from dispatchwatch.domain.rules.index import crews_of
from dispatchwatch.domain.visit import ON_SITE, VisitKey
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.whereabouts import duration_of
from dispatchwatch.domain.wording.prediction import hint

EVERY = timedelta(seconds=30)
SHARE = 200


class Expected(NamedTuple):
    """What is predicted for one visit, in full minutes, and how long the way there takes.

    The instants are None where no more is known than that nobody is there before them.
    """

    arrival: datetime | None = None
    end: datetime | None = None
    drive: timedelta | None = None
    outlook: Outlook | None = None

    @property
    def worry(self) -> tuple[bool, bool, float]:
        """Of two of a crew, the one that is more to be worried about counts."""
        risk = self.outlook is not None and self.outlook.at_risk
        return risk, self.outlook is not None, self.arrival.timestamp() if self.arrival else 0.0


NOTHING = Expected()


class Outlooks:
    """What is expected of every visit that is still to come, and the outlook of those that may be reached late.

    A technician's day is predicted again when one of his visits has changed, and otherwise once half a minute has
    passed; of very many technicians a share at a time, the longest waiting first.
    """

    def __init__(self) -> None:
        self._seen: dict[VisitKey, Watched] = {}
        self._by_crew: dict[str, Mapping[VisitKey, Expected]] = {}
        self._at: dict[str, datetime] = {}
        self._found: dict[VisitKey, Expected] = {}

    def renew(self, facts: Facts) -> None:
        """Brings everything up to date; a clock set back makes it all worthless."""
        if any(at > facts.now for at in self._at.values()):
            self._at.clear()
            self._seen.clear()
        touched: set[VisitKey] = set()
        for crew in self._changed(facts) | set(self._waiting(facts.now)):
            self._at.pop(crew, None)
            if crew in facts.index.days:
                self._at[crew] = facts.now
            expected = _of_crew(crew, facts)
            touched |= self._by_crew.pop(crew, {}).keys() | expected.keys()
            if expected:
                self._by_crew[crew] = expected
        self._settle(touched)

    def of(self, key: VisitKey) -> Outlook | None:
        """None for a visit that will be reached in time, or of which nothing can be said."""
        return self.expected(key).outlook

    def expected(self, key: VisitKey) -> Expected:
        return self._found.get(key, NOTHING)

    def _settle(self, keys: Iterable[VisitKey]) -> None:
        """Of several of a crew the latest counts."""
        for key in keys:
            watched = self._seen.get(key)
            crews = crews_of(watched.visit) if watched else ()
            found = [self._by_crew[crew][key] for crew in crews if key in self._by_crew.get(crew, {})]
            if found:
                self._found[key] = max(found, key=lambda one: one.worry)
            else:
                self._found.pop(key, None)

    def _waiting(self, now: datetime) -> Iterator[str]:
        """The crews whose turn it is; they are kept in the order of their last one."""
        due = (crew for crew, at in self._at.items() if now - at >= EVERY)
        return islice(due, SHARE)

    def _changed(self, facts: Facts) -> set[str]:
        crews: set[str] = set()
        for key, watched in facts.visits.items():
            before = self._seen.get(key)
            if before is not watched:
                self._seen[key] = watched
                crews.update(crews_of(watched.visit), crews_of(before.visit) if before else ())
        for key in self._seen.keys() - facts.visits.keys():
            crews.update(crews_of(self._seen.pop(key).visit))
        return crews


def prediction_of(watched: Watched, facts: Facts) -> Prediction | None:
    """When a visit will be reached, by the latest of its crew; None where nobody is to come any more today."""
    found = [
        prediction
        for crew in crews_of(watched.visit)
        for prediction in predicted(facts.day_of(crew), facts).predictions
        if prediction.key == watched.key
    ]
    return max(found, key=lambda one: (one.late, one.expected), default=None)


def stay(watched: Watched, now: datetime) -> Expected:
    """How long somebody who is there should still stay by the plan; nothing where nobody is there."""
    visit = watched.visit
    if visit.status not in ON_SITE or watched.withdrawn:
        return NOTHING
    seen = watched.check_in_seen
    begun = visit.started_at or visit.checked_in_at or (seen.until if seen else None)
    if begun is None:
        return NOTHING
    return Expected(end=_full_minute(begun + duration_of(visit) + watched.paused_for(begun, now)))


def _of_crew(crew: str, facts: Facts) -> dict[VisitKey, Expected]:
    return {
        prediction.key: _expected(prediction, facts.visits[prediction.key])
        for prediction in predicted(facts.day_of(crew), facts).predictions
    }


def _expected(prediction: Prediction, watched: Watched) -> Expected:
    words = hint(prediction, watched.visit.site.timezone)
    outlook = Outlook(words, at_risk=prediction.late) if words else None
    drive = prediction.reason.drive
    if prediction.unknown:
        return Expected(drive=drive, outlook=outlook)
    arrival = _full_minute(prediction.expected)
    return Expected(arrival, arrival + duration_of(watched.visit), drive, outlook)


def _full_minute(instant: datetime) -> datetime:
    return instant.replace(second=0, microsecond=0)
