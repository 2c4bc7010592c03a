"""What holds whatever happens: any visits, any changes, any clock, any person at the desk."""

from __future__ import annotations

import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatchwatch.domain.alert import Alert, AlertKind, AlertState, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.routing import Route
from dispatchwatch.domain.visit import Site, Status, Visit
from dispatchwatch.store.deliveries import DeliveryState
from tests.fakes.office import (
    ALL_KINDS,
    CHICAGO,
    DAY,
    FIRST_KINDS,
    LEE,
    ORTIZ,
    SAM,
    Office,
    at,
    hours,
    key,
    minutes,
    seconds,
    visit,
)
from tests.thorough import times

START = at("09:00")
IDS = ("J-0", "J-1", "J-2", "J-3")
UTC_OFFICE = OfficeHours(ZoneInfo("UTC"))
SITES = (
    Site("Plant 4", "America/Chicago", "", 41.88, -87.63),
    Site("Plant 9", "America/Chicago", "", 41.60, -87.90),
    Site("Dock 3", "America/Denver"),
)
OF_PAIRS = {AlertKind.DOUBLE_BOOKED, AlertKind.TRAVEL_CONFLICT}
DAYS = frozenset(DAY + timedelta(days=n) for n in range(-200, 200))
ROUTES = (
    Route(channels=("ops",), repeat=minutes(40)),
    Route(severities=frozenset({Severity.HIGH, Severity.CRITICAL}), channels=("pager",), after=minutes(10)),
)

instants = st.integers(-1800, 4 * 3600).map(lambda count: START + seconds(count))
maybe = st.one_of(st.none(), instants)


@st.composite
def visits_of(draw: st.DrawFn, ext_id: str) -> Visit:
    return visit(
        ext_id,
        start=draw(instants),
        window_end=draw(st.one_of(st.none(), st.none(), instants)),
        status=draw(
            st.sampled_from([*(Status.SCHEDULED,) * 4, Status.DISPATCHED, *(Status.EN_ROUTE,) * 2, *list(Status)])
        ),
        eta=draw(maybe),
        arrived_at=draw(st.one_of(st.none(), st.none(), st.none(), instants)),
        completed_at=draw(st.one_of(st.none(), st.none(), st.none(), st.none(), instants)),
        cancelled_at=draw(st.one_of(st.none(), st.none(), instants)),
        en_route_at=draw(st.one_of(st.none(), st.none(), instants)),
        booked_at=draw(st.sampled_from([None, None, START - hours(80), START - hours(2)])),
        order_ref=draw(st.sampled_from(["", "", "", "W-1"])),
        site=draw(st.sampled_from(SITES)),
        technician_no_show=draw(st.sampled_from([False] * 9 + [True])),
        technicians=draw(st.sampled_from([(ORTIZ,), (ORTIZ,), (LEE,), ()])),
        priority=draw(st.sampled_from(["", "", "1"])),
        anytime=draw(st.sampled_from([False, False, False, True])),
    )


@st.composite
def schedules(draw: st.DrawFn) -> tuple[Visit, ...]:
    told = [draw(visits_of(ext_id)) for ext_id in IDS if draw(st.integers(0, 4))]
    return tuple(draw(st.permutations(told)))


Step = tuple[str, object]
lengths = st.integers(1, 90).map(minutes)
numbers = st.integers(1, 6)
calm_steps: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("read"), schedules()),
    st.tuples(st.just("read"), schedules()),
    st.tuples(st.just("delta"), schedules()),
    st.tuples(st.just("run"), lengths),
    st.tuples(st.just("run"), lengths),
)
steps: st.SearchStrategy[Step] = st.one_of(
    calm_steps,
    st.tuples(st.just("fail"), st.just("gone")),
    st.tuples(st.just("acknowledge"), numbers),
    st.tuples(st.just("resolve"), numbers),
    st.tuples(st.just("snooze"), numbers),
    st.tuples(st.just("check in"), st.sampled_from(IDS)),
    st.tuples(st.just("cancel"), st.sampled_from(IDS)),
    st.tuples(st.just("deliver"), st.sampled_from(["ops", "pager"])),
    st.tuples(st.just("refuse"), st.sampled_from(["ops", "pager"])),
    st.tuples(st.just("restart"), st.none()),
    st.tuples(st.just("sleep"), lengths),
    st.tuples(st.just("set clock"), st.integers(-90, 90).filter(bool).map(minutes)),
)


