from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import httpx
import pytest

from dispatchwatch.dispatch.conversation import Choice, Held
from dispatchwatch.dispatch.errors import Refused, Unauthorised, Unknown, Unreachable
from dispatchwatch.dispatch.outgoing import previewed
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.platforms.telegram import Telegram
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.domain.alert import Operation
from tests.dispatch.samples import every_notification, notification
from tests.dispatch.samples_telegram import CHAT, SECRET, TOKEN, telegram_config
from tests.dispatch.telling import Told, asked, json_, tell

TELEGRAM = Telegram()
MESSAGE = Receipt("55", {"message_id": "55", "chat_id": str(CHAT)})
SENT = json_(200, {"ok": True, "result": {"message_id": 55, "chat": {"id": CHAT}}})


def no(status: int, description: str, **parameters: int) -> httpx.Response:
    body = {"ok": False, "error_code": status, "description": description}
    return json_(status, {**body, "parameters": parameters} if parameters else body)


def methods(told: Told) -> list[str]:
    return [request.url.path.rpartition("/")[2] for request in told.requests]


def buttons(body: Any) -> list[str]:
    return [one["text"] for row in body.get("reply_markup", {}).get("inline_keyboard", []) for one in row]


def test_an_alert_is_a_message_with_buttons() -> None:
    told = tell(TELEGRAM, notification(), telegram_config(message_thread_id="7"), None, SENT)
    assert str(told.requests[0].url) == f"https://api.telegram.org/bot{TOKEN}/sendMessage"
    body = told.body()
    assert (body["chat_id"], body["message_thread_id"], body["parse_mode"]) == (CHAT, 7, "HTML")
    assert body["text"].startswith("<b>High: J. Ortiz has not checked in at Smith &amp; Sons – 11 min late</b>\n")
    assert body["link_preview_options"] == {"is_disabled": True}
    assert buttons(body) == ["Open the visit", "Acknowledge"]
    assert told.kept == MESSAGE
    assert TELEGRAM.repeat is Repeat.DOUBLES


@pytest.mark.parametrize(
    ("operation", "begins", "shown"),
    [
        (Operation.UPDATE, "Now high: ", ["Open the visit", "Acknowledge"]),
        (Operation.ACKNOWLEDGE, "Acknowledged: ", ["Open the visit"]),
        (Operation.RESOLVE, "Resolved: ", ["Open the visit"]),
    ],
)
def test_a_change_rewrites_the_message_and_rings_by_a_short_reply(
    operation: Operation, begins: str, shown: list[str]
) -> None:
    told = tell(TELEGRAM, notification(operation), telegram_config(message_thread_id="7"), MESSAGE, SENT, SENT)
    assert methods(told) == ["editMessageText", "sendMessage"]
    edit, reply = told.body(0), told.body(1)
    assert (edit["message_id"], edit["chat_id"], buttons(edit)) == (55, CHAT, shown)
    assert edit["text"].startswith(f"<b>{begins}")
    assert "message_thread_id" not in edit
    assert (reply["reply_parameters"]["message_id"], reply["message_thread_id"]) == (55, 7)
    assert reply["text"].startswith(begins)
    assert buttons(reply) == []
    assert told.kept == MESSAGE


def test_a_reminder_is_a_reply() -> None:
    told = tell(TELEGRAM, notification(is_reminder=True), telegram_config(), MESSAGE, SENT)
    assert methods(told) == ["sendMessage"]
    assert told.body()["text"].startswith("Reminder: ")


def test_a_failure_between_edit_and_reply_keeps_the_message() -> None:
    told = notification(Operation.RESOLVE)
    first = tell(TELEGRAM, told, telegram_config(), MESSAGE, SENT, no(502, "Bad Gateway"))
    assert first.receipt == MESSAGE
    unchanged = no(400, "Bad Request: message is not modified: specified new message content is exactly the same")
    assert tell(TELEGRAM, told, telegram_config(), first.receipt, unchanged, SENT).failure is None


