"""Which channels hear of an alert, when, and how often again; what is held back, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from dispatchwatch.domain.alert import Alert, AlertKind, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.match import Match, Words
from dispatchwatch.domain.quiet import Quiet, hold

COALESCED = frozenset(
    {
        AlertKind.CANCELLED,
        AlertKind.CANCELLED_SHORT_NOTICE,
        AlertKind.RESCHEDULED_SHORT_NOTICE,
        AlertKind.RESCHEDULE_DRIFT,
        AlertKind.CUSTOMER_NO_SHOW,
        AlertKind.DOUBLE_BOOKED,
        AlertKind.TRAVEL_CONFLICT,
        AlertKind.STATUS_CONFLICT,
        AlertKind.EARLY_DEPARTURE,
        AlertKind.JOB_MISSING,
        AlertKind.UNMAPPED_STATUS,
    }
)
"""Kinds that report changes. Changes come in bursts (moved, moved back, cancelled), so these wait a little and are told
together; all others go at once."""


class Hours(StrEnum):
    """When a route may speak."""

    ALWAYS = "always"
    OFFICE = "office"
    OUTSIDE = "outside"


HOURS_REASONS = {Hours.OFFICE: "told in office hours only", Hours.OUTSIDE: "told outside office hours only"}
MOST_STEPS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One line of "who is told of what".

    `after` waits for somebody to acknowledge first; `repeat` reminds until somebody has. `stop` ends the list
    for the alerts this route fits. `has_own_hours`: its hours were written down, and go before those of a channel.
    """

    when: Match = Match()
    severities: frozenset[Severity] = frozenset(Severity)
    channels: tuple[str, ...]
    hours: Hours = Hours.ALWAYS
    has_own_hours: bool = False
    after: timedelta = timedelta()
    repeat: timedelta | None = None
    stop: bool = False

    def fits(self, alert: Alert, words: Words) -> bool:
        return alert.severity in self.severities and self.when.fits(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """What the office has set about its messages.

    More than `storm_over` alerts of one kind at once share a message; those of `COALESCED` kinds wait `coalesce_for`
    for more of the same visit. `tells_of_what_is_over`: also where the channel never heard of it.
    """

    routes: tuple[Route, ...] = ()
    quiet: tuple[Quiet, ...] = ()
    office: OfficeHours
    storm_over: int = 8
    coalesce_for: timedelta = timedelta(seconds=60)
    tells_of_what_is_over: bool = False

    def wait(self, alert: Alert) -> timedelta:
        """How long the first message about a new alert waits for more."""
        return self.coalesce_for if alert.kind in COALESCED else timedelta()


@dataclass(frozen=True, slots=True)
class Telling:
    """One message that a route asks for: to whom, from when on, how often again.

    `waits_for_nobody` marks a message that is only owed while the alert is neither acknowledged nor over. `held` is
    why it goes out later than the route says; empty where it is not held back.
    """

    channel: str
    due_at: datetime
    repeat: timedelta | None
    waits_for_nobody: bool
    held: str = field(default="", compare=False)


def tellings(
    alert: Alert,
    routes: Sequence[Route],
    office: OfficeHours,
    now: datetime,
    quiet: Sequence[Quiet] = (),
    *,
    wait: timedelta = timedelta(),
) -> tuple[Telling, ...]:
    """Everything the routes want said about an alert that was raised, or got worse, at `now`; nothing before `wait`.

    Every fitting route applies. Two routes may name one channel (told now, reminded later); the same channel
    at the same instant is told once.
    """
    words = alert_words(alert)
    found: dict[tuple[str, datetime], Telling] = {}
    for route in routes:
        if not route.fits(alert, words):
            continue
        for channel in route.channels:
            telling = _telling(alert, words, route, channel, _Terms(office, _held_by(quiet, route), now, wait))
            if telling is not None:
                known = found.get((channel, telling.due_at))
                if known is None or known.repeat is None:
                    found[channel, telling.due_at] = telling
        if route.stop:
            break
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Terms:
    office: OfficeHours
    quiet: Sequence[Quiet]
    now: datetime
    wait: timedelta


def _telling(alert: Alert, words: Words, route: Route, channel: str, terms: _Terms) -> Telling | None:
    """What one route wants said to one channel; None if its hours never come.

    An escalation counts from when the channel may be told at all: raised in the night and held until 06:00, it is
    escalated ten minutes past six, not with the first message.
    """
    now = terms.now
    begin = hold(alert, words, channel, now, terms.quiet) if terms.quiet and route.after else None
    wanted = max((begin.until if begin else now) + route.after, now + terms.wait)
    due_at, held = wanted, begin.reason if begin else ""
    for _ in range(MOST_STEPS):
        allowed = allowed_from(due_at, route.hours, terms.office)
        if allowed is None:
            return None
        if allowed > due_at:
            due_at, held = allowed, HOURS_REASONS[route.hours]
        more = hold(alert, words, channel, due_at, terms.quiet) if terms.quiet else None
        if more is None:
            break
        due_at, held = more.until, more.reason
    return Telling(channel, due_at, route.repeat, waits_for_nobody=due_at > now + terms.wait, held=held)


def _held_by(quiet: Sequence[Quiet], route: Route) -> Sequence[Quiet]:
    """What holds back the messages of a route."""
    return [one for one in quiet if not one.yields_to_routes] if route.has_own_hours else quiet


def quiet_for(alert: Alert, channel: str, terms: Outgoing) -> Sequence[Quiet]:
    """What holds back more about an alert on a channel: its hours do not where a route to it has hours of its own."""
    if not any(one.yields_to_routes for one in terms.quiet):
        return terms.quiet
    words = alert_words(alert)
    named = (route for route in terms.routes if channel in route.channels and route.fits(alert, words))
    return next((_held_by(terms.quiet, route) for route in named if route.has_own_hours), terms.quiet)


def allowed_from(earliest: datetime, hours: Hours, office: OfficeHours) -> datetime | None:
    """The first instant, not before `earliest`, at which a route of these hours may speak."""
    if hours is Hours.ALWAYS or office.open_at(earliest) is (hours is Hours.OFFICE):
        return earliest
    return office.next_change(earliest)


def alert_words(alert: Alert) -> Words:
    """What a route can ask about an alert: its kind, and what is known of its visit.

    Any technician of a crew answers, by name or id.
    """
    crew = tuple(alert.facts["crew"].split("\n")) if "crew" in alert.facts else alert.facts.get("technician", "")
    return {**alert.facts, "technician": crew, "kind": alert.kind, "feed": alert.feed}
