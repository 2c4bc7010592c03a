"""Who can take a visit over, what it would cost, and why the others can’t (study 5.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from dispatchwatch.domain.calendars import day_bounds
from dispatchwatch.domain.reassign import obstacles
from dispatchwatch.domain.reassign.answer import Answer, Obstacle, Refusal, Saving, Suggestion
from dispatchwatch.domain.reassign.relaxing import relaxed
from dispatchwatch.domain.reassign.weighing import sooner, weighed
from dispatchwatch.domain.reassign.workday import Workday, Workdays, identity_of
from dispatchwatch.domain.rules.facts import Facts
from dispatchwatch.domain.visit import Technician, Visit, VisitKey
from dispatchwatch.domain.watched import Watched


def suggest(key: VisitKey, facts: Facts) -> Answer | None:
    """Everybody known, as one who can or one who can’t; None for a visit that nobody knows."""
    watched = _counting(key, facts)
    if watched is None:
        return None
    workdays = _workdays(watched, facts)
    people = workdays.all(leaving_out=watched)
    found = [_weighed(workday, watched, workdays) for workday in people]
    can = sorted((one for one in found if one.feasible), key=lambda one: one.rank)
    is_movable = obstacles.of_visit(watched) is None
    return Answer(
        visit=watched.key,
        can=tuple(can),
        cannot=tuple(sorted((one for one in found if not one.feasible), key=lambda one: one.rank[1:])),
        relaxed=relaxed(watched, people, workdays) if is_movable and not can else (),
        saving=_saving(watched, workdays),
    )


def weigh(key: VisitKey, technician: Technician, facts: Facts) -> Suggestion | None:
    """What it would cost if this technician took a visit over; None where nobody knows the visit or him."""
    watched = _counting(key, facts)
    if watched is None:
        return None
    workdays = _workdays(watched, facts)
    workday = workdays.of(technician, leaving_out=watched)
    return _weighed(workday, watched, workdays) if workday else None


def moment_of(visit: Visit, facts: Facts) -> datetime:
    """As of when days are looked at: now, or the beginning of the later day that a visit is planned for."""
    zone, start = facts.office.zone, visit.start or visit.sched_start
    today = day_bounds(facts.now.astimezone(zone).date(), zone)
    if start is None or start < today[1]:
        return facts.now
    return day_bounds(start.astimezone(zone).date(), zone)[0]


def _counting(key: VisitKey, facts: Facts) -> Watched | None:
    """Of a visit that two feeds tell of, the one whose word counts."""
    return facts.visits.get(facts.index.doubles.get(key, key))


def _workdays(watched: Watched, facts: Facts) -> Workdays:
    return Workdays(facts, moment_of(watched.visit, facts))


def _weighed(workday: Workday, watched: Watched, workdays: Workdays) -> Suggestion:
    visit, figures = watched.visit, workdays.figures
    found = weighed(workday, visit, figures.stop_of(watched, figures.settings.tolerance), figures)
    own = {identity_of(one, workdays.facts.roster) for one in visit.technicians}
    refusal = obstacles.of_visit(watched)
    if refusal is None and workday.identity in own:
        refusal = Refusal(Obstacle.HIS_OWN)
    return replace(found, refusal=refusal) if refusal else found


def _saving(watched: Watched, workdays: Workdays) -> Saving | None:
    """What is spared those who have the visit now."""
    days = [
        (before, after)
        for one in watched.visit.technicians
        if (before := workdays.of(one)) and (after := workdays.of(one, leaving_out=watched))
    ]
    if not days:
        return None
    is_known = all(_knows_ways(day, workdays) for pair in days for day in pair)
    driven = sum(before.route.drive - after.route.drive for before, after in days)
    return Saving(
        technicians=tuple(before.technician for before, _ in days),
        drive=timedelta(seconds=driven) if is_known else None,
        sooner=tuple(delay for before, after in days for delay in sooner(before.route, after.route)),
    )


def _knows_ways(workday: Workday, workdays: Workdays) -> bool:
    line, drives = workday.route.line, workdays.figures.drives
    places = [line.start, *(stop.place for stop in workday.route.stops)]
    return not any(drives.unknown(here, there) for here, there in pairwise(places))
