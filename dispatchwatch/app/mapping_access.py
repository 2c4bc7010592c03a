"""What is asked where a source wants to know who asks: the kinds of proof, and what each needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dispatchwatch.app.mapping_settings import setting
from dispatchwatch.intake.questions import Question

KINDS: Mapping[str, str] = {
    "basic": "a user name and a password",
    "bearer": "a token, sent as “Authorization: Bearer …”",
    "api_key": "a key in a header of its own, such as X-API-Key",
    "oauth_client_credentials": "OAuth 2.0: a client id and a client secret that a token is fetched with",
    "oauth_refresh": "OAuth 2.0: a refresh token, as you get one when you allow an app",
}
WORDS: Mapping[str, str] = {
    "user": "User name?",
    "password": "Password?",
    "token": "The token?",
    "key": "The key?",
    "name": "In which header does the key go?",
    "token_url": "The address that gives tokens?",
    "client_id": "The client id?",
    "client_secret": "The client secret?",
    "refresh_token": "The refresh token?",
}
NEEDED: Mapping[str, tuple[str, ...]] = {
    "basic": ("user", "password"),
    "bearer": ("token",),
    "api_key": ("name", "key"),
    "oauth_client_credentials": ("token_url", "client_id", "client_secret"),
    "oauth_refresh": ("token_url", "client_id", "refresh_token"),
}
SECRET = frozenset({"password", "token", "key", "client_secret", "refresh_token"})
SUGGESTED = {"name": "X-API-Key"}


def about_proof(settings: Mapping[str, Any], offers: str) -> Iterable[Question]:
    """What is still to be said; `offers` is what the source's own header says it takes."""
    kind = setting(settings, "auth.kind")
    if kind is None:
        offered = next((name for name in ("bearer", "basic") if offers.casefold().startswith(name)), "")
        text = "The source wants to know who asks. What did you get from it?"
        yield Question("auth.kind", text, tuple(KINDS), "--answer auth.kind=bearer", offered, KINDS)
    else:
        yield from about_needed(str(kind), setting(settings, "auth") or {})


def about_needed(kind: str, told: Mapping[str, Any]) -> Iterable[Question]:
    """What this kind of proof needs beside what is `told` in the table `auth`."""
    for name in NEEDED.get(kind, ()):
        if name not in told:
            yield about_setting(f"auth.{name}", WORDS[name], secret=name in SECRET, suggestion=SUGGESTED.get(name, ""))


def about_setting(key: str, text: str, *, secret: bool = False, suggestion: str = "") -> Question:
    """A setting that any text answers."""
    option = f"--secret {key}=env:NAME" if secret else f'--answer "{key}=…"'
    return Question(key, text, (), option, suggestion, secret=secret)
