"""A channel that is not in the file yet: asked, tried, tested and signed in for as if it were.

Nothing is written. Secrets that were typed in stay in memory, and so do those that a platform gives in their place.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from dispatchwatch.app.checking import Finding, try_channel
from dispatchwatch.app.choosing import choices, offered
from dispatchwatch.app.config_entries import as_sentence
from dispatchwatch.app.deeds import Result
from dispatchwatch.app.keeping_secrets import KeepingKeyring
from dispatchwatch.app.renewals import Renewals
from dispatchwatch.app.secrets import Keyring, SecretError, SecretSource, in_keyring
from dispatchwatch.app.settling import Channel
from dispatchwatch.app.signing_in import BROUGHT, Screen, sign_in
from dispatchwatch.app.testing import send_test
from dispatchwatch.app.unfinished import UnfinishedError, relaxed
from dispatchwatch.dispatch.catalog import PLATFORMS
from dispatchwatch.dispatch.conversation import Choice
from dispatchwatch.dispatch.fields import ChannelConfig, ConfigError, load, secret_fields
from dispatchwatch.dispatch.platform import Platform
from dispatchwatch.dispatch.transport import STRAIGHT, Way


class DraftError(Exception):
    """The draft can't be used as it is; `problems` are sentences by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class ChannelDraft:
    """`values` are the keys of the `[[channel]]`, secrets as references. `typed` are the secrets that go into the
    keyring once it is saved, by field; the others that say `keyring:` are there already, under the name `known_as`."""

    values: Mapping[str, Any] = field(default_factory=dict)
    typed: Mapping[str, SecretStr] = field(default_factory=dict)
    known_as: str = ""

    @property
    def platform(self) -> Platform[Any] | None:
        return next((one for one in PLATFORMS if one.key == self.values.get("platform")), None)


def signs_in(platform: Platform[Any]) -> bool:
    """Whether a person may sign in to it."""
    return type(platform).sign_in is not Platform.sign_in


@dataclass(frozen=True, slots=True)
class Outside:
    """What a draft needs of the world: where its secrets are, and how requests leave the office."""

    secrets: SecretSource
    way: Way = STRAIGHT


class DraftTrial:
    """One draft. Finding its secrets may block, so every coroutine belongs on a loop that nobody waits for. All raise
    DraftError, or UnfinishedError where the platform says no. `renewed` are the secrets that it gave in place of those
    typed in, by field; `said` is what went wrong on the side."""

    def __init__(self, draft: ChannelDraft, outside: Outside) -> None:
        self._draft = draft
        self._keyring = _TypedKeyring(draft, outside.secrets)
        self._secrets = replace(outside.secrets, keyring=lambda: self._keyring)
        self._way = outside.way
        self.said: list[str] = []

    @property
    def renewed(self) -> Mapping[str, SecretStr]:
        return self._keyring.renewed

    async def choices(self, key: str, now: datetime) -> tuple[Choice, ...]:
        """What a field can be set to, from the account."""
        platform = self._platform()
        empty = {key, *(one for one in offered(platform) if not self._draft.values.get(one))}
        channel = self._channel(platform, empty)
        async with self._renewals() as renewals:
            return await choices(channel, key, now, renewals)

    async def check(self, now: datetime) -> Finding:
        """Its harmless credentials call."""
        channel = self._channel(self._platform())
        async with self._renewals() as renewals:
            return await try_channel(channel, now, renewals)

    async def test(self, now: datetime) -> Result:
        """One clearly marked test message."""
        channel = self._channel(self._platform())
        async with self._renewals() as renewals:
            return await send_test(renewals.sender(channel), channel, now)

    async def sign_in(self, screen: Screen) -> tuple[str, SecretStr]:
        """Has a person sign in; the field that this is for, and the secret it brings."""
        platform = self._platform()
        channel = self._channel(platform, {BROUGHT} & set(secret_fields(platform.config)))
        how = platform.sign_in(channel.config)
        if how is None:
            raise UnfinishedError(f"Nobody signs in to {platform.name} as this channel is set up.")
        return how.brings, SecretStr(await sign_in(channel, how, screen))

    def _platform(self) -> Platform[Any]:
        if self._draft.platform is None:
            raise DraftError({"platform": "Choose a platform first."})
        return self._draft.platform

    def _channel(self, platform: Platform[Any], empty: Collection[str] = ()) -> Channel:
        values = {key: value for key, value in self._draft.values.items() if key not in empty}
        name = str(values.setdefault("name", platform.name))
        kept = in_keyring(secret_fields(platform.config), values)
        return Channel(name, platform, self._config(platform, values, empty), way=self._way, in_keyring=kept)

    def _config(self, platform: Platform[Any], values: dict[str, Any], empty: Collection[str]) -> ChannelConfig:
        lacking: dict[str, str] = {}
        for key in secret_fields(platform.config):
            if isinstance(values.get(key), str):
                try:
                    values[key] = self._secrets.resolve(values[key], self._draft.known_as or str(values["name"]), key)
                except SecretError as problem:
                    lacking[key] = as_sentence(str(problem))
        try:
            config = load(relaxed(platform.config, empty), values)
        except ConfigError as error:
            lacking = {**error.problems, **lacking}
        if lacking:
            raise DraftError(lacking)
        return config

    def _renewals(self) -> Renewals:
        return Renewals(lambda: self._keyring, lambda _word, text: self.said.append(text))


class _TypedKeyring:
    """What was typed in goes before what the keyring has. A secret that takes the place of one that was typed stays
    here; one in place of a secret of the keyring goes there, since the old one is worth nothing any more."""

    def __init__(self, draft: ChannelDraft, secrets: SecretSource) -> None:
        self._draft = draft
        self._beneath = secrets.keyring
        self.renewed: dict[str, SecretStr] = {}

    def get_password(self, service_name: str, username: str) -> str | None:
        key = _field(username)
        typed = self.renewed.get(key) or self._draft.typed.get(key)
        return typed.get_secret_value() if typed else self._below().get_password(service_name, self._entry(key))

    def set_password(self, service_name: str, username: str, password: str) -> None:
        key = _field(username)
        if key in self._draft.typed:
            self.renewed[key] = SecretStr(password)
            return
        ring = self._below()
        if not isinstance(ring, KeepingKeyring):
            raise TypeError("read only")
        ring.set_password(service_name, self._entry(key), password)

    def _below(self) -> Keyring:
        return self._beneath()

    def _entry(self, key: str) -> str:
        return f"{self._draft.known_as or self._draft.values.get('name', '')}.{key}"


def _field(entry: str) -> str:
    return entry.rpartition(".")[2]
