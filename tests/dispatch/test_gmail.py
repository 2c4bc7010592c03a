from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast
from urllib.parse import parse_qs

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import given
from hypothesis import strategies as st

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised, Unknown, Unreachable
from dispatchwatch.dispatch.fields import ConfigError, load
from dispatchwatch.dispatch.google import GoogleToken
from dispatchwatch.dispatch.mail import envelope
from dispatchwatch.dispatch.outgoing import previewed
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.platforms.gmail import MAY_SEND, SCOPE, Gmail, GmailConfig
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.redact import preview
from dispatchwatch.domain.alert import Operation
from tests.dispatch.samples import HOSTILE, every_notification, notification
from tests.dispatch.samples_gmail import (
    ACCOUNT,
    CLIENT_SECRET,
    REFRESH_TOKEN,
    gmail_config,
    private_key,
    service_account_config,
)
from tests.dispatch.telling import TOKEN, Told, tell

GMAIL = Gmail()
SEND = "POST /gmail/v1/users/me/messages/send"


def granted(**more: Any) -> httpx.Response:
    return httpx.Response(200, json={**TOKEN, **more})


def taken(number: str = "18f1", thread: str = "18f1") -> httpx.Response:
    return httpx.Response(200, json={"id": number, "threadId": thread, "labelIds": ["SENT"]})


def mail(told: Told, number: int = -1) -> EmailMessage:
    return read(told.body(number)["raw"])


def read(raw: str) -> EmailMessage:
    return message_from_bytes(urlsafe_b64decode(raw), policy=default)


def content(found: EmailMessage, kind: str) -> str:
    part = found.get_body(preferencelist=(kind,))
    assert part is not None
    return str(part.get_content())


def test_a_mail_is_sent_as_a_whole() -> None:
    config = gmail_config(to="a@acme.example; b@acme.example")
    told = tell(GMAIL, notification(), config, None, granted(), taken())
    assert told.ways == ["POST /token", SEND]
    assert told.requests[1].headers["Authorization"] == f"Bearer {TOKEN['access_token']}"
    found = mail(told)
    assert (found["From"], found["To"]) == ("DispatchWatch <dispatch@acme.example>", "a@acme.example, b@acme.example")
    assert found["Subject"] == letter.subject(notification())
    assert found["Auto-Submitted"] == "auto-generated"
    assert content(found, "plain").startswith("High: J. Ortiz has not checked in at Smith & Sons – 11 min late\n")
    assert content(found, "html").startswith("<p><strong>High: J. Ortiz")
    assert "threadId" not in told.body()
    assert told.kept.reference == "18f1"


def test_follow_ups_join_the_thread() -> None:
    first = tell(GMAIL, notification(), gmail_config(), None, granted(), taken())
    acknowledged = tell(
        GMAIL, notification(Operation.ACKNOWLEDGE), gmail_config(), first.kept, granted(), taken("18f2")
    )
    resolved = tell(GMAIL, notification(Operation.RESOLVE), gmail_config(), acknowledged.kept, granted(), taken("18f3"))
    opened = mail(first)
    for told in (acknowledged, resolved):
        found = mail(told)
        assert told.body()["threadId"] == "18f1"
        assert found["In-Reply-To"] == found["References"] == opened["Message-ID"]
        assert found["Message-ID"] != opened["Message-ID"]
        assert found["Subject"] == f"Re: {opened['Subject']}"
    assert content(mail(resolved), "plain").startswith("Resolved: ")
    assert resolved.kept.reference == "18f3"


def test_a_thread_that_is_gone_is_begun_anew() -> None:
    first = tell(GMAIL, notification(), gmail_config(), None, granted(), taken())
    end = notification(Operation.RESOLVE)
    told = tell(GMAIL, end, gmail_config(), first.kept, granted(), httpx.Response(404), taken("18f9", "18f9"))
    assert told.ways == ["POST /token", SEND, SEND]
    assert "threadId" not in told.body()
    assert mail(told)["In-Reply-To"] == mail(first)["Message-ID"]
    assert told.kept.details["thread"] == "18f9"


