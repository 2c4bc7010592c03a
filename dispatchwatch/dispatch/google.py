"""Signing in with Google: for a person with the refresh token of that person's sign-in, or for any mailbox of a
Workspace through a service account that its administrator has put in charge (domain-wide delegation).

Facts: developers.google.com/identity/protocols/oauth2 (refresh tokens end after 7 days while the consent screen is in
"Testing", after 6 months without use, and with a new password), .../native-app (the page, its parameters, the exchange;
for clients of the type Desktop app the secret is none), .../resources/loopback-migration (addresses on this computer go
on for them) and .../service-account; RFC 7523.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Set
from time import time
from typing import Any

import httpx
from pydantic import SecretStr, field_validator

from dispatchwatch.dispatch.assertion import LIVES, signed
from dispatchwatch.dispatch.auth import Auth, form_request
from dispatchwatch.dispatch.browser_sign_in import BrowserSignIn
from dispatchwatch.dispatch.errors import Unauthorised
from dispatchwatch.dispatch.fields import ChannelConfig, choice, problem, secret, shown, text
from dispatchwatch.dispatch.mail import ADDRESS
from dispatchwatch.dispatch.reading import text_at

SIGN_IN_PAGE = "https://accounts.google.com/o/oauth2/v2/auth"
TOKENS = "https://oauth2.googleapis.com/token"
OAUTH, SERVICE_ACCOUNT = ("authentication", "oauth"), ("authentication", "service_account")
SIGNING_IN = {"oauth": "The mailbox’s own sign-in", "service_account": "A service account of the Workspace"}


class GoogleConfig(ChannelConfig):
    mailbox: str = text("Mailbox", help="The address that the mails come from.", pattern=ADDRESS)
    authentication: str = choice(
        "Signing in",
        SIGNING_IN,
        default="oauth",
        help="How the program shows who it is: for a person who signed in, or as a service account.",
    )
    client_id: str = text("Client ID", where=OAUTH, help="Google Cloud console, APIs & Services, Credentials.")
    client_secret: SecretStr | None = secret("Client secret", where=OAUTH, help="Beside the client ID.")
    refresh_token: SecretStr | None = secret(
        "Refresh token", where=OAUTH, help="From the sign-in. It ends after 7 days while the app is in “Testing”."
    )
    service_account_key: SecretStr | None = secret(
        "Key of the service account",
        where=SERVICE_ACCOUNT,
        help="The JSON file of the key, as a whole; the account needs domain-wide delegation.",
        pattern=r"\{[\s\S]*\}",
    )

    @field_validator("service_account_key")
    @classmethod
    def _is_a_key_file(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not all(service_account(value)):
            raise problem("is no key file: it must hold client_email and private_key.")
        return value


class GoogleToken(Auth):
    """A token for one scope. `enough` are the scopes that hold it; `wall` is the time in seconds since 1970."""

    def __init__(
        self, name: str, config: GoogleConfig, scope: str, enough: Set[str], wall: Callable[[], float] = time
    ) -> None:
        super().__init__(name)
        self._config = config
        self._scope = scope
        self._enough = enough
        self._wall = wall

    def grant(self) -> httpx.Request:
        config = self._config
        if config.authentication == "service_account":
            return form_request(TOKENS, {
                "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": self._assertion(),
            })  # fmt: skip
        return form_request(TOKENS, {
            "grant_type": "refresh_token", "refresh_token": shown(config.refresh_token),
            "client_id": config.client_id, "client_secret": shown(config.client_secret),
        })  # fmt: skip

    def accept(self, answer: Mapping[str, Any]) -> None:
        scopes = text_at(answer, "scope").split()
        if scopes and not self._enough & set(scopes):
            raise Unauthorised(f"{self._name}: this sign-in does not allow it. Sign in again and allow {self._scope}.")

    def _assertion(self) -> str:
        account, key = service_account(self._config.service_account_key)
        now = int(self._wall())
        claims = {"iss": account, "sub": self._config.mailbox, "scope": self._scope, "aud": TOKENS}
        return signed(self._name, {**claims, "iat": now, "exp": now + LIVES}, key)


def browser_sign_in(name: str, config: GoogleConfig, scope: str) -> BrowserSignIn | None:
    """How the mailbox's owner signs in; None for a service account. Consent is asked for each time: Google gives no
    refresh token to whom it has given one before."""
    if config.authentication != "oauth":
        return None
    client = {"client_id": config.client_id, "client_secret": shown(config.client_secret)}
    asked = {"access_type": "offline", "prompt": "consent", "login_hint": config.mailbox}
    return BrowserSignIn(name, "refresh_token", SIGN_IN_PAGE, TOKENS, client, scope, asked)


def service_account(key_file: SecretStr | None) -> tuple[str, str]:
    """The address of a service account and its private key; empty where the file is none."""
    try:
        found = json.loads(shown(key_file) or "{}")
    except (ValueError, RecursionError):
        found = {}
    return text_at(found, "client_email"), text_at(found, "private_key")
