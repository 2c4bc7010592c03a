"""No platform lets a secret out: not in a repr, an error, a preview, a log, or anything that is written down.

What is secret is said here anew, and not asked of the platform: the values of secret fields, the parts of them that
appear alone, and the token that is fetched with them.
"""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import aclosing
from functools import partial
from itertools import product
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from pydantic import SecretStr

from dispatchwatch.app.delivery import Channel
from dispatchwatch.dispatch.catalog import PLATFORMS
from dispatchwatch.dispatch.errors import Failure
from dispatchwatch.dispatch.fields import secret_fields
from dispatchwatch.dispatch.outgoing import previewed
from dispatchwatch.dispatch.redact import preview, redact
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.domain.alert import Operation
from tests.dispatch.samples import NOW
from tests.fakes.clock import ManualClock
from tests.fakes.pretend import bamboohr, clicksend, servicenow, slack, teams, telegram, twilio, zendesk
from tests.fakes.pretend import freshdesk as fresh
from tests.fakes.pretend.channels import FULL, channel, names
from tests.fakes.pretend.life import notification

TOKEN = "tok-9f8e7d6c5b4a-3c2d1e0f"
LOCAL = "http://127.0.0.1:8080"


def _basic(user: str, password: str) -> str:
    return b64encode(f"{user}:{password}".encode()).decode()


PARTS: dict[str, tuple[str, ...]] = {
    "twilio": (_basic(twilio.KEY, twilio.SECRET),),
    "teams": (teams.SIGNATURE,),
    "slack": (slack.TOKEN,),
    "servicenow:basic": (_basic(servicenow.USER, servicenow.PASSWORD),),
    "zendesk:token": (_basic(f"{zendesk.EMAIL}/token", zendesk.TOKEN),),
    "freshdesk": (_basic(fresh.KEY, "X"),),
    "telegram": (telegram.TOKEN.partition(":")[2],),
    "clicksend": (_basic(clicksend.USER, clicksend.KEY),),
    "bamboohr": (_basic(bamboohr.KEY, "x"),),
}
"""What appears alone."""
OTHER_CREDENTIALS = (
    "servicenow:basic",
    "zendesk:token",
    "salesforce:jwt",
    "gmail:service-account",
    "outlook:delegated",
)
EVERY_CHANNEL = pytest.mark.parametrize("name", [*FULL, *OTHER_CREDENTIALS])


def secrets_of(one: Channel) -> list[str]:
    fields = (getattr(one.config, name) for name in secret_fields(type(one.config)))
    return [
        *(field.get_secret_value() for field in fields if isinstance(field, SecretStr)),
        *PARTS.get(one.name, ()),
        *([TOKEN] if one.platform.auth(one.config) is not None else []),
    ]


def assert_free_of(secrets: list[str], text: str) -> None:
    for secret in secrets:
        for form in {secret, quote(secret), quote(secret, safe=""), json.dumps(secret)[1:-1]}:
            assert form not in text, f"{form[:4]}… stands in it"


def test_every_platform_is_held_to_it() -> None:
    assert set(FULL) == {platform.key for platform in PLATFORMS}
    assert set(OTHER_CREDENTIALS) == {name for name in names() if fields_set(name) - fields_set(name.partition(":")[0])}


def fields_set(name: str) -> set[str]:
    """The secret fields that a channel has something in."""
    config = channel(name).config
    return {field for field in secret_fields(type(config)) if getattr(config, field) is not None}


@EVERY_CHANNEL
def test_not_in_what_is_shown_of_a_channel(name: str) -> None:
    one = channel(name)
    config = one.config
    shown = "".join([repr(config), str(config), str(config.model_dump()), config.model_dump_json(), repr(one)])
    assert_free_of(secrets_of(one), shown)
    known = one.platform.secrets(config)
    assert [secret for secret in secrets_of(one) if secret != TOKEN and redact(secret, known) == secret] == []
    assert all(len(secret) >= 4 or not secret for secret in known), "a short one would hide half of every sentence"


@EVERY_CHANNEL
def test_not_in_a_preview(name: str) -> None:
    for one in (channel(name), channel(name, LOCAL)):
        hidden = one.platform.secrets(one.config)
        signs_in_itself = one.platform.auth(one.config) is None
        for operation in Operation:
            for request in previewed(one.platform, told(operation), one.config):
                shown = json.dumps(preview(request, hidden))
                assert_free_of(secrets_of(one), shown)
                assert ("***" in shown) is signs_in_itself
                assert str(request.url.copy_with(path="/", query=None)) in shown


