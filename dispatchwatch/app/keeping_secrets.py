"""Secrets that a person types in: where they are kept, so that the configuration holds references alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Protocol, runtime_checkable

from pydantic import SecretStr

from dispatchwatch.app.secrets import SERVICE, Keyring, SecretError, SecretSource, is_reference
from dispatchwatch.intake.secret import SecretMissing

KEYRING = "keyring:"
PROBE = "probe"
OTHER_WAYS = (
    "answer env:NAME, the name of an environment variable that holds it, or file:PATH, a file that only you can read"
    " and that holds nothing else"
)
NO_KEYRING = f"This computer has no keyring that programs can keep secrets in; {OTHER_WAYS}."
FIELDS = frozenset({"password", "token", "key", "client_secret", "refresh_token", "secret"})


class KeepError(Exception):
    """A secret could not be kept; the text says why and what to do instead."""


@runtime_checkable
class KeepingKeyring(Keyring, Protocol):
    """A keyring that takes something in."""

    def set_password(self, service_name: str, username: str, password: str) -> None: ...

    def delete_password(self, service_name: str, username: str) -> None: ...


class Lookup:
    """Finds the secrets of one feed: those that were typed in just now, and those that references lead to."""

    def __init__(self, feed: str, typed: Mapping[str, SecretStr], secrets: SecretSource) -> None:
        self._feed = feed
        self._typed = typed
        self._secrets = secrets

    def __call__(self, text: str, field: str, *, public: bool) -> str:  # noqa: ARG002 - one is found as the other is
        if not is_reference(text):
            return text
        if text == KEYRING and field in self._typed:
            return self._typed[field].get_secret_value()
        try:
            return self._secrets.resolve(text, self._feed, field)
        except SecretError as problem:
            raise SecretMissing(str(problem)) from None


def is_secret(key: str) -> bool:
    """Whether the setting of this dotted name, such as `auth.password`, is a secret."""
    head, _, rest = key.partition(".")
    return (head == "secrets" and bool(rest)) or key.rpartition(".")[2] in FIELDS


def field_of(key: str) -> str:
    """The name under which the keyring has the secret of a setting, after that of its feed."""
    return key.rpartition(".")[2]


def can_keep(secrets: SecretSource) -> bool:
    """Whether there is a keyring to put secrets in. Blocks: some ask their owner to unlock them."""
    try:
        ring = secrets.keyring()
        ring.get_password(SERVICE, PROBE)
    except Exception:  # noqa: BLE001 - every system's keyring has errors of its own
        return False
    return isinstance(ring, KeepingKeyring)


@contextmanager
def kept(feed: str, typed: Mapping[str, SecretStr], secrets: SecretSource) -> Iterator[None]:
    """Puts the secrets of a feed into the keyring; if the block fails, what was there before is put back. Blocks.

    Raises KeepError.
    """
    before: dict[str, str | None] = {}
    try:
        for field, secret in typed.items():
            entry = f"{feed}.{field}"
            before[entry] = _put(entry, secret.get_secret_value(), secrets)
        yield
    except BaseException:
        for entry, old in before.items():
            _put_back(entry, old, secrets)
        raise


def _put(entry: str, secret: str, secrets: SecretSource) -> str | None:
    """Returns what stood there before."""
    try:
        ring = secrets.keyring()
        if not isinstance(ring, KeepingKeyring):
            raise TypeError("read only")
        before = ring.get_password(SERVICE, entry)
        ring.set_password(SERVICE, entry, secret)
        found = ring.get_password(SERVICE, entry)
    except Exception as error:  # noqa: BLE001 - every system's keyring has its own; some repeat what they were given
        raise KeepError(f"The system keyring can’t be written to ({type(error).__name__}); {OTHER_WAYS}.") from None
    if found != secret:
        raise KeepError(f"The system keyring did not keep what it was given; {OTHER_WAYS}.")
    return before


def _put_back(entry: str, secret: str | None, secrets: SecretSource) -> None:
    ring = secrets.keyring()
    with suppress(Exception):  # what is wrong has been told already
        if isinstance(ring, KeepingKeyring):
            if secret is None:
                ring.delete_password(SERVICE, entry)
            else:
                ring.set_password(SERVICE, entry, secret)
