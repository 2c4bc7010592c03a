from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised, Unknown, Unreachable
from dispatchwatch.dispatch.fields import ConfigError, load
from dispatchwatch.dispatch.outgoing import previewed
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.platforms.sendgrid import SendGrid, SendGridConfig
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.redact import preview
from dispatchwatch.domain.alert import Operation, Severity
from tests.dispatch.samples import HOSTILE, notification
from tests.dispatch.samples_sendgrid import API_KEY, TEMPLATE, sendgrid_config
from tests.dispatch.telling import tell

SENDGRID = SendGrid()
SEND = "POST /v3/mail/send"


def taken(number: str = "m1") -> httpx.Response:
    return httpx.Response(202, headers={"X-Message-Id": number})


def test_a_mail_is_sent_in_text_and_html() -> None:
    config = sendgrid_config(to="a@acme.example, b@acme.example;a@acme.example")
    told = tell(SENDGRID, notification(), config, None, taken())
    assert told.ways == [SEND]
    assert told.requests[0].url.host == "api.sendgrid.com"
    assert told.requests[0].headers["Authorization"] == f"Bearer {API_KEY}"
    mail = told.body()
    assert mail["personalizations"] == [{"to": [{"email": "a@acme.example"}, {"email": "b@acme.example"}]}]
    assert mail["from"] == {"email": "dispatch@acme.example", "name": "DispatchWatch"}
    assert mail["subject"].startswith("High: Late check-in: J. Ortiz")
    assert [part["type"] for part in mail["content"]] == ["text/plain", "text/html"]
    assert mail["custom_args"]["alert"] == f"dw:{notification().alert_key}"
    assert mail["tracking_settings"]["click_tracking"] == {"enable": False, "enable_text": False}
    assert told.kept.reference == "m1"


def test_follow_ups_join_the_thread_of_the_first() -> None:
    first = tell(SENDGRID, notification(), sendgrid_config(), None, taken())
    acknowledged = tell(SENDGRID, notification(Operation.ACKNOWLEDGE), sendgrid_config(), first.kept, taken("m2"))
    resolved = tell(SENDGRID, notification(Operation.RESOLVE), sendgrid_config(), acknowledged.kept, taken("m3"))
    opened = first.body()["headers"]["Message-ID"]
    assert opened.endswith("@acme.example>")
    for told in (acknowledged, resolved):
        mail = told.body()
        assert mail["headers"]["In-Reply-To"] == mail["headers"]["References"] == opened
        assert mail["headers"]["Message-ID"] != opened
        assert mail["subject"] == "Re: " + first.body()["subject"]
    assert resolved.body()["content"][0]["value"].startswith("Resolved: ")
    assert resolved.kept.reference == "m3"


def test_without_a_receipt_a_follow_up_is_a_mail_of_its_own() -> None:
    mail = tell(SENDGRID, notification(Operation.RESOLVE), sendgrid_config(), None, taken()).body()
    assert mail["subject"].startswith("Resolved: ")
    assert "In-Reply-To" not in mail["headers"]


def test_a_repeated_mail_bears_the_same_id_and_another_alert_another() -> None:
    ids = [
        tell(SENDGRID, told, sendgrid_config(), None, taken()).body()["headers"]["Message-ID"]
        for told in (notification(), notification(), notification(text="another"))
    ]
    assert ids[0] == ids[1] != ids[2]


def test_a_test_stands_alone() -> None:
    first = tell(SENDGRID, notification(), sendgrid_config(), None, taken())
    mail = tell(SENDGRID, notification(is_test=True), sendgrid_config(), first.kept, taken()).body()
    assert mail["subject"].startswith("TEST: ")
    assert "In-Reply-To" not in mail["headers"]
    assert "Nobody needs to act" in mail["content"][0]["value"]


def test_a_template_gets_what_there_is_to_say() -> None:
    config = sendgrid_config(template_id=TEMPLATE, region="eu")
    told = tell(SENDGRID, notification(severity=Severity.CRITICAL), config, None, taken())
    assert told.requests[0].url.host == "api.eu.sendgrid.com"
    mail = told.body()
    assert mail["template_id"] == TEMPLATE
    assert not {"subject", "content"} & mail.keys()
    data = mail["personalizations"][0]["dynamic_template_data"]
    assert (data["opening"], data["operation"], data["severity"]) == ("Critical", "raise", "critical")
    assert data["headline"].startswith("Critical: J. Ortiz")
    assert data["facts"][0] == {
        "label": "Label 0 J. Ortiz has not checked in at Smith & S",
        "value": notification().headline,
    }
    assert data["written_at"] == "2026-11-22T09:41:00+00:00"
    assert data["link"] == "https://field.example.com/jobs/1042?tab=a&b=c%7Cd"
    assert data["text"].startswith("Critical: ")
    assert data["html"].startswith("<p><strong>Critical: ")


