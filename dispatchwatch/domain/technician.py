"""What the office has told of its technicians beyond what the schedule says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.visit import Technician

Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Absence:
    """When a technician is away, and why in a word or two."""

    start: datetime
    end: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One technician: `home` as latitude and longitude in degrees, `shift` in the office's zone (no hours: always).

    `skills` and `parts`, what is on the van, as needs.py reads them; parts that are None are not kept count of.
    `overtime` is how long after his shift he works without being asked, `radius_km` how far from home he goes,
    `most_visits` how many he takes a day; `excluded` are the customers who don’t want him, `preferred` those who do.
    """

    ext_id: str
    name: str
    phone: str = ""
    skills: frozenset[str] = frozenset()
    home: Position | None = None
    shift: OfficeHours | None = None
    absences: tuple[Absence, ...] = ()
    overtime: timedelta = timedelta()
    parts: tuple[str, ...] | None = None
    radius_km: float | None = None
    most_visits: int | None = None
    excluded: frozenset[str] = frozenset()
    preferred: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Roster:
    """The technicians by id and by name; a schedule may know them by either."""

    profiles: Mapping[str, Profile] = field(default_factory=dict)

    @classmethod
    def of(cls, profiles: Iterable[Profile]) -> Roster:
        known = list(profiles)
        by_name = {one.name.casefold(): one for one in known}
        return cls({**by_name, **{one.ext_id: one for one in known}})

    def of_technician(self, technician: Technician) -> Profile | None:
        return self.profiles.get(technician.ext_id) or self.profiles.get(technician.name.casefold())
