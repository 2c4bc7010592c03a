from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from dispatchwatch.dispatch.errors import Refused, Unauthorised, Unknown
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.platforms.pagerduty import PagerDuty
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.domain.alert import Operation, Severity
from tests.dispatch.samples import ROUTING_KEY, notification, pagerduty_config

PAGERDUTY = PagerDuty()
OF_AN_ORCHESTRATION = "R" + ROUTING_KEY[1:]


def event(request: httpx.Request | None) -> Any:
    assert request is not None
    return json.loads(request.content)


def test_an_alert_is_triggered_under_our_key() -> None:
    told = notification(severity=Severity.HIGH)
    request = PAGERDUTY.build(told, pagerduty_config(), None)
    body = event(request)
    assert str(request.url) == "https://events.pagerduty.com/v2/enqueue"
    assert (body["event_action"], body["routing_key"]) == ("trigger", ROUTING_KEY)
    assert body["dedup_key"] == f"dw:{told.alert_key}"
    assert body["links"] == [{"href": "https://field.example.com/jobs/1042?tab=a&b=c%7Cd", "text": "Open the visit"}]
    payload = body["payload"]
    assert payload["summary"] == told.headline
    assert (payload["severity"], payload["class"], payload["source"]) == ("error", "late_check_in", "DispatchWatch")
    assert payload["timestamp"] == "2026-11-22T09:41:00.000Z"
    assert payload["custom_details"] == dict(told.facts)
    assert "group" not in payload


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("critical", "critical"), ("high", "error"), ("warning", "warning"), ("info", "info")],
)
def test_severities(ours: str, theirs: str) -> None:
    told = notification(severity=Severity(ours))
    assert event(PAGERDUTY.build(told, pagerduty_config(), None))["payload"]["severity"] == theirs


@pytest.mark.parametrize("operation", [Operation.ACKNOWLEDGE, Operation.RESOLVE])
def test_an_end_needs_the_key_alone(operation: Operation) -> None:
    body = event(PAGERDUTY.build(notification(operation), pagerduty_config(), Receipt(reference="dw:theirs")))
    assert body == {"routing_key": ROUTING_KEY, "event_action": operation.value, "dedup_key": "dw:theirs"}


@pytest.mark.parametrize("operation", list(Operation))
def test_every_operation_uses_the_same_key_even_without_a_receipt(operation: Operation) -> None:
    told = notification(operation)
    for receipt in (None, Receipt()):
        assert event(PAGERDUTY.build(told, pagerduty_config(), receipt))["dedup_key"] == f"dw:{told.alert_key}"


def test_an_update_and_a_reminder_trigger_again() -> None:
    update = event(PAGERDUTY.build(notification(Operation.UPDATE), pagerduty_config(), Receipt("k")))
    reminder = event(PAGERDUTY.build(notification(is_reminder=True), pagerduty_config(), Receipt("k")))
    assert (update["event_action"], reminder["event_action"]) == ("trigger", "trigger")
    assert (update["dedup_key"], reminder["dedup_key"]) == ("k", "k")
    assert reminder["payload"]["summary"].startswith("Reminder: ")


@pytest.mark.parametrize("operation", list(Operation))
def test_a_test_pages_nobody(operation: Operation) -> None:
    request = PAGERDUTY.build(notification(operation, is_test=True), pagerduty_config(region="eu"), None)
    body = event(request)
    assert str(request.url) == "https://events.eu.pagerduty.com/v2/change/enqueue"
    assert body["payload"]["summary"].startswith("TEST: ")
    assert "Nobody needs to act" in body["payload"]["custom_details"]["test"]
    assert not {"event_action", "dedup_key"} & body.keys()


def test_an_orchestration_has_no_harmless_test() -> None:
    config = pagerduty_config(routing_key=OF_AN_ORCHESTRATION)
    assert PAGERDUTY.check(config) is None
    with pytest.raises(Refused, match="no harmless test"):
        PAGERDUTY.build(notification(is_test=True), config, None)
    assert event(PAGERDUTY.build(notification(), config, None))["event_action"] == "trigger"


def test_the_check_tells_nobody() -> None:
    request = PAGERDUTY.check(pagerduty_config())
    assert request is not None
    assert request.url.path == "/v2/change/enqueue"
    assert event(request)["payload"]["summary"] == "DispatchWatch checked this integration key"


def test_facts_under_one_label_stand_together() -> None:
    told = replace(notification(), facts=(("Note", "one"), ("Note", "two")))
    assert event(PAGERDUTY.build(told, pagerduty_config(), None))["payload"]["custom_details"] == {"Note": "one\ntwo"}


def test_the_answer_gives_the_key() -> None:
    answer = {"status": "success", "message": "Event processed", "dedup_key": "dw:x"}
    assert PAGERDUTY.parse(httpx.Response(202, json=answer)) == Receipt("dw:x")
    change = {"status": "success", "message": "Change event processed"}
    assert PAGERDUTY.parse(httpx.Response(202, json=change)) == Receipt()


def test_an_answer_of_somebody_else_leaves_the_outcome_open() -> None:
    for content in (b"<html>Sign in</html>", b"", b"[]", b"\xff"):
        with pytest.raises(Unknown, match="not one that PagerDuty gives"):
            PAGERDUTY.parse(httpx.Response(202, content=content))


def test_a_success_that_says_no_is_a_refusal() -> None:
    with pytest.raises(Refused, match="Event object is invalid"):
        PAGERDUTY.parse(httpx.Response(202, json={"status": "invalid event", "message": "Event object is invalid"}))


def test_its_errors_become_a_sentence() -> None:
    answer = {
        "status": "invalid event",
        "message": "Event object is invalid",
        "errors": ["summary is blank", "x is bad"],
    }
    failure = PAGERDUTY.classify(httpx.Response(400, json=answer))
    assert type(failure) is Refused
    assert failure.message == (
        "PagerDuty does not take this message (HTTP 400): Event object is invalid; summary is blank; x is bad."
    )


@pytest.mark.parametrize(
    "body", ["Invalid routing key", '{"status":"x","message":"y","errors":["routing_key is wrong"]}']
)
def test_an_unknown_key_pauses_the_channel(body: str) -> None:
    failure = PAGERDUTY.classify(httpx.Response(400, text=body))
    assert type(failure) is Unauthorised
    assert "Copy it again" in failure.message


def test_what_is_known_of_the_platform() -> None:
    assert PAGERDUTY.repeat is Repeat.HARMLESS
    assert PAGERDUTY.secrets(pagerduty_config()) == (ROUTING_KEY,)