def test_what_fills_a_template_has_no_control_characters() -> None:
    config = sendgrid_config(template_id=TEMPLATE)
    told = replace(notification(text=HOSTILE), facts=((HOSTILE, HOSTILE),) * 100)
    data = tell(SENDGRID, told, config, None, taken()).body()["personalizations"][0]["dynamic_template_data"]
    assert len(data["facts"]) == 60
    assert not {"\x00", "\x1b"} & set(data["headline"] + data["facts"][0]["label"] + data["facts"][0]["value"])


def test_the_check_sends_nothing() -> None:
    request = SENDGRID.check(sendgrid_config())
    mail = json.loads(request.content)
    assert mail["mail_settings"] == {"sandbox_mode": {"enable": True}}
    assert mail["from"] == {"email": "dispatch@acme.example"}
    assert request.headers["Authorization"] == f"Bearer {API_KEY}"


@pytest.mark.parametrize("answer", [httpx.Response(200), httpx.Response(202, text="<html>Sign in</html>")])
def test_an_answer_without_a_mails_id_leaves_the_outcome_open(answer: httpx.Response) -> None:
    failure = tell(SENDGRID, notification(), sendgrid_config(), None, answer).failure
    assert type(failure) is Unknown


@pytest.mark.parametrize(
    ("status", "message", "kind", "words"),
    [
        (400, "Does not contain a valid address.", Refused, "valid address"),
        (401, "The provided authorization grant is invalid", Unauthorised, "credentials"),
        (401, "Maximum credits exceeded", Unauthorised, "no mails left"),
        (403, "The from address does not match a verified Sender Identity", Unauthorised, "Sender Identity"),
        (429, "too many requests", Unreachable, "too many requests"),
        (500, "oops", Unreachable, "oops"),
    ],
)
def test_its_errors_become_a_sentence(status: int, message: str, kind: type[Failure], words: str) -> None:
    body = {"errors": [{"message": message, "field": None, "help": None}]}
    failure = SENDGRID.classify(httpx.Response(status, json=body))
    assert type(failure) is kind
    assert words in failure.message


def test_an_error_page_of_the_proxy_in_front_is_read_too() -> None:
    page = "<html><head><title>413 Request Entity Too Large</title></head></html>"
    failure = SENDGRID.classify(httpx.Response(413, text=page))
    assert type(failure) is Refused
    assert "413 Request Entity Too Large" in failure.message


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"X-RateLimit-Reset": "1795342867", "Date": "Sun, 22 Nov 2026 10:21:00 GMT"}, timedelta(seconds=7)),
        ({"X-RateLimit-Reset": "1795342860", "Date": "Sun, 22 Nov 2026 10:21:00 GMT"}, timedelta(0)),
        ({"X-RateLimit-Reset": "1995340400", "Date": "Sun, 22 Nov 2026 10:21:00 GMT"}, timedelta(hours=1)),
        ({"X-RateLimit-Reset": "soon", "Date": "Sun, 22 Nov 2026 10:21:00 GMT"}, None),
        ({"X-RateLimit-Reset": "1795342867"}, None),
        ({}, None),
        ({"Retry-After": "9"}, timedelta(seconds=9)),
    ],
)
def test_the_end_of_the_window_is_waited_for(headers: dict[str, str], wait: timedelta | None) -> None:
    failure = tell(SENDGRID, notification(), sendgrid_config(), None, httpx.Response(429, headers=headers)).failure
    assert isinstance(failure, Unreachable)
    assert failure.retry_after == wait


@pytest.mark.parametrize("operation", list(Operation))
def test_the_key_is_in_no_preview(operation: Operation) -> None:
    (request,) = previewed(SENDGRID, notification(operation), sendgrid_config())
    assert API_KEY not in json.dumps(preview(request, SENDGRID.secrets(sendgrid_config())))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("to", "nobody"),
        ("to", "a@acme.example b@acme.example"),
        ("to", "Eve <eve@acme.example>"),
        ("from_email", "a@b.c\nBcc: eve@evil.example"),
        ("api_key", "xx"),
        ("template_id", "d-1"),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_sent(key: str, value: str) -> None:
    values: dict[str, Any] = {"name": "x", "platform": "sendgrid", "to": "a@acme.example", "api_key": API_KEY}
    with pytest.raises(ConfigError) as caught:
        load(SendGridConfig, {**values, "from_email": "d@acme.example", key: value})
    assert set(caught.value.problems) == {key}


def test_what_is_known_of_the_platform() -> None:
    assert SENDGRID.repeat is Repeat.DOUBLES
    assert SENDGRID.operations == frozenset(Operation)
    assert tell(SENDGRID, notification(), sendgrid_config(), Receipt(), taken()).ways == [SEND]


def test_the_proxys_password_is_hidden_as_well() -> None:
    config = sendgrid_config(proxy="http://user:pass-7Kc2@proxy.acme.example:3128")
    assert any("pass-7Kc2" in hidden for hidden in SENDGRID.secrets(config))