@pytest.mark.parametrize(
    "said", ["Bad Request: message to edit not found", "Bad Request: message can't be edited", "MESSAGE_ID_INVALID"]
)
def test_a_message_that_is_gone_is_sent_anew(said: str) -> None:
    new = json_(200, {"ok": True, "result": {"message_id": 60, "chat": {"id": CHAT}}})
    told = tell(TELEGRAM, notification(Operation.RESOLVE), telegram_config(), MESSAGE, no(400, said), new)
    assert methods(told) == ["editMessageText", "sendMessage"]
    assert told.kept.reference == "60"


def test_a_text_that_speaks_of_errors_is_none() -> None:
    said = {"message_id": 55, "chat": {"id": CHAT}, "text": "message to edit not found, BUTTON_URL_INVALID"}
    taken = json_(200, {"ok": True, "result": said})
    assert len(tell(TELEGRAM, notification(), telegram_config(), None, taken).requests) == 1
    told = tell(TELEGRAM, notification(Operation.RESOLVE), telegram_config(), MESSAGE, taken, SENT)
    assert told.kept == MESSAGE


def test_without_a_receipt_it_is_a_message_of_its_own() -> None:
    told = tell(TELEGRAM, notification(Operation.RESOLVE), telegram_config(), None, SENT)
    assert told.body()["text"].startswith("<b>Resolved: ")
    assert buttons(told.body()) == ["Open the visit"]


def test_a_group_that_moved_is_followed_and_the_check_says_so() -> None:
    moved = no(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-100777)
    new = json_(200, {"ok": True, "result": {"message_id": 3, "chat": {"id": -100777}}})
    told = tell(TELEGRAM, notification(), telegram_config(), None, moved, new)
    assert told.body()["chat_id"] == -100777
    assert told.kept.details["chat_id"] == "-100777"
    again = tell(TELEGRAM, notification(Operation.RESOLVE), telegram_config(), MESSAGE, moved, moved, new)
    assert again.kept.details == {"message_id": "3", "chat_id": "-100777"}
    failure = TELEGRAM.classify(moved)
    assert isinstance(failure, Refused)
    assert "Enter its new number -100777 as chat_id" in failure.message


def test_a_link_without_a_dot_makes_no_button_and_one_that_is_not_taken_is_left_out() -> None:
    inside = replace(notification(), link="http://fieldserver/jobs/1")
    told = tell(TELEGRAM, inside, telegram_config(acknowledge_button="off"), None, SENT)
    assert buttons(told.body()) == []
    assert "http://fieldserver/jobs/1" in told.body()["text"]
    refused = no(400, "Bad Request: BUTTON_URL_INVALID")
    assert buttons(tell(TELEGRAM, notification(), telegram_config(), None, refused, SENT).body()) == ["Acknowledge"]


def test_a_test_is_marked_and_has_no_button_to_press() -> None:
    body = tell(TELEGRAM, notification(is_test=True), telegram_config(), None, SENT).body()
    assert body["text"].startswith("<b>TEST: ")
    assert "Nobody needs to act" in body["text"]
    assert "Acknowledge" not in buttons(body)


def test_no_text_is_markup_or_a_mention_or_too_long() -> None:
    for label, told in every_notification():
        for request in previewed(TELEGRAM, told, telegram_config()):
            text = json.loads(request.content)["text"]
            assert set(re.findall("<[^>]*>?", text)) <= {"<b>", "</b>"}, label
            seen = unescape(re.sub("</?b>", "", text))
            assert 1 <= len(seen.encode("utf-16-le", "surrogatepass")) // 2 <= 4096, label
            assert not re.search(r"@\w", seen), label


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (no(400, "Bad Request: chat not found"), Refused, "Add the bot to the group"),
        (no(400, "Bad Request: message thread not found"), Refused, "topic does not exist"),
        (no(403, "Forbidden: bot was blocked by the user"), Refused, "has blocked the bot"),
        (no(403, "Forbidden: bot was kicked from the supergroup chat"), Refused, "removed from the group"),
        (no(401, "Unauthorized"), Unauthorised, "credentials"),
        (no(404, "Not Found"), Unauthorised, "does not know this bot token"),
        (no(409, "Conflict: terminated by other getUpdates request"), Refused, "another program"),
        (no(500, "Internal Server Error"), Unreachable, "problem of its own"),
        (no(200, "Odd"), Refused, "Odd"),
        (json_(200, {"ok": True, "result": {}}), Unknown, "names nothing"),
    ],
)
def test_its_errors_in_plain_words(answer: httpx.Response, kind: type[Exception], words: str) -> None:
    failure = tell(TELEGRAM, notification(), telegram_config(), None, answer).failure
    assert type(failure) is kind
    assert words in failure.message
    assert SECRET not in failure.message


