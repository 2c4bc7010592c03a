"""The scale for all twenty platforms: what each of them has to be and do, whatever its vendor is like.

What becomes of secrets is in test_secrets.py, whole lives are in end_to_end/test_whole_lives.py.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pytest

from dispatchwatch.app.channels import describe_platform
from dispatchwatch.app.delivery import Channel
from dispatchwatch.dispatch.catalog import PLATFORMS
from dispatchwatch.dispatch.conversation import rehearsed
from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised, Unknown, Unreachable
from dispatchwatch.dispatch.fields import secret_fields
from dispatchwatch.dispatch.outcome import by_status
from dispatchwatch.dispatch.outgoing import addressed, previewed
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification
from tests.dispatch.samples import NOW, every_notification
from tests.fakes.clock import ManualClock
from tests.fakes.pretend import Fault, World
from tests.fakes.pretend.channels import FULL, TECHNICIAN, channel, names
from tests.fakes.pretend.life import OPERATIONS, notification

KEYS = (
    "twilio", "sendgrid", "teams", "slack", "pagerduty", "servicenow", "zendesk", "salesforce", "gmail", "outlook",
    "freshdesk", "telegram", "asana", "trello", "monday", "clicksend", "hubspot", "intercom", "bamboohr", "zoho",
)  # fmt: skip
ROOT = Path(__file__).resolve().parents[2]
DISPATCH, HELP = ROOT / "dispatchwatch" / "dispatch", ROOT / "resources" / "help" / "platforms"
LOCAL = "http://127.0.0.1:8080"
TOKEN = {"access_token": "0123456789abcdef", "expires_in": 3600}
EVERY_PLATFORM = pytest.mark.parametrize("key", KEYS)
EVERY_CHANNEL = pytest.mark.parametrize("name", names())

DEVIATIONS: dict[str, dict[int, tuple[type[Failure], str]]] = {
    "servicenow": {403: (Refused, "an access rule, a business rule or a data policy forbids this one change")},
    "zendesk": {409: (Unreachable, "two changes at the same moment; it is to be read and tried again")},
    "telegram": {
        403: (Refused, "the person blocked the bot, or the group put it out: nothing is wrong with the token"),
        404: (Unauthorised, "the token is part of the address, so a broken one is not found"),
    },
    "monday": {409: (Unreachable, "the same request is still being worked on")},
    "hubspot": {477: (Unreachable, "the account is being moved")},
}
"""Statuses that mean something else to a vendor than to everybody else, and why."""

WRITES_NO_TEST = frozenset({"bamboohr"})
"""Where a test only looks whether everything is in place; in pretended answers nothing is."""


def told(operation: Operation) -> Notification:
    return notification(operation, ManualClock(NOW))


def refused(one: Channel, message: Notification, receipt: Receipt | None) -> str:
    """Why it is refused; empty where it is not."""
    try:
        tells(one, message, receipt)
    except Refused as refusal:
        return refusal.message
    return ""


def tells(one: Channel, message: Notification, receipt: Receipt | None = None) -> tuple[list[httpx.Request], Receipt]:
    return rehearsed(one.platform.tell(message, one.config, receipt), one.platform.pretended)


def test_the_catalog_holds_the_twenty_and_no_other() -> None:
    assert tuple(platform.key for platform in PLATFORMS) == KEYS
    assert set(FULL) == set(KEYS)
    assert len({platform.name for platform in PLATFORMS}) == len(KEYS)


@EVERY_PLATFORM
def test_its_files_are_short_and_stand_on_no_other_account(key: str) -> None:
    files = (DISPATCH / "platforms" / f"{key}.py", DISPATCH / "accounts" / f"{key}.py")
    sources = [path.read_text(encoding="utf-8") for path in files if path.exists()]
    assert sources
    for source in sources:
        assert 40 <= source.count("\n") <= 150
        assert set(re.findall(r"dispatch\.accounts\.(\w+)", source)) <= {key}


@EVERY_PLATFORM
def test_every_field_is_labelled_and_has_help(key: str) -> None:
    platform = channel(key).platform
    described = describe_platform(platform)
    for name, field in platform.config.model_fields.items():
        extra = field.json_schema_extra
        labels = extra.get("labels") if isinstance(extra, dict) else None
        assert field.title, name
        assert field.description or labels, f"{key}.{name} has no help"
    assert [field["key"] for field in described["fields"]] == list(platform.config.model_fields)
    assert json.loads(json.dumps(described["schema"]))["type"] == "object"
    assert not any(field["secret"] and "default" in str(field) for field in described["fields"])


@EVERY_PLATFORM
def test_it_can_be_told_everything_and_says_what_a_repeat_does(key: str) -> None:
    one = channel(key)
    assert one.platform.operations == frozenset(Operation)
    assert {one.platform.on_repeat(operation, one.config) for operation in Operation} <= set(Repeat)
    assert one.platform.rate is None or (one.platform.rate.count > 0 and one.platform.rate.per > timedelta())


@EVERY_CHANNEL
def test_everything_goes_over_https_and_to_the_base_url_where_there_is_one(name: str) -> None:
    for request in every_request(channel(name)):
        assert request.url.scheme == "https", request.url
        assert "." in request.url.host
        away = addressed(request, channel(name, LOCAL).config)
        assert (away.url.scheme, away.url.host, away.url.port) == ("http", "127.0.0.1", 8080)


def every_request(one: Channel) -> Iterator[httpx.Request]:
    """Those of each operation, of the check, and of fetching a token."""
    for operation in Operation:
        yield from previewed(one.platform, told(operation), one.config)
    check = one.platform.check(one.config)
    if check is not None:
        yield check
    auth = one.platform.auth(one.config)
    if auth is not None:
        yield auth.grant()


@EVERY_PLATFORM
def test_what_every_status_means(key: str) -> None:
    platform, deviations = channel(key).platform, DEVIATIONS.get(key, {})
    for status in range(200, 600):
        answer = httpx.Response(status, request=httpx.Request("POST", "https://vendor.example/"))
        found = platform.classify(answer)
        meant = deviations[status][0] if status in deviations else type(by_status(platform.name, status, ""))
        assert type(found) is meant, status
        if found is not None:
            assert found.message.startswith(platform.name) or platform.name in found.message
            assert found.message.endswith("."), found.message


@EVERY_CHANNEL
def test_what_its_vendor_says_when_asked_too_often_or_in_trouble(name: str) -> None:
    """In the vendor's own words, which need not be those of HTTP."""
    one, world = channel(name), World(lambda: NOW)
    service = world[one.platform.key]
    for fault in (Fault.BUSY, Fault.BUSY_UNTIL, Fault.ERROR, Fault.AWAY):
        service.begin()
        service.faults = {1 if one.platform.auth(one.config) is None else 2: fault}
        failure = failed(one, told(Operation.RAISE), world.transport(one.platform.key))
        assert type(failure) is Unreachable, f"{fault}: {failure!r}"
        assert service.tellings() == []


