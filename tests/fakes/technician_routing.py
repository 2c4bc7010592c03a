"""Technician routing instances with known answers (Pillac et al.), told as an ordinary day in the office.

They lie outside the project, in ../shared/data/reallocation; what needs them is skipped where they are absent. Their
times are minutes after midnight UTC, a unit of distance is a minute’s drive. A tool is a part of which there is always
one more; a call at the depot is a visit of the kind “depot”.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

import pytest

from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.reassign.settings import Reassigning
from dispatchwatch.domain.rules import Facts, Index
from dispatchwatch.domain.technician import Position, Profile, Roster
from dispatchwatch.domain.travel import Travel
from dispatchwatch.domain.visit import Customer, Site, Technician, Visit, VisitKey
from dispatchwatch.domain.watched import Seen, sight

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "reallocation"
ABSENT = "skipped: ../shared/data/reallocation is not here, and its instances are not part of the project"
needs_instances = pytest.mark.skipif(not FOLDER.is_dir(), reason=ABSENT)
MIDNIGHT = datetime(2026, 11, 10, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
FEED = "routing"
TOOLS_WITHOUT_END = 1000
EXACT = Reassigning(tolerance=timedelta(), late_costs=0.0, overtime_costs=0.0, wait_costs=0.0)
"""What the instances ask for: windows that hold, and as little driving as can be."""


class Plane(Travel):
    """Places on a plane, whose coordinates stand for latitude and longitude: a minute’s drive a unit."""

    def between(self, start: Position | None, end: Position | None) -> timedelta | None:
        return None if start is None or end is None else timedelta(minutes=math.dist(start, end))


@dataclass(frozen=True, slots=True)
class Instance:
    """`depot` is where vans are filled again; the visits bear the numbers of the requests as ids."""

    depot: Position
    roster: Roster
    technicians: tuple[Technician, ...]
    visits: tuple[Visit, ...]

    def picture(self, plan: Iterable[Visit] | None = None, settings: Reassigning = EXACT) -> Facts:
        """The day as of midnight; of the visits that a plan does not speak of, nobody is sent to any."""
        told = {visit.key: visit for visit in self.visits}
        told |= {visit.key: visit for visit in plan or ()}
        seen = Seen(None, MIDNIGHT - timedelta(minutes=1))
        visits = {key: sight(None, visit, seen) for key, visit in told.items()}
        health = FeedHealth(feed=FEED, interval=timedelta(seconds=30), last_good_at=MIDNIGHT)
        return Facts(
            now=MIDNIGHT,
            awake_since=MIDNIGHT - timedelta(days=1),
            visits=visits,
            feeds={FEED: health},
            policy=Policy(),
            office=OfficeHours(UTC_ZONE),
            roster=self.roster,
            travel=Plane(),
            reassigning=settings,
            index=Index.of(visits),
        )

    def planned(self, routes: Iterable[tuple[Technician, Sequence[int]]]) -> list[Visit]:
        """The visits as a plan assigns them. A negative number is a call at the depot."""
        numbered = {int(visit.ext_id): visit for visit in self.visits}
        return [
            replace(
                numbered[request] if request > 0 else self._depot_call(request),
                technicians=(technician,),
                sched_start=MIDNIGHT + timedelta(seconds=place),
            )
            for technician, requests in routes
            for place, request in enumerate(requests, start=1)
        ]

    def _depot_call(self, request: int) -> Visit:
        site = Site("depot", "UTC", "depot", *self.depot)
        return Visit(
            feed=FEED,
            ext_id=str(request),
            kind="depot",
            site=site,
            duration=timedelta(),
            window_start=MIDNIGHT,
            window_end=MIDNIGHT + timedelta(days=1),
        )


def key_of(request: int) -> VisitKey:
    return VisitKey(FEED, str(request))


def instance(name: str) -> Instance:
    lines = [line for line in (FOLDER / name).read_text(encoding="utf-8").splitlines() if re.match(r"\d+\s", line)]
    count = int(lines[0].split()[0])
    depot, *rows = map(_Row.read, lines[1:])
    people, requests = rows[:count], rows[count:]
    profiles = [_profile(row) for row in people]
    return Instance(
        depot=depot.place,
        roster=Roster.of(profiles),
        technicians=tuple(Technician(one.name, one.ext_id) for one in profiles),
        visits=tuple(_visit(row) for row in requests),
    )


def best_known(name: str, found: Instance) -> list[tuple[Technician, list[int]]]:
    """The routes of a solution, in our numbers: requests as they are, calls at the depot negative."""
    text = (FOLDER / name).read_text(encoding="utf-8").partition("<")[2].partition(">")[0]
    count = len(found.technicians)
    first_home = count + len(found.visits) + 1
    routes = []
    for part in text.split("|"):
        if not part:
            continue
        technician, *stops, _home = map(int, part.split(","))
        named = [-stop if stop >= first_home + count else stop for stop in stops]
        routes.append((found.technicians[technician - 1], named))
    return routes


class _Row(NamedTuple):
    number: int
    place: Position
    opens: float
    closes: float
    length: float
    skills: tuple[int, ...]
    tools: tuple[int, ...]
    parts: tuple[int, ...]

    @classmethod
    def read(cls, line: str) -> Self:
        number, x, y, opens, closes, length = map(float, line.split("[", maxsplit=1)[0].split())
        lists = [tuple(map(int, filter(None, told.split(",")))) for told in re.findall(r"\[([\d, ]*)\]", line)]
        return cls(int(number), (x, y), opens, closes, length, *lists)


def _profile(row: _Row) -> Profile:
    hours, minutes = divmod(int(row.closes), 60)
    tools = [f"{TOOLS_WITHOUT_END} x tool {tool}" for tool in row.tools]
    return Profile(
        ext_id=f"T-{row.number:02d}",
        name=f"Technician {row.number:02d}",
        skills=frozenset(f"skill {skill}" for skill in row.skills),
        home=row.place,
        shift=OfficeHours(UTC_ZONE, dict.fromkeys(range(7), (time(0), time(hours, minutes)))),
        parts=(*tools, *_parts(row)),
    )


def _visit(row: _Row) -> Visit:
    return Visit(
        feed=FEED,
        ext_id=str(row.number),
        customer=Customer(f"Customer {row.number}"),
        site=Site(f"Place {row.number}", "UTC", f"{row.number} Plane Street", *row.place),
        window_start=MIDNIGHT + timedelta(minutes=row.opens),
        window_end=MIDNIGHT + timedelta(minutes=row.closes),
        duration=timedelta(minutes=row.length),
        skills=tuple(f"skill {skill}" for skill in row.skills),
        parts=(*(f"tool {tool}" for tool in row.tools), *_parts(row)),
    )


def _parts(row: _Row) -> tuple[str, ...]:
    return tuple(f"{count} x part {part}" for part, count in enumerate(row.parts) if count)
