"""A session that connects a feed, step by step as a window shows it: what is asked, what was found, what is read.

Everything here blocks, some of it for as long as the source takes; a window calls it from a thread of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dispatchwatch.app.mapping import SESSIONS, FoundTable, MappingError, MappingSession, Office, start
from dispatchwatch.domain.schedule import RowProblem
from dispatchwatch.domain.visit import Visit
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.questions import Question

Answers = tuple[tuple[str, str], ...]
LOCAL = frozenset({"csv", "xlsx"})
"""Kinds of feeds that are read from files here, so that reading them again and again disturbs nobody."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A session with what follows from it. `asks` is the question of the moment, None where it is time to look, or all
    is answered."""

    session: MappingSession
    asks: Question | None
    needs_look: bool
    found: tuple[FoundTable, ...]

    @property
    def is_ready(self) -> bool:
        return self.asks is None and not self.needs_look

    @property
    def reads_cheaply(self) -> bool:
        """Whether it can be shown at any time what is read."""
        return self.session.kind in LOCAL and self.session.is_seen


@dataclass(frozen=True, slots=True)
class Reading:
    """What the whole source is read as."""

    visits: tuple[Visit, ...]
    problems: tuple[RowProblem, ...]


@dataclass(frozen=True, slots=True)
class MappingDraft:
    """A mapping that was left, to be taken up again: what was said, in its order. Secrets that were typed in are not in
    it, and are asked for once more."""

    kind: str
    name: str
    answers: Answers = ()


def begun(draft: MappingDraft, office: Office) -> Stage:
    """A new session with what was said before. An answer that makes no sense any more is asked anew.

    Raises MappingError.
    """
    session = start(draft.kind, draft.name, office)
    for key, choice in draft.answers:
        try:
            session = session.answer(key, choice)
        except MappingError:
            break
    return stage_of(session)


def changing(entry: Mapping[str, Any], profile: ProfileConfig, office: Office) -> Stage:
    """The session of a feed that the file has: its `[[feed]]` and how it is read. Nothing is saved by it; `changed`
    says what to write."""
    settings = {key: value for key, value in entry.items() if key != "profile"}
    session = SESSIONS[str(entry["kind"])](office=office, settings=settings, profile=profile)
    return stage_of(session)


def changed(session: MappingSession) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The keys of the `[[feed]]`, but for its profile's, and those of its profile."""
    return session.entry(), session.complete_profile().model_dump(mode="json", exclude_unset=True)


def answered(stage: Stage, key: str, choice: str) -> Stage:
    """With one thing said. Raises MappingError."""
    return stage_of(stage.session.answer(key, choice))


def looked(stage: Stage, now: datetime) -> Stage:
    """With the source looked at. Raises MappingError."""
    return stage_of(stage.session.look(now))


def reading(stage: Stage, now: datetime) -> Reading:
    """Raises MappingError."""
    snapshot, _ = stage.session.preview(now)
    return Reading(snapshot.visits, snapshot.problems)


def stage_of(session: MappingSession) -> Stage:
    questions, found = session.open_questions, session.found
    looks = session.needs_look and not questions
    return Stage(session, questions[0] if questions and not looks else None, looks, found)
