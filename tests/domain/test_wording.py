"""Sentences that people read: lengths of time, times with their zone, what a channel is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertKind, AlertState, Operation, Severity
from tests.fakes.office import at, hours, minutes, seconds


def alert(kind: AlertKind = AlertKind.LATE_CHECK_IN, **facts: str) -> Alert:
    told = {"technician": "J. Ortiz", "customer": "Acme Foundry", "site": "Plant 4", "timezone": "America/Denver"}
    return Alert(
        id=1,
        key="k",
        kind=kind,
        severity=Severity.HIGH,
        state=AlertState.ACKNOWLEDGED,
        feed="today",
        ext_id="J-1042",
        due_at=at("10:05"),
        raised_at=at("10:05"),
        updated_at=at("10:05"),
        facts={**told, **facts},
        acknowledged_by="Sam",
        note="ten minutes away",
        resolution="J. Ortiz checked in",
    )


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(), "0 s"),
        (seconds(59.9), "59 s"),
        (minutes(1), "1 min"),
        (hours(1) - seconds(1), "59 min"),
        (hours(1), "1 h 00 min"),
        (minutes(65), "1 h 05 min"),
        (hours(48) - seconds(1), "47 h 59 min"),
        (hours(48), "2 days"),
        (minutes(-20), "20 min"),
    ],
)
def test_lengths_of_time_as_people_say_them(length: timedelta, text: str) -> None:
    assert wording.span(length) == text


def test_times_are_in_the_sites_zone_with_its_label() -> None:
    assert wording.clock(at("10:05"), "America/Denver") == "09:05 MST"
    assert wording.clock(at("2026-07-01 10:05"), "America/Chicago") == "10:05 CDT"
    assert wording.day_and_clock(at("2026-11-11 00:30"), "America/Denver") == "Tue 10 Nov 23:30 MST"


@pytest.mark.parametrize("name", ["", "Amerika/Chicago", "../../etc/passwd", "/etc/localtime", "x" * 5000])
def test_a_zone_nobody_knows_is_shown_as_utc_and_hides_nothing(name: str) -> None:
    assert wording.clock(at("10:05"), name) == "16:05 UTC"


@pytest.mark.parametrize(
    ("now", "text"),
    [
        (
            at("10:05:59"),
            "J. Ortiz has not checked in at Acme Foundry, Plant 4 – was due 09:05 MST",
        ),
        (at("10:25"), "J. Ortiz has not checked in at Acme Foundry, Plant 4 – 20 min late"),
        (at("12:10"), "J. Ortiz has not checked in at Acme Foundry, Plant 4 – 2 h 05 min late"),
    ],
)
def test_the_headline_says_how_late_as_of_now(now: object, text: str) -> None:
    assert isinstance(now, type(at("10:05")))
    assert wording.headline(alert(), now) == text


@pytest.mark.parametrize(
    ("operation", "headline", "by"),
    [
        (Operation.RAISE, "J. Ortiz has not checked in at Acme Foundry, Plant 4 – 20 min late", ""),
        (Operation.UPDATE, "Now high: J. Ortiz has not checked in at Acme Foundry, Plant 4 – 20 min late", ""),
        (Operation.ACKNOWLEDGE, "Acknowledged by Sam: J. Ortiz at Acme Foundry, Plant 4", "Sam"),
        (Operation.RESOLVE, "Resolved: J. Ortiz at Acme Foundry, Plant 4. J. Ortiz checked in", ""),
    ],
)
def test_what_a_channel_is_told_of_each_operation(operation: Operation, headline: str, by: str) -> None:
    message = wording.notification(alert(), operation, at("10:25"))
    assert (message.headline, message.by, message.alert_key) == (headline, by, "k")
    labels = dict(message.facts)
    assert labels["Check-in deadline"] == "09:05 MST"
    assert ("Late" in labels) is (operation in {Operation.RAISE, Operation.UPDATE})
    assert ("Note" in labels) is (operation is Operation.ACKNOWLEDGE)


@pytest.mark.parametrize("kind", list(AlertKind))
@pytest.mark.parametrize("operation", list(Operation))
def test_every_kind_has_a_sentence_for_every_operation(kind: AlertKind, operation: Operation) -> None:
    message = wording.notification(alert(kind), operation, at("10:25"))
    assert message.headline
    assert message.subject


def test_an_alert_without_facts_still_makes_a_sentence() -> None:
    bare = Alert(
        key="k",
        kind=AlertKind.LATE_CHECK_IN,
        severity=Severity.HIGH,
        feed="f",
        due_at=at("10:05"),
        raised_at=at("10:05"),
        updated_at=at("10:05"),
    )
    assert wording.headline(bare, at("10:25")) == "The technician has not checked in at the customer – 20 min late"
