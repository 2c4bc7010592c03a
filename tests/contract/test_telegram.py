from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from jsonschema import ValidationError
from openapi_schema_validator import OAS31Validator

from dispatchwatch.dispatch.conversation import Held, rehearsed
from dispatchwatch.dispatch.platforms.telegram import Telegram
from dispatchwatch.dispatch.receipt import Receipt
from tests.contract.contracts import contract, request_schema
from tests.dispatch.samples import every_notification
from tests.dispatch.samples_telegram import CHAT, telegram_config
from tests.dispatch.telling import asked, json_

TELEGRAM = Telegram()
MESSAGE = Receipt("55", {"message_id": "55", "chat_id": str(CHAT)})


@pytest.fixture(scope="module")
def validators() -> dict[str, Any]:
    document = contract("telegram")
    return {path[1:]: OAS31Validator(request_schema(document, path)) for path in document["paths"]}


def hold(validators: dict[str, Any], request: httpx.Request) -> None:
    assert request.method == "POST"
    validators[request.url.path.rpartition("/")[2]].validate(json.loads(request.content))


def test_the_contract_has_teeth(validators: dict[str, Any]) -> None:
    for method, body in (
        ("sendMessage", {"text": "x"}),
        ("sendMessage", {"chat_id": 1, "text": ""}),
        ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [[{"url": "https://a.b"}]]}}),
        ("editMessageText", {"chat_id": 1, "text": "x"}),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}),
    ):
        with pytest.raises(ValidationError):
            validators[method].validate(body)


def test_every_request_is_one_that_telegram_takes(validators: dict[str, Any]) -> None:
    held = 0
    for _, told in every_notification():
        for config in (telegram_config(message_thread_id="7"), telegram_config(chat_id="@northside_late")):
            for receipt in (None, MESSAGE):
                for request in rehearsed(TELEGRAM.tell(told, config, receipt), TELEGRAM.pretended)[0]:
                    hold(validators, request)
                    held += 1
    assert held > 800


def test_so_are_the_questions(validators: dict[str, Any]) -> None:
    query = {"id": "1", "data": "acknowledge", "from": {"first_name": "x" * 300}}
    query["message"] = {"message_id": 55, "chat": {"id": CHAT}}
    answer = json_(200, {"ok": True, "result": [{"update_id": 1, "callback_query": query}]})
    listening, _ = asked(TELEGRAM.listen([Held("a", MESSAGE)], telegram_config(), "1"), answer, answer)
    choosing, _ = asked(TELEGRAM.look_up("chat_id", telegram_config()), answer)
    for request in (*listening, *choosing, TELEGRAM.check(telegram_config())):
        hold(validators, request)
