from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised, Unknown, Unreachable
from dispatchwatch.dispatch.fields import ConfigError, load
from dispatchwatch.dispatch.outgoing import previewed
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.platforms.twilio import Twilio, TwilioConfig
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.redact import preview
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification
from tests.dispatch.samples import notification
from tests.dispatch.samples_twilio import ACCOUNT_SID, API_KEY_SID, AUTH_TOKEN, twilio_config
from tests.dispatch.telling import tell

TWILIO = Twilio()
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"
TAKEN = httpx.Response(201, json={"sid": "SM1", "status": "queued", "error_code": None})
MADE = "Sun, 22 Nov 2026 09:41:03 +0000"


def form(request: httpx.Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request.content.decode()).items()}


def listed(told: Notification, **more: Any) -> httpx.Response:
    """The latest texts: one of another matter, and the one that was told."""
    text = form(TWILIO.build(told, twilio_config()))["Body"]
    other = {"sid": "SM0", "body": "another", "status": "sent", "date_created": MADE}
    return httpx.Response(200, json={"messages": [other, {"sid": "SM7", "body": text, "date_created": MADE, **more}]})


def test_a_text_is_sent_as_a_form() -> None:
    told = tell(TWILIO, notification(), twilio_config(), None, TAKEN)
    assert told.ways == [f"POST {MESSAGES}"]
    (request,) = told.requests
    assert request.url.host == "api.twilio.com"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    sent = form(request)
    assert (sent["To"], sent["From"]) == ("+15558675310", "+15017122661")
    assert sent["Body"].startswith("High: J. Ortiz has not checked in at Smith & Sons - 11 min late\n")
    assert told.kept == Receipt("SM1")


@pytest.mark.parametrize("operation", list(Operation))
def test_every_operation_is_a_text_of_its_own(operation: Operation) -> None:
    told = tell(TWILIO, notification(operation), twilio_config(), Receipt("SM0"), TAKEN)
    assert told.ways == [f"POST {MESSAGES}"]


def test_regions_keys_and_services() -> None:
    request = TWILIO.build(notification(), twilio_config(region="ie1", api_key_sid=API_KEY_SID, sender="MG" + "0" * 32))
    assert request.url.host == "api.dublin.ie1.twilio.com"
    assert form(request)["MessagingServiceSid"] == "MG" + "0" * 32
    assert "From" not in form(request)
    user, _, password = (
        base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode().partition(":")
    )
    assert (user, password) == (API_KEY_SID, AUTH_TOKEN)
    assert form(TWILIO.build(notification(), twilio_config(sender="MG Dispatch")))["From"] == "MG Dispatch"


@pytest.mark.parametrize("lost", [httpx.ReadTimeout("no answer"), httpx.Response(502)])
def test_a_text_whose_answer_was_lost_is_looked_for_before_it_is_sent_again(lost: Any) -> None:
    first = tell(TWILIO, notification(), twilio_config(), None, lost)
    assert first.failure is not None
    again = tell(TWILIO, notification(), twilio_config(), first.receipt, listed(notification(), status="queued"))
    assert again.ways == [f"GET {MESSAGES}"]
    assert dict(again.requests[0].url.params) == {"To": "+15558675310", "PageSize": "20"}
    assert again.kept == Receipt("SM7")


@pytest.mark.parametrize(
    "more",
    [
        {"status": "failed"},
        {"date_created": "Sun, 22 Nov 2026 09:30:00 +0000"},
        {"date_created": None},
        {"body": "High: another"},
        {"sid": "SM0"},
    ],
)
def test_another_text_is_not_taken_for_it(more: dict[str, Any]) -> None:
    first = tell(TWILIO, notification(), twilio_config(), Receipt("SM0"), httpx.ReadTimeout("no answer"))
    found = listed(notification(), **{"status": "sent", **more})
    again = tell(TWILIO, notification(), twilio_config(), first.receipt, found, TAKEN)
    assert again.ways == [f"GET {MESSAGES}", f"POST {MESSAGES}"]
    assert again.kept == Receipt("SM1")


def test_words_of_a_trial_account_do_not_hide_it() -> None:
    first = tell(TWILIO, notification(), twilio_config(), None, httpx.ReadTimeout("no answer"))
    body = "Sent from your Twilio trial account - " + form(TWILIO.build(notification(), twilio_config()))["Body"]
    again = tell(TWILIO, notification(), twilio_config(), first.receipt, listed(notification(), body=body))
    assert again.kept == Receipt("SM7")


