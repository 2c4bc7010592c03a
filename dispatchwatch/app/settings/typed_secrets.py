"""Secrets of a configuration that is being edited: typed in but not saved yet, or kept under a name that changed."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from pydantic import SecretStr

from dispatchwatch.app.keeping_secrets import KeepingKeyring
from dispatchwatch.app.secrets import SERVICE, Keyring, SecretSource


@dataclass(slots=True)
class TypedSecrets:
    """`typed` are secrets by their entry in the keyring, `moved` the entries whose name changed, each with the old one.

    What the keyring said is remembered, so that checking a form at every change does not ask it again.
    """

    secrets: SecretSource
    typed: dict[str, SecretStr] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    _said: dict[str, str | None] = field(default_factory=dict, repr=False)

    @property
    def source(self) -> SecretSource:
        """Where references lead while the configuration is edited."""
        return replace(self.secrets, keyring=lambda: _Ahead(self))

    def rename(self, old: str, new: str) -> None:
        """An entry is called otherwise from now on."""
        if old in self.typed:
            self.typed[new] = self.typed.pop(old)
        else:
            self.moved[new] = self.moved.pop(old, old)

    def to_keep(self, entries: Iterable[str]) -> dict[str, SecretStr]:
        """What has to go into the keyring for these entries to lead somewhere. Blocks."""
        found = {}
        for entry in entries:
            secret = self.typed.get(entry) or self._moved(entry)
            if secret is not None:
                found[entry] = secret
        return found

    def forget_moved(self, entries: Iterable[str]) -> None:
        """Takes what was moved away from under its old name, where none of these `entries` needs it. Blocks."""
        with suppress(Exception):  # what is left behind harms nobody, and every keyring has errors of its own
            ring = self.secrets.keyring()
            for old in set(self.moved.values()) - set(entries):
                if isinstance(ring, KeepingKeyring) and ring.get_password(SERVICE, old) is not None:
                    ring.delete_password(SERVICE, old)

    def forget(self) -> None:
        """Nothing is typed, nothing moved."""
        self.typed.clear()
        self.moved.clear()
        self._said.clear()

    def look_up(self, entry: str) -> str | None:
        if entry in self.typed:
            return self.typed[entry].get_secret_value()
        place = self.moved.get(entry, entry)
        if place not in self._said:
            self._said[place] = self.secrets.keyring().get_password(SERVICE, place)
        return self._said[place]

    def _moved(self, entry: str) -> SecretStr | None:
        if entry not in self.moved:
            return None
        with suppress(Exception):  # then it leads nowhere, as it did before, and that is said at its key
            secret = self.secrets.keyring().get_password(SERVICE, self.moved[entry])
            return SecretStr(secret) if secret else None
        return None


class _Ahead(Keyring):
    """The keyring as it will be once all is saved."""

    def __init__(self, secrets: TypedSecrets) -> None:
        self._secrets = secrets

    def get_password(self, service_name: str, username: str) -> str | None:
        del service_name
        return self._secrets.look_up(username)
