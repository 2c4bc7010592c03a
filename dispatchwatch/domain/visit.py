"""A visit: one appointment of a technician at a customer's site, as its source tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """Where a visit stands; every source's own words are mapped to these (interface, section 3)."""

    UNSCHEDULED = "unscheduled"
    SCHEDULED = "scheduled"
    DISPATCHED = "dispatched"
    EN_ROUTE = "en_route"
    ARRIVED = "arrived"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    COMPLETED = "completed"
    INCOMPLETE = "incomplete"
    CANCELLED = "cancelled"
    CUSTOMER_NO_SHOW = "customer_no_show"
    UNKNOWN = "unknown"

    __hash__ = str.__hash__  # that of Enum takes three times as long, and every rule asks what a status is among


AWAITED = frozenset({Status.SCHEDULED, Status.DISPATCHED, Status.EN_ROUTE})
ON_SITE = frozenset({Status.ARRIVED, Status.IN_PROGRESS, Status.PAUSED})
OVER = frozenset({Status.COMPLETED, Status.INCOMPLETE, Status.CANCELLED, Status.CUSTOMER_NO_SHOW})
SHOWS_CHECK_IN = ON_SITE | {Status.COMPLETED, Status.INCOMPLETE, Status.CUSTOMER_NO_SHOW}


class VisitKey(NamedTuple):
    """What identifies a visit for us: the feed it came from and the id it has there."""

    feed: str
    ext_id: str


@dataclass(frozen=True, slots=True)
class Technician:
    """Who is sent. `ext_id` is the source's own id; a source without ids leaves it empty."""

    name: str
    ext_id: str = ""
    phone: str = ""

    @property
    def identity(self) -> str:
        """What this person is known by across visits and feeds: the id where there is one, else the name."""
        return self.ext_id or self.name.casefold()

    def is_same(self, other: Technician) -> bool:
        """Whether both are one person: by their ids where both have one, else by their names."""
        if self.ext_id and other.ext_id:
            return self.ext_id == other.ext_id
        return self.name.casefold() == other.name.casefold()


@dataclass(frozen=True, slots=True)
class Customer:
    name: str = ""
    ext_id: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """Where the work is. `timezone` is an IANA name; the site's own zone wins over the office's."""

    name: str = ""
    timezone: str = "UTC"
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None

    @property
    def position(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees, where the source tells them."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One appointment. All instants are UTC; what a source does not tell is None or empty.

    `reported_at` is when the customer asked for help, `booked_at` when the visit was put in the schedule.
    `technician_no_show` is the source's own word that the technician neither came nor called. `crew_untold`: the source
    does not say who goes, so that naming nobody means nothing.
    `skills` and `parts` are what whoever goes must have, as the source writes them (needs.py). `locked`: neither time
    nor technician may be changed. `assigned_by` is who at the desk chose the technicians; empty where the source did.
    `time_adjusted` marks a local time that daylight saving skipped or repeated, so that a person can look.
    """

    feed: str
    ext_id: str
    order_ref: str = ""
    title: str = ""
    kind: str = ""
    priority: str = ""
    contract: str = ""
    status: Status = Status.SCHEDULED
    status_raw: str = ""
    status_at: datetime | None = None
    anytime: bool = False
    technicians: tuple[Technician, ...] = ()
    crew_untold: bool = False
    assigned_by: str = ""
    locked: bool = False
    skills: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    customer: Customer = Customer()
    site: Site = Site()
    sched_start: datetime | None = None
    sched_end: datetime | None = None
    duration: timedelta | None = None
    window_start: datetime | None = None
    window_end: datetime | None = None
    eta: datetime | None = None
    reported_at: datetime | None = None
    booked_at: datetime | None = None
    dispatched_at: datetime | None = None
    en_route_at: datetime | None = None
    arrived_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    departed_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancelled_by: str = ""
    cancel_reason: str = ""
    checkin_method: str = ""
    technician_no_show: bool = False
    modified_at: datetime | None = None
    notes: str = ""
    url: str = ""
    time_adjusted: bool = False

    @property
    def key(self) -> VisitKey:
        return VisitKey(self.feed, self.ext_id)

    @property
    def promise(self) -> datetime | None:
        """The instant the customer was promised: the end of the arrival window, else the planned start.

        An anytime visit has a day but no time, so there is nothing to be late for.
        """
        if self.anytime:
            return None
        return self.window_end or self.sched_start

    @property
    def start(self) -> datetime | None:
        """When the work is planned to begin; None for an anytime visit, which has a day but no time."""
        return None if self.anytime else self.sched_start or self.window_start or self.window_end

    @property
    def planned(self) -> timedelta | None:
        """How long the work is planned to take, in real time; None where the source does not tell."""
        if self.duration is not None:
            return self.duration
        if self.sched_start is not None and self.sched_end is not None and self.sched_end > self.sched_start:
            return self.sched_end - self.sched_start
        return None

    @property
    def technician(self) -> str:
        """The names of the crew, in the source's order; empty when nobody is assigned."""
        return ", ".join(technician.name for technician in self.technicians)

    @property
    def silent_on_crew(self) -> bool:
        """Whether nobody is named by a source that does not say who goes."""
        return self.crew_untold and not self.technicians

    @property
    def assigned(self) -> bool:
        """Whether somebody is to go there, or may be for all that the source tells."""
        return bool(self.technicians) or self.crew_untold

    @property
    def checked_in(self) -> bool:
        """Whether anything shows that a technician was there (study 4.1, evidence of check-in)."""
        return bool(self.arrived_at or self.started_at) or self.status in SHOWS_CHECK_IN

    @property
    def checked_in_at(self) -> datetime | None:
        """When the technician arrived by the source's own stamps; None if it gives none.

        A status stamp counts only while the status is one of being there: the stamp of "completed" says
        when the work ended.
        """
        stamps = [stamp for stamp in (self.arrived_at, self.started_at) if stamp]
        if self.status_at and self.status in ON_SITE:
            stamps.append(self.status_at)
        return min(stamps, default=None)