def refuse(office: Office, channel: str) -> None:
    """The next message to the channel is refused for good."""
    for delivery in office.store.outbox.due(channel, office.now)[:1]:
        assert office.store.outbox.claim(delivery, "test", office.now, minutes(2))
        office.store.outbox.settle(delivery, DeliveryState.FAILED, office.now, error="Slack says no.")


def at_the_desk(deed: Callable[[Office, Any], object]) -> Callable[[Office, Any], None]:
    def done(office: Office, what: Any) -> None:
        deed(office, what)
        office.catch_up()

    return done


DOINGS: dict[str, Callable[[Office, Any], object]] = {
    "read": lambda office, visits: office.read(*visits, days=DAYS),
    "delta": lambda office, visits: office.read(*visits, complete=False),
    "fail": lambda office, problem: office.fail(problem),
    "run": lambda office, length: office.run(length),
    "sleep": lambda office, length: office.sleep(length),
    "set clock": lambda office, change: office.set_clock(office.now + change),
    "restart": lambda office, _: office.restart(),
    "deliver": lambda office, channel: office.deliver(channel),
    "refuse": refuse,
    "acknowledge": at_the_desk(lambda office, number: office.desk.acknowledge([number], SAM, office.now)),
    "resolve": at_the_desk(lambda office, number: office.desk.resolve([number], SAM, office.now)),
    "snooze": at_the_desk(
        lambda office, number: office.desk.snooze([number], SAM, office.now, until=office.now + hours(1))
    ),
    "check in": at_the_desk(lambda office, name: office.desk.check_in(key(name), office.now, SAM, office.now)),
    "cancel": at_the_desk(lambda office, name: office.desk.cancel(key(name), SAM, office.now)),
}


def take(office: Office, step: Step) -> None:
    word, content = step
    DOINGS[word](office, content)


@contextmanager
def opened(
    now: datetime = START, office_hours: OfficeHours = UTC_OFFICE, kinds: Sequence[AlertKind] = ALL_KINDS
) -> Iterator[Office]:
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder), now, routes=ROUTES, office_hours=office_hours, interval=minutes(10), kinds=kinds)
        with office:
            yield office


Outcomes = list[tuple[object, ...]]


def outcomes(office: Office, shift: timedelta = timedelta()) -> Outcomes:
    """Everything that became of every alert, apart from its number; instants moved back by `shift`."""
    return sorted(
        (
            alert.kind.value,
            alert.ext_id,
            alert.due_at - shift,
            alert.raised_at - shift,
            alert.severity.value,
            alert.state.value,
            str(alert.outcome),
            alert.resolved_at - shift if alert.resolved_at else START - hours(99),
        )
        for alert in office.alerts()
    )


def check_alerts(before: dict[int, Alert], after: Sequence[Alert]) -> None:
    held = [
        (alert.kind, alert.feed, alert.ext_id)
        for alert in after
        if alert.state is not AlertState.RESOLVED and alert.kind not in OF_PAIRS
    ]
    assert len(held) == len(set(held)), "two open alerts for one thing"
    assert len({alert.key for alert in after}) == len(after), "two alerts of one key"
    for alert in after:
        known = before.get(alert.id)
        if known is not None:
            assert alert.severity.rank >= known.severity.rank, "the severity fell"
            assert known.state is not AlertState.RESOLVED or alert == known, "a resolved alert changed"
        if alert.state is AlertState.RESOLVED:
            assert alert.outcome is not None
            assert alert.resolution
            assert alert.resolved_at is not None
        else:
            assert (alert.outcome, alert.resolution, alert.resolved_at) == (None, "", None)


def check_debts(office: Office) -> None:
    """Nothing owed is lost: whoever the routes name is on record for every alert, and each debt has its state."""
    debts = office.deliveries()
    owed = {(number, one.channel) for one in debts for number in one.alerts}
    for alert in office.alerts():
        assert (alert.id, "ops") in owed or alert.severity is Severity.INFO or alert.state is not AlertState.OPEN
        if alert.severity.rank >= Severity.HIGH.rank and alert.state is AlertState.OPEN:
            assert (alert.id, "pager") in owed
    for one in debts:
        assert one.state in DeliveryState
        if one.state in {DeliveryState.DROPPED, DeliveryState.FAILED}:
            assert one.error
        assert (one.settled_at is None) == (one.state in {DeliveryState.WAITING, DeliveryState.SENDING})
    over = {alert.id for alert in office.alerts() if alert.state is AlertState.RESOLVED}
    assert not [one for one in debts if over.issuperset(one.alerts) and one.waits_for_nobody and one.settled_at is None]


