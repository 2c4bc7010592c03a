"""What the office has told of its technicians, as a window is shown it: who they are and when they work today."""

from __future__ import annotations

from datetime import datetime, timedelta

from dispatchwatch.app.view import TechnicianLine
from dispatchwatch.domain.calendars import OfficeHours, Span, day_bounds
from dispatchwatch.domain.technician import Profile, Roster
from dispatchwatch.domain.visit import Technician


def technician_lines(roster: Roster, office: OfficeHours, now: datetime) -> tuple[TechnicianLine, ...]:
    """Everybody on the roster, by name. Those whom only the schedule knows are in its visits."""
    profiles = {profile.ext_id: profile for profile in roster.profiles.values()}
    day = day_bounds(now.astimezone(office.zone).date(), office.zone)
    lines = (_line(profile, day) for profile in profiles.values())
    return tuple(sorted(lines, key=lambda line: (line.technician.name.casefold(), line.technician.ext_id)))


def _line(profile: Profile, day: Span) -> TechnicianLine:
    technician = Technician(profile.name, profile.ext_id, profile.phone)
    away = tuple(one for one in profile.absences if one.start < day[1] and one.end > day[0])
    return TechnicianLine(technician=technician, shifts=_shifts(profile.shift, day), absences=away)


def _shifts(shift: OfficeHours | None, day: Span) -> tuple[Span, ...] | None:
    """Those that touch the office's day; a night shift may have begun the day before."""
    if shift is None or not shift.hours:
        return None
    first, last = (instant.astimezone(shift.zone).date() for instant in day)
    spans = shift.spans(first - timedelta(days=1), last)
    return tuple((start, end) for start, end in spans if start < day[1] and end > day[0])