@EVERY_PLATFORM
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_read_in_seconds_and_as_a_date(key: str, status: int) -> None:
    for value in ("7", format_datetime(NOW + timedelta(seconds=7), usegmt=True)):
        answer = httpx.Response(status, headers={"Retry-After": value})
        failure = failed(channel(key), told(Operation.RAISE), answering(answer))
        assert isinstance(failure, Unreachable)
        assert failure.retry_after == timedelta(seconds=7)


@EVERY_CHANNEL
@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_never_left_is_unreachable_and_what_left_without_an_answer_is_not_known(
    name: str, operation: Operation
) -> None:
    """At each request in turn. What only asks has changed nothing, so nothing is unknown after it."""
    one = channel(name)
    receipt = None if operation is Operation.RAISE else tells(one, told(Operation.RAISE))[1]
    requests, _ = tells(one, told(operation), receipt)
    for number, request in enumerate(requests):
        for error, outcome in (
            (httpx.ConnectTimeout("x"), Unreachable),
            (httpx.ConnectError("x"), Unreachable),
            (httpx.ReadTimeout("x"), Unreachable if request.method == "GET" else Unknown),
            (httpx.ReadError("x"), Unreachable if request.method == "GET" else Unknown),
        ):
            failure = failed(one, told(operation), _Breaking(one, number, error), receipt)
            assert type(failure) is outcome, f"{error!r} at {request.method} {request.url.path}"


