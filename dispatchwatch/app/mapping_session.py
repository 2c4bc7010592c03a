"""What every session has in common that connects a feed: questions, answers, a look, a preview, and the feed saved.

A session is a frozen value; every answer gives a new one. `look`, `preview` and `save` block, and are all that does:
a window calls them from a thread of its own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import SecretStr, ValidationError

from dispatchwatch.app.config_writing import Addition, ConfigWriteError, add_feed, added_text
from dispatchwatch.app.keeping_secrets import (
    KEYRING,
    NO_KEYRING,
    KeepError,
    Lookup,
    field_of,
    is_secret,
    kept,
)
from dispatchwatch.app.mapping_office import FoundTable, MappingError, Office, Saved
from dispatchwatch.app.mapping_settings import (
    is_setting,
    problem_at,
    sentence,
    setting,
    validated,
    with_setting,
    without_setting,
)
from dispatchwatch.app.secrets import is_reference
from dispatchwatch.domain.schedule import Snapshot
from dispatchwatch.domain.watched import Seen, Watched, sight
from dispatchwatch.intake.catalog import FEEDS, read_once
from dispatchwatch.intake.feed import FeedConfig, FeedError
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.questions import Question, about_zone


@dataclass(frozen=True, kw_only=True)
class MappingSession(ABC):
    """`settings` are the keys of the `[[feed]]` so far, secrets as references; `typed` the secrets that go into the
    keyring, by field; `profile` what has been said of columns and words; `settled` the keys of the questions answered.
    `ahead` are answers that can be given only once the source has been looked at, `timezone` is where a new office is,
    `earlier` what was said before of what is asked again.
    """

    office: Office
    settings: Mapping[str, Any]
    typed: Mapping[str, SecretStr] = field(default_factory=dict)
    profile: ProfileConfig = field(default_factory=ProfileConfig)
    settled: frozenset[str] = frozenset()
    ahead: tuple[tuple[str, str], ...] = ()
    timezone: str = ""
    earlier: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.settings["name"])

    @property
    def kind(self) -> str:
        return str(self.settings["kind"])

    @property
    def zone(self) -> ZoneInfo:
        """The office's zone: the one just told, where there is no configuration yet."""
        return ZoneInfo(self.timezone) if self.timezone else self.office.zone

    @property
    def needs_look(self) -> bool:
        """Whether it is time to look at the source (`look`): nothing more has to be known to reach it."""
        return not self.is_seen and not self._open_access

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """What is to be answered now. Once nothing is open and no look is needed, the feed can be saved."""
        zone = (about_zone(),) if self.office.is_new and not self.timezone else ()
        source = self.about_source() if self.is_seen and not self._open_access else ()
        return (*zone, *self._open_access, *(one for one in source if one.key not in self.settled))

    @property
    def _open_access(self) -> tuple[Question, ...]:
        return tuple(self._put(one) for one in self.about_access() if one.key not in self.settled)

    @property
    def has_visits(self) -> bool:
        """Whether the feed tells of visits at all, so that a preview shows some."""
        return True

    @property
    @abstractmethod
    def is_seen(self) -> bool:
        """Whether the source has been looked at, or needs no look."""

    @abstractmethod
    def about_access(self) -> Iterable[Question]:
        """What has to be known to reach the source."""

    @abstractmethod
    def about_source(self) -> Iterable[Question]:
        """All that a person may be asked about what the source holds."""

    @abstractmethod
    def look_at(self, now: datetime) -> Self:
        """The session with the source looked at. Blocks. Raises FeedError, ValueError."""

    @abstractmethod
    def unseen(self) -> Self:
        """The session as if the source had not been looked at: something about the way to it was said anew."""

    @abstractmethod
    def taking(self, key: str, choice: str) -> MappingSession:
        """The session with an answer about what the source holds. Raises ValueError."""

    @property
    @abstractmethod
    def found(self) -> tuple[FoundTable, ...]:
        """What was found so far."""

    def entry(self) -> Mapping[str, Any]:
        """The keys of the `[[feed]]`, but for its profile's."""
        return self.settings

    def complete_profile(self) -> ProfileConfig:
        """What has been said and what was found, so that a later version of the program reads the source alike."""
        return self.profile

    def listener(self) -> Mapping[str, Any]:
        """The `[listener]` to be added; empty where none is."""
        return {}

    def advice(self) -> tuple[str, ...]:
        """What to do once the feed is saved, in sentences."""
        return ()

    def answer(self, key: str, choice: str) -> MappingSession:
        """The session with one thing said, be it asked or not. Keys are those of questions. Raises MappingError."""
        choice = choice.strip()
        try:
            if key == "timezone":
                profile = with_profile(self.profile, {key: choice})
                return replace(self, timezone=choice) if self.office.is_new else replace(self, profile=profile)
            if is_setting(self.model, key):
                return self._set(key, choice)
            if not self.is_seen and not self.takes_unseen(key):
                return replace(self, ahead=(*self.ahead, (key, choice)))
            return self.taking(key, choice)
        except ValueError as error:
            raise MappingError(str(error)) from None

    def takes_unseen(self, key: str) -> bool:  # noqa: ARG002 - for those that take some
        """Whether an answer that is no setting counts before the source was looked at."""
        return False

    def again(self) -> MappingSession:
        """The session with all that was said about the way to the source open once more; as it is where nothing was."""
        told = [key for key in self.settled if setting(self.settings, key) is not None]
        asked = [key for key in told if any(one.key == key for one in self._forgetting([key]).about_access())]
        earlier = {key: str(setting(self.settings, key)) for key in asked if not self.is_secret(key)}
        return replace(self._forgetting(asked), earlier=earlier)

    def full_key(self, name: str) -> str:
        """The key of the question that a short name such as `password` means; the name itself where it means none."""
        if name.partition(".")[0] in self.model.model_fields:
            return name
        asked = next((one.key for one in self.about_access() if one.key.endswith(f".{name}")), "")
        tables = (table for table in ("auth", "signature") if table in self.model.model_fields and is_secret(name))
        return asked or next((f"{table}.{name}" for table in tables), name)

    def with_suggestions(self) -> MappingSession:
        """The session with every suggestion taken; questions without one stay open."""
        session: MappingSession = self
        while suggested := [one for one in session.open_questions if one.suggestion]:
            session = session.answer(suggested[0].key, suggested[0].suggestion)
        return session

    def look(self, now: datetime) -> MappingSession:
        """Looks at the source, and gives the answers that had to wait for it. Blocks. Raises MappingError."""
        try:
            session: MappingSession = self.look_at(now)
        except (FeedError, ValueError) as problem:
            raise MappingError(str(problem)) from None
        if not session.is_seen:
            return session
        session = replace(session, ahead=())
        for key, choice in self.ahead:
            session = session.answer(key, choice)
        return session

    def preview(self, now: datetime) -> tuple[Snapshot, list[Watched]]:
        """What the whole source is read as. Blocks. Raises MappingError."""
        try:
            profile = self.complete_profile()
            zone, base, way = self.zone, self.office.base, self.office.way
            snapshot = read_once(self.config(), profile, office_zone=zone, base=base, now=now, way=way)
        except (FeedError, ValueError) as problem:
            raise MappingError(str(problem)) from None
        return snapshot, [sight(None, visit, Seen(None, now)) for visit in snapshot.visits]

    def would_add(self, *, profile_name: str = "") -> str:
        """What `save` writes behind what the file has. Blocks. Raises MappingError."""
        try:
            return added_text(self.office.path, self._addition(profile_name))
        except ConfigWriteError as error:
            raise MappingError(str(error)) from None

    def save(self, *, profile_name: str = "") -> Saved:
        """Writes the feed and its profile, named as the feed unless told otherwise. Blocks. Raises MappingError."""
        self.would_add(profile_name=profile_name)  # a name that is taken keeps its secrets
        try:
            with kept(self.name, self.typed, self.office.secrets):
                backup = add_feed(self.office.path, self._addition(profile_name), self.office.secrets)
        except (ConfigWriteError, KeepError) as error:
            raise MappingError(str(error)) from None
        return Saved(self.office.path, backup)

    def config(self) -> FeedConfig:
        """The feed as it stands now, with its secrets. Raises ValueError."""
        return validated(self.model, self.entry(), self.lookup)

    @property
    def model(self) -> type[FeedConfig]:
        return FEEDS[self.kind]

    @property
    def lookup(self) -> Lookup:
        return Lookup(self.name, self.typed, self.office.secrets)

    def is_secret(self, key: str) -> bool:
        """Whether the answer to a question is to be hidden."""
        return is_secret(key)

    def may_stand_in_file(self, key: str) -> bool:  # noqa: ARG002 - none, as a rule
        """Whether a secret may be written into the configuration as it is, where no keyring takes it."""
        return False

    def _put(self, question: Question) -> Question:
        """As it is put here: with what was said before, or with where a secret can be kept."""
        if question.secret and not self.office.can_keep and not self.may_stand_in_file(question.key):
            return replace(question, text=f"{question.text} {NO_KEYRING}")
        return replace(question, suggestion=self.earlier.get(question.key, question.suggestion))

    def _forgetting(self, keys: Sequence[str]) -> Self:
        settings, settled = self.settings, self.settled - frozenset(keys)
        typed = {name: secret for name, secret in self.typed.items() if name not in set(map(field_of, keys))}
        for key in keys:
            settings = without_setting(settings, key)
        return replace(self, settings=settings, settled=settled, typed=typed)

    def _set(self, key: str, choice: str) -> MappingSession:
        choices = next((one.choices for one in self.about_access() if one.key == key), ())
        if choices and choice not in choices:
            raise ValueError(f"“{choice}” is none of {', '.join(choices)}.")
        if not self.is_secret(key) and "://" in choice and "@" in urlsplit(choice).netloc:
            raise ValueError("Leave user and password out of the address; they are asked for by themselves.")
        if problem := problem_at(self.model, with_setting(self.settings, key, choice), key):
            raise ValueError(problem)
        typed = {name: secret for name, secret in self.typed.items() if name != field_of(key)}
        if self.is_secret(key) and choice and not is_reference(choice):
            if self.office.can_keep:
                typed[field_of(key)], choice = SecretStr(choice), KEYRING
            elif not self.may_stand_in_file(key):
                raise ValueError(NO_KEYRING)
        settings = with_setting(self.settings, key, choice)
        return replace(self.unseen(), settings=settings, typed=typed, settled=self.settled | {key})

    def _addition(self, profile_name: str) -> Addition:
        if self.needs_look or self.open_questions:
            keys = ", ".join(one.key for one in self.open_questions)
            raise MappingError(f"There are questions left to answer: {keys}.")
        told = self.complete_profile().model_dump(mode="json", exclude_unset=True)
        office = {"timezone": self.timezone} if self.timezone else {}
        name = (profile_name or self.name) if told else ""
        feed = {**self.entry(), **({"profile": name} if name else {})}
        return Addition(feed, told, office, self.listener())


def with_profile(before: ProfileConfig, values: Mapping[str, Any]) -> ProfileConfig:
    """Raises ValueError, with what is wrong as a sentence."""
    try:
        return ProfileConfig.model_validate({**before.model_dump(exclude_unset=True), **values})
    except ValidationError as error:
        raise ValueError(sentence(error)) from None
