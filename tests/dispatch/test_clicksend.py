from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised, Unknown, Unreachable
from dispatchwatch.dispatch.occasion import occasion_key
from dispatchwatch.dispatch.outgoing import previewed
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.platforms.clicksend import ClickSend
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.redact import preview
from dispatchwatch.domain.alert import Operation
from tests.dispatch.samples import notification
from tests.dispatch.samples_clicksend import API_KEY, clicksend_config
from tests.dispatch.telling import tell

CLICKSEND = ClickSend()
SEND, HISTORY = "POST /v3/sms/send", "GET /v3/sms/history"


def answer(status: str = "SUCCESS", **more: Any) -> httpx.Response:
    text = {"message_id": "1F-1", "status": status}
    return httpx.Response(
        200, json={"http_code": 200, "response_code": "SUCCESS", "data": {"messages": [text]}, **more}
    )


def history(**more: Any) -> httpx.Response:
    row = {"message_id": "1F-7", "custom_string": occasion_key(notification()), "status": "Sent", **more}
    return httpx.Response(200, json={"data": {"total": 1, "data": [{"custom_string": "another"}, row]}})


def test_a_text_is_sent_under_a_key_of_ours() -> None:
    told = tell(CLICKSEND, notification(), clicksend_config(sender="Dispatch"), None, answer())
    assert told.ways == [SEND]
    (message,) = told.body()["messages"]
    assert (message["to"], message["from"], message["source"]) == ("+15558675310", "Dispatch", "DispatchWatch")
    assert message["body"].startswith("High: J. Ortiz has not checked in at Smith & Sons - 11 min late\n")
    assert message["custom_string"] == occasion_key(notification())
    assert (
        told.requests[0].headers["Authorization"]
        == "Basic " + base64.b64encode(f"office@acme.example:{API_KEY}".encode()).decode()
    )
    assert told.kept == Receipt("1F-1")


def test_without_a_sender_clicksend_takes_a_number_of_its_own() -> None:
    assert "from" not in json.loads(CLICKSEND.build(notification(), clicksend_config()).content)["messages"][0]


def test_the_key_is_anothers_for_each_operation_alert_and_time() -> None:
    keys = {occasion_key(notification(operation)) for operation in Operation}
    later = replace(notification(), written_at=notification().written_at + timedelta(minutes=5))
    keys |= {occasion_key(later), occasion_key(notification(text="another"))}
    assert len(keys) == len(Operation) + 2
    assert occasion_key(notification()) == occasion_key(notification())
    assert all(len(key) == 32 for key in keys)


@pytest.mark.parametrize("lost", [httpx.ReadTimeout("no answer"), httpx.Response(504)])
def test_a_text_whose_answer_was_lost_is_looked_for_before_it_is_sent_again(lost: Any) -> None:
    first = tell(CLICKSEND, notification(), clicksend_config(), None, lost)
    again = tell(CLICKSEND, notification(), clicksend_config(), first.receipt, history())
    assert again.ways == [HISTORY]
    assert again.requests[0].url.query.decode() == f"q=custom_string:{occasion_key(notification())}"
    assert again.kept == Receipt("1F-7")


@pytest.mark.parametrize("row", [{"custom_string": "another"}, {"status": "INVALID_RECIPIENT"}, {"status": "Failed"}])
def test_a_text_that_was_not_taken_is_sent(row: dict[str, str]) -> None:
    first = tell(CLICKSEND, notification(), clicksend_config(), None, httpx.ReadTimeout("no answer"))
    again = tell(CLICKSEND, notification(), clicksend_config(), first.receipt, history(**row), answer())
    assert again.ways == [HISTORY, SEND]
    assert again.kept == Receipt("1F-1")


def test_a_history_that_cannot_be_read_sends_nothing_yet() -> None:
    first = tell(CLICKSEND, notification(), clicksend_config(), None, httpx.ReadTimeout("no answer"))
    again = tell(CLICKSEND, notification(), clicksend_config(), first.receipt, httpx.Response(200, text="<html>"))
    assert isinstance(again.failure, Unreachable)
    assert again.receipt == first.receipt


def test_what_was_just_sent_counts_as_sent() -> None:
    assert CLICKSEND.parse(answer("THROTTLED")) == Receipt("1F-1")


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        ("INSUFFICIENT_CREDIT", Unauthorised, "no credit left"),
        ("INVALID_RECIPIENT", Refused, "can be reached"),
        ("COUNTRY_NOT_ENABLED", Refused, "that country"),
        ("SOMETHING_NEW", Refused, "SOMETHING_NEW"),
    ],
)
def test_a_text_refused_inside_a_success_is_a_failure(status: str, kind: type[Failure], words: str) -> None:
    with pytest.raises(kind, match=words):
        CLICKSEND.parse(answer(status))


@pytest.mark.parametrize(
    ("code", "kind"), [(401, Unauthorised), (429, Unreachable), (500, Unreachable), (400, Refused)]
)
def test_an_error_in_the_envelope_counts_as_one(code: int, kind: type[Failure]) -> None:
    body = {"http_code": code, "response_code": "X", "response_msg": "Something is wrong.", "data": None}
    with pytest.raises(kind, match="Something is wrong"):
        CLICKSEND.parse(httpx.Response(200, json=body))
    failure = CLICKSEND.classify(httpx.Response(code, json=body))
    assert type(failure) is kind
    assert "Something is wrong" in failure.message


def test_an_answer_of_somebody_else_leaves_the_outcome_open() -> None:
    for content in (b"<html>Sign in</html>", b"", b"{}", b'{"data": {"messages": [{"status": {}}]}}', b"[" * 50_000):
        with pytest.raises(Unknown, match="not one that ClickSend gives"):
            CLICKSEND.parse(httpx.Response(200, content=content))


def test_the_check_reads_the_account() -> None:
    request = CLICKSEND.check(clicksend_config())
    assert (request.method, str(request.url)) == ("GET", "https://rest.clicksend.com/v3/account")
    assert "Authorization" in request.headers


def test_the_key_is_hidden_also_as_it_stands_in_the_header() -> None:
    for told in map(notification, Operation):
        (request,) = previewed(CLICKSEND, told, clicksend_config())
        shown = json.dumps(preview(request, CLICKSEND.secrets(clicksend_config())))
        assert API_KEY not in shown
        assert request.headers["Authorization"].removeprefix("Basic ") not in shown


def test_what_is_known_of_the_platform() -> None:
    assert CLICKSEND.repeat is Repeat.DOUBLES
    assert CLICKSEND.operations == frozenset(Operation)


def test_the_proxys_password_is_hidden_as_well() -> None:
    config = clicksend_config(proxy="http://user:pass-7Kc2@proxy.acme.example:3128")
    assert any("pass-7Kc2" in hidden for hidden in CLICKSEND.secrets(config))
