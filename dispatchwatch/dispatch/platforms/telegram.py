"""Telegram, through a bot.

An alert is a message, which is rewritten as the alert changes: an edit makes no phone ring, so a short reply to it says
what happened. Without the message (its receipt was lost, or somebody deleted it) a new one takes its place. Nothing is
deduplicated: a message whose answer was lost may stand there twice. A group that has become a supergroup has a new
number: messages go there at once.

Facts: core.telegram.org/bots/api 10.1 (escaping in HTML, 4,096 characters once read, 64 bytes of callback_data) and its
changelog; tdlib/telegram-bot-api, Client.cpp (error words, buttons whose address has no dot); core.telegram.org/bots/
faq (about 20 messages a minute in a group). Unconfirmed: that an edit notifies nobody, that characters count as UTF-16
units, that a word joiner after @ prevents a mention.
"""

from __future__ import annotations

import re
from datetime import timedelta
from html import escape
from typing import Any

import httpx

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch.accounts.telegram import (
    ACKNOWLEDGE,
    NOT_OK,
    TelegramAccount,
    TelegramConfig,
    addressee,
    message_of,
)
from dispatchwatch.dispatch.conversation import Conversation, Step
from dispatchwatch.dispatch.fields import parsed
from dispatchwatch.dispatch.marking import marked
from dispatchwatch.dispatch.platform import Rate, Repeat, words
from dispatchwatch.dispatch.reading import loose, named, picked, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.text import clip, one_line, utf16_units, web_link
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification

TEXT_LENGTH, REPLY_LENGTH = 4096, 400
MENTION = re.compile(r"@(?=\w)")
GONE = ("message to edit not found", "message can't be edited", "message_id_invalid", "migrate_to_chat_id")


class Telegram(TelegramAccount):
    operations = frozenset(Operation)
    repeat = Repeat.DOUBLES
    rate = Rate(20, timedelta(minutes=1))

    def tell(self, notification: Notification, config: TelegramConfig, receipt: Receipt | None) -> Conversation:
        if receipt is None or not receipt.reference:
            return (yield from self._new(notification, config))
        if notification.operation is not Operation.RAISE:
            edited = _edited(notification, config, receipt)
            answer = yield Step(self.call(config, "editMessageText", edited), receipt, NOT_OK)
            # What was taken comes back with its text, which may hold any words.
            said = "" if answer.is_success else words(answer).lower()
            if any(word in said for word in GONE):
                return (yield from self._new(notification, config))
            if not answer.is_success and "not modified" not in said:
                raise self.refusal(answer)
        yield Step(self.call(config, "sendMessage", _reply(notification, config, receipt)), receipt)
        return receipt

    def pretended(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        return httpx.Response(200, json={"ok": True, "result": {"message_id": 1, "chat": {"id": 1}}})

    def _new(self, notification: Notification, config: TelegramConfig) -> Conversation:
        """A message of its own; once more where the group has another number by now, or the link is not taken."""
        message = {**_place(config), "text": _html(notification)}
        buttons = _buttons(notification, config)
        answer = yield Step(self.call(config, "sendMessage", {**message, **buttons}), also=NOT_OK)
        moved = picked(loose(answer), "parameters", "migrate_to_chat_id")
        if moved:
            answer = yield Step(self.call(config, "sendMessage", {**message, **buttons, "chat_id": moved}))
        elif not answer.is_success and "BUTTON_URL_INVALID" in words(answer):
            message |= _buttons(notification, config, linked=False)
            answer = yield Step(self.call(config, "sendMessage", message))
        if not answer.is_success:
            raise self.refusal(answer)
        number, chat = named(answer, self.name, "result", "message_id"), text_at(loose(answer), "result", "chat", "id")
        return Receipt(number, {"message_id": number, "chat_id": chat or config.chat_id})


def _place(config: TelegramConfig) -> dict[str, Any]:
    topic = {"message_thread_id": int(config.message_thread_id)} if config.message_thread_id else {}
    plainly = {"parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
    return {"chat_id": addressee(config.chat_id), **topic, **plainly}


def _edited(notification: Notification, config: TelegramConfig, receipt: Receipt) -> dict[str, Any]:
    chat, number = message_of(receipt)
    place = {**_place(config), "chat_id": addressee(chat), "message_id": int(number)}
    place.pop("message_thread_id", None)
    return {**place, "text": _html(notification), **_buttons(notification, config)}


def _reply(notification: Notification, config: TelegramConfig, receipt: Receipt) -> dict[str, Any]:
    chat, number = message_of(receipt)
    said = clip(_unmentioning(marked(notification, one_line(notification.headline))), REPLY_LENGTH)
    to = {"message_id": int(number), "allow_sending_without_reply": True}
    return {**_place(config), "chat_id": addressee(chat), "text": escape(said, quote=False), "reply_parameters": to}


def _html(notification: Notification) -> str:
    """The letter, its first line bold. Its length counts before signs are escaped."""
    body = clip(_unmentioning(letter.text(notification, TEXT_LENGTH)), TEXT_LENGTH, utf16_units)
    first, line_break, rest = escape(body, quote=False).partition("\n")
    return f"<b>{first}</b>{line_break}{rest}"


def _unmentioning(words: str) -> str:
    return MENTION.sub("@\u2060", words)


def _buttons(notification: Notification, config: TelegramConfig, *, linked: bool = True) -> dict[str, Any]:
    link = parsed(web_link(notification.link)) if linked else None
    # Telegram refuses the whole message where the host of a button's address has no dot.
    row = [{"text": letter.OPEN_THE_VISIT, "url": str(link)}] if link and "." in link.host else []
    is_open = notification.operation in {Operation.RAISE, Operation.UPDATE} and not notification.is_test
    if is_open and config.acknowledge_button == "on":
        row.append({"text": "Acknowledge", "callback_data": ACKNOWLEDGE})
    return {"reply_markup": {"inline_keyboard": [row]}} if row else {}
