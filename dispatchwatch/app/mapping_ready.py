"""Connecting software that there is a ready profile for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from dispatchwatch.app.mapping_access import about_needed, about_setting
from dispatchwatch.app.mapping_columns import found_words
from dispatchwatch.app.mapping_office import FoundTable
from dispatchwatch.app.mapping_session import MappingSession, with_profile
from dispatchwatch.app.mapping_settings import setting, with_setting
from dispatchwatch.domain.schedule import Snapshot
from dispatchwatch.domain.visit import Status
from dispatchwatch.intake.catalog import read_once
from dispatchwatch.intake.proposing import WordSeen
from dispatchwatch.intake.questions import Question, about_word
from dispatchwatch.intake.ready import Ready, ready

A_NUMBER = "as a number"
"""How a ready profile says that one of its needs is sent as a number."""


@dataclass(frozen=True, kw_only=True)
class ReadySession(MappingSession):
    snapshot: Snapshot | None = None

    @property
    def is_seen(self) -> bool:
        return self.snapshot is not None

    @property
    def chosen(self) -> Ready:
        return ready(str(self.settings["ready"]))

    def about_access(self) -> Iterable[Question]:
        for name, meaning in self.chosen.needs.items():
            if setting(self.settings, f"values.{name}") is None:
                yield about_setting(f"values.{name}", f"{_capital(meaning)}?")
        for name, meaning in self.chosen.needs_secret.items():
            if setting(self.settings, f"secrets.{name}") is None:
                yield about_setting(f"secrets.{name}", f"{_capital(meaning)}?", secret=True)
        auth: Mapping[str, Any] = {**self.chosen.feed.get("auth", {}), **(setting(self.settings, "auth") or {})}
        yield from about_needed(str(auth.get("kind", "none")), auth)

    def answer(self, key: str, choice: str) -> MappingSession:
        session = super().answer(key, choice)
        name = key.removeprefix("values.")
        if name != key and choice.strip().isdecimal() and A_NUMBER in self.chosen.needs.get(name, ""):
            return replace(session, settings=with_setting(session.settings, key, int(choice)))
        return session

    def look_at(self, now: datetime) -> Self:
        zone, base, way = self.zone, self.office.base, self.office.way
        snapshot = read_once(self.config(), self.profile, office_zone=zone, base=base, now=now, way=way)
        return replace(self, snapshot=snapshot)

    def unseen(self) -> Self:
        return replace(self, snapshot=None)

    def about_source(self) -> Iterable[Question]:
        return (about_word(one.word, one.rows) for one in self._words() if one.status is None)

    def taking(self, key: str, choice: str) -> Self:
        about, _, word = key.partition(":")
        if about != "status":
            raise ValueError(f"“{choice}” is no answer to “{key}”.")
        profile = with_profile(self.profile, {"status": {**self.profile.status, word: choice}})
        return replace(self, profile=profile, settled=self.settled | {key})

    def _words(self) -> tuple[WordSeen, ...]:
        visits = self.snapshot.visits if self.snapshot else ()
        counted = Counter((visit.status_raw, visit.status) for visit in visits if visit.status_raw)
        told = self.profile.status
        return tuple(
            WordSeen(word, count, told.get(word) or (None if status is Status.UNKNOWN else status))
            for (word, status), count in counted.items()
        )

    @property
    def found(self) -> tuple[FoundTable, ...]:
        known = self.chosen
        rows = [*(("it can’t tell", text) for text in known.cannot)]
        rows += [("nobody at the vendor’s confirmed", text) for text in known.unconfirmed]
        return (FoundTable(known.about, ("what", "about"), tuple(rows)), *found_words(self._words()))


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