def test_it_waits_as_long_as_the_body_says() -> None:
    failure = tell(
        TELEGRAM, notification(), telegram_config(), None, no(429, "Too Many Requests", retry_after=7)
    ).failure
    assert isinstance(failure, Unreachable)
    assert failure.retry_after == timedelta(seconds=7)


def press(update: int, chat: int, message: int, **person: str) -> dict[str, Any]:
    query = {
        "id": f"q{update}",
        "data": "acknowledge",
        "from": person,
        "message": {"message_id": message, "chat": {"id": chat}},
    }
    return {"update_id": update, "callback_query": query}


def test_a_button_that_was_pressed_is_heard_and_answered() -> None:
    held = [Held("a", MESSAGE), Held("b", Receipt("9", {"message_id": "9", "chat_id": "42"})), Held("c", Receipt())]
    updates = [
        press(100, CHAT, 55, first_name="Ana", last_name="Ruiz"),
        press(101, CHAT, 56, username="old"),
        press(102, 42, 9, username="ben"),
        {"update_id": 103, "message": {"text": "hi"}},
    ]
    answers = [json_(200, {"ok": True, "result": True}), no(400, "query is too old"), json_(200, {"ok": True})]
    requests, heard = asked(
        TELEGRAM.listen(held, telegram_config(), "100"), json_(200, {"ok": True, "result": updates}), *answers
    )
    told = [json.loads(request.content) for request in requests]
    assert (told[0]["offset"], told[0]["timeout"], told[0]["allowed_updates"]) == (100, 0, ["callback_query"])
    assert [(one["callback_query_id"], one["text"]) for one in told[1:]] == [
        ("q100", "Acknowledged by Ana Ruiz."),
        ("q101", "This alert is over, or not known any more."),
        ("q102", "Acknowledged by ben."),
    ]
    assert [(one.thread, one.operation, one.by) for one in heard.news] == [
        ("a", Operation.ACKNOWLEDGE, "Ana Ruiz"), ("b", Operation.ACKNOWLEDGE, "ben"),
    ]  # fmt: skip
    assert heard.cursor == "104"


def test_the_cursor_is_given_up_once_everything_is_confirmed() -> None:
    empty = json_(200, {"ok": True, "result": []})
    _, heard = asked(TELEGRAM.listen([], telegram_config(), "104"), empty)
    assert (heard.news, heard.cursor) == ((), "")
    requests, _ = asked(TELEGRAM.listen([], telegram_config(), ""), empty)
    assert "offset" not in json.loads(requests[0].content)
    assert TELEGRAM.listen([], telegram_config(acknowledge_button="off"), "") is None


def test_chats_are_chosen_from_those_that_the_bot_was_seen_in() -> None:
    updates = [
        {"update_id": 1, "message": {"chat": {"id": CHAT, "title": "Late"}}},
        {"update_id": 2, "my_chat_member": {"chat": {"id": 7, "first_name": "Ana"}}},
        {"update_id": 3, "my_chat_member": {}},
    ]
    requests, found = asked(TELEGRAM.look_up("chat_id", telegram_config(chat_id="1")), json_(200, {"result": updates}))
    assert found == (Choice(str(CHAT), "Late"), Choice("7", "Ana"))
    assert "offset" not in json.loads(requests[0].content)


def test_the_check_asks_for_the_chat_and_the_token_is_secret_in_the_address_too() -> None:
    request = TELEGRAM.check(telegram_config(chat_id="@northside_late"))
    assert request.url.path.endswith("/getChat")
    assert json.loads(request.content) == {"chat_id": "@northside_late"}
    assert TELEGRAM.secrets(telegram_config()) == (TOKEN, SECRET)
