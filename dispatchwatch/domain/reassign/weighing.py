"""What it costs if one technician takes a visit over: the best place for it in his day, and who is held up by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import islice, pairwise

from dispatchwatch.domain.reassign import obstacles
from dispatchwatch.domain.reassign.answer import Delay, Obstacle, Refusal, Suggestion
from dispatchwatch.domain.reassign.figures import Figures
from dispatchwatch.domain.reassign.route import A_MOMENT, NEVER, Route, Stop, is_away, limit_of, with_stop
from dispatchwatch.domain.reassign.scoring import prefers, score_of
from dispatchwatch.domain.reassign.slots import Slot, any_slot, best_slot, pushed_back
from dispatchwatch.domain.reassign.workday import Workday
from dispatchwatch.domain.visit import Visit

A_MINUTE = 60.0


def weighed(workday: Workday, visit: Visit, stop: Stop, figures: Figures) -> Suggestion:
    """What it would cost, and the first obstacle if there is one."""
    refusal = next(obstacles.of_technician(workday, visit, stop), None)
    row = figures.drives.row(stop.place)
    slot = best_slot(workday.route, stop, row, figures.costs)
    if slot is None:
        slot = any_slot(workday.route, stop, row, figures.costs)
        refusal = refusal or exceeded(workday, stop, slot, figures)
    found = suggestion(workday, visit, stop, slot, figures)
    return replace(found, refusal=refusal) if refusal else found


def suggestion(workday: Workday, visit: Visit, stop: Stop, slot: Slot, figures: Figures) -> Suggestion:
    """The figures of one place in somebody's day, and its score."""
    route = workday.route
    before = route.stops[slot.at - 1] if slot.at else None
    found = Suggestion(
        technician=workday.technician,
        preferred=prefers(workday, visit),
        arrival=figures.instant(slot.arrival),
        late=_length(max(0.0, slot.arrival - stop.promise)),
        extra_drive=None if _is_drive_unknown(route, stop, slot, figures) else _length(slot.drive),
        overtime=_length(slot.overtime),
        delays=tuple(
            Delay(key, _length(then - usual), _length(max(0.0, then - later.promise)))
            for later, usual, then in pushed_back(route, slot.at, slot.reach)[0]
            if then - usual >= A_MINUTE
            for key in later.keys
        ),
        after=before.keys[-1] if before else None,
        unknown=next(_unknown_ways(route, stop, slot.at, figures), ""),
    )
    return replace(found, score=score_of(found, workday, visit, figures))


def sooner(before: Route, after: Route) -> Iterator[Delay]:
    """The visits that are reached at least a minute earlier by a route than `before`; those lengths are negative."""
    usual = {key: arrival for stop, arrival in before.timetable() for key in stop.keys}
    for stop, arrival in after.timetable():
        for key in stop.keys:
            by = arrival - usual.get(key, arrival)
            if by <= -A_MINUTE:
                yield Delay(key, _length(by), _length(max(0.0, arrival - stop.promise)))


def exceeded(workday: Workday, stop: Stop, slot: Slot, figures: Figures) -> Refusal:
    """The first limit that a place in the day goes beyond."""
    line, after = workday.route.line, with_stop(workday.route, stop, slot.at, figures.drives)
    if after.end > line.ends + A_MOMENT:
        closes = figures.instant(line.shift_end) if line.shift_end < NEVER else None
        return Refusal(Obstacle.SHIFT_END, by=_length(after.end - max(line.shift_end, workday.route.end)), at=closes)
    if slot.arrival > stop.limit + A_MOMENT:
        return Refusal(Obstacle.LATE, by=_length(slot.arrival - min(stop.promise, stop.limit)))
    if is_away(line, slot.arrival, stop.length):
        return Refusal(Obstacle.AWAY)
    return next(_held_up(after), None) or Refusal(
        Obstacle.PARTS, next(iter(obstacles.missing_parts(workday.route, stop)), "")
    )


def _held_up(after: Route) -> Iterator[Refusal]:
    for stop, arrival in after.timetable():
        if arrival <= limit_of(stop, after.line) + A_MOMENT:
            continue
        if stop.pinned:
            yield Refusal(Obstacle.HOLDS_UP_LOCKED, by=_length(arrival - stop.usual), visit=stop.keys[0])
        yield Refusal(Obstacle.HOLDS_UP, by=_length(arrival - min(stop.promise, stop.limit)), visit=stop.keys[0])
    yield from (Refusal(Obstacle.AWAY, visit=stop.keys[0]) for stop in after.clashes())


def _is_drive_unknown(route: Route, stop: Stop, slot: Slot, figures: Figures) -> bool:
    places = [route.line.start, *(one.place for one in route.stops)]
    here, following = places[slot.at], places[slot.at + 1 : slot.at + 2]
    beyond = following[0] if following else route.line.home
    drives = figures.drives
    ways = [(here, stop.place)] if beyond is None else [(here, stop.place), (stop.place, beyond)]
    if following:
        ways.append((here, following[0]))
    return any(drives.unknown(*way) for way in ways)


def _unknown_ways(route: Route, stop: Stop, at: int, figures: Figures) -> Iterator[str]:
    """The places that leave it open when he is at a stop: those without a position on the way there."""
    places = [route.line.start, *(one.place for one in route.stops[:at]), stop.place]
    is_announced = at > 0 and route.line.first_at is not None and route.stops[0].keys[0] == route.line.first
    for here, there in islice(pairwise(places), 1 if is_announced else 0, None):
        if name := figures.drives.unknown(here, there):
            yield name


def _length(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)
