"""Secrets in a feed's configuration: references such as `env:NAME` are replaced while it is checked.

Who checks it brings, as `context={LOOKUP: …}`, the function that knows where references lead; this layer knows nothing
of keyrings and files. Without one, texts are taken as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Protocol

from pydantic import BeforeValidator, SecretStr, ValidationInfo
from pydantic_core import PydanticCustomError

LOOKUP = "lookup"
MISSING = "secret_missing"
"""The type of the validation error that says why a secret can't be had."""


class SecretMissing(Exception):
    """A reference that leads nowhere; the text says why and what to do."""


class Lookup(Protocol):
    def __call__(self, text: str, field: str, *, public: bool) -> str:
        """The secret that `text` stands for, in the field of this name. `public`: it may as well be no secret at all.

        Raises SecretMissing.
        """
        ...


def _looked_up(value: object, field: str, info: ValidationInfo, *, public: bool = False) -> object:
    lookup: Lookup | None = (info.context or {}).get(LOOKUP)
    if lookup is None or not isinstance(value, str):
        return value
    try:
        return lookup(value, field, public=public)
    except SecretMissing as problem:
        raise PydanticCustomError(MISSING, "{reason}", {"reason": str(problem)}) from None


def _secret(value: object, info: ValidationInfo) -> object:
    return _looked_up(value, info.field_name or "", info)


def _address(value: object, info: ValidationInfo) -> object:
    return _looked_up(value, info.field_name or "", info, public=True)


def _secrets(values: object, info: ValidationInfo) -> object:
    if not isinstance(values, Mapping):
        return values
    return {name: _looked_up(value, str(name), info) for name, value in values.items()}


Secret = Annotated[SecretStr, BeforeValidator(_secret)]
"""A secret: `keyring:`, `env:NAME`, `file:PATH`, or the thing itself."""

SecretAddress = Annotated[SecretStr, BeforeValidator(_address)]
"""An address that may let in whoever has it; it can be written as it is, and is shown nowhere all the same."""

Secrets = Annotated[Mapping[str, SecretStr], BeforeValidator(_secrets)]
"""Several, each with its name; in the keyring they are found under it."""
