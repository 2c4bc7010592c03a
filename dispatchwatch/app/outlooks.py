"""What is predicted for each visit, kept at hand for the board: worked out anew only where it may be another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice

from dispatchwatch.app.view import Outlook
from dispatchwatch.domain.prediction import Prediction
from dispatchwatch.domain.rules import Facts
from dispatchwatch.domain.rules.at_risk import predicted
from dispatchwatch.domain.rules.index import crews_of
from dispatchwatch.domain.visit import VisitKey
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.wording.prediction import hint

EVERY = timedelta(seconds=30)
SHARE = 200


class Outlooks:
    """The outlook of every visit that may be reached late.

    A technician's day is predicted again when one of his visits has changed, and otherwise once half a minute has
    passed; of very many technicians a share at a time, the longest waiting first.
    """

    def __init__(self) -> None:
        self._seen: dict[VisitKey, Watched] = {}
        self._by_crew: dict[str, Mapping[VisitKey, Outlook]] = {}
        self._at: dict[str, datetime] = {}
        self._found: dict[VisitKey, Outlook] = {}

    def renew(self, facts: Facts) -> None:
        """Brings everything up to date; a clock set back makes it all worthless."""
        if any(at > facts.now for at in self._at.values()):
            self._at.clear()
            self._seen.clear()
        crews = self._changed(facts) | set(self._waiting(facts.now))
        if not crews:
            return
        for crew in crews:
            self._at.pop(crew, None)
            if crew in facts.index.days:
                self._at[crew] = facts.now
            outlooks = _of_crew(crew, facts)
            if outlooks:
                self._by_crew[crew] = outlooks
            else:
                self._by_crew.pop(crew, None)
        self._found = {}
        for of_crew in self._by_crew.values():
            for key, outlook in of_crew.items():
                known = self._found.get(key)
                if known is None or (outlook.at_risk and not known.at_risk):
                    self._found[key] = outlook

    def of(self, key: VisitKey) -> Outlook | None:
        """None for a visit that will be reached in time, or of which nothing can be said."""
        return self._found.get(key)

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


def _of_crew(crew: str, facts: Facts) -> dict[VisitKey, Outlook]:
    return {
        prediction.key: Outlook(
            hint(prediction, facts.visits[prediction.key].visit.site.timezone), at_risk=prediction.late
        )
        for prediction in predicted(facts.day_of(crew), facts).predictions
        if prediction.late or prediction.watch
    }
