from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised, Unknown, Unreachable
from dispatchwatch.dispatch.fields import ConfigError, load
from dispatchwatch.dispatch.microsoft import MicrosoftToken
from dispatchwatch.dispatch.outgoing import previewed
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.platforms.outlook import Outlook, OutlookConfig
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.redact import preview
from dispatchwatch.domain.alert import Operation, Severity
from tests.dispatch.samples import notification
from tests.dispatch.samples_outlook import (
    CLIENT_ID,
    CLIENT_SECRET,
    REFRESH_TOKEN,
    TENANT,
    delegated_config,
    outlook_config,
)
from tests.dispatch.telling import tell

OUTLOOK = Outlook()
ROOT = "/v1.0/users/dispatch@acme.example"


def threaded(**more: Any) -> OutlookConfig:
    return outlook_config(replies="yes", **more)


def drafted(number: str) -> httpx.Response:
    return httpx.Response(201, json={"id": number, "isDraft": True})


def sent() -> httpx.Response:
    return httpx.Response(202)


def test_a_mail_is_sent_in_one_request() -> None:
    told = tell(OUTLOOK, notification(), outlook_config(to="a@acme.example, b@acme.example"), None, sent())
    assert told.ways == [f"POST {ROOT}/sendMail"]
    assert told.requests[0].url.host == "graph.microsoft.com"
    body = told.body()
    message = body["message"]
    assert body["saveToSentItems"] is True
    assert message["subject"].startswith("High: Late check-in: J. Ortiz")
    assert message["body"]["contentType"] == "HTML"
    assert message["body"]["content"].startswith("<p><strong>High: J. Ortiz")
    assert [one["emailAddress"]["address"] for one in message["toRecipients"]] == ["a@acme.example", "b@acme.example"]
    assert all(one["name"].startswith("x-") for one in message["internetMessageHeaders"])
    assert told.kept == Receipt()


@pytest.mark.parametrize(
    ("operation", "severity", "importance"),
    [
        (Operation.RAISE, Severity.CRITICAL, "high"),
        (Operation.RAISE, Severity.HIGH, "high"),
        (Operation.UPDATE, Severity.WARNING, "normal"),
        (Operation.RESOLVE, Severity.CRITICAL, "normal"),
    ],
)
def test_what_is_urgent_is_important(operation: Operation, severity: Severity, importance: str) -> None:
    told = tell(OUTLOOK, notification(operation, severity=severity), outlook_config(), None, sent())
    assert told.body()["message"]["importance"] == importance


def test_a_person_sends_from_their_own_mailbox() -> None:
    told = tell(OUTLOOK, notification(), delegated_config(cloud="china"), None, sent())
    assert told.ways == ["POST /v1.0/me/sendMail"]
    assert told.requests[0].url.host == "microsoftgraph.chinacloudapi.cn"


def test_follow_ups_are_replies_where_that_is_allowed() -> None:
    first = tell(OUTLOOK, notification(), threaded(), None, drafted("AA=="), sent())
    assert first.ways == [f"POST {ROOT}/messages", f"POST {ROOT}/messages/AA==/send"]
    assert first.requests[1].url.raw_path.endswith(b"/messages/AA%3D%3D/send")
    assert first.body(0)["subject"].startswith("High: ")
    assert first.requests[0].headers["Prefer"] == 'IdType="ImmutableId"'
    acknowledged = tell(OUTLOOK, notification(Operation.ACKNOWLEDGE), threaded(), first.kept, drafted("BB"), sent())
    resolved = tell(OUTLOOK, notification(Operation.RESOLVE), threaded(), acknowledged.kept, drafted("CC"), sent())
    for told, number in ((acknowledged, "BB"), (resolved, "CC")):
        assert told.ways == [f"POST {ROOT}/messages/AA==/createReply", f"POST {ROOT}/messages/{number}/send"]
        message = told.body(0)["message"]
        assert message["toRecipients"] == [{"emailAddress": {"address": "supervisor@acme.example"}}]
        assert "subject" not in message
    assert resolved.body(0)["message"]["body"]["content"].startswith("<p><strong>Resolved: ")
    assert resolved.kept == first.kept


