"""When a technician will be where: the chain of his day, from where he is now to his last visit (study 5.1).

Where the way to a visit is not known, neither is the time of arrival there, nor anywhere after it. What is still known
is the least: he can't be there before he is free to go. So much is predicted, and the reason why not more is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from dispatchwatch.domain.chain import Chain, chain_of, earliest_of
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.visit import Technician, VisitKey
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.whereabouts import Doing, Moving, duration_of

OPTIMISTIC, EXPECTED, PESSIMISTIC = 0.8, 1.0, 1.4
"""By how much a drive may take less or more than it should."""


class Reason(NamedTuple):
    """Why a visit is reached when it is: what the technician is doing, what comes before it, and how far it is.

    `ready` is when he is free to go on; on the way, when he left. `via` is the visit before this one, where that is not
    the one he is at, `via_until` when it is over. `drive` is None where it is not known.
    """

    doing: Doing
    place: str
    ready: datetime
    over: timedelta
    via: str
    via_until: datetime | None
    drive: timedelta | None
    announced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """When a technician will reach a visit. All instants are UTC.

    `promise` is the fair one (`Watched.promised`), `lateness` how long after it the expected arrival is; both None for
    a visit without a time. `late` and `watch`: the expected arrival is late enough to be at risk, or only the
    pessimistic one. Where `unknown` names a place that nobody knows the way to or from, the arrivals are the earliest
    possible. `running` is the expected arrival as it moves on with time.
    """

    key: VisitKey
    promise: datetime | None
    optimistic: datetime
    expected: datetime
    pessimistic: datetime
    lateness: timedelta | None
    late: bool
    watch: bool
    unknown: str
    reason: Reason
    running: Moving

    @property
    def by_silence(self) -> bool:
        """Whether nothing but the time that passes without news of him makes this visit late."""
        return is_silence(self.running)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is predicted for a technician's day, and when that changes other than by arrivals that move on."""

    predictions: tuple[Prediction, ...] = ()
    next_change: datetime | None = None


def forecast(day: Sequence[Watched], technician: Technician, standards: Standards, now: datetime) -> Forecast:
    """When a technician will reach each visit that is still to come today (`chain.chain_of`)."""
    chain = chain_of(day, technician, standards, now)
    to_come = [one for one in chain.changes if one > now]
    return Forecast(tuple(_predictions(chain, standards, now)), min(to_come, default=None))


def is_silence(running: Moving) -> bool:
    """An arrival that moves on as fast as the clock, with nothing to be done before it."""
    return not running.from_now


def lateness_of(running: Moving, promise: datetime, now: datetime) -> timedelta:
    """How late an arrival is as far as more than silence speaks for it: that nobody came yet is no prediction."""
    return (running.fixed if is_silence(running) else running.at(now)) - promise


def _predictions(chain: Chain, standards: Standards, now: datetime) -> Iterator[Prediction]:
    optimistic, expected, pessimistic = (_run(chain, factor) for factor in (OPTIMISTIC, EXPECTED, PESSIMISTIC))
    unknown = ""
    for number, stop in enumerate(chain.stops):
        watched = stop.watched
        unknown = unknown or _unknown_way(chain, number)
        promise = watched.promised(standards.policy)
        least = standards.policy.for_visit(watched.visit).at_risk_from
        late = promise is not None and lateness_of(expected[number], promise, now) >= least
        maybe = promise is not None and lateness_of(pessimistic[number], promise, now) >= least
        arrival = expected[number].at(now)
        yield Prediction(
            key=watched.key,
            promise=promise,
            optimistic=optimistic[number].at(now),
            expected=arrival,
            pessimistic=pessimistic[number].at(now),
            lateness=None if promise is None else arrival - promise,
            late=late,
            watch=maybe and not late and not unknown,
            unknown=unknown,
            reason=_reason(chain, number, expected, now),
            running=expected[number],
        )


def _run(chain: Chain, factor: float) -> list[Moving]:
    """The arrivals if every drive takes `factor` times what it should."""
    arrivals: list[Moving] = []
    ready = chain.start.ready
    for number, stop in enumerate(chain.stops):
        visit = stop.watched.visit
        drive = (stop.drive or timedelta()) * factor
        if stop.alongside:
            arrival = arrivals[-1] if arrivals else Moving(chain.start.since)
        elif number == 0 and chain.start.doing is Doing.EN_ROUTE:
            arrival = Moving(visit.eta or ready.fixed + drive)
        else:
            arrival = ready.later(drive).not_before(earliest_of(visit)).not_before(visit.eta)
            if number == 0 and chain.may_have_left:
                arrival = Moving(arrival.fixed)
        arrivals.append(arrival)
        done = arrival.later(duration_of(visit))
        ready = Moving(max(ready.fixed, done.fixed), max(ready.from_now, done.from_now)) if stop.alongside else done
    return arrivals


def _unknown_way(chain: Chain, number: int) -> str:
    """The place without a position that makes the way to a stop unknown; empty where it is known."""
    stop = chain.stops[number]
    if stop.drive is not None or (number == 0 and _announced(chain)):
        return ""
    here = chain.stops[number - 1].place if number else chain.start.place
    return here.name if here.position is None else stop.place.name


def _announced(chain: Chain) -> bool:
    """Whether he has said himself when he will be at the next stop."""
    return chain.start.doing is Doing.EN_ROUTE and chain.stops[0].watched.visit.eta is not None


def _reason(chain: Chain, number: int, expected: Sequence[Moving], now: datetime) -> Reason:
    start, stop = chain.start, chain.stops[number]
    before = chain.stops[number - 1] if number else None
    over = (expected[number - 1].at(now) + duration_of(before.watched.visit)) if before else None
    announced = number == 0 and _announced(chain)
    return Reason(
        doing=start.doing,
        place=start.place.name,
        ready=start.ready.at(now) if start.doing in {Doing.ON_SITE, Doing.PAUSED} else start.ready.fixed,
        over=start.over,
        via=before.place.name if before else "",
        via_until=over,
        drive=timedelta() if announced else stop.drive,
        announced=announced,
    )
