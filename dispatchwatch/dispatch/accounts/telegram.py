"""A Telegram bot: its token and chat, what its refusals mean, which chats it is in, and who pressed its buttons.

With `acknowledge_button` each message has a button that `listen` hears by getUpdates. Only one program may ask for a
bot’s updates, and it gets those of all its chats: so the channels of one bot listen as one, with everything held by all
of them. Of a group that has become a supergroup the check says to enter its new number.

Facts: core.telegram.org/bots/api 10.1 (updates kept for 24 h and numbered anew after a quiet week) and its changelog;
tdlib/telegram-bot-api, Client.cpp (error words, 409).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch.conversation import Choice, Heard, Held, Listening, Lookup, News, Step
from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised, Unreachable
from dispatchwatch.dispatch.fields import ChannelConfig, choice, secret, text
from dispatchwatch.dispatch.platform import Platform, json_request
from dispatchwatch.dispatch.reading import loose, picked, read, rows, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.text import clip, one_line
from dispatchwatch.domain.alert import Operation

ACKNOWLEDGE = "acknowledge"
NOT_OK = frozenset({400})
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
BUTTON = "Whether messages can be acknowledged by a press; DispatchWatch asks Telegram who pressed it."


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
        "Button “Acknowledge”", {"off": "No button", "on": "Under each alert"}, default="off", help=BUTTON
    )


class TelegramAccount(Platform[TelegramConfig]):
    key = "telegram"
    name = "Telegram"
    config = TelegramConfig

    def call(self, config: TelegramConfig, method: str, told: Mapping[str, Any]) -> httpx.Request:
        return json_request("POST", f"https://api.telegram.org/bot{config.bot_token.get_secret_value()}/{method}", told)

    def secrets(self, config: TelegramConfig) -> tuple[str, ...]:
        token = config.bot_token.get_secret_value()
        return (token, token.partition(":")[2])

    def check(self, config: TelegramConfig) -> httpx.Request:
        return self.call(config, "getChat", {"chat_id": addressee(config.chat_id)})

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
            return self.refusal(response)
        return super().classify(response)

    def explain(self, response: httpx.Response) -> str:
        said = text_at(loose(response), "description") or super().explain(response)
        moved = text_at(loose(response), "parameters", "migrate_to_chat_id")
        if moved:
            return f"the group has become a supergroup. Enter its new number {moved} as chat_id"
        known = next((sentence for word, sentence in REASONS.items() if word in said.lower()), "")
        return f"{known} ({said})" if known else said

    def refusal(self, answer: httpx.Response) -> Refused:
        return Refused(f"Telegram does not take this message (HTTP {answer.status_code}): {self.explain(answer)}.")

    def look_up(self, field: str, config: TelegramConfig) -> Lookup | None:
        return self._chats(config) if field == "chat_id" else None

    def listen(self, held: Sequence[Held], config: TelegramConfig, cursor: str) -> Listening | None:
        return self._presses(held, config, cursor) if config.acknowledge_button == "on" else None

    def ear(self, config: TelegramConfig) -> str:
        return config.bot_token.get_secret_value()

    def _presses(self, held: Sequence[Held], config: TelegramConfig, cursor: str) -> Listening:
        """`cursor` confirms what was heard before. It is empty as soon as nothing is left to confirm: after a quiet
        week the numbers may begin anew, below it."""
        asked: dict[str, Any] = {"timeout": 0, "allowed_updates": ["callback_query"]}
        found = yield Step(self.call(config, "getUpdates", {**asked, **({"offset": int(cursor)} if cursor else {})}))
        updates = rows(read(found, self.name), "result")
        threads = {message_of(one.receipt): one.thread for one in held}
        news = []
        for update in updates:
            press = picked(update, "callback_query")
            if text_at(press, "data") != ACKNOWLEDGE:
                continue
            place = text_at(press, "message", "chat", "id"), text_at(press, "message", "message_id")
            thread, by = threads.get(place), _name(picked(press, "from"))
            said = "This alert is over, or not known any more." if thread is None else f"Acknowledged by {by}."
            shown = {"callback_query_id": text_at(press, "id"), "text": clip(said, 200)}
            yield Step(self.call(config, "answerCallbackQuery", shown), also=NOT_OK)
            if thread is not None:
                news.append(News(thread, Operation.ACKNOWLEDGE, by))
        numbers = [update["update_id"] for update in updates if isinstance(update.get("update_id"), int)]
        return Heard(tuple(news), str(max(numbers) + 1) if numbers else "")

    def _chats(self, config: TelegramConfig) -> Lookup:
        """The chats that somebody wrote in, or put the bot into, lately. Nothing is confirmed by asking so."""
        asked = {"timeout": 0, "allowed_updates": ["message", "my_chat_member", "callback_query"]}
        found = read((yield Step(self.call(config, "getUpdates", asked))), self.name)
        updates = rows(found, "result")
        chats = [picked(one, kind, "chat") for one in updates for kind in ("message", "my_chat_member")]
        named = {text_at(chat, "id"): text_at(chat, "title") or _name(chat) for chat in chats}
        return tuple(Choice(number, name) for number, name in named.items() if number)


def message_of(receipt: Receipt) -> tuple[str, str]:
    """Its chat and its number there."""
    return receipt.details.get("chat_id", ""), receipt.details.get("message_id", "")


def addressee(chat: str) -> int | str:
    return chat if chat.startswith("@") else int(chat)


def _name(person: Any) -> str:
    names = (text_at(person, "first_name"), text_at(person, "last_name"))
    return one_line(" ".join(filter(None, names))) or text_at(person, "username")
