"""Connecting sources that answer in JSON: with a ready profile, or an address that nobody has described."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Self

from dispatchwatch.app.mapping_access import about_proof, about_setting
from dispatchwatch.app.mapping_office import FoundTable, MappingError
from dispatchwatch.app.mapping_ready import ReadySession
from dispatchwatch.app.mapping_records import LIST, RecordMapping, without_columns
from dispatchwatch.app.mapping_session import MappingSession
from dispatchwatch.app.mapping_settings import setting
from dispatchwatch.intake.feed import NotLetIn
from dispatchwatch.intake.json_feed import JsonConfig
from dispatchwatch.intake.json_first_look import FirstAnswer, first_answer
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.questions import Question
from dispatchwatch.intake.ready import ready, ready_names
from dispatchwatch.intake.record_lists import record_lists

OTHER = "other"
PAGES, PARAMETER = "pages", "pages.parameter"
ALL_THERE_IS, LINKED, TOKEN, COUNTED, OFFSET = "all there is", "linked", "token", "counted", "offset"
WAYS: Mapping[str, str] = {
    ALL_THERE_IS: "one answer holds every visit, however many there are",
    LINKED: "each answer leads to the one after it",
    TOKEN: "each answer gives a token that asks for the one after it",
    COUNTED: "pages are asked for by number: 1, 2, 3",
    OFFSET: "pages are asked for by how many records lie before them: 0, 100, 200",
}
PARAMETERS = {TOKEN: "cursor", COUNTED: "page", OFFSET: "offset"}


@dataclass(frozen=True, kw_only=True)
class JsonChoice(MappingSession):
    """Which software it is, or none that we know."""

    @property
    def is_seen(self) -> bool:
        return False

    def about_access(self) -> Iterable[Question]:
        explained = {name: ready(name).about for name in ready_names()}
        explained[OTHER] = "another program: you give the address at which it answers in JSON"
        text = "Which software has the schedule?"
        yield Question("ready", text, tuple(explained), "--ready NAME or --url ADDRESS", explained=explained)

    def answer(self, key: str, choice: str) -> MappingSession:
        if key == "timezone":
            return super().answer(key, choice)
        shared = {one.name: getattr(self, one.name) for one in fields(MappingSession)}
        if key == "ready" and choice.strip() != OTHER:
            return ReadySession(**{**shared, "settings": self._chosen(choice.strip())})
        session: MappingSession = RecordsSession(**shared)
        return session if key == "ready" else session.answer(key, choice)

    def _chosen(self, name: str) -> Mapping[str, Any]:
        if name not in ready_names():
            raise MappingError(f"There is no ready profile “{name}”; there are {', '.join(ready_names())}.")
        return {**self.settings, "ready": name}

    def about_source(self) -> Iterable[Question]:
        return ()

    def look_at(self, now: datetime) -> Self:  # noqa: ARG002 - there is nothing to look at yet
        return self

    def unseen(self) -> Self:
        return self

    def taking(self, key: str, choice: str) -> Self:
        raise ValueError(f"“{choice}” is no answer to “{key}”.")

    @property
    def found(self) -> tuple[FoundTable, ...]:
        return ()


@dataclass(frozen=True, kw_only=True)
class RecordsSession(MappingSession):
    """An address. `offers` is how it wants to be told who asks, None where it has not asked for it; `pages` and
    `parameter` say how it hands out more than one answer holds."""

    told: FirstAnswer | None = None
    mapping: RecordMapping | None = None
    offers: str | None = None
    pages: str = ""
    parameter: str = ""

    @property
    def is_seen(self) -> bool:
        return self.mapping is not None

    def about_access(self) -> Iterable[Question]:
        if "url" not in self.settings:
            yield about_setting(
                "url", "The address that answers with the visits, such as https://example.com/api/visits"
            )
        elif self.offers is not None or setting(self.settings, "auth.kind"):
            yield from about_proof(self.settings, self.offers or "")

    def look_at(self, now: datetime) -> Self:
        config = self.config()
        if not isinstance(config, JsonConfig):
            raise TypeError(config.kind)
        try:
            told = first_answer(config, self.zone, now, self.office.way)
        except NotLetIn as refused:
            if setting(self.settings, "auth.kind"):
                raise
            return replace(self, offers=refused.offers)
        lists = record_lists(told.data)
        if not lists:
            raise ValueError(
                f"{told.source} answers without a list of visits. Try it at a time when there are some; if there are,"
                " look in the software’s documentation for the address that lists them."
            )
        return replace(self, told=told, mapping=RecordMapping.of(told.source, lists, self.profile))

    def unseen(self) -> Self:
        return replace(self, told=None, mapping=None)

    def about_source(self) -> Iterable[Question]:
        if self.mapping:
            yield from self.mapping.questions()
            if self.told and self.mapping.records:
                yield from self._about_pages(self.told, len(self.mapping.records.sample.rows))

    def _about_pages(self, told: FirstAnswer, held: int) -> Iterable[Question]:
        if not told.may_go_on(held):
            return
        ways = [ALL_THERE_IS, *([LINKED] if told.next_link or told.link_header else [])]
        ways += [*([TOKEN] if told.next_token else []), COUNTED, OFFSET]
        suggestion = LINKED if LINKED in ways else ""
        text = f"The answer holds {held} records, and there may be more of them. How are the others asked for?"
        explained = {way: WAYS[way] for way in ways}
        yield Question(PAGES, text, tuple(ways), f'--answer "{PAGES}={COUNTED}"', suggestion, explained)
        if self.pages in PARAMETERS:
            text = "The name of the parameter that asks for the next page?"
            yield about_setting(PARAMETER, text, suggestion=PARAMETERS[self.pages])

    def taking(self, key: str, choice: str) -> Self:
        if self.mapping is None:
            raise ValueError(f"“{choice}” is no answer to “{key}”.")
        if key == PAGES and choice in WAYS:
            return replace(self, pages=choice, settled=(self.settled | {key}) - {PARAMETER})
        if key == PARAMETER and choice:
            return replace(self, parameter=choice, settled=self.settled | {key})
        mapping, settled = self.mapping.taking(key, choice, self.profile)
        profile = mapping.profile or self.profile
        before = self.settled if key != LIST else frozenset[str]()
        return replace(self, mapping=mapping, profile=profile, settled=before | settled)

    def entry(self) -> Mapping[str, Any]:
        if self.mapping is None:
            return self.settings
        return {**self.settings, **self.mapping.entry(), **self._paging()}

    def _paging(self) -> Mapping[str, Any]:
        told = self.told
        if told is None or self.pages not in WAYS or self.pages == ALL_THERE_IS:
            return {}
        if self.pages == LINKED:
            return {"paging": {"kind": "link", **({"next": told.next_link} if told.next_link else {})}}
        if self.pages == TOKEN:
            return {"paging": {"kind": "cursor", "parameter": self.parameter, "next": told.next_token}}
        total = {"total": told.total} if told.total else {}
        kind = "page" if self.pages == COUNTED else "offset"
        return {"paging": {"kind": kind, "parameter": self.parameter, **total}}

    def advice(self) -> tuple[str, ...]:
        return ("Nobody knows which days this address tells of, so a visit that vanishes from it is not missed.",)

    def complete_profile(self) -> ProfileConfig:
        return without_columns(self.profile)

    @property
    def found(self) -> tuple[FoundTable, ...]:
        return self.mapping.found if self.mapping else ()
