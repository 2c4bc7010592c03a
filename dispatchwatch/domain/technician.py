"""What the office has told of its technicians beyond what the schedule says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.visit import Technician

Position = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One technician: `home` as latitude and longitude in degrees, `shift` in the office's zone (no hours: always)."""

    ext_id: str
    name: str
    phone: str = ""
    skills: frozenset[str] = frozenset()
    home: Position | None = None
    shift: OfficeHours | None = None


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
