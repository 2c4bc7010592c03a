"""When messages are held back: quiet hours that come again and again, and maintenance windows that come once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatchwatch.domain.alert import Alert, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.match import Match, Words

MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class Hold:
    """A message may not go out before `until`; `reason` is what a person reads."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """A time at which some alerts are not told to some channels; to none at all where none is named.

    Either `hours`, open while it is quiet (or closed, unless `while_open`), or a span that ends at `until`. The board
    shows everything all the same. What is of severity `unless` or above goes out all the same; None lets nothing
    through. `yields_to_routes`: a route that says itself when it may speak is not held back by it.
    """

    reason: str
    when: Match = Match()
    severities: frozenset[Severity] = frozenset(Severity)
    channels: frozenset[str] = frozenset()
    hours: OfficeHours | None = None
    since: datetime | None = None
    until: datetime | None = None
    unless: Severity | None = None
    while_open: bool = True
    yields_to_routes: bool = False

    def concerns(self, alert: Alert, words: Words, channel: str) -> bool:
        """Whether it speaks of this alert and channel at all, whatever the time."""
        if self.channels and channel not in self.channels:
            return False
        if self.unless is not None and alert.severity.rank >= self.unless.rank:
            return False
        return alert.severity in self.severities and self.when.fits(words)

    def lasts_until(self, at: datetime) -> datetime | None:
        """The end of the quiet that `at` falls into; None if it is not quiet then."""
        if self.hours is not None:
            return self.hours.next_change(at) if self.hours.open_at(at) is self.while_open else None
        begun = self.since is None or self.since <= at
        return self.until if begun and self.until is not None and at < self.until else None


def hold(alert: Alert, words: Words, channel: str, at: datetime, quiet: Sequence[Quiet]) -> Hold | None:
    """Until when a message about this alert that falls due at `at` is held back; None if it may go out.

    Where one quiet ends in another, the wait is for the end of the last, and so is the reason.
    """
    concerned = [one for one in quiet if one.concerns(alert, words, channel)]
    found: Hold | None = None
    for _ in range(MOST_STEPS):
        now = found.until if found else at
        ends = [Hold(until, one.reason) for one in concerned if (until := one.lasts_until(now)) is not None]
        if not ends:
            return found
        found = max(ends, key=lambda one: one.until)
    return found
