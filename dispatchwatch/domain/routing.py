"""Which channels hear of an alert, when, and how often again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dispatchwatch.domain.alert import Alert, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.match import Match


class Hours(StrEnum):
    """When a route may speak."""

    ALWAYS = "always"
    OFFICE = "office"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One line of "who is told of what".

    `after` waits for somebody to acknowledge first; `repeat` reminds until somebody has. `stop` ends the list
    for the alerts this route fits.
    """

    when: Match = Match()
    severities: frozenset[Severity] = frozenset(Severity)
    channels: tuple[str, ...]
    hours: Hours = Hours.ALWAYS
    after: timedelta = timedelta()
    repeat: timedelta | None = None
    stop: bool = False

    def fits(self, alert: Alert, words: dict[str, str]) -> bool:
        return alert.severity in self.severities and self.when.fits(words)


@dataclass(frozen=True, slots=True)
class Telling:
    """One message that a route asks for: to whom, from when on, how often again.

    `waits_for_nobody` marks a message that is only owed while the alert is neither acknowledged nor over.
    """

    channel: str
    due_at: datetime
    repeat: timedelta | None
    waits_for_nobody: bool


def tellings(alert: Alert, routes: Sequence[Route], office: OfficeHours, now: datetime) -> tuple[Telling, ...]:
    """Everything the routes want said about an alert that was raised, or got worse, at `now`.

    Every fitting route applies. Two routes may name one channel (told now, reminded later); the same channel
    at the same instant is told once.
    """
    words = alert_words(alert)
    found: dict[tuple[str, datetime], Telling] = {}
    for route in routes:
        if not route.fits(alert, words):
            continue
        due_at = allowed_from(now + route.after, route.hours, office)
        if due_at is not None:
            for channel in route.channels:
                telling = Telling(channel, due_at, route.repeat, waits_for_nobody=due_at > now)
                known = found.get((channel, due_at))
                if known is None or known.repeat is None:
                    found[channel, due_at] = telling
        if route.stop:
            break
    return tuple(found.values())


def allowed_from(earliest: datetime, hours: Hours, office: OfficeHours) -> datetime | None:
    """The first instant, not before `earliest`, at which a route of these hours may speak."""
    if hours is Hours.ALWAYS or office.open_at(earliest) is (hours is Hours.OFFICE):
        return earliest
    return office.next_change(earliest)


def alert_words(alert: Alert) -> dict[str, str]:
    """What a route can ask about an alert: its kind, and what is known of its visit."""
    return {**alert.facts, "kind": alert.kind, "feed": alert.feed}
