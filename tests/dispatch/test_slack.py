from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised, Unreachable
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.platforms.slack import Slack
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.domain.alert import Operation, Severity
from dispatchwatch.domain.notification import Notification
from tests.dispatch.samples import HOSTILE, WEBHOOK_PATH, notification, slack_config

SLACK = Slack()


def message(told: Notification) -> Any:
    return json.loads(SLACK.build(told, slack_config(), None).content)


def header(told: Notification) -> str:
    return str(message(told)["blocks"][0]["text"]["text"])


def test_an_alert_is_laid_out_for_reading() -> None:
    told = notification()
    request = SLACK.build(told, slack_config(), None)
    body = message(told)
    assert (request.method, str(request.url)) == ("POST", f"https://hooks.slack.com{WEBHOOK_PATH}")
    assert request.headers["Content-Type"] == "application/json"
    assert body["text"] == "High: J. Ortiz has not checked in at Smith &amp; Sons – 11 min late"
    assert [block["type"] for block in body["blocks"]] == ["header", "section", "section", "section", "context"]
    assert body["blocks"][2]["fields"][0]["text"].startswith("*Label 0 ")
    assert body["blocks"][3]["text"]["text"] == (
        "<https://field.example.com/jobs/1042?tab=a&amp;b=c%7Cd|Open the visit>"
    )
    assert body["blocks"][4]["elements"][0]["text"] == "DispatchWatch, 2026-11-22 09:41 UTC"


@pytest.mark.parametrize(
    ("told", "beginning"),
    [
        (notification(Operation.RAISE, severity=Severity.CRITICAL), "Critical · Late"),
        (notification(Operation.UPDATE), "Now high · Late"),
        (notification(Operation.ACKNOWLEDGE), "Acknowledged · Late"),
        (notification(Operation.RESOLVE), "Resolved · Late"),
        (notification(is_reminder=True), "Reminder · High · Late"),
        (notification(is_test=True), "TEST · High · Late"),
        (notification(Operation.RESOLVE, is_test=True), "TEST · High · Late"),
    ],
)
def test_what_kind_of_message_it_is_comes_first(told: Notification, beginning: str) -> None:
    assert header(told).startswith(beginning)
    assert message(told)["text"].startswith(beginning.partition(" · ")[0])


def test_a_headline_that_says_so_itself_is_not_marked_twice() -> None:
    assert message(notification(Operation.RESOLVE, text="Resolved: at Plant 4"))["text"] == "Resolved: at Plant 4"


def test_a_test_says_that_nobody_needs_to_act() -> None:
    assert "Nobody needs to act" in message(notification(is_test=True))["blocks"][-1]["elements"][0]["text"]


def test_facts_beyond_the_tenth_are_counted() -> None:
    body = message(notification(facts=13))
    assert len(body["blocks"][2]["fields"]) == 10
    assert body["blocks"][-1]["elements"][0]["text"].startswith("3 more in DispatchWatch")


@given(st.text(st.sampled_from("<>&!@#|*_~`\\\"' \nab👷é"), max_size=4000) | st.just(HOSTILE))
def test_no_text_can_mention_or_link(text: str) -> None:
    body = json.dumps(message(notification(text=text, facts=2)), ensure_ascii=False)
    assert re.findall("<[^>]*>?", body) == ["<https://field.example.com/jobs/1042?tab=a&amp;b=c%7Cd|Open the visit>"]


def test_a_cut_never_falls_into_an_escape() -> None:
    for length in range(2990, 3010):
        text = message(notification(text="x" * length + "&&&&"))["blocks"][1]["text"]["text"]
        assert len(text) <= 3000
        assert re.sub("&amp;", "", text).count("&") == 0


def test_ok_is_the_only_good_answer() -> None:
    assert SLACK.parse(httpx.Response(200, text="ok")) == Receipt()
    with pytest.raises(Refused, match="does not take this message: Slack could not read the message"):
        SLACK.parse(httpx.Response(200, text="invalid_payload"))
    with pytest.raises(Refused, match="gives no reason"):
        SLACK.parse(httpx.Response(200, text=""))
    with pytest.raises(Refused, match="Sign in"):
        SLACK.parse(httpx.Response(200, text="<html><title>Sign in</title></html>"))


@pytest.mark.parametrize(
    ("status", "word", "kind", "words"),
    [
        (403, "invalid_token", Unauthorised, "Make a new incoming webhook"),
        (404, "no_service", Unauthorised, "removed or switched off"),
        (404, "no_team", Unauthorised, "workspace does not exist"),
        (404, "no_active_hooks", Unauthorised, "removed or switched off"),
        (403, "action_prohibited", Unauthorised, "administrator"),
        (404, "channel_not_found", Refused, "does not exist any more"),
        (410, "channel_is_archived", Refused, "Un-archive it"),
        (400, "invalid_payload", Refused, "could not read"),
        (400, "user_not_found", Refused, "somebody else"),
        (500, "rollup_error", Unreachable, "could not store"),
        (500, "no_service", Unreachable, "no_service"),
    ],
)
def test_slacks_words_are_put_into_plain_ones(status: int, word: str, kind: type[Failure], words: str) -> None:
    failure = SLACK.classify(httpx.Response(status, text=word))
    assert type(failure) is kind
    assert words in failure.message
    assert word in failure.message


def test_what_is_known_of_the_platform() -> None:
    assert SLACK.check(slack_config()) is None
    assert SLACK.repeat is Repeat.DOUBLES
    assert SLACK.operations == frozenset(Operation)
    assert SLACK.secrets(slack_config()) == (
        WEBHOOK_PATH.removeprefix("/services/"),
        WEBHOOK_PATH.rpartition("/")[2],
    )
