"""`[[technician]]` and `[reassign]`: whom the office has, and what may be asked of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, PositiveFloat, model_validator

from dispatchwatch.app.filters import Part, said
from dispatchwatch.app.quiet_config import office_instant
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.reassign.settings import Reassigning
from dispatchwatch.domain.technician import Absence, Profile
from dispatchwatch.intake.fields import Duration

DEFAULTS = Reassigning()
Length = Annotated[Duration, Field(ge=timedelta(), le=timedelta(hours=24))]
Weight = Annotated[float, Field(ge=0, le=100)]


class AbsenceConfig(Part):
    """A technician is away `from` … `until`, in the office's zone where they name no offset."""

    since: datetime = said("From", "When the absence begins.", alias="from")
    until: datetime = said("Until", "When it ends.")
    reason: str = said("Reason", "In a word or two, such as leave or training.", "")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> AbsenceConfig:
        both_tell = (self.since.tzinfo is None) == (self.until.tzinfo is None)
        if both_tell and self.until <= self.since:
            raise ValueError("until is not after from")
        return self

    def absence(self, zone: ZoneInfo) -> Absence:
        return Absence(office_instant(self.since, zone), office_instant(self.until, zone), self.reason)


class TechnicianConfig(Part):
    id: str = said("Id", "What the office software calls this person.")
    name: str = said("Name", "The name on the board and in messages.")
    phone: str = said("Phone", "The number that is shown wherever somebody should call.", "")
    skills: tuple[str, ...] = said(
        "Skills",
        "What this person can do, asked for when a visit is to be taken over; dryer:2 is a skill at level 2.",
        (),
    )
    home: tuple[float, float] | None = said(
        "Home", "Latitude and longitude in degrees of where the first drive of the day begins.", None
    )
    shift: Mapping[str, str] = said("Shift", "When this person works, day by day.", {}, kind="hours")
    absences: tuple[AbsenceConfig, ...] = said("Absences", "When this person is away: leave, training, illness.", ())
    overtime: Length = said("Overtime", "How long after the shift this person works without being asked.", timedelta())
    parts: tuple[str, ...] | None = said(
        "Parts on the van", "Such as belt or 2 x filter; left out, nobody keeps count of them.", None
    )
    radius_km: PositiveFloat | None = said("Radius", "How many kilometres from home this person goes.", None)
    most_visits: Annotated[int, Field(ge=1)] | None = said(
        "Visits a day", "How many visits are enough for a day.", None
    )
    excluded_customers: tuple[str, ...] = said("Not for", "Customers who do not want this person.", ())
    preferred_customers: tuple[str, ...] = said("Preferred by", "Customers who ask for this person.", ())

    def profile(self, zone: ZoneInfo, shift: Mapping[int, tuple[time, time]]) -> Profile:
        """The technician; `shift` is theirs, read."""
        return Profile(
            ext_id=self.id,
            name=self.name,
            phone=self.phone,
            skills=frozenset(self.skills),
            home=self.home,
            shift=OfficeHours(zone, shift) if shift else None,
            absences=tuple(one.absence(zone) for one in self.absences),
            overtime=self.overtime,
            parts=self.parts,
            radius_km=self.radius_km,
            most_visits=self.most_visits,
            excluded=frozenset(self.excluded_customers),
            preferred=frozenset(self.preferred_customers),
        )


class ReassignConfig(Part):
    """What a suggestion may cost. A minute of driving costs one; the shares in the score are weighed by each other."""

    tolerance: Length = said("New lateness", "How late a visit may become by a suggestion.", DEFAULTS.tolerance)
    later: Length = said("Late if need be", "How late it may become where nobody can otherwise.", DEFAULTS.later)
    overtime: Length = said(
        "Overtime if need be", "How long after a shift somebody may work where nobody can otherwise.", DEFAULTS.overtime
    )
    drive_home: bool = said(
        "Way home counts",
        "Whether the drive home after the last visit belongs to the day.",
        default=DEFAULTS.drive_home,
    )
    depot_kinds: tuple[str, ...] = said(
        "Depot calls",
        "Kinds of visit after which everything is on the van again.",
        tuple(sorted(DEFAULTS.depot_kinds)),
    )
    late_costs: Weight = said("A late minute", "What it costs, in minutes of driving.", DEFAULTS.late_costs)
    urgent_costs: Annotated[float, Field(ge=1, le=100)] = said(
        "Urgent visits", "How many times as much a late minute costs at an urgent visit.", DEFAULTS.urgent_costs
    )
    overtime_costs: Weight = said(
        "A minute of overtime", "What it costs, in minutes of driving.", DEFAULTS.overtime_costs
    )
    wait_costs: Weight = said("A minute of waiting", "What it costs, in minutes of driving.", DEFAULTS.wait_costs)
    arrival_counts: Weight = said("In time", "What being there in time counts in the score.", DEFAULTS.arrival_counts)
    drive_counts: Weight = said("Driving", "What little driving counts in the score.", DEFAULTS.drive_counts)
    delays_counts: Weight = said("Delays", "What delaying nobody counts in the score.", DEFAULTS.delays_counts)
    workload_counts: Weight = said("Workload", "What a light day counts in the score.", DEFAULTS.workload_counts)
    skill_counts: Weight = said(
        "Skill", "What being skilled enough, and no more, counts in the score.", DEFAULTS.skill_counts
    )
    preferred_counts: Weight = said(
        "Preference", "What being asked for by the customer counts in the score.", DEFAULTS.preferred_counts
    )

    def reassigning(self) -> Reassigning:
        kinds = frozenset(kind.casefold() for kind in self.depot_kinds)
        return Reassigning(**{**dict(self), "depot_kinds": kinds})
