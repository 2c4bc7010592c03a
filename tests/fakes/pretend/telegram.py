"""Telegram's Bot API: messages that can be edited. Text is HTML with few tags, checked as Telegram checks it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.pretend.service import Refusal, Service, Thing, body, on
from tests.fakes.receiver import Answer, Received

TOKEN = "123456789:AAq7Zs81LmPw03KxVt5RyUeHnd_b5Ys8Df1G"
CHAT = -1001234567890
TAG = re.compile(r"<(/?)([a-z-]+)((?:\s[^<>]*)?)>")
TAGS = {"b", "strong", "i", "em", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler"}


class Telegram(Service):
    key = "telegram"

    def standing(self, thing: Thing) -> str:
        return "sent"

    def let_in(self, received: Received) -> None:
        if not received.path.startswith(f"/bot{TOKEN}/"):
            raise Refusal(self.unknown_caller())

    def unknown_caller(self) -> Answer:
        return _no(401, "Unauthorized")

    def not_found(self) -> Answer:
        return _no(404, "Not Found")

    def trouble(self) -> Answer:
        return _no(500, "Internal Server Error")

    def too_many(self, wait: str) -> Answer:
        said = _no(429, "Too Many Requests: retry after 7", retry_after=7)
        return Answer(429, {"Retry-After": wait}, said.body)

    @on("POST", "/bot[^/]+/getMe")
    def me(self, received: Received) -> Answer:
        return _yes({"id": 123456789, "is_bot": True, "first_name": "Dispatch"})

    @on("GET", "/bot[^/]+/getMe")
    def me_too(self, received: Received) -> Answer:
        return self.me(received)

    @on("POST", "/bot[^/]+/getChat")
    def chat(self, received: Received) -> Answer:
        _chat(body(received))
        return _yes({"id": CHAT, "type": "supergroup"})

    @on("POST", "/bot[^/]+/sendMessage")
    def send(self, received: Received) -> Answer:
        given = body(received)
        _chat(given)
        words = _words(given)
        answers = given.get("reply_parameters", {})
        if answers and str(answers["message_id"]) not in self.things and not answers.get("allow_sending_without_reply"):
            return _no(400, "Bad Request: message to be replied not found")
        number = self.serial()
        fields = {"buttons": _buttons(given), "answers": str(answers.get("message_id", ""))}
        self.add(str(number), fields, words)
        return _yes({"message_id": number, "chat": {"id": CHAT, "type": "supergroup"}, "text": words})

    @on("POST", "/bot[^/]+/editMessageText")
    def edit(self, received: Received) -> Answer:
        given = body(received)
        _chat(given)
        thing = self.things.get(str(given.get("message_id")))
        if thing is None:
            return _no(400, "Bad Request: message to edit not found")
        words, buttons = _words(given), _buttons(given)
        if (words, buttons) == (thing.log[-1], thing.fields["buttons"]):
            return _no(400, "Bad Request: message is not modified: specified new message content and reply markup are "
                            "exactly the same as a current content and reply markup of the message")  # fmt: skip
        thing.log.append(words)
        thing.fields["buttons"] = buttons
        return _yes({"message_id": int(thing.id), "chat": {"id": CHAT, "type": "supergroup"}, "text": words})


def _chat(given: dict[str, Any]) -> None:
    if str(given.get("chat_id")) != str(CHAT):
        raise Refusal(_no(400, "Bad Request: chat not found"))


def _words(given: dict[str, Any]) -> str:
    """The text as people see it. Raises Refusal where Telegram does."""
    text = given.get("text", "")
    words = _parsed(text) if given.get("parse_mode") == "HTML" else text
    if not words.strip():
        raise Refusal(_no(400, "Bad Request: message text is empty"))
    if len(words.encode("utf-16-le")) // 2 > 4096:
        raise Refusal(_no(400, "Bad Request: message is too long"))
    return words


def _parsed(text: str) -> str:
    held: list[str] = []
    for closing, tag, _ in TAG.findall(text):
        if tag not in TAGS or (closing and (not held or held.pop() != tag)):
            raise Refusal(_no(400, f"Bad Request: can't parse entities: unsupported or unexpected tag {tag}"))
        if not closing:
            held.append(tag)
    bare = TAG.sub("", text)
    if held or "<" in bare or ">" in bare.replace("&gt;", ""):
        raise Refusal(_no(400, "Bad Request: can't parse entities: can't find end tag"))
    return unescape(bare)


def _buttons(given: dict[str, Any]) -> list[Any]:
    rows = list(given.get("reply_markup", {}).get("inline_keyboard", []))
    for button in (button for row in rows for button in row):
        if len(button.get("callback_data", "").encode()) > 64:
            raise Refusal(_no(400, "Bad Request: BUTTON_DATA_INVALID"))
        url = urlsplit(button.get("url", "https://a.b"))
        if url.scheme not in {"http", "https", "tg"} or "." not in (url.hostname or ""):
            raise Refusal(_no(400, "Bad Request: BUTTON_URL_INVALID"))
    return rows


def _yes(result: object) -> Answer:
    return Answer(body={"ok": True, "result": result})


def _no(status: int, description: str, **parameters: int) -> Answer:
    more = {"parameters": parameters} if parameters else {}
    return Answer(status, body={"ok": False, "error_code": status, "description": description, **more})