@EVERY_CHANNEL
def test_receipts_survive_the_database_and_lead_every_operation_to_its_end(name: str) -> None:
    one = channel(name)
    _, receipt = tells(one, told(Operation.RAISE))
    for operation in OPERATIONS[1:]:
        kept = Receipt(receipt.reference, json.loads(json.dumps(dict(receipt.details))))
        assert kept == receipt
        assert all(isinstance(part, str) for pair in kept.details.items() for part in pair)
        requests, receipt = tells(one, told(operation), kept)
        assert requests
    assert receipt.reference == kept.reference, "people know it by the same name to the end"


@EVERY_CHANNEL
def test_pretended_answers_drive_every_operation_with_and_without_a_receipt(name: str) -> None:
    one = channel(name)
    marks: tuple[dict[str, bool], ...] = ({}, {"is_reminder": True}, {"is_test": True})
    for operation, mark in product(OPERATIONS, marks):
        message = replace(told(operation), **mark)  # type: ignore[arg-type]
        for receipt in (None, tells(one, told(Operation.RAISE))[1]):
            refusal = refused(one, message, receipt)
            if refusal and not (message.is_test and one.platform.key in WRITES_NO_TEST):
                assert (receipt, operation) == (None, Operation.ACKNOWLEDGE), "only what was never opened is refused"
                assert refusal.startswith(one.platform.name)
    assert all(previewed(one.platform, told(operation), one.config) for operation in OPERATIONS)


@EVERY_PLATFORM
def test_the_check_is_harmless_and_taken(key: str) -> None:
    one, world = channel(key), World(lambda: NOW)
    service = world[key]

    async def check() -> bool:
        async with aclosing(Sender(world.transport(key))) as sender:
            return await sender.check(one.platform, one.config, NOW)

    assert asyncio.run(check()) is (one.platform.check(one.config) is not None)
    assert service.tellings() == []
    assert service.amiss() == []


@EVERY_CHANNEL
def test_every_text_makes_requests_that_can_be_sent(name: str) -> None:
    one = channel(name)
    for number, (label, message) in enumerate(every_notification()):
        # Every third is enough: they go through operations, texts and numbers of facts in turn.
        if number % 3 == 0 and not (message.is_test and one.platform.key in WRITES_NO_TEST):
            for_somebody = replace(message, facts=(("Technician", TECHNICIAN), *message.facts))
            for request in previewed(one.platform, for_somebody, one.config):
                assert len(request.content) < 200_000, label
                assert request.url.raw_path.isascii()
                if "json" in request.headers.get("Content-Type", ""):
                    json.loads(request.content)
                request.content.decode()


@EVERY_PLATFORM
def test_there_is_a_page_of_help(key: str) -> None:
    page = (HELP / f"{key}.md").read_text(encoding="utf-8")
    platform = channel(key).platform
    lines = page.splitlines()
    assert lines[0] == f"# {platform.name}"
    assert 15 <= len(lines) <= 45
    for heading in ("## Setting it up", "## What the office sees", "## Limits", "## Not confirmed"):
        assert heading in lines, heading
    for name, field in platform.config.model_fields.items():
        if field.is_required() and name not in {"name", "platform"}:
            assert f"`{name}`" in page, f"{name} is not explained"
    for name in secret_fields(platform.config):
        assert name == "proxy" or f"`{name}`" in page, f"where {name} comes from is not told"


# Transports


def answering(answer: httpx.Response) -> httpx.AsyncBaseTransport:
    def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=TOKEN) if _fetches_token(request) else answer

    return httpx.MockTransport(respond)


def _fetches_token(request: httpx.Request) -> bool:
    return "oauth" in request.url.path or request.url.path == "/token"


class _Breaking(httpx.AsyncBaseTransport):
    """Answers as the platform pretends, and breaks at one request."""

    def __init__(self, one: Channel, at: int, error: Exception) -> None:
        self._one, self._left, self._error = one, at, error

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if _fetches_token(request):
            return httpx.Response(200, json=TOKEN)
        if self._left == 0:
            raise self._error
        self._left -= 1
        return self._one.platform.pretended(request)


def failed(
    one: Channel, message: Notification, transport: httpx.AsyncBaseTransport, receipt: Receipt | None = None
) -> Failure:
    async def send() -> Any:
        async with aclosing(Sender(transport)) as sender:
            with pytest.raises(Failure) as caught:
                await sender.send(one.platform, message, one.config, receipt, NOW)
        return caught.value

    found: Failure = asyncio.run(send())
    return found
