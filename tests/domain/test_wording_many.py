"""What is said of several alerts at once, of whatever kind and however little is known of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertKind, Operation, Severity
from dispatchwatch.domain.wording.many import KINDS_OF_MANY, SHOWN
from tests.fakes.office import at, hours

NOW = at("10:30")


def alert(number: int, kind: AlertKind = AlertKind.LATE_CHECK_IN, **changes: Any) -> Alert:
    told: dict[str, Any] = {
        "id": number,
        "key": f"k{number}",
        "kind": kind,
        "severity": Severity.HIGH,
        "feed": "today",
        "ext_id": f"J-{number}",
        "due_at": at("10:05"),
        "raised_at": at("10:05"),
        "updated_at": at("10:05"),
    }
    return Alert(**{**told, **changes})


def said(alerts: list[Alert], operation: Operation = Operation.RAISE, **more: Any) -> Any:
    return wording.notification_of_many(wording.Many.of(alerts), operation, NOW, thread="t", **more)


@pytest.mark.parametrize("kind", list(AlertKind))
@pytest.mark.parametrize("operation", list(Operation))
def test_every_kind_has_words_for_many_even_where_nothing_is_known(kind: AlertKind, operation: Operation) -> None:
    message = said([alert(number, kind) for number in range(3)], operation)
    assert message.subject == f"3 {KINDS_OF_MANY[kind]}"
    assert message.subject in message.headline
    assert len(message.facts) == 3
    assert message.alert_key == "t"


def test_one_is_told_as_one() -> None:
    one = alert(1, facts={"technician": "J. Ortiz"})
    expected = replace(wording.notification(one, Operation.RAISE, NOW), alert_key="t")
    assert said([one]) == expected


def test_alerts_of_feeds_are_of_no_visit() -> None:
    message = said([alert(number, AlertKind.STALE_FEED, ext_id="", feed=f"feed-{number}") for number in range(2)])
    assert message.subject == "2 schedules out of date"
    assert [label for label, _ in message.facts] == ["feed-0", "feed-1"]


def test_as_many_are_listed_as_there_is_room_for() -> None:
    whole, more = said([alert(n) for n in range(SHOWN)]), said([alert(n) for n in range(SHOWN + 1)])
    assert (len(whole.facts), whole.facts[-1][0]) == (SHOWN, f"J-{SHOWN - 1}")
    assert more.facts[-1] == ("And", "1 more on the board")


def test_changes_of_one_visit_are_told_by_the_latest() -> None:
    first = alert(1, AlertKind.DOUBLE_BOOKED, ext_id="J-7", raised_at=NOW - hours(2))
    second = alert(2, AlertKind.JOB_MISSING, ext_id="J-7", raised_at=NOW - hours(1))
    latest = alert(3, AlertKind.CANCELLED, ext_id="J-7", raised_at=NOW, facts={"url": "https://a.example/7"})
    message = said([first, second, latest])
    names = [wording.KIND_NAMES[one.kind].lower() for one in (second, first)]
    assert message.headline.endswith(f". Before that: {', '.join(names)}")
    assert message.headline.startswith(wording.headline(latest, NOW).rstrip("."))
    assert message.link == "https://a.example/7"


def test_found_at_the_start_it_says_so_only_if_all_were() -> None:
    old = [alert(n, found_at_start=True) for n in range(3)]
    assert said(old).facts[-1] == ("Note", "They happened while nobody was watching")
    assert said([*old, alert(4)]).facts[-1][0] == "J-4"


@pytest.mark.parametrize(
    ("people", "told"),
    [(["Sam"], "Sam"), (["Sam", "Kim"], "Kim and Sam"), (["Sam", "Kim", "Lee", "Sam"], "Kim, Lee and Sam")],
)
def test_who_is_on_it(people: list[str], told: str) -> None:
    alerts = [alert(number, acknowledged_by=name) for number, name in enumerate([*people, people[0]])]
    message = said(alerts, Operation.ACKNOWLEDGE)
    assert message.headline == f"Acknowledged by {told}: {len(alerts)} late check-ins"
