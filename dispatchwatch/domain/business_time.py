"""Arithmetic in the hours that count: all of them, those of weekdays, or those in which the office is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from dispatchwatch.domain.calendars import OfficeHours, Span, day_bounds
from dispatchwatch.domain.thresholds import Counting

FARTHEST = timedelta(days=3 * 366)
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
        if end < start:
            return -self.between(end, start)
        if self._always:
            return end - start
        spans = (_cut(span, start, end) for span in self._spans(self._day(start, -1), self._day(end, 0)))
        return sum((to - since for since, to in spans if to > since), timedelta())

    def after(self, start: datetime, length: timedelta) -> datetime | None:
        """The instant at which `length` has counted since `start`; None if that much never comes."""
        if self._always:
            return start + length
        left = length
        for opens, closes in self._spans(self._day(start, -1), self._day(start + FARTHEST, 0)):
            since = max(opens, start)
            if closes > since:
                if closes - since >= left:
                    return since + left
                left -= closes - since
        return None

    def before(self, end: datetime, length: timedelta) -> datetime | None:
        """The instant from which `length` counts until `end`; None if that much never was."""
        if self._always:
            return end - length
        left = length
        first = self._day(end - FARTHEST, 0)
        day = self._day(end, 0)
        while day >= first:
            for opens, closes in self._spans(day, day):
                to = min(closes, end)
                if to > opens:
                    if to - opens >= left:
                        return to - left
                    left -= to - opens
            day -= timedelta(days=1)
        return None

    def days_between(self, start: datetime, end: datetime) -> int:
        """How many business days later `end` is than `start`, by their local dates: Friday to Monday is one."""
        first, last = self._day(start, 0), self._day(end, 0)
        days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
        return sum(day.weekday() < SATURDAY and day not in self.office.holidays for day in days)

    @property
    def _always(self) -> bool:
        return self.counting is Counting.ALWAYS or (self.counting is Counting.OFFICE and not self.office.hours)

    def _day(self, instant: datetime, later: int) -> date:
        return instant.astimezone(self.office.zone).date() + timedelta(days=later)

    def _spans(self, first: date, last: date) -> Iterator[Span]:
        if self.counting is Counting.OFFICE:
            yield from self.office.spans(first, last)
            return
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            if day.weekday() < SATURDAY and day not in self.office.holidays:
                yield day_bounds(day, self.office.zone)


def _cut(span: Span, start: datetime, end: datetime) -> Span:
    return max(span[0], start).astimezone(UTC), min(span[1], end).astimezone(UTC)
