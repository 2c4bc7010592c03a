"""Feeds and channels as the file names them: the parts of a configuration that hold secrets.

A secret that can't be had costs its own feed or channel and nothing else: the feed fails with the reason, the channel
is owed its messages, and the day is watched without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dispatchwatch.app.config import ChannelEntry
from dispatchwatch.app.config_parts import PartReader, checked, place_of, sentence_of
from dispatchwatch.app.inbound_config import TelegramCheckInConfig
from dispatchwatch.app.secrets import SecretError, SecretSource, is_reference
from dispatchwatch.dispatch.catalog import PLATFORMS
from dispatchwatch.dispatch.fields import ConfigError as ChannelConfigError
from dispatchwatch.dispatch.fields import load, secret_fields
from dispatchwatch.intake.catalog import FEEDS
from dispatchwatch.intake.feed import FeedConfig
from dispatchwatch.intake.secret import LOOKUP, MISSING, SecretMissing
from dispatchwatch.intake.unavailable import UnavailableConfig

PLAIN = "a secret stands here as plain text; keep it out with keyring:, env:NAME or file:PATH"


def read_feed(parts: PartReader, secrets: SecretSource, where: str, raw: Mapping[str, Any]) -> FeedConfig | None:
    kind = raw.get("kind")
    model = FEEDS.get(str(kind))
    if model is None:
        parts.wrong(f"{where}.kind", f"“{kind}” is not a kind of feed; the kinds are {', '.join(FEEDS)}")
        return None
    lookup = _Lookup(secrets, str(raw.get("name", "")))
    found: FeedConfig | None
    found, errors = checked(model, raw, {LOOKUP: lookup})
    profile = raw.get("profile")
    if isinstance(profile, str) and profile not in parts.table("profile"):
        parts.wrong(f"{where}.profile", f"there is no [profile.{profile}]")
    for field in lookup.plain:
        parts.wrong(f"{where}.{field}", PLAIN, is_warning=True)
    lacking = [one for one in errors if one["type"] == MISSING]
    parts.tell(where, [one for one in errors if one["type"] != MISSING])
    for one in lacking:
        text = f"{one['msg']}; until then nothing is read from it"
        parts.wrong(where + place_of(one), text, is_warning=True, needs_action=True)
    return _unavailable(raw, str(lacking[0]["msg"])) if lacking else found


def read_channel(parts: PartReader, secrets: SecretSource, where: str, raw: Mapping[str, Any]) -> ChannelEntry | None:
    known = {platform.key: platform for platform in PLATFORMS}
    platform = known.get(str(raw.get("platform")))
    if platform is None:
        said = raw.get("platform")
        parts.wrong(f"{where}.platform", f"“{said}” is not a platform; the platforms are {', '.join(known)}")
        return None
    values, lacking = dict(raw), dict[str, str]()
    for name in secret_fields(platform.config):
        if isinstance(values.get(name), str) and (problem := _resolve(parts, secrets, where, name, values)):
            lacking[name] = problem
    try:
        config = load(platform.config, values)
    except ChannelConfigError as error:
        for key, sentence in error.problems.items():
            if key not in lacking:
                parts.wrong(f"{where}.{key}", sentence)
        config = None
    if config is None or lacking:
        return ChannelEntry(str(raw.get("name", "")), platform.key, None, next(iter(lacking.values()), ""))
    return ChannelEntry(config.name, platform.key, config)


def read_telegram(parts: PartReader, secrets: SecretSource) -> TelegramCheckInConfig | None:
    """The section of the office's bot; None where it is left out or can't be used now."""
    section = "telegram_check_in"
    if section not in parts.raw:
        return None
    lookup = _Lookup(secrets, section)
    found: TelegramCheckInConfig | None
    found, errors = checked(TelegramCheckInConfig, parts.raw[section], {LOOKUP: lookup})
    for field in lookup.plain:
        parts.wrong(f"{section}.{field}", PLAIN, is_warning=True)
    for one in errors:
        is_lacking = one["type"] == MISSING
        text = f"{one['msg']}; until then no messages are read" if is_lacking else sentence_of(one)
        parts.wrong(section + place_of(one), text, is_warning=is_lacking, needs_action=is_lacking)
    return found


class _Lookup:
    """Finds the secrets of one feed, and notes those that stand in the file as they are."""

    def __init__(self, secrets: SecretSource, feed: str) -> None:
        self._secrets = secrets
        self._feed = feed
        self.plain: list[str] = []

    def __call__(self, text: str, field: str, *, public: bool) -> str:
        if not is_reference(text):
            if text and not public:
                self.plain.append(field)
            return text
        try:
            return self._secrets.resolve(text, self._feed, field)
        except SecretError as problem:
            raise SecretMissing(str(problem)) from None


def _unavailable(raw: Mapping[str, Any], problem: str) -> UnavailableConfig | None:
    """The feed all the same, so that the board says why it is empty. A name it lacks has been told of already."""
    known = {name: raw[name] for name in ("name", "kind", "every") if name in raw}
    found: UnavailableConfig | None = checked(UnavailableConfig, {**known, "problem": _as_sentence(problem)})[0]
    return found


def _resolve(parts: PartReader, secrets: SecretSource, where: str, name: str, values: dict[str, Any]) -> str:
    """Puts the secret in place of its reference; returns why it can't be had, or nothing."""
    text = values[name]
    if not is_reference(text):
        parts.wrong(f"{where}.{name}", PLAIN, is_warning=True)
        return ""
    try:
        values[name] = secrets.resolve(text, str(values.get("name", "")), name)
    except SecretError as problem:
        advice = f"{problem}; until then nothing is sent to it"
        parts.wrong(f"{where}.{name}", advice, is_warning=True, needs_action=True)
        return _as_sentence(str(problem))
    return ""


def _as_sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
