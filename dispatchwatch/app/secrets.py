"""Secrets by reference: `keyring:`, `env:NAME`, `file:PATH`, or the value itself where a user typed it in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

SERVICE = "DispatchWatch"


class SecretError(Exception):
    """A secret that can't be had; the message says which and what to do."""


class Keyring(Protocol):
    """The part of the keyring library that is used."""

    def get_password(self, service_name: str, username: str) -> str | None: ...


class WritableKeyring(Keyring, Protocol):
    """The part that is used to keep what a sign-in brought."""

    def set_password(self, service_name: str, username: str, password: str) -> None: ...


def keep(keyring: WritableKeyring, channel: str, field: str, secret: str) -> None:
    """Puts a secret where `keyring:` finds it. Raises `SecretError`."""
    entry = f"{channel}.{field}"
    try:
        keyring.set_password(SERVICE, entry, secret)
        kept = keyring.get_password(SERVICE, entry)
    except Exception as error:  # noqa: BLE001 - every keyring has errors of its own; they may repeat what they were given
        raise SecretError(f"the system keyring did not take “{entry}” ({type(error).__name__})") from None
    if kept != secret:
        raise SecretError(f"the system keyring did not keep “{entry}”")


@dataclass(frozen=True, slots=True)
class SecretSource:
    """Where references lead. `keyring` is asked for only when a reference needs it; `base` is where `file:` starts."""

    environment: Mapping[str, str]
    base: Path
    keyring: Callable[[], Keyring]

    def resolve(self, text: str, channel: str, field: str) -> str:
        """The value behind a reference. Raises `SecretError`."""
        kind, colon, rest = text.partition(":")
        if colon and kind == "keyring":
            return self._from_keyring(f"{channel}.{field}")
        if colon and kind == "env":
            return self._from_environment(rest)
        if colon and kind == "file":
            return self._from_file(rest)
        return text

    def _from_keyring(self, entry: str) -> str:
        try:
            found = self.keyring().get_password(SERVICE, entry)
        except Exception as error:  # every system's keyring has errors of its own
            raise SecretError(f"the system keyring can’t be read ({error}); use env: or file: instead") from error
        if not found:
            raise SecretError(f"the system keyring has no entry “{entry}” for {SERVICE}; add it there")
        return found

    def _from_environment(self, name: str) -> str:
        found = self.environment.get(name, "")
        if not found:
            raise SecretError(f"the environment variable {name} is not set; set it before the program starts")
        return found

    def _from_file(self, name: str) -> str:
        path = self.base / Path(name).expanduser()
        try:
            found = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SecretError(f"the file {path} can’t be read: {error}") from error
        if not found:
            raise SecretError(f"the file {path} is empty; put the secret in it")
        return found


def in_keyring(fields: Iterable[str], entry: Mapping[str, object]) -> frozenset[str]:
    """Those of the fields whose secrets lie in the system keyring, by what the file has for them."""
    return frozenset(one for one in fields if str(entry.get(one)).startswith("keyring:"))


def is_reference(text: str) -> bool:
    return text.split(":", 1)[0] in {"keyring", "env", "file"} and ":" in text


def system_keyring() -> WritableKeyring:
    """The computer's own keyring."""
    import keyring

    return keyring