def test_a_key_that_may_not_look_still_sends() -> None:
    first = tell(TWILIO, notification(), twilio_config(), None, httpx.ReadTimeout("no answer"))
    again = tell(TWILIO, notification(), twilio_config(), first.receipt, httpx.Response(403), TAKEN)
    assert again.kept == Receipt("SM1")


def test_the_next_operation_looks_for_nothing() -> None:
    first = tell(TWILIO, notification(), twilio_config(), None, httpx.ReadTimeout("no answer"))
    end = tell(TWILIO, notification(Operation.RESOLVE), twilio_config(), first.receipt, TAKEN)
    assert end.ways == [f"POST {MESSAGES}"]


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (400, {"code": 21211, "message": "Invalid 'To' Phone Number: x", "status": 400}, Refused, "can be reached"),
        (400, {"code": 21610, "message": "unsubscribed"}, Refused, "STOP"),
        (400, {"code": 21608, "message": "unverified"}, Refused, "trial account"),
        (403, {"code": 21408, "message": "no permission"}, Refused, "Geo permissions"),
        (400, {"code": 99999, "message": "Something else"}, Refused, "Something else"),
        (400, {"type": "x", "title": "Bad", "status": 400, "code": "21211", "detail": "y"}, Refused, "can be reached"),
        (401, {"code": 20003, "message": "Authenticate"}, Unauthorised, "Authenticate"),
        (429, {"code": 20429, "message": "Too Many Requests"}, Unreachable, "Too Many Requests"),
        (500, {"code": 20500, "message": "Internal"}, Unreachable, "Internal"),
        (503, {"code": 21610, "message": "overloaded"}, Unreachable, "STOP"),
    ],
)
def test_its_errors_become_a_sentence(status: int, body: Any, kind: type[Failure], words: str) -> None:
    failure = TWILIO.classify(httpx.Response(status, json=body))
    assert type(failure) is kind
    assert words in failure.message
    assert f"HTTP {status}" in failure.message


def test_a_success_that_says_no_is_a_refusal() -> None:
    for body in ({"sid": "SM1", "status": "failed"}, {"sid": "SM1", "status": "queued", "error_code": 21610}):
        with pytest.raises(Refused, match="does not take this text"):
            TWILIO.parse(httpx.Response(201, json=body))


def test_an_answer_of_somebody_else_leaves_the_outcome_open() -> None:
    for content in (b"<html>Sign in</html>", b"", b'{"sid": null}', b'{"status": {"a": []}}', b"[" * 50_000):
        with pytest.raises(Unknown, match="not one that Twilio gives"):
            TWILIO.parse(httpx.Response(200, content=content))


def test_the_check_reads_one_text() -> None:
    request = TWILIO.check(twilio_config())
    assert (request.method, request.url.path, request.url.query) == ("GET", MESSAGES, b"PageSize=1")
    assert "Authorization" in request.headers


def test_the_token_is_hidden_also_as_it_stands_in_the_header() -> None:
    for told in map(notification, Operation):
        (request,) = previewed(TWILIO, told, twilio_config())
        shown = json.dumps(preview(request, TWILIO.secrets(twilio_config())))
        assert AUTH_TOKEN not in shown
        assert base64.b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode() not in shown


@pytest.mark.parametrize(
    ("key", "value"),
    [("to", "0155512"), ("account_sid", "AC1"), ("api_key_sid", "SK1"), ("sender", "a name too long"), ("region", "x")],
)
def test_what_cannot_be_is_told_before_anything_is_sent(key: str, value: str) -> None:
    values = {"name": "x", "platform": "twilio", "to": "+15558675310", "account_sid": ACCOUNT_SID}
    values |= {"auth_token": AUTH_TOKEN, "sender": "+15017122661", key: value}
    with pytest.raises(ConfigError) as caught:
        load(TwilioConfig, values)
    assert set(caught.value.problems) == {key}


def test_what_is_known_of_the_platform() -> None:
    assert TWILIO.repeat is Repeat.DOUBLES
    assert TWILIO.operations == frozenset(Operation)


def test_the_proxys_password_is_hidden_as_well() -> None:
    config = twilio_config(proxy="http://user:pass-7Kc2@proxy.acme.example:3128")
    assert any("pass-7Kc2" in hidden for hidden in TWILIO.secrets(config))
