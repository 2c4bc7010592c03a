"""Telegram's Bot API: messages that can be edited, and buttons below them. Text is HTML with few tags, checked as
Telegram checks it. What people press waits as an update until it is confirmed, by asking for those behind it."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.pretend.people import Peopled, Person
from tests.fakes.pretend.service import Refusal, Thing, body, on
from tests.fakes.receiver import Answer, Received

TOKEN = "123456789:AAq7Zs81LmPw03KxVt5RyUeHnd_b5Ys8Df1G"
CHAT, OTHER_CHAT = -1001234567890, -1009876543210
KEPT = timedelta(hours=24)
"""How long an update waits for being asked for."""
MOST_UPDATES = 100
TAG = re.compile(r"<(/?)([a-z-]+)((?:\s[^<>]*)?)>")
TAGS = {"b", "strong", "i", "em", "u", "s", "code", "pre", "a", "blockquote", "tg-spoiler"}


class Telegram(Peopled):
    key = "telegram"

    def begin(self) -> None:
        super().begin()
        self.updates: list[dict[str, Any]] = []
        self.next_update = 870_000_000
        self.unanswered: dict[str, str] = {}
        """Presses by their id, while whoever pressed sees the button at work."""
        self.said: list[str] = []
        """What was shown to those who pressed."""
        self.sent = dict.fromkeys((CHAT, OTHER_CHAT), 0)

    def done_by(self, person: Person, thing: Thing, standing: str) -> None:
        """Presses the button that is called so."""
        (data,) = [one["callback_data"] for row in thing.fields["buttons"] for one in row if "callback_data" in one]
        assert standing.startswith(data)
        number = str(40_000_000_000 + self.next_update)
        chat, _, message = thing.id.partition("/")
        first, _, last = person.name.partition(" ")
        place = {"message_id": int(message), "chat": {"id": int(chat), "type": "supergroup"}}
        who = {"id": int(person.number), "is_bot": False, "first_name": first, "last_name": last}
        press = {"id": number, "from": who, "message": place, "chat_instance": "1", "data": data}
        self.updates.append({"update_id": self.next_update, "callback_query": press, "at": self.now()})
        self.unanswered[number] = data
        self.next_update += 1

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
        return _yes({"id": _chat(body(received)), "type": "supergroup"})

    @on("POST", "/bot[^/]+/getUpdates")
    def get_updates(self, received: Received) -> Answer:
        given = body(received)
        waiting = [one for one in self.updates if self.now() - one["at"] < KEPT]
        self.updates = [one for one in waiting if one["update_id"] >= given.get("offset", 0)]
        kinds = given.get("allowed_updates", ["callback_query"])
        found = [{name: told for name, told in one.items() if name != "at"} for one in self.updates]
        return _yes([one for one in found if one.keys() & set(kinds)][: given.get("limit", MOST_UPDATES)])

    @on("POST", "/bot[^/]+/answerCallbackQuery")
    def answer_press(self, received: Received) -> Answer:
        given = body(received)
        if self.unanswered.pop(given["callback_query_id"], None) is None:
            return _no(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if len(given.get("text", "")) > 200:
            return _no(400, "Bad Request: MESSAGE_TOO_LONG")
        self.said.append(given.get("text", ""))
        return _yes(True)

    @on("POST", "/bot[^/]+/sendMessage")
    def send(self, received: Received) -> Answer:
        given = body(received)
        chat, words = _chat(given), _words(given)
        answers = given.get("reply_parameters", {})
        is_there = f"{chat}/{answers.get('message_id')}" in self.things
        if answers and not is_there and not answers.get("allow_sending_without_reply"):
            return _no(400, "Bad Request: message to be replied not found")
        fields = {"buttons": _buttons(given), "answers": str(answers.get("message_id", ""))}
        # Each group counts its own messages: two of them may have messages of the same number.
        self.sent[chat] += 1
        return _yes(_shown(self.add(f"{chat}/{self.sent[chat]}", fields, words)))

    @on("POST", "/bot[^/]+/editMessageText")
    def edit(self, received: Received) -> Answer:
        given = body(received)
        thing = self.things.get(f"{_chat(given)}/{given.get('message_id')}")
        if thing is None:
            return _no(400, "Bad Request: message to edit not found")
        words, buttons = _words(given), _buttons(given)
        if (words, buttons) == (thing.log[-1], thing.fields["buttons"]):
            return _no(400, "Bad Request: message is not modified: specified new message content and reply markup are "
                            "exactly the same as a current content and reply markup of the message")  # fmt: skip
        thing.log.append(words)
        thing.fields["buttons"] = buttons
        return _yes(_shown(thing))


def _chat(given: dict[str, Any]) -> int:
    for chat in (CHAT, OTHER_CHAT):
        if str(given.get("chat_id")) == str(chat):
            return chat
    raise Refusal(_no(400, "Bad Request: chat not found"))


def _shown(thing: Thing) -> dict[str, Any]:
    chat, _, number = thing.id.partition("/")
    return {"message_id": int(number), "chat": {"id": int(chat), "type": "supergroup"}, "text": thing.log[-1]}


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
