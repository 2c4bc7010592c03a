"""Arithmetic in the hours that count: all of them, those of weekdays, or those in which the office is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from dispatchwatch.domain.calendars import OfficeHours, Span, day_bounds
from dispatchwatch.domain.thresholds import Counting

FARTHEST = 3 * 366
"""How many days are searched before it is said that so much never counts."""

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class BusinessTime:
    """Lengths of time as an office counts them. Instants are UTC; days are those of the office's zone.

    `WEEKDAYS` counts whole days (23 to 25 hours where clocks change) from Monday to Friday that are no holiday. An
    office without hours is always open.
    """

    office: OfficeHours
    counting: Counting

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much counts from `start` to `end`; negative where `end` comes first."""
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        if end < start:
            return -self.between(end, start)
        if self._always:
            return end - start
        counted = timedelta()
        for opens, closes in self._spans(self._days(start, -1, (end - start).days + 4)):
            counted += max(min(closes, end) - max(opens, start), timedelta())
        return counted

    def after(self, start: datetime, length: timedelta) -> datetime | None:
        """The first instant at which `length`, not negative, has counted since `start`; None if it never has."""
        start, left = start.astimezone(UTC), length
        if self._always or not left:
            return start + left
        for opens, closes in self._spans(self._days(start, -1, FARTHEST)):
            since = max(opens, start)
            if closes > since:
                if closes - since >= left:
                    return since + left
                left -= closes - since
        return None

    def before(self, end: datetime, length: timedelta) -> datetime | None:
        """The last instant from which `length`, not negative, counts until `end`; None if that much never did."""
        end, left = end.astimezone(UTC), length
        if self._always or not left:
            return end - left
        for opens, closes in self._spans(self._days(end, 0, -FARTHEST)):
            to = min(closes, end)
            if to > opens:
                if to - opens >= left:
                    return to - left
                left -= to - opens
        return None

    def days_between(self, start: datetime, end: datetime) -> int:
        """How many business days later `end` is than `start`, by their local dates: Friday to Monday is one."""
        first, last = self._day(start), self._day(end)
        days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
        return sum(day.weekday() < SATURDAY and day not in self.office.holidays for day in days)

    @property
    def _always(self) -> bool:
        return self.counting is Counting.ALWAYS or (self.counting is Counting.OFFICE and not self.office.hours)

    def _day(self, instant: datetime) -> date:
        return instant.astimezone(self.office.zone).date()

    def _days(self, instant: datetime, later: int, count: int) -> Iterator[date]:
        """The local days from `later` days after that of the instant on; backwards where `count` is negative."""
        first = self._day(instant).toordinal() + later
        for ordinal in range(first, first + count, 1 if count > 0 else -1):
            if date.min.toordinal() + 1 < ordinal < date.max.toordinal() - 1:
                yield date.fromordinal(ordinal)

    def _spans(self, days: Iterator[date]) -> Iterator[Span]:
        """What counts of each of these days; no two spans overlap."""
        for day in days:
            if self.counting is Counting.OFFICE:
                yield from self._opening(day)
            elif day.weekday() < SATURDAY and day not in self.office.holidays:
                yield day_bounds(day, self.office.zone)

    def _opening(self, day: date) -> Iterator[Span]:
        """When the office opens on this day and closes again, without what the night before covers already."""
        yesterday = day - timedelta(days=1)
        covered = max((closes for _, closes in self.office.spans(yesterday, yesterday)), default=None)
        for opens, closes in self.office.spans(day, day):
            yield opens if covered is None else max(opens, covered), closes
