"""Local time turned into instants, and when the office is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

Span = tuple[datetime, datetime]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def instant(local: datetime, zone: ZoneInfo) -> tuple[datetime, bool]:
    """The UTC instant of a naive local time, and whether daylight saving made it doubtful.

    A time that was skipped is read an hour later, a time that came twice as the first (fold 0; study 4.1).
    """
    first = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return first, first != second


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When the office is staffed. Without any hours it always is.

    `hours` maps a weekday (0 is Monday) to opening and closing time in the office's zone; a closing time
    at or before the opening one is on the next day. Holidays are closed all day.
    """

    zone: ZoneInfo
    hours: Mapping[int, tuple[time, time]] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()
    _known: dict[date, Span | None] = field(default_factory=dict, compare=False, repr=False)

    def open_at(self, now: datetime) -> bool:
        if not self.hours:
            return True
        today = now.astimezone(self.zone).date()
        return any(opens <= now < closes for opens, closes in self.spans(today - timedelta(days=1), today))

    def next_change(self, now: datetime) -> datetime | None:
        """When the office next opens or closes; None if it never does."""
        if not self.hours:
            return None
        today = now.astimezone(self.zone).date()
        spans = self.spans(today - timedelta(days=1), today + timedelta(days=14))
        return min((edge for span in spans for edge in span if edge > now), default=None)

    def spans(self, first: date, last: date) -> Iterator[Span]:
        """When the office is open on these local days, the last included."""
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            if day not in self._known:
                self._known[day] = self._span(day)
            span = self._known[day]
            if span is not None:
                yield span

    def _span(self, day: date) -> Span | None:
        if day in self.holidays or day.weekday() not in self.hours:
            return None
        opens, closes = self.hours[day.weekday()]
        last = day if closes > opens else day + timedelta(days=1)
        return (
            instant(datetime.combine(day, opens), self.zone)[0],
            instant(datetime.combine(last, closes), self.zone)[0],
        )


@lru_cache(maxsize=4096)
def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first instant of a local day and of the day after; 23 to 25 hours apart."""
    start, _ = instant(datetime.combine(day, time()), zone)
    end, _ = instant(datetime.combine(day + timedelta(days=1), time()), zone)
    return start, end