def test_a_first_mail_that_was_deleted_is_followed_by_a_new_one() -> None:
    first = tell(OUTLOOK, notification(), threaded(), None, drafted("AA"), sent())
    end = notification(Operation.RESOLVE)
    told = tell(OUTLOOK, end, threaded(), first.kept, httpx.Response(404), drafted("BB"), sent())
    assert told.ways == [
        f"POST {ROOT}/messages/AA/createReply", f"POST {ROOT}/messages", f"POST {ROOT}/messages/BB/send"
    ]  # fmt: skip
    assert told.body(1)["subject"].startswith("Resolved: ")


@pytest.mark.parametrize(
    ("stands", "ways"),
    [
        (httpx.Response(200, json={"isDraft": False}), []),
        (httpx.Response(200, json={"isDraft": True}), [f"POST {ROOT}/messages/AA/send"]),
        (httpx.Response(404), [f"POST {ROOT}/messages", f"POST {ROOT}/messages/BB/send"]),
    ],
)
def test_a_draft_whose_sending_got_no_answer_is_looked_at_first(stands: httpx.Response, ways: list[str]) -> None:
    first = tell(OUTLOOK, notification(), threaded(), None, drafted("AA"), httpx.ReadTimeout("no answer"))
    assert isinstance(first.failure, Unknown)
    answers = [sent() if way.endswith("send") else drafted("BB") for way in ways]
    again = tell(OUTLOOK, notification(), threaded(), first.receipt, stands, *answers)
    assert again.ways == [f"GET {ROOT}/messages/AA", *ways]
    assert again.kept == Receipt(details={"message": "BB" if len(ways) == 2 else "AA"})


def test_a_reply_that_broke_off_is_finished_and_stays_in_its_thread() -> None:
    first = tell(OUTLOOK, notification(), threaded(), None, drafted("AA"), sent())
    end = notification(Operation.RESOLVE)
    broken = tell(OUTLOOK, end, threaded(), first.kept, drafted("BB"), httpx.Response(503))
    again = tell(OUTLOOK, end, threaded(), broken.receipt, httpx.Response(200, json={"isDraft": True}), sent())
    assert again.ways == [f"GET {ROOT}/messages/BB", f"POST {ROOT}/messages/BB/send"]
    assert again.kept == first.kept


def test_what_one_operation_left_behind_is_nothing_to_the_next() -> None:
    broken = tell(OUTLOOK, notification(), threaded(), None, drafted("AA"), httpx.ReadTimeout("no answer"))
    told = tell(OUTLOOK, notification(Operation.RESOLVE), threaded(), broken.receipt, drafted("BB"), sent())
    assert told.ways == [f"POST {ROOT}/messages", f"POST {ROOT}/messages/BB/send"]


def test_a_test_stands_alone() -> None:
    first = tell(OUTLOOK, notification(), threaded(), None, drafted("AA"), sent())
    told = tell(OUTLOOK, notification(is_test=True), threaded(), first.kept, drafted("BB"), sent())
    assert told.ways[0] == f"POST {ROOT}/messages"
    assert told.body(0)["subject"].startswith("TEST: ")


def form(request: httpx.Request) -> dict[str, list[str]]:
    return parse_qs(request.content.decode())


def test_an_app_signs_in_for_itself() -> None:
    request = MicrosoftToken("Outlook", outlook_config(), ("Mail.Send",)).grant()
    assert str(request.url) == f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"
    assert form(request) == {
        "grant_type": ["client_credentials"], "scope": ["https://graph.microsoft.com/.default"],
        "client_id": [CLIENT_ID], "client_secret": [CLIENT_SECRET],
    }  # fmt: skip


def test_a_person_signs_in_with_a_refresh_token_and_the_new_one_is_used_from_then_on() -> None:
    auth = OUTLOOK.auth(delegated_config(cloud="usgov", replies="yes"))
    request = auth.grant()
    assert request.url.host == "login.microsoftonline.us"
    graph = "https://graph.microsoft.us"
    assert form(request)["scope"] == [f"{graph}/Mail.Send {graph}/Mail.ReadWrite offline_access"]
    assert form(request)["refresh_token"] == [REFRESH_TOKEN]
    auth.accept({"access_token": "a", "refresh_token": "another-one"})
    assert form(auth.grant())["refresh_token"] == ["another-one"]
    assert "another-one" in auth.secrets()