def test_without_a_receipt_a_follow_up_is_a_mail_of_its_own() -> None:
    told = tell(GMAIL, notification(Operation.RESOLVE), gmail_config(), None, granted(), taken())
    assert mail(told)["Subject"].startswith("Resolved: ")
    assert mail(told)["In-Reply-To"] is None


def test_a_test_stands_alone() -> None:
    first = tell(GMAIL, notification(), gmail_config(), None, granted(), taken())
    told = tell(GMAIL, notification(is_test=True), gmail_config(), first.kept, granted(), taken())
    assert mail(told)["Subject"].startswith("TEST: ")
    assert "threadId" not in told.body()
    assert "Nobody needs to act" in content(mail(told), "plain")


def test_the_same_notification_is_always_the_same_mail() -> None:
    one, other = (tell(GMAIL, notification(), gmail_config(), None, granted(), taken()).body() for _ in range(2))
    assert one == other


def check_whole(found: EmailMessage, subject: str) -> None:
    assert sorted(found.keys()) == sorted(
        ["From", "To", "Subject", "Message-ID", "Auto-Submitted", "Content-Type", "MIME-Version"]
    )
    assert found["Subject"] == subject
    assert found["To"] == "supervisor@acme.example"
    assert not found.defects


def test_no_text_breaks_the_mail() -> None:
    for label, told in every_notification():
        (request,) = previewed_once(told)
        found = read(json.loads(request.content)["raw"])
        check_whole(found, letter.subject(told))
        assert content(found, "plain").rstrip("\n") == letter.text(told), label


@given(st.text(max_size=200) | st.just(HOSTILE) | st.text(st.sampled_from("é :,;<>@\"'=?_\t\u202e👷"), max_size=200))
def test_no_subject_adds_a_header(text: str) -> None:
    told = replace(notification(text="x", facts=0), subject=text)
    (request,) = previewed_once(told)
    check_whole(read(json.loads(request.content)["raw"]), letter.subject(told))


def previewed_once(told: Any) -> list[httpx.Request]:
    conversation = GMAIL.tell(told, gmail_config(), None)
    return [next(conversation).request]


def test_a_person_signs_in_with_a_refresh_token() -> None:
    token = tell(GMAIL, notification(), gmail_config(), None, granted(), taken()).requests[0]
    assert str(token.url) == "https://oauth2.googleapis.com/token"
    assert parse_qs(token.content.decode()) == {
        "grant_type": ["refresh_token"], "refresh_token": [REFRESH_TOKEN],
        "client_id": ["1042.example"], "client_secret": [CLIENT_SECRET],
    }  # fmt: skip


def test_a_service_account_sends_for_the_mailbox() -> None:
    form = parse_qs(
        GoogleToken("Gmail", service_account_config(), SCOPE, MAY_SEND, lambda: 1000.5).grant().content.decode()
    )
    assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    public = load_pem_private_key(private_key().encode(), None).public_key()
    claims = jwt.decode(
        form["assertion"][0], cast("Any", public), algorithms=["RS256"], audience="https://oauth2.googleapis.com/token",
        options={"verify_exp": False, "verify_iat": False},
    )  # fmt: skip
    assert claims == {
        "iss": ACCOUNT, "sub": "dispatch@acme.example", "scope": SCOPE, "aud": "https://oauth2.googleapis.com/token",
        "iat": 1000, "exp": 1300,
    }  # fmt: skip
    told = tell(GMAIL, notification(), service_account_config(), None, granted(), taken())
    assert told.ways == ["POST /token", SEND]


def test_a_sign_in_that_may_not_send_is_told_before_anything_is_sent() -> None:
    told = tell(GMAIL, notification(), gmail_config(), None, granted(scope="openid email"))
    assert isinstance(told.failure, Unauthorised)
    assert "gmail.send" in told.failure.message
    assert told.ways == ["POST /token"]
    assert tell(GMAIL, notification(), gmail_config(), None, granted(scope=f"email {SCOPE}"), taken()).failure is None


