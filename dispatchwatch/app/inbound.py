"""What comes in by itself: the office software's events, check-in links, and messages to the office's bot.

Built with everything else; nothing of it runs where the configuration does not ask for it, and its libraries are then
not even loaded.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

from dispatchwatch.app.check_in_links import Action, Answer, CheckIns, Step
from dispatchwatch.app.clock import Clock
from dispatchwatch.app.config import Config
from dispatchwatch.app.desk import Desk
from dispatchwatch.app.ears import Ears, passed_on
from dispatchwatch.app.hearing import Ear
from dispatchwatch.app.inbound_config import TelegramCheckInConfig
from dispatchwatch.app.kept_inbox import KeptInbox
from dispatchwatch.app.prompting import Prompts
from dispatchwatch.app.telegram_check_in import UPDATES_LIVE, Message, Reply, TelegramCheckIns
from dispatchwatch.domain.visit import Visit, VisitKey
from dispatchwatch.domain.watched import Watched
from dispatchwatch.intake.webhook import WebhookConfig
from dispatchwatch.store.store import Store

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from dispatchwatch.app.listening import Listener

T = TypeVar("T")
LINKS_KEPT = timedelta(days=2)
LISTENER, TELEGRAM = "listener", "telegram"


class Room(Protocol):
    """The part of the engine that is needed; its coroutines run on its own loop."""

    @property
    def loop(self) -> asyncio.AbstractEventLoop: ...

    async def perform(self, deed: Callable[[Desk, datetime], T]) -> T: ...

    async def read_feed(self, name: str) -> None:
        """Reads the feed of this name, if there is one, and takes in what it says."""
        ...

    def heard(self, event: str, text: str, door: str = "", *, channel: str = "", with_toast: bool = False) -> None:
        """Says that requests are taken, that one was refused, or that something keeps word from coming in. `door` is
        where: its fault lasts until something else is heard of it."""
        ...


class Inbound:
    """Lives on the engine's thread; the listener and the asking for messages have threads of their own."""

    def __init__(
        self,
        config: Config,
        store: Store,
        inbox: KeptInbox,
        visits: Callable[[], Iterable[Watched]],
        ears: Ears,
        clock: Clock,
    ) -> None:
        """`visits` are those on the board, each appointment once."""
        self._config = config
        self._store = store
        self._inbox = inbox
        self._visits = visits
        self._ears = ears
        self._clock = clock
        self._prompts: Prompts | None = None
        self._listener: Listener | None = None
        self._no_more_asking = threading.Event()

    async def start(self, room: Room) -> None:
        """Begins to listen and to ask. What can't be had is said, and everything else goes on."""
        if self._config.listener is not None:
            await self._listen(room)
        told = self._config.telegram_check_in
        ear = self._ears.at("telegram", told.token.get_secret_value()) if told is not None else None
        self._ears.start(room, passed=ear)
        if told is not None:
            self._ask_telegram(room, told, ear)

    async def stop(self) -> None:
        self._no_more_asking.set()
        if self._prompts is not None:
            self._prompts.stop()
        if self._listener is not None:
            await asyncio.to_thread(self._listener.stop)
        await self._ears.stop()

    async def tidy(self) -> None:
        """Lets go of what is of no use any more."""
        now = self._clock.now()
        self._inbox.forget(now)
        self._store.check_in_links.forget((now - LINKS_KEPT).astimezone(self._config.office.zone).date())
        self._store.chats.forget(now - 2 * UPDATES_LIVE, now)

    async def _listen(self, room: Room) -> None:
        from dispatchwatch.app.listening import Listener, ListeningError

        if self._config.listener is None or not (routes := self._routes(room)):
            return
        listener = Listener(self._config.listener, routes)
        try:
            await asyncio.to_thread(listener.start)
        except ListeningError as problem:
            room.heard("fault", str(problem), LISTENER)
            return
        self._listener = listener
        room.heard("listening", f"requests are taken at {listener.url}", LISTENER)

    def _routes(self, room: Room) -> list[BaseRoute]:
        from dispatchwatch.app.check_in_page import CheckInPage
        from dispatchwatch.app.listening import on_loop
        from dispatchwatch.app.webhook_door import Reception, WebhookDoor

        routes: list[BaseRoute] = []
        hooks = [feed for feed in self._config.feeds if isinstance(feed, WebhookConfig)]
        if hooks:
            self._prompts = Prompts(room.read_feed)
            reception = Reception(self._inbox, self._prompts.poll)
            door = WebhookDoor(hooks, on_loop(room.loop, reception.take), self._clock, self._refused(room))
            routes.extend(door.routes())
        if self._config.listener is not None and self._config.listener.check_in_links:
            check_ins = CheckIns(self._store.check_in_links, self._visit)

            async def answer(step: Step) -> Answer:
                if step.action is Action.LOOK:
                    return check_ins.look(step.token, self._clock.now())
                return await room.perform(lambda desk, now: check_ins.answer(step, desk, now))

            routes.extend(CheckInPage(on_loop(room.loop, answer), self._clock).routes())
        return routes

    def _refused(self, room: Room) -> Callable[[str, str], None]:
        def tell(feed: str, reason: str) -> None:
            text = f"a request to the webhook {feed} was not taken: {reason}"
            room.loop.call_soon_threadsafe(room.heard, "request_refused", text)

        return tell

    def _ask_telegram(self, room: Room, told: TelegramCheckInConfig, ear: Ear | None) -> None:
        """`ear` listens for buttons under alerts of the same bot: only one program may ask for it."""
        from dispatchwatch.app.telegram_asking import TelegramAsker

        check_ins = TelegramCheckIns(self._store.chats, lambda: [one.visit for one in self._visits()])

        def take(message: Message) -> Reply | None:
            doing = room.perform(lambda desk, now: check_ins.answer(message, desk, now))
            return asyncio.run_coroutine_threadsafe(doing, room.loop).result()

        def trouble(text: str) -> None:
            event = "fault" if text else "telegram_ok"
            with suppress(RuntimeError):  # the program may have ended while Telegram was asked
                room.loop.call_soon_threadsafe(room.heard, event, text or "Telegram answers", TELEGRAM)

        others = passed_on(room, ear, room.loop) if ear is not None else lambda _: None
        asker = TelegramAsker(told, take, trouble=trouble, others=others, way=self._config.way)
        threading.Thread(target=asker.run, args=(self._no_more_asking,), name="telegram", daemon=True).start()

    def _visit(self, key: VisitKey) -> Visit | None:
        watched = self._store.schedules.get(key)
        return watched.visit if watched else None