def token(*roles: str) -> str:
    claims = urlsafe_b64encode(json.dumps({"roles": roles}).encode()).decode().rstrip("=")
    return f"e30.{claims}.c2ln"


def test_an_app_that_may_not_send_is_told_before_anything_is_sent() -> None:
    auth = OUTLOOK.auth(outlook_config())
    with pytest.raises(Unauthorised, match=r"grant it Mail\.Send"):
        auth.accept({"access_token": token("User.Read.All")})
    for accepted in (token("Mail.Send", "User.Read.All"), "opaque", "a.b.c", "e30.e30.c2ln"):
        auth.accept({"access_token": accepted})


def error(status: int, code: str) -> httpx.Response:
    return httpx.Response(status, json={"error": {"code": code, "message": "Microsoft’s words", "innerError": {}}})


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (error(400, "ErrorInvalidRecipients"), Refused),
        (error(401, "InvalidAuthenticationToken"), Unauthorised),
        (error(403, "ErrorAccessDenied"), Unauthorised),
        (error(404, "ErrorInvalidUser"), Refused),
        (error(413, "RequestEntityTooLarge"), Refused),
        (error(429, "ApplicationThrottled"), Unreachable),
        (error(503, "ServiceUnavailable"), Unreachable),
    ],
)
def test_its_errors_become_a_sentence(answer: httpx.Response, kind: type[Failure]) -> None:
    failure = OUTLOOK.classify(answer)
    assert type(failure) is kind
    assert "Microsoft’s words" in failure.message


@pytest.mark.parametrize(("config", "path"), [(outlook_config(), ROOT), (delegated_config(), "/v1.0/me")])
def test_the_check_is_passed_by_whoever_is_signed_in(config: OutlookConfig, path: str) -> None:
    request = OUTLOOK.check(config)
    assert (request.method, request.url.path) == ("GET", path)
    denied = error(403, "Authorization_RequestDenied")
    denied.request = request
    assert OUTLOOK.classify(denied) is None
    unknown = error(404, "Request_ResourceNotFound")
    unknown.request = request
    assert isinstance(OUTLOOK.classify(unknown), Refused)


def test_a_web_page_is_no_answer_of_outlook() -> None:
    told = tell(OUTLOOK, notification(), outlook_config(), None, httpx.Response(200, text="<html>Sign in</html>"))
    assert type(told.failure) is Unknown
    for body in (b"<html>", b"{}", b""):
        told = tell(OUTLOOK, notification(), threaded(), None, httpx.Response(201, content=body))
        assert type(told.failure) is Unknown


def test_secrets_are_hidden() -> None:
    for config, secret in ((threaded(), CLIENT_SECRET), (delegated_config(), REFRESH_TOKEN)):
        assert secret in OUTLOOK.secrets(config)
        assert secret not in repr(config) + config.model_dump_json()
        for operation in Operation:
            requests = previewed(OUTLOOK, notification(operation), config)
            assert secret not in json.dumps([preview(request, OUTLOOK.secrets(config)) for request in requests])


@pytest.mark.parametrize(
    ("values", "keys"),
    [
        ({}, {"client_secret", "mailbox"}),
        ({"client_secret": "x"}, {"mailbox"}),
        ({"authentication": "delegated"}, {"refresh_token"}),
        ({"authentication": "delegated", "refresh_token": "x", "tenant_id": "a/b"}, {"tenant_id"}),
        ({"client_secret": "x", "mailbox": "a/../b"}, {"mailbox"}),
    ],
)
def test_each_way_to_sign_in_says_what_it_lacks(values: dict[str, str], keys: set[str]) -> None:
    base = {"name": "x", "platform": "outlook", "to": "a@acme.example", "tenant_id": TENANT, "client_id": CLIENT_ID}
    with pytest.raises(ConfigError) as caught:
        load(OutlookConfig, {**base, **values})
    assert set(caught.value.problems) == keys


def test_what_is_known_of_the_platform() -> None:
    assert OUTLOOK.repeat is Repeat.DOUBLES
    assert OUTLOOK.operations == frozenset(Operation)
    assert OUTLOOK.rate is not None
    assert (OUTLOOK.rate.count, OUTLOOK.rate.per) == (30, timedelta(minutes=1))