def test_an_ended_sign_in_asks_a_person() -> None:
    told = tell(GMAIL, notification(), gmail_config(), None, httpx.Response(400, json={"error": "invalid_grant"}))
    assert isinstance(told.failure, Unauthorised)
    assert "invalid_grant" in told.failure.message


def error(status: int, reason: str, **more: Any) -> httpx.Response:
    said = {"code": status, "message": "Google’s words", "errors": [{"domain": "global", "reason": reason}], **more}
    return httpx.Response(status, json={"error": said})


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (error(403, "rateLimitExceeded"), Unreachable),
        (error(403, "userRateLimitExceeded"), Unreachable),
        (error(403, "dailyLimitExceeded"), Unreachable),
        (error(429, "rateLimitExceeded"), Unreachable),
        (error(403, "insufficientPermissions"), Unauthorised),
        (error(401, "authError"), Unauthorised),
        (error(400, "invalidArgument"), Refused),
        (error(503, "backendError"), Unreachable),
    ],
)
def test_what_an_error_means_is_in_its_reason(answer: httpx.Response, kind: type[Failure]) -> None:
    failure = GMAIL.classify(answer)
    assert type(failure) is kind
    assert "Google’s words" in failure.message


def test_the_check_is_passed_by_whoever_is_signed_in() -> None:
    request = GMAIL.check(gmail_config())
    assert (request.method, request.url.path) == ("GET", "/gmail/v1/users/me/profile")
    answer = error(403, "insufficientPermissions")
    answer.request = request
    assert GMAIL.classify(answer) is None
    answer = error(401, "authError")
    answer.request = request
    assert isinstance(GMAIL.classify(answer), Unauthorised)


def test_an_answer_of_somebody_else_leaves_the_outcome_open() -> None:
    for body in (b"<html>", b"{}", b"[]", b'{"id": "1"}'):
        told = tell(GMAIL, notification(), gmail_config(), None, granted(), httpx.Response(200, content=body))
        assert type(told.failure) is Unknown


def test_secrets_are_hidden() -> None:
    for config in (gmail_config(), service_account_config()):
        hidden = GMAIL.secrets(config)
        wanted = [private_key()] if config.service_account_key else [CLIENT_SECRET, REFRESH_TOKEN]
        assert set(wanted) <= set(hidden)
        requests = [one for operation in Operation for one in previewed(GMAIL, notification(operation), config)]
        shown = repr(config) + config.model_dump_json() + json.dumps([preview(one, hidden) for one in requests])
        assert not [secret for secret in hidden if secret and secret in shown]


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"client_id": "x", "client_secret": "x"}, "refresh_token"),
        ({"client_secret": "x", "refresh_token": "x"}, "client_id"),
        ({"authentication": "service_account"}, "service_account_key"),
        ({"authentication": "service_account", "service_account_key": "{}"}, "service_account_key"),
        ({"authentication": "service_account", "service_account_key": "-----BEGIN"}, "service_account_key"),
    ],
)
def test_each_way_to_sign_in_says_what_it_lacks(values: dict[str, str], key: str) -> None:
    base = {"name": "x", "platform": "gmail", "to": "a@acme.example", "mailbox": "d@acme.example"}
    with pytest.raises(ConfigError) as caught:
        load(GmailConfig, {**base, **values})
    assert set(caught.value.problems) == {key}


def test_what_is_known_of_the_platform() -> None:
    assert GMAIL.repeat is Repeat.DOUBLES
    assert GMAIL.operations == frozenset(Operation)
    assert GMAIL.rate is not None
    assert (GMAIL.rate.count, GMAIL.rate.per) == (60, timedelta(minutes=1))


def test_an_envelope_follows_nothing_that_has_no_id() -> None:
    assert "In-Reply-To" not in envelope(notification(), Receipt("x", {"thread": "t"}), "d@acme.example").headers
