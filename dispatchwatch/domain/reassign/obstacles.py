"""What keeps a technician from taking a visit over, wherever in his day it were put."""

from __future__ import annotations

from collections.abc import Iterator

from dispatchwatch.domain.needs import lacking_skills, levels, weak_skills
from dispatchwatch.domain.reassign.answer import Obstacle, Refusal
from dispatchwatch.domain.reassign.route import Route, Stop
from dispatchwatch.domain.reassign.slots import first_place
from dispatchwatch.domain.reassign.workday import Workday
from dispatchwatch.domain.travel import distance_km
from dispatchwatch.domain.visit import OVER, Visit
from dispatchwatch.domain.watched import Watched


def of_visit(watched: Watched) -> Refusal | None:
    """Why nobody can take a visit over."""
    visit = watched.visit
    if visit.status in OVER or watched.withdrawn:
        return Refusal(Obstacle.OVER)
    if visit.checked_in:
        return Refusal(Obstacle.STARTED, visit.technician)
    if visit.locked:
        return Refusal(Obstacle.LOCKED)
    return Refusal(Obstacle.CREW, visit.technician) if len(visit.technicians) > 1 else None


def of_technician(workday: Workday, visit: Visit, stop: Stop) -> Iterator[Refusal]:
    """Why this technician can’t, whatever the time; in the stated order."""
    yield from _skills(workday, visit)
    yield from _presence(workday, stop)
    yield from _parts(workday.route, stop)
    yield from _wishes(workday, visit)
    profile = workday.profile
    if profile is not None and profile.most_visits is not None and len(workday.visits) >= profile.most_visits:
        yield Refusal(Obstacle.FULL, str(len(workday.visits)))


def missing_parts(route: Route, stop: Stop) -> list[str]:
    """The parts that would lack before the van is filled again."""
    spare = route.spare or {}
    return sorted(part for part, count in stop.parts.items() if count > spare.get(part, 0))


def _skills(workday: Workday, visit: Visit) -> Iterator[Refusal]:
    held = levels(workday.profile.skills) if workday.profile else {}
    lacking = lacking_skills(visit.skills, held)
    if lacking:
        yield Refusal(Obstacle.SKILL, lacking[0])
    for skill in weak_skills(visit.skills, held):
        yield Refusal(Obstacle.SKILL_LEVEL, skill)
        return


def _presence(workday: Workday, stop: Stop) -> Iterator[Refusal]:
    if workday.off:
        yield Refusal(Obstacle.OFF)
    line, profile = workday.route.line, workday.profile
    first, last = max(line.ready, stop.earliest), min(line.shift_end, stop.limit)
    for absence, (start, end) in zip(profile.absences if profile else (), line.absences, strict=True):
        if start <= first and end >= last:
            yield Refusal(Obstacle.ABSENT, absence.reason)


def _parts(route: Route, stop: Stop) -> Iterator[Refusal]:
    if first_place(route, stop) > len(route.stops):
        yield Refusal(Obstacle.PARTS, missing_parts(route, stop)[0])


def _wishes(workday: Workday, visit: Visit) -> Iterator[Refusal]:
    profile, place = workday.profile, visit.site.position
    if profile is None:
        return
    if visit.customer.name.casefold() in _folded(profile.excluded):
        yield Refusal(Obstacle.CUSTOMER, visit.customer.name)
    if profile.radius_km is not None and profile.home is not None and place is not None:
        away = distance_km(profile.home, place)
        if away > profile.radius_km:
            yield Refusal(Obstacle.RADIUS, f"{away:.0f}")


def _folded(names: frozenset[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)
