"""What the six ticket systems have in common, tried on each of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from dispatchwatch.dispatch.conversation import Held, rehearsed
from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised, Unreachable
from dispatchwatch.dispatch.fields import ConfigError, load
from dispatchwatch.dispatch.outgoing import previewed
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.platforms.freshdesk import Freshdesk
from dispatchwatch.dispatch.platforms.hubspot import HubSpot
from dispatchwatch.dispatch.platforms.salesforce import Salesforce
from dispatchwatch.dispatch.platforms.servicenow import ServiceNow
from dispatchwatch.dispatch.platforms.zendesk import Zendesk
from dispatchwatch.dispatch.platforms.zoho import Zoho
from dispatchwatch.dispatch.reading import choices, instant, picked, read, rows, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.redact import preview
from dispatchwatch.dispatch.ticket_fields import PAIRS, pairs, short_key
from dispatchwatch.domain.alert import Operation
from tests.dispatch import samples_freshdesk, samples_hubspot, samples_salesforce, samples_servicenow, samples_zendesk
from tests.dispatch import samples_zoho as zoho
from tests.dispatch.samples import every_notification, notification
from tests.dispatch.telling import asked, json_, tell

ID = "0" * 32
CHANNELS: dict[str, tuple[Any, Callable[..., Any], tuple[str, ...]]] = {
    "servicenow": (ServiceNow(), samples_servicenow.servicenow_config, (samples_servicenow.PASSWORD,)),
    "servicenow-oauth": (ServiceNow(), samples_servicenow.servicenow_oauth, (samples_servicenow.SECRET,)),
    "zendesk": (Zendesk(), samples_zendesk.zendesk_config, (samples_zendesk.SECRET,)),
    "zendesk-token": (Zendesk(), samples_zendesk.zendesk_token, (samples_zendesk.TOKEN,)),
    "salesforce": (Salesforce(), samples_salesforce.salesforce_config, (samples_salesforce.SECRET,)),
    "freshdesk": (Freshdesk(), samples_freshdesk.freshdesk_config, (samples_freshdesk.API_KEY,)),
    "hubspot": (HubSpot(), samples_hubspot.hubspot_config, (samples_hubspot.ACCESS_TOKEN,)),
    "zoho": (Zoho(), zoho.zoho_config, (zoho.SECRET, zoho.REFRESH_TOKEN)),
}
EVERY = pytest.mark.parametrize(("platform", "make", "secrets"), CHANNELS.values(), ids=CHANNELS)
OPEN_TICKET = Receipt("#1", {"id": ID})


@EVERY
def test_a_life_can_be_told_in_every_text(platform: Any, make: Any, secrets: tuple[str, ...]) -> None:
    raised = rehearsed(platform.tell(notification(), make(), None), platform.pretended)[1]
    assert raised.reference
    assert raised.details["id"]
    for _, told in every_notification():
        requests, receipt = rehearsed(platform.tell(told, make(), raised), platform.pretended)
        assert {request.url.scheme for request in requests} == {"https"}
        assert receipt.details["id"] == raised.details["id"]
        stands = {Operation.ACKNOWLEDGE: "TAKEN", Operation.RESOLVE: "ENDED"}.get(told.operation)
        assert receipt.details.get("stands") == stands
        for request in requests:
            assert "\\u0000" not in request.content.decode()


@EVERY
@pytest.mark.parametrize("operation", list(Operation))
def test_no_secret_is_in_a_preview(platform: Any, make: Any, secrets: tuple[str, ...], operation: Operation) -> None:
    config = make("http://127.0.0.1:8080")
    shown = json.dumps(
        [preview(one, platform.secrets(config)) for one in previewed(platform, notification(operation), config)]
    )
    assert not any(secret in shown + repr(config) + config.model_dump_json() for secret in secrets)
    if "Authorization" not in shown and platform.auth(config) is None:
        assert "***" in shown
    assert all(secret in platform.secrets(config) for secret in secrets)


@EVERY
def test_no_secret_is_in_a_failure_even_if_the_answer_repeats_it(
    platform: Any, make: Any, secrets: tuple[str, ...]
) -> None:
    config = make()
    for status in (200, 302, 400, 401, 403, 404, 422, 429, 500):
        for said in ("; ".join((*secrets, *platform.secrets(config))), json.dumps({"message": list(secrets)})):
            told = tell(platform, notification(), config, None, *[httpx.Response(status, text=said) for _ in range(3)])
            assert not any(secret in str(told.failure) + repr(told.failure) for secret in secrets)


@EVERY
def test_what_is_gone_is_resolved_and_else_refused(platform: Any, make: Any, secrets: tuple[str, ...]) -> None:
    for status in (404, 410):
        told = tell(platform, notification(Operation.RESOLVE), make(), OPEN_TICKET, json_(status, {"error": "gone"}))
        assert told.kept == OPEN_TICKET
        for operation in (Operation.ACKNOWLEDGE, Operation.UPDATE):
            refused = tell(platform, notification(operation), make(), OPEN_TICKET, json_(status, {"error": "gone"}))
            assert isinstance(refused.failure, Refused)
            assert "has no ticket for this alert" in refused.failure.message


@EVERY
def test_a_web_page_that_says_so_is_not_believed(platform: Any, make: Any, secrets: tuple[str, ...]) -> None:
    page = "<html><title>Not found</title></html>"
    told = tell(platform, notification(Operation.RESOLVE), make(), OPEN_TICKET, httpx.Response(404, text=page))
    assert isinstance(told.failure, Refused)
    told = tell(platform, notification(Operation.RESOLVE), make(), OPEN_TICKET, httpx.Response(200, text=page))
    assert isinstance(told.failure, Unreachable)
    assert "web page" in told.failure.message


@EVERY
def test_every_status_has_an_outcome(platform: Any, make: Any, secrets: tuple[str, ...]) -> None:
    for status in range(200, 600):
        failure = platform.classify(httpx.Response(status, json={"error": "x"}))
        assert (failure is None) is (200 <= status < 300)
        if status == 401:
            assert type(failure) is Unauthorised
        if status == 429 or (status > 499 and status != 504):
            assert type(failure) is Unreachable


@EVERY
def test_the_seconds_of_a_429_are_waited(platform: Any, make: Any, secrets: tuple[str, ...]) -> None:
    slow = httpx.Response(429, headers={"Retry-After": "37"}, json={"error": "slow"})
    failure = tell(platform, notification(Operation.RESOLVE), make(), OPEN_TICKET, slow).failure
    assert isinstance(failure, Unreachable)
    assert failure.retry_after is not None
    assert failure.retry_after.total_seconds() == 37


@EVERY
def test_no_answer_is_read_as_one_that_it_is_not(platform: Any, make: Any, secrets: tuple[str, ...]) -> None:
    junk = [b"", b"[]", b"{}", b"null", b"7", b'"x"', b"\xff", b"[" * 100_000, b'{"result":7,"data":[[]],"results":{}}']
    for content in (*junk, b'{"tickets":[1],"result":[null],"id":{},"ticket":[],"data":[null],"properties":3}'):
        for operation in Operation:
            for receipt in (None, OPEN_TICKET):
                answers = [httpx.Response(200, content=content) for _ in range(4)]
                tell_all(platform, notification(operation), make(), receipt, answers)
        held = [Held("thread", OPEN_TICKET.also(opened="2026-11-22T09:00:00Z"))]
        _drained(platform.listen(held, make(), ""), content)
        for field in type(make()).model_fields:
            lookup = platform.look_up(field, make())
            if lookup is not None:
                _drained(lookup, content)


@EVERY
def test_without_comments_the_ticket_is_moved_and_nothing_is_doubled(
    platform: Any, make: Any, secrets: tuple[str, ...]
) -> None:
    config = make(comments="none")
    requests, _ = rehearsed(platform.tell(notification(Operation.RESOLVE), config, OPEN_TICKET), platform.pretended)
    assert (requests[0].method, len(requests)) == ("GET", 2)
    assert {platform.on_repeat(operation, config) for operation in Operation if operation is not Operation.RAISE} == {
        Repeat.HARMLESS
    }
    assert platform.on_repeat(Operation.UPDATE, make()) is Repeat.DOUBLES
    requests, _ = rehearsed(platform.tell(notification(is_reminder=True), config, OPEN_TICKET), platform.pretended)
    assert requests == []


@EVERY
def test_resolving_what_was_never_opened_leaves_nothing(platform: Any, make: Any, secrets: tuple[str, ...]) -> None:
    requests, receipt = rehearsed(platform.tell(notification(Operation.RESOLVE), make(), None), platform.pretended)
    assert receipt == Receipt()
    assert all(request.method == "GET" for request in requests)
    with pytest.raises(Failure, match="has no ticket"):
        rehearsed(platform.tell(notification(Operation.ACKNOWLEDGE), make(), None), platform.pretended)
    assert rehearsed(platform.tell(notification(Operation.UPDATE), make(), None), platform.pretended)[1].details["id"]


@EVERY
def test_the_check_changes_nothing(platform: Any, make: Any, secrets: tuple[str, ...]) -> None:
    request = platform.check(make())
    assert (request.method, request.url.scheme) == ("GET", "https")
    assert all(field.title for field in type(make()).model_fields.values())


def test_what_a_way_of_signing_in_needs_is_asked_for() -> None:
    for values, key in (
        ({"authentication": "basic", "username": "u"}, "password"),
        ({"authentication": "basic", "password": "p"}, "username"),
        ({"authentication": "oauth", "client_id": "c"}, "client_secret"),
        ({"authentication": "oauth", "client_secret": "s"}, "client_id"),
    ):
        with pytest.raises(ConfigError) as caught:
            load(ServiceNow.config, {"name": "x", "platform": "servicenow", "instance": "acme", **values})
        assert set(caught.value.problems) == {key}
        assert f"authentication “{values['authentication']}” needs it" in caught.value.problems[key]


def test_asking_goes_round_where_there_are_many() -> None:
    held = [Held(f"thread-{number:03}", Receipt("", {"id": f"{number:032x}"})) for number in range(120)]
    seen, cursor = [], ""
    for _ in range(4):
        (request,), heard = asked(
            ServiceNow().listen(held, CHANNELS["servicenow"][1](), cursor), json_(200, {"result": []})
        )
        ids = request.url.params["sysparm_query"].removeprefix("sys_idIN").split(",")
        seen.append(len(ids))
        cursor = heard.cursor
    assert seen == [50, 50, 20, 50]
    assert asked(ServiceNow().listen([Held("x", Receipt())], CHANNELS["servicenow"][1](), ""))[0] == []


def test_the_short_key_is_safe_everywhere() -> None:
    keys = {short_key(told.alert_key) for _, told in every_notification()}
    assert {len(key) for key in keys} == {32}
    assert all(key.replace("-", "").isalnum() and key.isascii() for key in keys)
    assert len(keys) == len({told.alert_key for _, told in every_notification()})


def test_pairs_are_read_as_they_are_written() -> None:
    import re

    assert pairs("a=1; b = two words ;c=x=y;") == {"a": "1", "b": "two words", "c": "x=y"}
    assert pairs("") == {}
    assert all(re.fullmatch(PAIRS, good) for good in ("", "a=1", "a=1;b=2", "a = 1 ; b=2;", "u_x.y=1"))
    assert not any(re.fullmatch(PAIRS, bad) for bad in ("a", "=1", "a=1;b", "a b=1"))


def test_what_is_not_there_is_empty() -> None:
    assert picked({"a": [{"b": 1}]}, "a", 0, "b") == 1
    assert picked({"a": []}, "a", 0, "b") is None
    assert (text_at({"a": 7}, "a"), text_at({"a": True}, "a"), text_at({"a": None}, "a")) == ("7", "", "")
    assert rows({"a": [1, {"b": 2}]}, "a") == [{"b": 2}]
    assert [one.label for one in choices([{"id": 2, "name": "b"}, {"id": 1, "name": "A"}, {"name": "c"}])] == ["A", "b"]
    assert instant("2026-11-22 09:52:00Z") is not None
    assert (instant("2026-11-22 09:52:00"), instant("yesterday")) == (None, None)
    with pytest.raises(Unreachable, match="not one that X gives"):
        read(httpx.Response(200, text="hello"), "X")


def tell_all(platform: Any, told: Any, config: Any, receipt: Receipt | None, answers: list[httpx.Response]) -> None:
    """Whatever comes of it, it is a receipt or a Failure."""
    left = list(answers)
    try:
        _, kept = rehearsed(platform.tell(told, config, receipt), lambda _: left.pop())
    except Failure:
        return
    assert isinstance(kept, Receipt)


def _drained(conversation: Any, content: bytes) -> None:
    try:
        rehearsed(conversation, lambda _: httpx.Response(200, content=content))
    except Failure:
        return
