"""Feeds and other sections as the file names them, where they hold secrets; channels are in `config_channels`.

A secret that can't be had costs its own section and nothing else: the feed fails with the reason, and the day is
watched without it.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dispatchwatch.app.config_parts import PartReader, checked, sentence_of
from dispatchwatch.app.inbound_config import TelegramCheckInConfig
from dispatchwatch.app.key_path import KeyPath, of_error, section
from dispatchwatch.app.running_config import HeartbeatConfig, NetworkConfig
from dispatchwatch.app.secrets import SecretError, SecretSource, is_reference
from dispatchwatch.dispatch.transport import STRAIGHT, Way, trusted_certificates
from dispatchwatch.intake.catalog import FEEDS
from dispatchwatch.intake.feed import FeedConfig
from dispatchwatch.intake.secret import LOOKUP, MISSING, SecretMissing
from dispatchwatch.intake.unavailable import UnavailableConfig

PLAIN = "a secret stands here as plain text; keep it out with keyring:, env:NAME or file:PATH"


def read_feed(parts: PartReader, secrets: SecretSource, where: KeyPath, raw: Mapping[str, Any]) -> FeedConfig | None:
    kind = raw.get("kind")
    model = FEEDS.get(str(kind))
    if model is None:
        parts.wrong(where / "kind", f"“{kind}” is not a kind of feed; the kinds are {', '.join(FEEDS)}")
        return None
    lookup = _Lookup(secrets, str(raw.get("name", "")))
    found: FeedConfig | None
    found, errors = checked(model, raw, {LOOKUP: lookup})
    profile = raw.get("profile")
    if isinstance(profile, str) and profile not in parts.table("profile"):
        parts.wrong(where / "profile", f"there is no [profile.{profile}]")
    for field in lookup.plain:
        parts.wrong(where / field, PLAIN, is_warning=True)
    lacking = [one for one in errors if one["type"] == MISSING]
    parts.tell(where, [one for one in errors if one["type"] != MISSING], raw)
    for one in lacking:
        text = f"{one['msg']}; until then nothing is read from it"
        parts.wrong(of_error(where, one, raw), text, is_warning=True, needs_action=True)
    return _unavailable(raw, str(lacking[0]["msg"])) if lacking else found


def read_telegram(parts: PartReader, secrets: SecretSource) -> TelegramCheckInConfig | None:
    """The section of the office's bot; None where it is left out or can't be used now."""
    found: TelegramCheckInConfig | None = _section(
        parts, secrets, "telegram_check_in", TelegramCheckInConfig, "until then no messages are read"
    )
    return found


def read_heartbeat(parts: PartReader, secrets: SecretSource) -> HeartbeatConfig | None:
    """The dead man's switch; None where there is none, or it can't be called now."""
    found: HeartbeatConfig | None = _section(
        parts, secrets, "heartbeat", HeartbeatConfig, "until then nobody hears whether the program works"
    )
    return found


def read_network(parts: PartReader, secrets: SecretSource) -> Way:
    """How requests leave the office. What is wrong with it is a problem: nothing goes out another way by mistake."""
    found: NetworkConfig | None = _section(parts, secrets, "network", NetworkConfig, "")
    if found is None:
        return STRAIGHT
    ca_file = parts.path.parent / Path(found.ca_file).expanduser() if found.ca_file else None
    try:
        trusted_certificates(ca_file)
    except OSError as error:  # ssl.SSLError is one
        reason = error.strerror if not isinstance(error, ssl.SSLError) else "it holds no certificate"
        parts.wrong(section("network") / "ca_file", f"the certificates can’t be read: {reason}")
    return Way(found.proxy.get_secret_value() if found.proxy else "", ca_file)


def _section(parts: PartReader, secrets: SecretSource, name: str, model: type[Any], without: str) -> Any:
    """A section with secrets; None where it is left out, is wrong, or lacks one. `without` says what follows from a
    secret that can't be had; empty where the program must not start without it."""
    if name not in parts.raw:
        return None
    lookup = _Lookup(secrets, name)
    found, errors = checked(model, parts.raw[name], {LOOKUP: lookup})
    for field in lookup.plain:
        parts.wrong(section(name) / field, PLAIN, is_warning=True)
    for one in errors:
        is_lacking = bool(without) and one["type"] == MISSING
        text = f"{one['msg']}; {without}" if is_lacking else sentence_of(one)
        parts.wrong(of_error(section(name), one, parts.raw[name]), text, is_warning=is_lacking, needs_action=is_lacking)
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
    found: UnavailableConfig | None = checked(UnavailableConfig, {**known, "problem": as_sentence(problem)})[0]
    return found


def as_sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