@EVERY_CHANNEL
def test_not_in_an_error_or_log_even_if_the_answer_repeats_it(name: str, caplog: pytest.LogCaptureFixture) -> None:
    one = channel(name)
    secrets = secrets_of(one)
    caplog.set_level(logging.DEBUG)
    for status, form in product((200, 202, 302, 400, 401, 403, 404, 409, 422, 429, 500), range(3)):
        failure = failed(one, partial(_echo, status=status, form=form, secrets=secrets))
        assert_free_of(secrets, "".join(_lines(failure)))
    assert_free_of(secrets, caplog.text)


def _echo(request: httpx.Request, status: int, form: int, secrets: list[str]) -> httpx.Response:
    """Everything that was sent and every secret, as text, as JSON, or as JSON the way vendors write errors."""
    if fetches_token(request):
        return httpx.Response(200, json={"access_token": TOKEN, "expires_in": 3600})
    said = " ".join([str(request.url), *secrets, str(dict(request.headers)), request.content.decode()])
    wrong: Any = {"error": {"message": said, "detail": said}, "errors": [{"message": said, "code": said}], "ok": False}
    told = [said, {"message": said, "description": said, "status": "error"}, {**wrong, "description": said}][form]
    return httpx.Response(status, text=told) if isinstance(told, str) else httpx.Response(status, json=told)


@EVERY_CHANNEL
@pytest.mark.parametrize("status", [200, 400, 401, 500])
def test_not_in_the_error_of_a_token_that_was_not_given(
    name: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    one = channel(name)
    if one.platform.auth(one.config) is None:
        return
    caplog.set_level(logging.DEBUG)

    def refuse(request: httpx.Request) -> httpx.Response:
        said = " ".join([*secrets_of(one), request.content.decode()])
        return httpx.Response(status, json={"error": said, "error_description": said})

    assert_free_of(secrets_of(one), _told_by(failed(one, refuse), caplog))


@pytest.mark.parametrize("name", FULL)
def test_not_even_its_beginning_where_a_long_answer_is_cut(name: str) -> None:
    one = channel(name)
    for secret in one.platform.secrets(one.config):
        for length in range(250, 420, 17):
            failure = failed(one, partial(_answered, status=400, said="x" * length + secret))
            assert failure is not None
            assert secret[:4] not in failure.message or len(secret) < 8
            assert len(failure.message) <= 400


@EVERY_CHANNEL
def test_not_in_the_error_of_a_lost_request(name: str, caplog: pytest.LogCaptureFixture) -> None:
    one = channel(name)
    caplog.set_level(logging.DEBUG)
    for kind in (httpx.ReadError, httpx.ConnectError, httpx.ReadTimeout, httpx.UnsupportedProtocol):

        def lose(request: httpx.Request, kind: Any = kind) -> httpx.Response:
            raise kind(f"lost {request.url} {request.headers} {request.content!r}", request=request)

        assert_free_of(secrets_of(one), _told_by(failed(one, lose), caplog))


# Sending


def told(operation: Operation = Operation.RAISE) -> Any:
    return notification(operation, ManualClock(NOW))


def fetches_token(request: httpx.Request) -> bool:
    return "oauth" in request.url.path or request.url.path == "/token"


def _answered(request: httpx.Request, status: int, said: str) -> httpx.Response:
    if fetches_token(request):
        return httpx.Response(200, json={"access_token": TOKEN, "expires_in": 3600})
    return httpx.Response(status, text=said)


def failed(one: Channel, answer: Callable[[httpx.Request], httpx.Response]) -> Failure | None:
    """The failure; None where the platform takes even this for a success."""

    async def send() -> Failure | None:
        async with aclosing(Sender(httpx.MockTransport(answer))) as sender:
            try:
                await sender.send(one.platform, told(), one.config, None, NOW)
            except Failure as failure:
                return failure
            return None

    return asyncio.run(send())


def _told_by(failure: Failure | None, caplog: pytest.LogCaptureFixture) -> str:
    return "".join(_lines(failure)) + caplog.text


def _lines(failure: Failure | None) -> Iterator[str]:
    if failure is not None:
        yield from (str(failure), repr(failure), repr(failure.reached), *traceback.format_exception(failure))
