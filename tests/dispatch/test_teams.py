from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised, Unknown, Unreachable
from dispatchwatch.dispatch.fields import ConfigError, load
from dispatchwatch.dispatch.outgoing import previewed
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.platforms.teams import Teams, TeamsConfig
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.redact import preview
from dispatchwatch.dispatch.sender import Sender
from dispatchwatch.domain.alert import Operation, Severity
from dispatchwatch.domain.notification import Notification
from tests.dispatch.samples import HOSTILE, NOW, every_notification, notification
from tests.dispatch.samples_teams import PATH, QUERY, SIGNATURE, URL, teams_config
from tests.dispatch.telling import tell
from tests.fakes.receiver import Answer, Receiver

TEAMS = Teams()
FLOW = "https://default0a.4e.environment.api.powerplatform.com"


def card(told: Notification) -> Any:
    (attachment,) = json.loads(TEAMS.build(told, teams_config(), None).content)["attachments"]
    return attachment["content"]


def texts(told: Notification) -> list[str]:
    return ["".join(run["text"] for run in block["inlines"]) for block in card(told)["body"]]


def test_an_alert_is_laid_out_for_reading() -> None:
    told = replace(notification(text="J. Ortiz is late"), facts=(("Visit", "1042"), ("Site", "Plant 4")))
    assert texts(told) == [
        "High · Late check-in: J. Ortiz is late",
        "High: J. Ortiz is late",
        "Visit: 1042",
        "Site: Plant 4",
        "DispatchWatch, 2026-11-22 09:41 UTC",
    ]
    shown = card(told)
    assert shown["actions"] == [
        {
            "type": "Action.OpenUrl",
            "title": "Open the visit",
            "url": "https://field.example.com/jobs/1042?tab=a&b=c%7Cd",
        }
    ]
    assert (shown["type"], shown["version"]) == ("AdaptiveCard", "1.4")
    assert "actions" not in card(replace(told, link=""))


@pytest.mark.parametrize(
    ("told", "beginning", "colour"),
    [
        (notification(severity=Severity.CRITICAL), "Critical · Late", "attention"),
        (notification(Operation.UPDATE, severity=Severity.WARNING), "Now warning · Late", "warning"),
        (notification(Operation.ACKNOWLEDGE), "Acknowledged · Late", "attention"),
        (notification(Operation.RESOLVE), "Resolved · Late", "good"),
        (notification(is_reminder=True), "Reminder · High · Late", "attention"),
        (notification(is_test=True), "TEST · High · Late", "attention"),
    ],
)
def test_what_kind_of_message_it_is_comes_first(told: Notification, beginning: str, colour: str) -> None:
    assert texts(told)[0].startswith(beginning)
    assert card(told)["body"][0]["inlines"][0]["color"] == colour


def test_a_test_says_that_nobody_needs_to_act() -> None:
    assert "Nobody needs to act" in texts(notification(is_test=True))[-1]


def test_nothing_of_ours_stands_where_teams_reads_markdown_or_dates() -> None:
    told = notification(text=HOSTILE + " **bold** [x](https://evil) {{DATE(2026-11-22T09:41:00Z)}} {{{{TIME(x)}}")
    assert {block["type"] for block in card(told)["body"]} == {"RichTextBlock"}
    assert not [text for text in texts(told) if "{{" in text]
    assert "{ {DATE(2026-11-22T09:41:00Z)}} { { { {TIME(x)}}" in texts(told)[1]


def test_every_card_is_below_the_limit() -> None:
    for label, told in every_notification():
        assert len(TEAMS.build(told, teams_config(), None).content) < 28 * 1024, label
    assert len(texts(notification(facts=60, text="short"))) == 63


def test_the_address_leaves_as_it_is() -> None:
    with Receiver() as receiver:
        receiver.script("*", Answer(202, body=""))
        sender = Sender()

        async def send() -> Receipt:
            try:
                return await sender.send(TEAMS, notification(), teams_config(receiver.url), None, NOW)
            finally:
                await sender.aclose()

        assert asyncio.run(send()) == Receipt()
        (received,) = receiver.wait_for(1)
    assert received.target == f"{PATH}?{QUERY}"
    assert "authorization" not in received.headers


