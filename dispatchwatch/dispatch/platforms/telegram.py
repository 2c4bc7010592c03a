"""Telegram, through a bot.

An alert is a message, which is rewritten as the alert changes: an edit makes no phone ring, so a short reply to it says
what happened. Without the message (its receipt was lost, or somebody deleted it) a new one takes its place. Nothing is
deduplicated: a message whose answer was lost may stand there twice. With `acknowledge_button` the message has a button
that `listen` hears by getUpdates. Only one program may ask for a bot’s updates, and it gets those of all its chats: so
the channels of one bot listen as one, with everything held by all of them. A group that has become a supergroup has a
new number: messages go there at once, and the check says to enter it.

Facts: core.telegram.org/bots/api 10.1 (escaping in HTML, 4,096 characters once read, 64 bytes of callback_data, updates
kept for 24 h and numbered anew after a quiet week) and its changelog; tdlib/telegram-bot-api, Client.cpp (error words,
buttons whose address has no dot, 409); core.telegram.org/bots/faq (about 20 messages a minute in a group). Unconfirmed:
that an edit notifies nobody, that characters count as UTF-16 units, that a word joiner after @ prevents a mention.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from html import escape
from typing import Any

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch.conversation import Choice, Conversation, Heard, Held, Listening, Lookup, News, Step
from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised, Unreachable
from dispatchwatch.dispatch.fields import ChannelConfig, choice, parsed, secret, text
from dispatchwatch.dispatch.marking import marked
from dispatchwatch.dispatch.platform import Platform, Rate, Repeat, json_request, words
from dispatchwatch.dispatch.reading import loose, named, picked, read, rows, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.text import clip, one_line, utf16_units, web_link
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification

TEXT_LENGTH, REPLY_LENGTH = 4096, 400
ACKNOWLEDGE = "acknowledge"
NOT_OK = frozenset({400})
MENTION = re.compile(r"@(?=\w)")
GONE = ("message to edit not found", "message can't be edited", "message_id_invalid", "migrate_to_chat_id")
REASONS = {
    "chat not found": "it does not know this chat. Add the bot to the group, or check chat_id",
    "message thread not found": "the topic does not exist. Check message_thread_id",
    "blocked by the user": "the person has blocked the bot",
    "bot was kicked": "the bot was removed from the group. Add it again",
    "not a member": "the bot is not a member of the chat. Add it",
    "not enough rights": "the bot may not write there. Ask an administrator of the group",
    "getupdates": "another program asks for this bot’s updates, or it has a webhook. Only one may: end the other",
    "webhook is active": "the bot has a webhook, and then nobody can ask for its updates",
}


class TelegramConfig(ChannelConfig):
    bot_token: SecretStr = secret(
        "Bot token", help="From @BotFather in Telegram: a number, a colon and 35 letters and digits.",
        pattern=r"\d{5,}:[\w-]{20,}",
    )  # fmt: skip
    chat_id: str = text(
        "Chat", help="The number of the group (it begins with -100) or person, or @name.", pattern=r"-?\d+|@\w{4,}"
    )
    message_thread_id: str = text("Topic", default="", help="The number of a topic in the group.", pattern=r"\d+")
    acknowledge_button: str = choice(
        "Button “Acknowledge”",
        {"off": "No button", "on": "Under each alert; DispatchWatch asks Telegram who pressed it"},
        default="off",
    )


class Telegram(Platform[TelegramConfig]):
    key = "telegram"
    name = "Telegram"
    config = TelegramConfig
    operations = frozenset(Operation)
    repeat = Repeat.DOUBLES
    rate = Rate(20, timedelta(minutes=1))

    def tell(self, notification: Notification, config: TelegramConfig, receipt: Receipt | None) -> Conversation:
        if receipt is None or not receipt.reference:
            return (yield from self._new(notification, config))
        if notification.operation is not Operation.RAISE:
            edited = _edited(notification, config, receipt)
            answer = yield Step(_call(config, "editMessageText", edited), receipt, NOT_OK)
            # What was taken comes back with its text, which may hold any words.
            said = "" if answer.is_success else words(answer).lower()
            if any(word in said for word in GONE):
                return (yield from self._new(notification, config))
            if not answer.is_success and "not modified" not in said:
                raise self._refusal(answer)
        yield Step(_call(config, "sendMessage", _reply(notification, config, receipt)), receipt)
        return receipt

    def classify(self, response: httpx.Response) -> Failure | None:
        answer = loose(response)
        seconds = picked(answer, "parameters", "retry_after")
        if response.status_code == 429 and isinstance(seconds, int):
            return Unreachable(f"Telegram asks to wait {seconds} s.", timedelta(seconds=min(max(seconds, 0), 3600)))
        if response.status_code == 403:
            return Refused(f"Telegram does not take this message (HTTP 403): {self.explain(response)}.")
        if response.status_code == 404:
            return Unauthorised("Telegram does not know this bot token. Get it from @BotFather again (HTTP 404).")
        if response.is_success and picked(answer, "ok") is False:
            return self._refusal(response)
        return super().classify(response)

    def explain(self, response: httpx.Response) -> str:
        said = text_at(loose(response), "description") or super().explain(response)
        moved = text_at(loose(response), "parameters", "migrate_to_chat_id")
        if moved:
            return f"the group has become a supergroup. Enter its new number {moved} as chat_id"
        known = next((sentence for word, sentence in REASONS.items() if word in said.lower()), "")
        return f"{known} ({said})" if known else said

    def check(self, config: TelegramConfig) -> httpx.Request:
        return _call(config, "getChat", {"chat_id": _chat(config.chat_id)})

    def look_up(self, field: str, config: TelegramConfig) -> Lookup | None:
        return self._chats(config) if field == "chat_id" else None

    def listen(self, held: Sequence[Held], config: TelegramConfig, cursor: str) -> Listening | None:
        return self._presses(held, config, cursor) if config.acknowledge_button == "on" else None

    def ear(self, config: TelegramConfig) -> str:
        return config.bot_token.get_secret_value()

    def secrets(self, config: TelegramConfig) -> tuple[str, ...]:
        token = config.bot_token.get_secret_value()
        return (token, token.partition(":")[2])

    def pretended(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        return httpx.Response(200, json={"ok": True, "result": {"message_id": 1, "chat": {"id": 1}}})

    def _new(self, notification: Notification, config: TelegramConfig) -> Conversation:
        """A message of its own; once more where the group has another number by now, or the link is not taken."""
        message = {**_place(config), "text": _html(notification)}
        buttons = _buttons(notification, config)
        answer = yield Step(_call(config, "sendMessage", {**message, **buttons}), also=NOT_OK)
        moved = picked(loose(answer), "parameters", "migrate_to_chat_id")
        if moved:
            answer = yield Step(_call(config, "sendMessage", {**message, **buttons, "chat_id": moved}))
        elif not answer.is_success and "BUTTON_URL_INVALID" in words(answer):
            message |= _buttons(notification, config, linked=False)
            answer = yield Step(_call(config, "sendMessage", message))
        if not answer.is_success:
            raise self._refusal(answer)
        number, chat = named(answer, self.name, "result", "message_id"), text_at(loose(answer), "result", "chat", "id")
        return Receipt(number, {"message_id": number, "chat_id": chat or config.chat_id})

    def _refusal(self, answer: httpx.Response) -> Refused:
        return Refused(f"Telegram does not take this message (HTTP {answer.status_code}): {self.explain(answer)}.")

    def _presses(self, held: Sequence[Held], config: TelegramConfig, cursor: str) -> Listening:
        """`cursor` confirms what was heard before. It is empty as soon as nothing is left to confirm: after a quiet
        week the numbers may begin anew, below it."""
        asked: dict[str, Any] = {"timeout": 0, "allowed_updates": ["callback_query"]}
        found = yield Step(_call(config, "getUpdates", {**asked, **({"offset": int(cursor)} if cursor else {})}))
        updates = rows(read(found, self.name), "result")
        threads = {_message(one.receipt): one.thread for one in held}
        news = []
        for update in updates:
            press = picked(update, "callback_query")
            if text_at(press, "data") != ACKNOWLEDGE:
                continue
            place = text_at(press, "message", "chat", "id"), text_at(press, "message", "message_id")
            thread, by = threads.get(place), _name(picked(press, "from"))
            said = "This alert is over, or not known any more." if thread is None else f"Acknowledged by {by}."
            shown = {"callback_query_id": text_at(press, "id"), "text": clip(said, 200)}
            yield Step(_call(config, "answerCallbackQuery", shown), also=NOT_OK)
            if thread is not None:
                news.append(News(thread, Operation.ACKNOWLEDGE, by))
        numbers = [update["update_id"] for update in updates if isinstance(update.get("update_id"), int)]
        return Heard(tuple(news), str(max(numbers) + 1) if numbers else "")

    def _chats(self, config: TelegramConfig) -> Lookup:
        """The chats that somebody wrote in, or put the bot into, lately. Nothing is confirmed by asking so."""
        asked = {"timeout": 0, "allowed_updates": ["message", "my_chat_member", "callback_query"]}
        found = read((yield Step(_call(config, "getUpdates", asked))), self.name)
        updates = rows(found, "result")
        chats = [picked(one, kind, "chat") for one in updates for kind in ("message", "my_chat_member")]
        named = {text_at(chat, "id"): text_at(chat, "title") or _name(chat) for chat in chats}
        return tuple(Choice(number, name) for number, name in named.items() if number)


def _call(config: TelegramConfig, method: str, told: dict[str, Any]) -> httpx.Request:
    return json_request("POST", f"https://api.telegram.org/bot{config.bot_token.get_secret_value()}/{method}", told)


def _place(config: TelegramConfig) -> dict[str, Any]:
    topic = {"message_thread_id": int(config.message_thread_id)} if config.message_thread_id else {}
    plainly = {"parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
    return {"chat_id": _chat(config.chat_id), **topic, **plainly}


def _edited(notification: Notification, config: TelegramConfig, receipt: Receipt) -> dict[str, Any]:
    chat, number = _message(receipt)
    place = {**_place(config), "chat_id": _chat(chat), "message_id": int(number)}
    place.pop("message_thread_id", None)
    return {**place, "text": _html(notification), **_buttons(notification, config)}


def _reply(notification: Notification, config: TelegramConfig, receipt: Receipt) -> dict[str, Any]:
    chat, number = _message(receipt)
    said = clip(_unmentioning(marked(notification, one_line(notification.headline))), REPLY_LENGTH)
    to = {"message_id": int(number), "allow_sending_without_reply": True}
    return {**_place(config), "chat_id": _chat(chat), "text": escape(said, quote=False), "reply_parameters": to}


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


def _message(receipt: Receipt) -> tuple[str, str]:
    return receipt.details.get("chat_id", ""), receipt.details.get("message_id", "")


def _chat(chat: str) -> int | str:
    return chat if chat.startswith("@") else int(chat)


def _name(person: Any) -> str:
    names = (text_at(person, "first_name"), text_at(person, "last_name"))
    return one_line(" ".join(filter(None, names))) or text_at(person, "username")
