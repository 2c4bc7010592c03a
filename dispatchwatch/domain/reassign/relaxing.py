"""Who could take a visit over if something were asked for, where nobody can without: tried in a stated order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from dispatchwatch.domain.reassign import obstacles
from dispatchwatch.domain.reassign.answer import Obstacle, Relaxed, Relaxing, Suggestion
from dispatchwatch.domain.reassign.priority import rank_of
from dispatchwatch.domain.reassign.route import relaxed as more_allowed
from dispatchwatch.domain.reassign.route import without
from dispatchwatch.domain.reassign.settings import Reassigning
from dispatchwatch.domain.reassign.slots import best_slot
from dispatchwatch.domain.reassign.weighing import suggestion
from dispatchwatch.domain.reassign.workday import Workday, Workdays, identity_of
from dispatchwatch.domain.visit import VisitKey
from dispatchwatch.domain.watched import Watched

ANY_TIME = timedelta(days=2)
"""Later than this is another day."""


def relaxed(watched: Watched, people: Sequence[Workday], workdays: Workdays) -> tuple[Suggestion, ...]:
    """Those who could by the first step that helps anybody, the best first. `people` are as they are without it."""
    own = {identity_of(one, workdays.facts.roster) for one in watched.visit.technicians}
    others = [one for one in people if one.identity not in own]
    for step in Relaxing:
        found = [one for day in others for one in _options(day, watched, workdays, step)]
        if found:
            return tuple(sorted(found, key=lambda one: one.rank))
    return ()


def _options(workday: Workday, watched: Watched, workdays: Workdays, step: Relaxing) -> Iterator[Suggestion]:
    """The one way in which this technician could, if there is one."""
    visit, figures, settings = watched.visit, workdays.figures, workdays.figures.settings
    tolerance = settings.later if _includes(step, Relaxing.LATER) else settings.tolerance
    stop = figures.stop_of(watched, ANY_TIME if step is Relaxing.NEW_TIME else tolerance)
    may_lack = {Obstacle.SKILL_LEVEL} if _includes(step, Relaxing.SKILL_LEVEL) else set[Obstacle]()
    found = list(obstacles.of_technician(workday, visit, stop))
    if any(one.obstacle not in may_lack for one in found):
        return
    slack = (tolerance - settings.tolerance).total_seconds()
    day = replace(workday, route=more_allowed(workday.route, slack, settings.overtime.total_seconds()))
    row = figures.drives.row(stop.place)
    for changed, displaced in _ways(day, watched, workdays, step):
        slot = best_slot(changed.route, stop, row, figures.costs)
        if slot is not None:
            option = suggestion(changed, visit, stop, slot, figures)
            steps = _steps(option, day, bool(found), settings, displaced is not None)
            yield replace(option, relaxed=Relaxed(steps, displaced))
            return


def _ways(
    day: Workday, watched: Watched, workdays: Workdays, step: Relaxing
) -> Iterator[tuple[Workday, VisitKey | None]]:
    """The day as it is, then without one of the visits that matter less, those that matter least first."""
    yield day, None
    if not _includes(step, Relaxing.DISPLACING):
        return
    policy, visits, route = workdays.figures.standards.policy, workdays.facts.visits, day.route
    most = rank_of(watched.visit, policy)
    ranks = {stop.keys[0]: rank_of(visits[stop.keys[0]].visit, policy) for stop in route.stops[route.line.fixed :]}
    lesser = [
        stop
        for stop in route.stops[route.line.fixed :]
        if ranks[stop.keys[0]] > most and not stop.pinned and len(stop.keys) == 1
    ]
    for stop in sorted(lesser, key=lambda one: (-ranks[one.keys[0]], one.keys)):
        rest = without(route, [stop], workdays.figures.drives)
        if rest.is_in_time:
            yield replace(day, route=rest), stop.keys[0]


def _includes(step: Relaxing, other: Relaxing) -> bool:
    order = tuple(Relaxing)
    return order.index(step) >= order.index(other)


def _steps(
    option: Suggestion, workday: Workday, is_weak: bool, settings: Reassigning, displaces: bool
) -> tuple[Relaxing, ...]:
    """What of all that was allowed is made use of."""
    unasked = workday.profile.overtime if workday.profile else timedelta()
    worst = max([option.late, *(delay.late for delay in option.delays if delay.by > timedelta())])
    used = {
        Relaxing.OVERTIME: option.overtime > unasked,
        Relaxing.LATER: settings.tolerance < worst,
        Relaxing.DISPLACING: displaces,
        Relaxing.SKILL_LEVEL: is_weak,
        Relaxing.NEW_TIME: option.late > settings.later,
    }
    return tuple(step for step in Relaxing if used[step]) or (Relaxing.LATER,)
