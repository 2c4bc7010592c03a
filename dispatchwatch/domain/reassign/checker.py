"""Whether a day can be worked as it is planned, found by going through it from the first stop to the last.

It shares no shortcut with what makes plans: what it says of one counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType

from dispatchwatch.domain.needs import lacking_skills, levels, weak_skills
from dispatchwatch.domain.reassign.answer import Obstacle, Refusal
from dispatchwatch.domain.reassign.figures import Figures
from dispatchwatch.domain.reassign.route import A_MOMENT, NEVER, Route, Stop, is_away
from dispatchwatch.domain.reassign.workday import Workday
from dispatchwatch.domain.visit import Visit, VisitKey

BEFORE_ALL = -NEVER


Usual = Mapping[VisitKey, float]
"""When visits were reached before anything was changed."""

NOTHING: Usual = MappingProxyType({})


def problems(
    workday: Workday,
    visits: Mapping[VisitKey, Visit],
    figures: Figures,
    before: Route | None = None,
    elsewhere: Usual = NOTHING,
) -> Iterator[Refusal]:
    """Everything wrong with a day. What was late `before`, here or `elsewhere`, may be as late as it was; the day may
    end as late as it did.
    """
    usual = usual_of(before) if before else NOTHING
    yield from _skills(workday, visits)
    yield from _parts(workday)
    yield from _lateness(workday, figures, {**elsewhere, **usual})
    yield from _absence(workday, figures, usual)
    line = workday.route.line
    profile = workday.profile
    asked = (profile.overtime if profile else timedelta()).total_seconds()
    closes = max(line.shift_end + asked, before.end if before else BEFORE_ALL)
    end = _end(workday, figures)
    if end > closes + A_MOMENT and workday.route.stops:
        yield Refusal(Obstacle.SHIFT_END, by=figures.instant(end) - figures.instant(closes))


def _skills(workday: Workday, visits: Mapping[VisitKey, Visit]) -> Iterator[Refusal]:
    held = levels(workday.profile.skills) if workday.profile else {}
    for stop in workday.route.stops:
        for key in stop.keys:
            needed = visits[key].skills
            for skill in lacking_skills(needed, held):
                yield Refusal(Obstacle.SKILL, skill, visit=key)
            for skill in weak_skills(needed, held):
                yield Refusal(Obstacle.SKILL_LEVEL, skill, visit=key)


def _parts(workday: Workday) -> Iterator[Refusal]:
    stock = workday.route.line.stock
    if stock is None:
        return
    van = Counter(stock)
    for stop in workday.route.stops:
        if stop.restocks:
            return
        van.subtract(stop.parts)
        for part in sorted(part for part in stop.parts if van[part] < 0):
            yield Refusal(Obstacle.PARTS, part, visit=stop.keys[0])


def usual_of(route: Route) -> dict[VisitKey, float]:
    return {key: arrival for stop, arrival in route.timetable() for key in stop.keys}


def _lateness(workday: Workday, figures: Figures, usual: Usual) -> Iterator[Refusal]:
    for stop, arrival in _walk(workday, figures):
        known = usual.get(stop.keys[0], BEFORE_ALL)
        latest = known if stop.pinned and known > BEFORE_ALL else max(stop.promise + figures.tolerance, known)
        if arrival > latest + A_MOMENT:
            obstacle = Obstacle.HOLDS_UP_LOCKED if stop.pinned else Obstacle.LATE
            yield Refusal(obstacle, by=figures.instant(arrival) - figures.instant(latest), visit=stop.keys[0])


def _absence(workday: Workday, figures: Figures, usual: Usual) -> Iterator[Refusal]:
    """Where he is to be while he is away. What he would reach earlier than before can wait until he is back."""
    line = workday.route.line
    for stop, arrival in _walk(workday, figures):
        known = usual.get(stop.keys[0], BEFORE_ALL)
        was_away = is_away(line, known, stop.length)
        if arrival > known and is_away(line, arrival, stop.length) and not was_away:
            yield Refusal(Obstacle.AWAY, visit=stop.keys[0])


def _walk(workday: Workday, figures: Figures) -> Iterator[tuple[Stop, float]]:
    line = workday.route.line
    here, free = line.start, line.ready
    for number, stop in enumerate(workday.route.stops):
        arrival = max(free + figures.drives.between(here, stop.place), stop.earliest)
        if number == 0 and stop.keys[0] == line.first and line.first_at is not None:
            arrival = line.first_at
        yield stop, arrival
        here, free = stop.place, arrival + stop.length


def _end(workday: Workday, figures: Figures) -> float:
    line = workday.route.line
    last, arrival = line.start, line.ready
    length = 0.0
    for stop, at in _walk(workday, figures):
        last, arrival, length = stop.place, at, stop.length
    return arrival + length + (0.0 if line.home is None else figures.drives.between(last, line.home))
