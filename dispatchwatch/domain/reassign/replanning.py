"""The rest of a day planned anew for several visits at once: those of somebody who is ill, or that nobody has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from dispatchwatch.domain.reassign import obstacles
from dispatchwatch.domain.reassign.answer import Obstacle
from dispatchwatch.domain.reassign.joint import Chance, Plan, Puzzle, plans
from dispatchwatch.domain.reassign.route import NEVER, Route, Stop, is_away, without
from dispatchwatch.domain.reassign.suggesting import moment_of
from dispatchwatch.domain.reassign.workday import Workday, Workdays, identity_of
from dispatchwatch.domain.rules.facts import Facts
from dispatchwatch.domain.visit import Status, Technician, Visit, VisitKey

A_MINUTE = timedelta(minutes=1)
ALONG_THE_WAY = frozenset({Obstacle.PARTS, Obstacle.FULL})
"""Obstacles that depend on what else a technician takes over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be planned anew: the visits of those who are `out`, and `orphans`, of one day.

    With `moves_others` visits of everybody else may change hands too. With `moves_locked` locked ones of those who are
    out move as well. What has begun never moves, nor does a visit that several do together.
    """

    out: tuple[Technician, ...] = ()
    orphans: tuple[VisitKey, ...] = ()
    moves_others: bool = False
    moves_locked: bool = False


class Planned(NamedTuple):
    """A visit in somebody's day: from when to when he is there, and how late that is."""

    visit: VisitKey
    start: datetime
    end: datetime
    late: timedelta


class DayPlan(NamedTuple):
    technician: Technician
    visits: tuple[Planned, ...]


class Change(NamedTuple):
    """A visit that changes hands, or is reached at another time. None: nobody has it."""

    visit: VisitKey
    before: Technician | None
    after: Technician | None
    planned_before: Planned | None
    planned_after: Planned | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replan:
    """The days before and after, by technician, and what is different: visits by the time they are reached.

    `unserved` are those for whom nobody was found. `drive` is how much more is driven by all; `rounds` after how many
    tries it was found.
    """

    before: tuple[DayPlan, ...]
    after: tuple[DayPlan, ...]
    changes: tuple[Change, ...]
    unserved: tuple[VisitKey, ...]
    drive: timedelta
    rounds: int = 0


def replans(wish: Wish, facts: Facts, chance: Chance) -> Iterator[Replan]:
    """Ever better plans, without end: the best so far after every round, the very same while there is none better.

    The first leaves everything to nobody that was to be planned anew. Whoever asks stops when the time is up.
    """
    task = Task(wish, facts)
    last: Plan | None = None
    told: Replan | None = None
    for rounds, plan in enumerate(plans(task.routes, task.waiting, task.puzzle, chance)):
        if told is None or plan is not last:
            last, told = plan, replace(task.told(plan), rounds=rounds)
        yield told


