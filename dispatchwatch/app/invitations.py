"""What technicians are given so that they can speak for themselves: check-in links, and codes for the office's bot."""

from __future__ import annotations

from datetime import datetime

from dispatchwatch.app.check_in_links import CheckIns, Issued
from dispatchwatch.app.config import Config
from dispatchwatch.app.deeds import Actor
from dispatchwatch.app.desk_visits import visit_subject
from dispatchwatch.app.telegram_check_in import TelegramCheckIns
from dispatchwatch.domain.check_in import Person
from dispatchwatch.domain.visit import Technician, Visit, VisitKey
from dispatchwatch.store.audit import Entry
from dispatchwatch.store.store import Store

NO_LINKS = "Check-in links are not switched on: add [listener] with check_in_links = true to the configuration."
NO_BOT = "The office has no Telegram bot yet: add [telegram_check_in] with its token to the configuration."


class NotPossible(Exception):
    """What was asked for can't be given out; a sentence says why and what to do."""


class Invitations:
    """Each is noted in the trail: for whom, by whom, never what opens the door."""

    def __init__(self, config: Config, store: Store) -> None:
        self._config = config
        self._store = store
        self._check_ins = CheckIns(store.check_in_links, self._visit)
        self._telegram = TelegramCheckIns(store.chats, tuple)

    def link(self, key: VisitKey, actor: Actor, now: datetime) -> Issued:
        """A new link to the check-in page of a visit. Raises NotPossible."""
        listener = self._config.listener
        if listener is None or not listener.check_in_links:
            raise NotPossible(NO_LINKS)
        with self._store.transaction():
            issued = self._check_ins.issue(key, listener.reached_at(listener.port), now)
            if issued is None:
                raise NotPossible(f"{key.ext_id} has no time to check in at any more, so there is no link for it.")
            self._note(actor, now, "check_in_link_given", visit_subject(key))
        return issued

    def code(self, technician: Technician, actor: Actor, now: datetime) -> str:
        """A code that makes the technician's chat with the bot known. Raises NotPossible."""
        if self._config.telegram_check_in is None:
            raise NotPossible(NO_BOT)
        with self._store.transaction():
            code = self._telegram.code(Person(technician.identity, technician.name), now)
            self._note(actor, now, "telegram_code_given", f"technician {technician.name}")
        return code

    def _visit(self, key: VisitKey) -> Visit | None:
        watched = self._store.schedules.get(key)
        return watched.visit if watched else None

    def _note(self, actor: Actor, now: datetime, action: str, subject: str) -> None:
        entry = Entry(at=now, who=actor.signature, origin=actor.origin, action=action, subject=subject, detail={})
        self._store.audit.append([entry], now)
