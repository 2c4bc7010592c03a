"""Mapping a source: a proposal, a person's answers to what it leaves open, a preview, and the feed written down.

The session is a frozen value; every answer gives a new one. Files are touched by `start`, `preview` and `save` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from dispatchwatch.app.config_writing import Addition, ConfigWriteError, add_feed
from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.domain.schedule import Snapshot
from dispatchwatch.domain.watched import Seen, Watched, sight
from dispatchwatch.intake.catalog import FEEDS, read_once
from dispatchwatch.intake.columns import JOIN
from dispatchwatch.intake.feed import FeedError, Unsettled
from dispatchwatch.intake.folder_feed import FilesConfig, newest_sample
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.proposing import SourceProposal, propose
from dispatchwatch.intake.questions import DAY_FIRST, LEAVE_OUT, MONTH_FIRST, NONE, Question, about_zone
from dispatchwatch.intake.table import Sample

MAPPED = tuple(kind for kind, config in FEEDS.items() if issubclass(config, FilesConfig))


class MappingError(Exception):
    """What was asked cannot be done; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Saved:
    """Where the feed stands now, and the copy of what the file was before; None where there was no file."""

    path: Path
    backup: Path | None


@dataclass(frozen=True, slots=True)
class MappingSession:
    """`profile` holds what has been said so far, `settled` the keys of the questions answered. `new_office`: there is
    no configuration yet, so nobody has said where the office is."""

    feed: FilesConfig
    sample: Sample
    profile: ProfileConfig
    settled: frozenset[str]
    new_office: bool
    proposal: SourceProposal

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """What is still to be answered before the feed can be saved."""
        zone = (about_zone(),) if self.new_office and self.profile.timezone is None else ()
        return zone + tuple(one for one in self.proposal.questions if one.key not in self.settled)

    def answer(self, key: str, choice: str) -> MappingSession:
        """The session with one thing said, be it asked or not. Keys are those of questions. Raises MappingError."""
        choice = choice.strip()
        values = _values(self, key, choice)
        settled = self.settled | {key}
        if key.startswith("header:") and choice != LEAVE_OUT:
            settled |= {f"column:{choice}"}
        return self._with(values, settled)

    def with_suggestions(self) -> MappingSession:
        """The session with every suggestion taken; questions without one stay open."""
        session = self
        while suggested := [one for one in session.open_questions if one.suggestion]:
            session = session.answer(suggested[0].key, suggested[0].suggestion)
        return session

    def complete_profile(self) -> ProfileConfig:
        """What has been said and what was found, so that a later version of the program reads the source alike."""
        return _profile(self.profile, {"columns": {**self.profile.columns, **self.proposal.columns}})

    def _with(self, values: Mapping[str, Any], settled: frozenset[str]) -> MappingSession:
        profile = _profile(self.profile, values)
        return replace(self, profile=profile, settled=settled, proposal=propose(self.sample, profile))


def start(values: Mapping[str, Any], *, base: Path, new_office: bool = False) -> MappingSession:
    """Looks at the newest file of a source. `values` are the keys of a `[[feed]]`: kind, name, path and so on.

    Relative paths start at `base`. Raises MappingError.
    """
    kind = str(values.get("kind"))
    model = FEEDS.get(kind)
    if model is None or not issubclass(model, FilesConfig):
        raise MappingError(f"“{kind}” is not a kind of feed whose columns are mapped; those are {', '.join(MAPPED)}.")
    try:
        feed = model.model_validate(values)
        profile = ProfileConfig()
        sample = newest_sample(feed, profile, base)
    except ValidationError as error:
        raise MappingError(_sentence(error)) from None
    except Unsettled as unsettled:
        raise MappingError(f"{unsettled}; try again in a moment.") from None
    except FeedError as failure:
        raise MappingError(str(failure)) from None
    return MappingSession(feed, sample, profile, frozenset(), new_office, propose(sample, profile))


def preview(
    session: MappingSession, *, base: Path, office_zone: ZoneInfo, now: datetime
) -> tuple[Snapshot, list[Watched]]:
    """What the whole source is read as. Raises MappingError."""
    zone = ZoneInfo(session.profile.timezone) if session.new_office and session.profile.timezone else office_zone
    try:
        snapshot = read_once(session.feed, session.complete_profile(), office_zone=zone, base=base, now=now)
    except FeedError as failure:
        raise MappingError(str(failure)) from None
    return snapshot, [sight(None, visit, Seen(None, now)) for visit in snapshot.visits]


def save(session: MappingSession, path: Path, secrets: SecretSource, *, profile_name: str = "") -> Saved:
    """Writes the feed and its profile, named as the feed unless told otherwise. Raises MappingError."""
    if session.open_questions:
        keys = ", ".join(one.key for one in session.open_questions)
        raise MappingError(f"There are questions left to answer: {keys}.")
    feed = session.feed.model_dump(mode="json", exclude_defaults=True)
    told = session.complete_profile().model_dump(mode="json", exclude_unset=True)
    zone = {"timezone": session.profile.timezone} if session.profile.timezone else {}
    name, rest = session.feed.name, {key: value for key, value in feed.items() if key not in {"name", "kind"}}
    entry = {"name": name, "kind": session.feed.kind, **rest, "profile": profile_name or name}
    try:
        return Saved(path, add_feed(path, Addition(entry, told, zone), secrets))
    except ConfigWriteError as error:
        raise MappingError(str(error)) from None


def _values(session: MappingSession, key: str, choice: str) -> Mapping[str, Any]:
    """What an answer changes in the profile."""
    about, _, name = key.partition(":")
    match about:
        case "column":
            return _column(session, name, choice)
        case "header":
            return {} if choice == LEAVE_OUT else _column(session, choice, name)
        case "status":
            return {"status": {**session.profile.status, name: choice}}
        case "format":
            return {"format": {**session.profile.format, name: choice}}
        case "day_first" if choice in (MONTH_FIRST, DAY_FIRST):
            return {"day_first": choice == DAY_FIRST}
        case "duration_unit" | "timezone":
            return {about: choice}
    raise MappingError(f"“{choice}” is no answer to “{key}”.")


def _column(session: MappingSession, name: str, choice: str) -> Mapping[str, Any]:
    header = "" if choice == NONE else choice
    known = [one.strip() for one in session.sample.header if one.strip()]
    for part in [header] if header in known else header.split(JOIN):
        if part and part not in known:
            raise MappingError(f"There is no column “{part}”; the columns are {', '.join(known)}.")
    return {"columns": {**session.profile.columns, name: header}}


def _profile(before: ProfileConfig, values: Mapping[str, Any]) -> ProfileConfig:
    try:
        return ProfileConfig.model_validate({**before.model_dump(exclude_unset=True), **values})
    except ValidationError as error:
        raise MappingError(_sentence(error)) from None


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(step) for step in first["loc"])
    return f"{place}: {first['msg'].removeprefix('Value error, ')}."
