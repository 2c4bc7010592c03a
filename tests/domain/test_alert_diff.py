"""What is true now, held against what is on record."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatchwatch.domain.alert import (
    Alert,
    AlertKind,
    AlertState,
    Condition,
    Ending,
    Outcome,
    Severity,
)
from dispatchwatch.domain.differences import Differences, diff
from tests.fakes.office import at, minutes

NOW = at("10:06")
WHY = Ending(Outcome.RECOVERED, "It is over")


def condition(name: str = "a", severity: Severity = Severity.WARNING, *, verified: bool = True) -> Condition:
    return Condition(
        key=name,
        kind=AlertKind.LATE_CHECK_IN,
        feed="today",
        ext_id=name,
        severity=severity,
        due_at=at("10:05"),
        verified=verified,
        facts={"technician": severity.value},
    )


def on_record(name: str = "a", severity: Severity = Severity.WARNING, state: AlertState = AlertState.OPEN) -> Alert:
    raised = NOW - minutes(1)
    return Alert(
        id=1,
        key=name,
        kind=AlertKind.LATE_CHECK_IN,
        severity=severity,
        state=state,
        feed="today",
        ext_id=name,
        due_at=at("10:05"),
        raised_at=raised,
        updated_at=raised,
    )


def test_a_new_condition_raises_an_alert() -> None:
    (alert,) = diff([condition()], [], frozenset(), lambda _: WHY, NOW).raised
    assert (alert.key, alert.state, alert.raised_at, alert.id) == ("a", AlertState.OPEN, NOW, 0)


@pytest.mark.parametrize("state", [AlertState.OPEN, AlertState.ACKNOWLEDGED])
def test_a_condition_that_still_holds_changes_nothing(state: AlertState) -> None:
    assert not diff([condition()], [on_record(state=state)], frozenset(), lambda _: WHY, NOW)


def test_a_key_used_before_is_not_raised_again() -> None:
    assert not diff([condition()], [], frozenset({"a"}), lambda _: WHY, NOW)


def test_what_is_not_verified_neither_raises_nor_worsens_but_keeps_open() -> None:
    doubtful = [condition("a", Severity.CRITICAL, verified=False), condition("b", verified=False)]
    assert not diff(doubtful, [on_record("a")], frozenset(), lambda _: WHY, NOW)


@pytest.mark.parametrize("before", list(Severity))
@pytest.mark.parametrize("after", list(Severity))
def test_the_severity_only_rises(before: Severity, after: Severity) -> None:
    found = diff([condition("a", after)], [on_record("a", before)], frozenset(), lambda _: WHY, NOW)
    assert bool(found.worsened) is (after.rank > before.rank)
    for alert in found.worsened:
        assert (alert.severity, alert.updated_at, alert.facts) == (after, NOW, {"technician": after.value})


def test_an_acknowledged_alert_that_worsens_stays_acknowledged() -> None:
    held = replace(on_record(), state=AlertState.ACKNOWLEDGED, acknowledged_by="Sam")
    (alert,) = diff([condition("a", Severity.HIGH)], [held], frozenset(), lambda _: WHY, NOW).worsened
    assert (alert.state, alert.acknowledged_by) == (AlertState.ACKNOWLEDGED, "Sam")


def test_an_alert_ends_only_with_a_reason() -> None:
    assert not diff([], [on_record()], frozenset(), lambda _: None, NOW)
    (alert,) = diff([], [on_record()], frozenset(), lambda _: WHY, NOW).resolved
    assert (alert.state, alert.outcome, alert.resolution, alert.resolved_at) == (
        AlertState.RESOLVED,
        WHY.outcome,
        WHY.text,
        NOW,
    )


def test_no_reason_is_asked_for_while_the_condition_holds() -> None:
    def asked(alert: Alert) -> Ending:
        raise AssertionError(alert)

    assert not diff([condition()], [on_record()], frozenset(), asked, NOW)


def test_the_same_condition_found_twice_is_one_alert() -> None:
    assert len(diff([condition(), condition()], [], frozenset(), lambda _: WHY, NOW).raised) == 1


def test_no_difference_is_false() -> None:
    assert not Differences()
    assert Differences(raised=(on_record(),))


def test_severities_are_in_order_and_info_can_not_fall_further() -> None:
    assert [one.rank for one in Severity] == [0, 1, 2, 3]
    assert [one.lowered().value for one in Severity] == ["info", "info", "warning", "high"]
