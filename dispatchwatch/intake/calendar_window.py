"""The days that a calendar is read for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dispatchwatch.domain.calendars import instant

Moment = date | datetime
"""A day of an all-day event, or a time that knows its zone."""


@dataclass(frozen=True, slots=True)
class Window:
    """From the local midnight before `first` to the one after `last`, in the office's zone."""

    first: date
    last: date
    zone: ZoneInfo

    @classmethod
    def around(cls, now: datetime, days_back: int, days_ahead: int, zone: ZoneInfo) -> Window:
        today = now.astimezone(zone).date()
        return cls(today - timedelta(days=days_back), today + timedelta(days=days_ahead), zone)

    @property
    def begins(self) -> datetime:
        return at(self.first, self.zone)

    @property
    def ends(self) -> datetime:
        return at(self.last + timedelta(days=1), self.zone)

    @property
    def days(self) -> frozenset[date]:
        return frozenset(self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))

    def touches(self, start: Moment, end: Moment | None, floating: ZoneInfo) -> bool:
        return at(start, floating) < self.ends and not self.is_over(start, end, floating)

    def is_over(self, start: Moment, end: Moment | None, floating: ZoneInfo) -> bool:
        """Whether something was over before the window begins."""
        begins = at(start, floating)
        after = end if end is not None else start if isinstance(start, datetime) else start + timedelta(days=1)
        over = max(begins, at(after, floating))
        return over < self.begins or begins < self.begins == over


def at(moment: Moment, floating: ZoneInfo) -> datetime:
    """The instant in UTC; that of a day is its first in the zone."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return instant(datetime.combine(moment, time()), floating)[0]