@pytest.mark.parametrize("answer", [httpx.Response(202), httpx.Response(200, text="1"), httpx.Response(204)])
def test_any_success_is_one(answer: httpx.Response) -> None:
    assert tell(TEAMS, notification(), teams_config(), None, answer).kept == Receipt()


def test_a_web_page_is_no_answer_of_teams() -> None:
    failure = tell(TEAMS, notification(), teams_config(), None, httpx.Response(200, text=" <html>Sign in")).failure
    assert type(failure) is Unknown


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (401, {"error": {"code": "DirectApiAuthorizationRequired", "message": "no"}}, Unauthorised, "copy it from the"),
        (404, {"error": {"code": "WorkflowNotFound", "message": "gone"}}, Unauthorised, "deleted or switched off"),
        (404, "nothing here", Refused, "nothing here"),
        (401, "<html><title>Proxy</title></html>", Unauthorised, "Proxy"),
        (400, {"error": {"code": "TriggerInputSchemaMismatch", "message": "bad input"}}, Refused, "bad input"),
        (429, {"error": {"code": "RateLimit", "message": "slow down"}}, Unreachable, "slow down"),
        (502, "", Unreachable, "502"),
    ],
)
def test_its_errors_become_a_sentence(status: int, body: Any, kind: type[Failure], words: str) -> None:
    content = body if isinstance(body, str) else json.dumps(body)
    failure = TEAMS.classify(httpx.Response(status, text=content))
    assert type(failure) is kind
    assert words in failure.message


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://acme.webhook.office.com/webhookb2/1@2/IncomingWebhook/3/4", "has retired those"),
        ("https://outlook.office.com/webhook/1@2/IncomingWebhook/3/4", "has retired those"),
        (
            "https://prod-01.westeurope.logic.azure.com:443/workflows/1/triggers/manual/paths/invoke?sig=x",
            "30 November",
        ),
        (f"{FLOW}/powerautomate/automations/direct/workflows/1?api-version=1", "“Anyone”"),
        (f"{FLOW.replace('https', 'http')}/powerautomate?sig=x", "must begin with https"),
        ("https://api.powerplatform.com.evil.example/x?sig=x", "must begin with https"),
        ("https://evil.example/x?sig=x", "must begin with https"),
        ("no-address", "no web address"),
    ],
)
def test_addresses_that_cannot_work_are_explained(url: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(TeamsConfig, {"name": "x", "platform": "teams", "webhook_url": url})
    assert words in caught.value.problems["webhook_url"]
    assert url not in str(caught.value)


def test_a_server_on_this_computer_may_stand_in() -> None:
    url = "http://127.0.0.1:8080/flow?sig=x"
    config = load(TeamsConfig, {"name": "x", "platform": "teams", "webhook_url": url})
    assert str(TEAMS.build(notification(), config, None).url) == url


def test_the_signature_is_in_no_preview() -> None:
    (request,) = previewed(TEAMS, notification(), teams_config())
    shown = json.dumps(preview(request, TEAMS.secrets(teams_config())))
    assert SIGNATURE not in shown
    assert "environment.api.powerplatform.com" in shown
    assert SIGNATURE not in repr(teams_config())


def test_an_encoded_signature_is_hidden_in_both_forms() -> None:
    config = teams_config(webhook_url=URL.replace(SIGNATURE, "q7Zs81%2BLmPw03%2FKxVt"))
    assert {"q7Zs81%2BLmPw03%2FKxVt", "q7Zs81+LmPw03/KxVt"} <= set(TEAMS.secrets(config))


def test_what_is_known_of_the_platform() -> None:
    assert TEAMS.check(teams_config()) is None
    assert TEAMS.repeat is Repeat.DOUBLES
    assert TEAMS.operations == frozenset(Operation)


def test_the_proxys_password_is_hidden_as_well() -> None:
    config = teams_config(proxy="http://user:pass-7Kc2@proxy.acme.example:3128")
    assert any("pass-7Kc2" in hidden for hidden in TEAMS.secrets(config))
