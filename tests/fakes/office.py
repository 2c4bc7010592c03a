"""A dispatch office in a test: a real store and the real watch, owing and desk, under a clock moved by hand.

office = Office(tmp_path, at("09:00"))
office.read(visit(start=at("09:50")))
office.run_until(at("10:06"))        # polls, and looks when the rules say so, as the engine does
(alert,) = office.open_alerts()
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from dispatchwatch.app.awakening import Awakening
from dispatchwatch.app.deeds import Actor
from dispatchwatch.app.desk import Desk
from dispatchwatch.app.events import ToastWanted
from dispatchwatch.app.looking import Look, Reading
from dispatchwatch.app.owing import Owing
from dispatchwatch.app.sending import Destination
from dispatchwatch.app.toasting import toasts
from dispatchwatch.app.watch import Watch
from dispatchwatch.domain.alert import Alert, AlertKind, Operation
from dispatchwatch.domain.calendars import OfficeHours, instant
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.quiet import Quiet
from dispatchwatch.domain.routing import Outgoing, Route
from dispatchwatch.domain.rules import RULES
from dispatchwatch.domain.schedule import Snapshot, days_of
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.standing import Standing, standing
from dispatchwatch.domain.technician import Roster
from dispatchwatch.domain.travel import Travel
from dispatchwatch.domain.visit import Customer, Site, Status, Technician, Visit, VisitKey
from dispatchwatch.domain.watched import Watched
from dispatchwatch.store.deliveries import Delivery, DeliveryState
from dispatchwatch.store.store import Store, open_store
from tests.fakes.clock import ManualClock
from tests.fakes.empty_database import put_empty_database

CHICAGO = ZoneInfo("America/Chicago")
DAY = date(2026, 11, 10)
FEED = "today"
SAM = Actor("Sam", "desk")
JUST_PAST = timedelta(milliseconds=1)
EVERYTHING = frozenset(Operation)
CHANNELS: Mapping[str, Destination] = {
    "ops": Destination("slack", EVERYTHING),
    "pager": Destination("pagerduty", EVERYTHING),
}
FIRST_KINDS = (AlertKind.LATE_CHECK_IN, AlertKind.STALE_FEED, AlertKind.FEED_SHRUNK)
ALL_KINDS = tuple(AlertKind)
WEEKDAYS_7_TO_18 = OfficeHours(CHICAGO, dict.fromkeys(range(5), (time(7), time(18))))


def at(text: str, zone: ZoneInfo = CHICAGO, day: date = DAY) -> datetime:
    """The instant of a local time: "09:50", "09:50:30" on the ordinary day, or with a date, "2026-11-01 01:30"."""
    local = datetime.fromisoformat(text if " " in text else f"{day} {text}")
    return instant(local, zone)[0]


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


ORTIZ = Technician("J. Ortiz", "T-07", "+1 555 0107")
LEE = Technician("M. Lee", "T-09")


def visit(ext_id: str = "J-1042", start: datetime | None = None, **more: Any) -> Visit:
    """A scheduled visit of two hours, promised for 09:50 unless told otherwise."""
    begins = None if more.get("anytime") else start or at("09:50")
    told = {
        "technicians": (ORTIZ,),
        "customer": Customer("Acme Foundry"),
        "site": Site("Plant 4", "America/Chicago"),
        "sched_start": begins,
        "sched_end": begins + hours(2) if begins else None,
        "status": Status.SCHEDULED,
    }
    return Visit(feed=FEED, ext_id=ext_id, **{**told, **more})


def key(ext_id: str = "J-1042") -> VisitKey:
    return VisitKey(FEED, ext_id)


class Office:
    """`run_until` behaves as the engine does: it polls what the source says and looks when time changes something."""

    def __init__(
        self,
        folder: Path,
        now: datetime,
        *,
        policy: Policy | None = None,
        office_hours: OfficeHours | None = None,
        routes: Sequence[Route] = (),
        channels: Mapping[str, Destination] = CHANNELS,
        quiet: Sequence[Quiet] = (),
        storm_over: int = 8,
        coalesce_for: timedelta = timedelta(seconds=60),
        interval: timedelta = timedelta(seconds=30),
        owing_type: type[Owing] = Owing,
        kinds: Iterable[AlertKind] = FIRST_KINDS,
        roster: Roster | None = None,
        travel: Travel | None = None,
        lesser_feeds: Sequence[str] = (),
        tells_of_what_is_over: bool = False,
    ) -> None:
        """`kinds` are the kinds of alert that are watched for; ALL_KINDS for every one there is. `lesser_feeds` are
        read by `read_from` alone, and their word counts less than that of FEED.
        """
        self.clock = ManualClock(now)
        self.path = folder / "dispatchwatch.sqlite"
        self.standards = Standards(
            office=office_hours or OfficeHours(CHICAGO),
            policy=policy or Policy(),
            roster=roster or Roster(),
            travel=travel or Travel(),
        )
        self.policy = self.standards.policy
        self.hours = self.standards.office
        self.rules = tuple(rule for rule in RULES if set(rule.kinds) & set(kinds))
        self.outgoing = Outgoing(
            routes=tuple(routes),
            quiet=tuple(quiet),
            office=self.hours,
            storm_over=storm_over,
            coalesce_for=coalesce_for,
            tells_of_what_is_over=tells_of_what_is_over,
        )
        self.channels = channels
        self.interval = interval
        self.owing_type = owing_type
        self.feeds = (FEED, *lesser_feeds)
        self.toasts: list[ToastWanted] = []
        self.looks: list[Look] = []
        self.also_told: dict[str, Any] = {}
        self._source: tuple[tuple[Visit, ...], bool, frozenset[date] | None] | str | None = None
        self.start()

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """The program starts, over whatever the database holds."""
        put_empty_database(self.path)
        self.store: Store = open_store(self.path, self.now)
        self.owing = self.owing_type(self.store, self.outgoing, self.channels)
        feeds = {name: FeedHealth(feed=name, interval=self.interval) for name in self.feeds}
        self.watch = Watch(self.store, self.owing, self.standards, feeds, self.rules)
        self.desk = Desk(self.store, self.owing, self.standards)
        self.watch.wake(self.now)
        self.look()

    def close(self) -> None:
        self.store.close()

    def restart(self) -> None:
        self.close()
        self.start()

    # What the source says

    def says(self, *visits: Visit, complete: bool = True, days: Iterable[date] | None = None) -> None:
        """From now on a poll brings these visits; `days` are those covered, by default those the visits begin on."""
        self._source = visits, complete, None if days is None else frozenset(days)

    def read(self, *visits: Visit, complete: bool = True, days: Iterable[date] | None = None) -> Look:
        self.says(*visits, complete=complete, days=days)
        return self.poll()

    def read_from(self, feed: str, *visits: Visit, complete: bool = True) -> Look:
        """Another feed brings these visits, once."""
        told = tuple(replace(one, feed=feed) for one in visits)
        return self.look(Reading(feed, self.now, replace(self.snapshot(told, complete=complete), feed=feed)))

    def fail(self, problem: str) -> Look:
        """The source can't be read, now and from now on."""
        self._source = problem
        return self.poll()

    def poll(self) -> Look:
        """Reads the source as it is now."""
        if self._source is None:
            return self.look()
        if isinstance(self._source, str):
            return self.look(Reading(FEED, self.now, problem=self._source))
        visits, complete, days = self._source
        return self.look(Reading(FEED, self.now, self.snapshot(visits, complete=complete, days=days)))

    def snapshot(
        self, visits: tuple[Visit, ...], *, complete: bool = True, days: frozenset[date] | None = None
    ) -> Snapshot:
        """What a reading brings now, and what `also_told` adds; by default the source is written anew each time."""
        begun = frozenset(day for one in visits for day in days_of(one, self.hours.zone)[:1])
        content: dict[str, Any] = {
            "feed": FEED,
            "read_at": self.now,
            "visits": visits,
            "digest": sha256(repr(visits).encode()).hexdigest(),
            "complete": complete,
            "covered": begun if days is None else days,
            "source_at": self.now,
        }
        return Snapshot(**{**content, **self.also_told})

    # Time

    def look(self, *readings: Reading) -> Look:
        look = self.watch.look(self.now, readings)
        self.toasts.extend(toasts(look.recorded, self.now))
        self.looks.append(look)
        return look

    def run_until(self, end: datetime, *, extra_looks: Sequence[datetime] = ()) -> None:
        """Lets time pass: polls at every interval, looks at every change the rules foretell, and at the extra ones."""
        extra = sorted(instant for instant in extra_looks if self.now < instant < end)
        due = self.poll().next_change
        poll_at = self.now + self.interval
        while self.now < end:
            steps = [end, poll_at, *extra[:1], *([due + JUST_PAST] if due else [])]
            self.clock.advance_to(max(min(steps), self.now))
            if self.now >= poll_at:
                poll_at += self.interval
                due = self.poll().next_change
            else:
                due = self.look().next_change
            extra = [instant for instant in extra if instant > self.now]

    def run(self, length: timedelta) -> None:
        self.run_until(self.now + length)

    def sleep(self, length: timedelta, *, counted: bool = True) -> None:
        """The computer sleeps and wakes; the program notices before it reads anything."""
        awakening = Awakening(self.now, self.clock.steady())
        self.clock.sleep(length, counted=counted)
        self._wake(awakening)

    def set_clock(self, to: datetime) -> None:
        """Somebody sets the computer's clock; the program notices before it reads anything."""
        awakening = Awakening(self.now, self.clock.steady())
        self.clock.set_wall(to)
        self._wake(awakening)

    def _wake(self, awakening: Awakening) -> None:
        gap = awakening.observe(self.now, self.clock.steady())
        if gap is None:
            raise AssertionError("the gap in time was not noticed")
        self.watch.wake(self.now + gap.trust_from)
        if gap.step:
            self.store.outbox.shift(gap.step)
        self.look()

    # What a person does, and what came of it

    def catch_up(self) -> None:
        """What the engine does after a deed at the desk, its own or another process's."""
        self.watch.reload()
        self.look()

    def deliver(self, *channels: str) -> list[Delivery]:
        """Every message due on these channels (all if none are named) is sent and taken."""
        sent: list[Delivery] = []
        for channel in channels or tuple(self.channels):
            while batch := self.store.outbox.due(channel, self.now):
                for delivery in batch:
                    if self.store.outbox.claim(delivery, "test", self.now, minutes(2)):
                        self.store.outbox.settle(delivery, DeliveryState.SENT, self.now)
                        sent.append(delivery)
                        self.owing.reminder(delivery, self.now)
        return sent

    def open_alerts(self) -> list[Alert]:
        return self.store.alerts.unresolved()

    def alerts(self) -> list[Alert]:
        """Every alert there ever was, in the order of their numbers."""
        return sorted(self.store.alerts.between(None, None), key=lambda alert: alert.id)

    def deliveries(self, channel: str = "") -> list[Delivery]:
        return [one for one in self.store.outbox.listed() if channel in {"", one.channel}]

    def told(self, channel: str) -> list[tuple[str, str]]:
        """Operation and state of everything a channel was or is to be told, oldest first."""
        return [(one.operation.value, one.state.value) for one in self.deliveries(channel)]

    def watched(self, ext_id: str = "J-1042") -> Watched:
        return self.watch.visits[key(ext_id)]

    def deadline(self, ext_id: str = "J-1042") -> datetime | None:
        return self.watched(ext_id).deadline(self.policy)

    def stands(self, ext_id: str = "J-1042") -> Standing:
        return standing(self.watched(ext_id), self.policy, self.now)

    def entries(self, action: str = "") -> list[dict[str, Any]]:
        """The trail, or the entries of one action."""
        return [one for one in self.store.audit.entries() if action in {"", one["action"]}]

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table."""
        with closing(sqlite3.connect(self.path)) as other:
            names = [row[0] for row in other.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: other.execute(f"SELECT * FROM {name}").fetchall() for name in names}  # noqa: S608


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