@settings(max_examples=times(50))
@given(st.lists(steps, min_size=3, max_size=14))
def test_whatever_happens_the_records_stay_sound(story: list[Step]) -> None:
    with opened() as office:
        before: dict[int, Alert] = {}
        for step in story:
            take(office, step)
            after = office.alerts()
            check_alerts(before, after)
            check_debts(office)
            before = {alert.id: alert for alert in after}
        assert office.store.audit.verify() == (len(office.entries()), None)
        raised = [entry for entry in office.entries("raised")]
        assert len(raised) == len(before)


@settings(max_examples=times(30))
@given(st.lists(steps, min_size=2, max_size=10))
def test_looking_twice_writes_nothing(story: list[Step]) -> None:
    """Not one row, wherever the day stands: another connection sees no write at all."""
    with opened() as office, sqlite3.connect(office.path) as other:
        for step in story:
            take(office, step)
            office.poll()
            office.look()
            written = other.execute("PRAGMA data_version").fetchone()
            assert not office.poll().recorded.ids
            office.look()
            assert other.execute("PRAGMA data_version").fetchone() == written
    other.close()


@settings(max_examples=times(20))
@given(st.lists(calm_steps, min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_visits_in_a_reading_does_not_matter(story: list[Step], chance: random.Random) -> None:
    def shuffled(step: Step) -> Step:
        word, content = step
        return (word, tuple(chance.sample(content, len(content)))) if isinstance(content, tuple) else step

    assert _played(story) == _played([shuffled(step) for step in story])


@settings(max_examples=times(20))
@given(st.lists(calm_steps, min_size=2, max_size=8), st.lists(st.integers(0, 6 * 3600), min_size=5, max_size=30))
def test_looking_more_often_than_the_rules_ask_for_changes_nothing(story: list[Step], extra: list[int]) -> None:
    more = [START + seconds(count) + timedelta(microseconds=count * 37 % 1000) for count in extra]

    def run(office: Office, step: Step) -> None:
        word, content = step
        if word == "run" and isinstance(content, timedelta):
            office.run_until(office.now + content, extra_looks=more)
        else:
            take(office, step)

    assert _played(story, run) == _played(story)


@settings(max_examples=times(20))
@given(st.lists(calm_steps, min_size=2, max_size=8), st.integers(0, 50 * 1440).map(minutes))
def test_the_same_hours_at_another_time_come_out_the_same(story: list[Step], shift: timedelta) -> None:
    """By the minute, for the kinds that know of no days."""
    with opened(START + shift, kinds=FIRST_KINDS) as office:
        for step in story:
            take(office, _step_shifted(step, shift))
        assert outcomes(office, shift) == _played(story, kinds=FIRST_KINDS)


@settings(max_examples=times(20))
@given(st.lists(calm_steps, min_size=2, max_size=8), st.integers(-20, 20).map(lambda count: timedelta(weeks=count)))
def test_the_same_day_in_another_week_comes_out_the_same_also_in_summer_time(
    story: list[Step], shift: timedelta
) -> None:
    """Every kind; the office's clocks are changed twice in these weeks, and its local hours are others."""
    chicago = OfficeHours(CHICAGO)
    with opened(START + shift, chicago) as office:
        for step in story:
            take(office, _step_shifted(step, shift))
        assert outcomes(office, shift) == _played(story, office_hours=chicago)


def _step_shifted(step: Step, shift: timedelta) -> Step:
    word, content = step
    return (word, tuple(_shifted(one, shift) for one in content)) if isinstance(content, tuple) else step


def _played(
    story: Sequence[Step],
    how: Callable[[Office, Step], None] = take,
    *,
    office_hours: OfficeHours = UTC_OFFICE,
    kinds: Sequence[AlertKind] = ALL_KINDS,
) -> Outcomes:
    with opened(START, office_hours, kinds) as office:
        for step in story:
            how(office, step)
        return outcomes(office)


def _shifted(one: Visit, shift: timedelta) -> Visit:
    names = (
        *("sched_start", "sched_end", "window_end", "eta", "arrived_at"),
        *("completed_at", "cancelled_at", "en_route_at", "booked_at"),
    )
    moved = {name: value + shift for name in names if (value := getattr(one, name)) is not None}
    return replace(one, **moved)
