"""Asking Telegram for messages to the office's bot, so that no public address is needed.

Facts of the Bot API (study/platforms-11-20.md, section 2): getUpdates waits up to `timeout` seconds for an update; the
updates below `offset` are confirmed by it and gone; one poller per bot, a second gets 409, and so does one beside a
webhook. The token stands in the address, which `intake/web.py` never shows.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from threading import Event
from time import monotonic
from typing import Any

from dispatchwatch.app.inbound_config import TelegramCheckInConfig
from dispatchwatch.app.telegram_check_in import UPDATES_LIVE, Message, Reply, message_of
from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.web import Limits, Page, Request, Web
from dispatchwatch.intake.web_way import Way

LOG = logging.getLogger(__name__)
WAIT = 25
FIRST_REST, LONGEST_REST = 5.0, 300.0
MOST_TRIES = 3
LONGEST_TEXT = 4096
TROUBLES: dict[int, tuple[str, float]] = {
    401: ("Telegram does not know the bot’s token. Get it from @BotFather again.", 600.0),
    404: ("Telegram does not know the bot’s token. Get it from @BotFather again.", 600.0),
    409: ("Another program asks for this bot’s messages, or it has a webhook. Only one may: end the other.", 60.0),
}


class Trouble(Exception):
    """Telegram can’t be asked; a sentence, and the seconds to wait before asking again (None: as things go)."""

    def __init__(self, text: str, rest: float | None = None) -> None:
        super().__init__(text)
        self.rest = rest


class TelegramAsker:
    """Runs in a thread of its own. `take` is `TelegramCheckIns.answer`, done on the engine's loop; it blocks.

    `others` gets updates that are no messages (buttons under alerts), since only one program may ask.
    `trouble` hears a sentence when asking begins to fail, and "" when it works again. `way` is how requests leave the
    office.
    """

    def __init__(
        self,
        config: TelegramCheckInConfig,
        take: Callable[[Message], Reply | None],
        *,
        trouble: Callable[[str], None],
        others: Callable[[dict[str, Any]], None] = lambda _: None,
        way: Way | None = None,
        wait: int = WAIT,
        steady: Callable[[], float] = monotonic,
    ) -> None:
        self._token = config.token
        self._take = take
        self._trouble = trouble
        self._others = others
        self._base_url = config.base_url.rstrip("/")
        self._wait = wait
        self._steady = steady
        self._web = Web(Limits(total=timedelta(seconds=wait + 20), quiet=timedelta(seconds=wait + 10)), way=way)
        self._offset: int | None = None
        self._last = steady()
        self._rest = FIRST_REST
        self._said = ""
        self._tries: dict[int, int] = {}

    def run(self, stop: Event) -> None:
        """Asks until told to stop; a question under way is not waited for, so let the thread be a daemon."""
        while not stop.is_set():
            stop.wait(self.ask())
        self._web.close()

    def ask(self) -> float:
        """One question, and everything it brings done and answered. Returns the seconds to rest before the next."""
        try:
            for update in self._updates():
                self._one(update)
        except Trouble as trouble:
            self._say(str(trouble))
            return self._resting(trouble.rest)
        except FeedError as error:
            self._say(f"Telegram: {error}")
            return self._resting(None)
        self._say("")
        self._rest = FIRST_REST
        return 0.0

    def _updates(self) -> list[dict[str, Any]]:
        if self._steady() - self._last > UPDATES_LIVE.total_seconds():
            # Everything is confirmed or gone by now, and after a quiet week numbers may begin anew below the offset.
            self._offset = None
        asked: dict[str, Any] = {"timeout": self._wait, "allowed_updates": ["message", "callback_query"]}
        if self._offset is not None:
            asked["offset"] = self._offset
        found = self._call("getUpdates", asked)
        if not isinstance(found, list):
            raise Trouble("Telegram answered with something that is no list of messages. It is asked again.")
        return [one for one in found if isinstance(one, dict) and isinstance(one.get("update_id"), int)]

    def _one(self, update: dict[str, Any]) -> None:
        number = update["update_id"]
        reply = self._taken(number, update)
        if reply is not None:
            self._send(reply)
        # Numbers are taken as they come: the next question confirms what was done, and nothing that was not.
        self._offset, self._last = number + 1, self._steady()
        self._tries.pop(number, None)

    def _taken(self, number: int, update: dict[str, Any]) -> Reply | None:
        """What is to be answered. Raises Trouble where this should be tried again."""
        message = message_of(update)
        try:
            if message is not None:
                return self._take(message)
            self._others(update)
        except Exception:
            tries = self._tries[number] = self._tries.get(number, 0) + 1
            LOG.exception("a message from Telegram could not be taken (try %s of %s)", tries, MOST_TRIES)
            if tries < MOST_TRIES:
                raise Trouble("A message from Telegram could not be taken and is tried again; see the log.") from None
        return None

    def _send(self, reply: Reply) -> None:
        """An answer that does not arrive is only told of: what it speaks of is done."""
        buttons = [[{"text": text}] for text in reply.buttons]
        markup = (
            {"keyboard": buttons, "one_time_keyboard": True, "resize_keyboard": True}
            if buttons
            else {"remove_keyboard": True}
        )
        try:
            told = {"chat_id": reply.chat, "text": reply.text[:LONGEST_TEXT], "reply_markup": markup}
            self._call("sendMessage", told)
        except (Trouble, FeedError) as error:
            LOG.warning("an answer to a technician did not go out over Telegram: %s", error)

    def _call(self, method: str, told: dict[str, Any]) -> Any:
        """The `result` of a method. Raises Trouble and FeedError."""
        page = self._web.fetch(
            Request(
                url=f"{self._base_url}/bot{self._token.get_secret_value()}/{method}",
                method="POST",
                headers={"Content-Type": "application/json"},
                body=json.dumps(told).encode(),
                secret=True,
            )
        )
        answer = _json(page)
        if page.status == 200 and answer.get("ok") is True:
            return answer.get("result")
        if page.status in TROUBLES:
            raise Trouble(*TROUBLES[page.status])
        parameters = answer.get("parameters")
        told_rest = parameters.get("retry_after") if isinstance(parameters, dict) else None
        rest = float(min(told_rest, 3600)) if isinstance(told_rest, int) and told_rest > 0 else None
        raise Trouble(f"Telegram refuses ({page.status}). It is asked again.", rest)

    def _resting(self, told: float | None) -> float:
        rest, self._rest = self._rest, min(self._rest * 2, LONGEST_REST)
        return rest if told is None else told

    def _say(self, text: str) -> None:
        if text != self._said:
            self._said = text
            self._trouble(text)


def _json(page: Page) -> dict[str, Any]:
    try:
        found = json.loads(page.body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