class Task:
    """A wish as a puzzle, and its plans told again as days."""

    def __init__(self, wish: Wish, facts: Facts) -> None:
        self._facts, self._wish = facts, wish
        workdays = Workdays(facts, _moment(wish, facts))
        self.figures = workdays.figures
        self.days = workdays.all()
        self._out = {identity_of(one, facts.roster) for one in wish.out}
        split = [self._split(day) for day in self.days]
        self.routes = [kept for kept, _ in split]
        self.waiting = [*(stop for _, moved in split for stop in moved), *self._orphans()]
        self.puzzle = Puzzle(self._able(), self.figures.drives, self.figures.costs)

    def told(self, plan: Plan) -> Replan:
        before = {day.technician.identity: self._planned(day.route) for day in self.days}
        after = {
            day.technician.identity: self._planned(route) for day, route in zip(self.days, plan.routes, strict=True)
        }
        driven = sum(route.drive for route in plan.routes) - sum(day.route.drive for day in self.days)
        people = {day.technician.identity: day.technician for day in self.days}
        return Replan(
            before=tuple(DayPlan(people[one], planned) for one, planned in before.items()),
            after=tuple(DayPlan(people[one], planned) for one, planned in after.items()),
            changes=tuple(_changes(before, after, people)),
            unserved=tuple(sorted(key for stop in plan.waiting for key in stop.keys)),
            drive=timedelta(seconds=driven),
        )

    def _split(self, day: Workday) -> tuple[Route, list[Stop]]:
        """What a technician keeps, and what is taken from him."""
        moved = [stop for stop in day.route.stops if day.identity in self._out and self._may_move(stop)]
        kept = without(day.route, moved, self.figures.drives)
        most = day.profile.most_visits if day.profile else None
        if most is not None:
            over = len(day.visits) - sum(len(stop.keys) for stop in day.route.stops)
            kept = replace(kept, line=replace(kept.line, most=max(0, most - over)))
        return kept, [self._freed(stop) for stop in moved]

    def _may_move(self, stop: Stop) -> bool:
        visits = [self._visit(key) for key in stop.keys]
        if any(len(visit.technicians) > 1 or visit.status is Status.EN_ROUTE for visit in visits):
            return False
        return self._wish.moves_locked or not any(visit.locked for visit in visits)

    def _freed(self, stop: Stop) -> Stop:
        """A stop that its technician does not reach any more: how late it was is no measure."""
        return stop._replace(usual=-NEVER, pinned=False)

    def _orphans(self) -> Iterator[Stop]:
        planned = {key for day in self.days for stop in day.route.stops for key in stop.keys}
        for key in dict.fromkeys(self._wish.orphans):
            watched = self._facts.visits.get(key)
            if watched is None or key in planned or obstacles.of_visit(watched) is not None:
                continue
            if moment_of(watched.visit, self._facts) == self.figures.moment:
                yield self.figures.stop_of(watched, self.figures.settings.tolerance)

    def _able(self) -> Mapping[VisitKey, frozenset[int]]:
        """Who may take what moves: those whom nothing keeps from it but what else they do."""
        able = {stop.keys[0]: frozenset(self._takers(stop)) for stop in self.waiting}
        if self._wish.moves_others:
            for number, route in enumerate(self.routes):
                for stop, arrival in [*route.timetable()][route.line.fixed :]:
                    is_doubtful = stop.pinned or is_away(route.line, arrival, stop.length)
                    if self._may_move(stop) and not is_doubtful:
                        able[stop.keys[0]] = frozenset({number, *self._takers(stop)})
        return able

    def _takers(self, stop: Stop) -> Iterator[int]:
        for number, day in enumerate(self.days):
            if day.identity not in self._out and not any(
                refusal.obstacle not in ALONG_THE_WAY
                for key in stop.keys
                for refusal in obstacles.of_technician(day, self._visit(key), stop)
            ):
                yield number

    def _visit(self, key: VisitKey) -> Visit:
        return self._facts.visits[key].visit

    def _planned(self, route: Route) -> tuple[Planned, ...]:
        at = self.figures.instant
        return tuple(
            Planned(key, at(arrival), at(arrival + stop.length), timedelta(seconds=max(0.0, arrival - stop.promise)))
            for stop, arrival in route.timetable()
            for key in stop.keys
        )


_Days = Mapping[str, tuple[Planned, ...]]


def _changes(before: _Days, after: _Days, people: Mapping[str, Technician]) -> list[Change]:
    was = {planned.visit: (people[one], planned) for one, day in before.items() for planned in day}
    will = {planned.visit: (people[one], planned) for one, day in after.items() for planned in day}
    changes = []
    for key in sorted(was.keys() | will.keys()):
        (who, planned), (other, anew) = was.get(key, (None, None)), will.get(key, (None, None))
        is_moved = planned is not None and anew is not None and abs(anew.start - planned.start) >= A_MINUTE
        if who != other or is_moved:
            changes.append(Change(key, who, other, planned, anew))
    return sorted(changes, key=lambda one: (_start(one), one.visit))


def _start(change: Change) -> datetime:
    planned = change.planned_after or change.planned_before
    return planned.start if planned else datetime.min.replace(tzinfo=UTC)


def _moment(wish: Wish, facts: Facts) -> datetime:
    """Now, unless it is only about visits of a later day: then of the first of those days."""
    known = [moment_of(facts.visits[key].visit, facts) for key in wish.orphans if key in facts.visits]
    return facts.now if wish.out else min(known, default=facts.now)
