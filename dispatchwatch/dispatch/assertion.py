"""Signed assertions (JWT, RFC 7523): proving who we are with a private key instead of a password."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dispatchwatch.dispatch.errors import Unauthorised

LIVES = 300
"""Seconds an assertion is valid; vendors take 5 minutes at least."""


def signed(name: str, claims: Mapping[str, Any], private_key: str, headers: Mapping[str, str] | None = None) -> str:
    """The claims signed with RS256. `private_key` is PEM. Raises Unauthorised where the key can't be read."""
    import jwt  # its cryptography takes long to load, and few channels sign

    try:
        return jwt.encode(dict(claims), private_key, algorithm="RS256", headers=dict(headers) if headers else None)
    except (ValueError, TypeError, jwt.PyJWTError):
        pass
    # Outside of `except`: the error below holds the key.
    raise Unauthorised(f"{name}: the private key can’t be read; it begins with -----BEGIN PRIVATE KEY-----.")
