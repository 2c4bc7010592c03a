"""What holds of the messages whatever happens: any alerts, any deeds, any answers of the platforms, any hour."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import time
from pathlib import Path
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dispatchwatch.app.sending import Destination
from dispatchwatch.domain.alert import Alert, AlertKind, AlertState, Operation, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.quiet import Quiet, hold
from dispatchwatch.domain.routing import Route, alert_words
from dispatchwatch.store.deliveries import Delivery, DeliveryState
from tests.fakes.office import CHICAGO, SAM, at, hours, minutes
from tests.fakes.records import Records
from tests.thorough import times

CHANNELS = {
    "ops": Destination("slack", frozenset(Operation)),
    "pager": Destination("pagerduty", frozenset(Operation)),
    "plain": Destination("plain", frozenset({Operation.RAISE, Operation.RESOLVE})),
}
ROUTES = (
    Route(channels=("ops", "plain"), repeat=minutes(40)),
    Route(severities=frozenset({Severity.HIGH, Severity.CRITICAL}), channels=("pager",), after=minutes(10)),
)
QUIET = (
    Quiet(
        reason="quiet hours",
        hours=OfficeHours(CHICAGO, dict.fromkeys(range(7), (time(10), time(12)))),
        unless=Severity.CRITICAL,
    ),
    Quiet(reason="maintenance", channels=frozenset({"pager"}), since=at("13:00"), until=at("13:30")),
)
KINDS = (AlertKind.AT_RISK, AlertKind.LATE_CHECK_IN, AlertKind.CANCELLED_SHORT_NOTICE, AlertKind.DOUBLE_BOOKED)
Step = tuple[str, Any]

numbers = st.lists(st.integers(1, 12), min_size=1, max_size=6, unique=True)
channels = st.sampled_from(sorted(CHANNELS))
alerts = st.tuples(st.sampled_from(KINDS), st.integers(0, 4), st.sampled_from([Severity.WARNING, Severity.HIGH]))
steps: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("raise"), st.lists(alerts, min_size=1, max_size=6)),
    st.tuples(st.just("raise"), st.lists(alerts, min_size=1, max_size=6)),
    st.tuples(st.just("worsen"), st.tuples(numbers, st.sampled_from([Severity.HIGH, Severity.CRITICAL]))),
    st.tuples(st.just("replace"), numbers),
    st.tuples(st.just("end"), numbers),
    st.tuples(st.just("acknowledge"), numbers),
    st.tuples(st.just("snooze"), numbers),
    st.tuples(st.just("wait"), st.sampled_from([1, 1, 10, 40, 90]).map(minutes)),
    st.tuples(st.just("send"), channels),
    st.tuples(st.just("send"), channels),
    st.tuples(st.just("refuse"), channels),
    st.tuples(st.just("lose"), channels),
    st.tuples(st.just("restart"), st.none()),
)


class Told(Records):
    """Keeps what the channels were sent, in the order they got it, an attempt without an answer among it."""

    def __init__(self, folder: Path) -> None:
        self.heard: list[Delivery] = []
        super().__init__(
            folder, at("09:00"), routes=ROUTES, channels=CHANNELS, quiet=QUIET, storm_over=3, office_hours=None
        )

    def send(self, channel: str, state: DeliveryState = DeliveryState.SENT, most: int = 1000) -> bool:
        """Everything that is due, or so many, with this outcome."""
        batch = self.store.outbox.due(channel, self.now)[:most]
        for one in batch:
            assert self.store.outbox.claim(one, "test", self.now, minutes(2))
            if state is DeliveryState.WAITING:
                self.store.outbox.postpone(one, self.now + minutes(5), "no answer", may_have_arrived=True)
            else:
                error, known = "No." if state is DeliveryState.FAILED else "", one.may_have_arrived
                self.store.outbox.settle(one, state, self.now, error=error, may_have_arrived=known)
            if state is DeliveryState.SENT:
                self.owing.reminder(one, self.now)
            if state is DeliveryState.FAILED:
                self.owing.failed(one, self.now)
            if state is not DeliveryState.FAILED:
                self.heard.append(one)
        return bool(batch)

    def open_numbers(self, wanted: list[int]) -> list[int]:
        known = {alert.id for alert in self.open_alerts()}
        return [number for number in wanted if number in known]

    def raise_all(self, told: list[tuple[AlertKind, int, Severity]]) -> None:
        taken = {(alert.kind, alert.ext_id) for alert in self.open_alerts()}
        new = {
            (kind, f"J-{visit}"): self.alert(f"J-{visit}", kind, severity=severity, epoch=str(len(self.alerts())))
            for kind, visit, severity in told
            if (kind, f"J-{visit}") not in taken
        }
        self.raises(*new.values())

    def worsen(self, told: tuple[list[int], Severity]) -> None:
        known = {alert.id: alert for alert in self.open_alerts()}
        able = [number for number in told[0] if number in known and known[number].severity.rank < told[1].rank]
        self.worsens(*able, severity=told[1])

    def replace_all(self, wanted: list[int]) -> None:
        known = {alert.id: alert for alert in self.open_alerts()}
        pairs = [
            (number, self.alert(one.ext_id, AlertKind.TECH_NO_SHOW, severity=Severity.CRITICAL, epoch=f"n{number}"))
            for number in wanted
            if (one := known.get(number)) and one.kind in {AlertKind.AT_RISK, AlertKind.LATE_CHECK_IN}
        ]
        self.replaces(*pairs)


DOINGS: dict[str, Callable[[Told, Any], object]] = {
    "raise": Told.raise_all,
    "worsen": Told.worsen,
    "replace": Told.replace_all,
    "end": lambda office, wanted: office.ends(*office.open_numbers(wanted)),
    "acknowledge": lambda office, wanted: office.takes_on(*wanted),
    "snooze": lambda office, wanted: office.desk.snooze(wanted, SAM, office.now, until=office.now + hours(1)),
    "wait": lambda office, length: office.after(length),
    "send": lambda office, channel: office.send(channel),
    "refuse": lambda office, channel: office.send(channel, DeliveryState.FAILED, 1),
    "lose": lambda office, channel: office.send(channel, DeliveryState.WAITING, 1),
    "restart": lambda office, _: office.restart(),
}


@contextmanager
def opened() -> Iterator[Told]:
    with tempfile.TemporaryDirectory() as folder, Told(Path(folder)) as office:
        yield office


def speaks_of(office: Told) -> dict[tuple[int, str], list[Delivery]]:
    found: dict[tuple[int, str], list[Delivery]] = {}
    for one in office.deliveries():
        for number in one.alerts:
            found.setdefault((number, one.channel), []).append(one)
    return found


def check_nothing_is_lost(office: Told, everything: list[Alert]) -> None:
    """Who the routes name has a message about every alert that is open and that nobody is on."""
    spoken = speaks_of(office)
    for alert in everything:
        wanted = {"ops", "plain"} | ({"pager"} if alert.severity.rank >= Severity.HIGH.rank else set())
        for channel in wanted if alert.state is AlertState.OPEN else ():
            messages = spoken.get((alert.id, channel), [])
            assert any(one.state is not DeliveryState.DROPPED for one in messages), (alert, channel)


def check_words(office: Told, everything: list[Alert]) -> None:
    """What waits says what is true: of whom it speaks, how many they are, in its own thread."""
    known = {alert.id: alert for alert in everything}
    for one in office.deliveries():
        spoken = [known[number] for number in one.alerts]
        assert one.alert_id == one.alerts[0]
        assert one.error or one.state is not DeliveryState.DROPPED
        if one.state is DeliveryState.WAITING:
            assert one.notification.alert_key == one.thread
            assert one.notification.operation is one.operation
            if len({alert.visit_key for alert in spoken}) > 1:
                assert one.notification.subject.startswith(f"{len(spoken)} ")
            if one.waits_for_nobody:
                assert {alert.state for alert in spoken} == {AlertState.OPEN}
            if one.operation is not Operation.RESOLVE and not one.may_have_arrived:
                assert AlertState.RESOLVED not in {alert.state for alert in spoken}
                check_quiet(one, spoken)


def check_quiet(one: Delivery, spoken: list[Alert]) -> None:
    """What is not to be told at that hour does not go out then."""
    if one.operation in {Operation.RAISE, Operation.UPDATE} and not one.attempts:
        for alert in spoken:
            wait = hold(alert, alert_words(alert), one.channel, one.next_attempt_at, QUIET)
            assert wait is None, (one.held, one.next_attempt_at, alert.severity)


def check_order(office: Told) -> None:
    """In each thread: nothing before it was raised, one end at most, and nothing after it."""
    threads: dict[tuple[str, str], list[Operation]] = {}
    for one in office.heard:
        said = threads.setdefault((one.thread, one.channel), [])
        assert said or one.operation in {Operation.RAISE, Operation.UPDATE}, "the end of what was never raised"
        is_again = one.operation is Operation.RESOLVE and one.may_have_arrived
        assert Operation.RESOLVE not in said or is_again, "something was said after the end"
        said.append(one.operation)
    ends = Counter((one.thread, one.channel) for one in office.deliveries() if one.operation is Operation.RESOLVE)
    assert max(ends.values(), default=0) <= 1, "two ends of one thread"


def check(office: Told) -> None:
    everything = office.alerts()
    check_nothing_is_lost(office, everything)
    check_words(office, everything)
    check_order(office)


@settings(phases=[Phase.generate], max_examples=times(60))
@given(st.lists(steps, min_size=3, max_size=20))
def test_whatever_happens_nothing_is_lost_and_every_thread_ends_once(story: list[Step]) -> None:
    with opened() as office:
        for word, content in story:
            DOINGS[word](office, content)
            check(office)
        office.ends(*(alert.id for alert in office.open_alerts()))
        check(office)
        _drain(office)
        check(office)
        check_closed(office)


def _drain(office: Told) -> None:
    """A day passes, and every platform answers."""
    for _ in range(24):
        office.after(hours(1))
        for channel in CHANNELS:
            while office.send(channel):
                pass


def check_closed(office: Told) -> None:
    """No thread that a channel heard of is left open, and nothing waits any more."""
    states = {one.state for one in office.deliveries()}
    assert states <= {DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.DROPPED}
    heard = {(one.thread, one.channel) for one in office.heard}
    told_the_end = {(one.thread, one.channel) for one in office.deliveries() if one.operation is Operation.RESOLVE}
    assert heard == told_the_end
