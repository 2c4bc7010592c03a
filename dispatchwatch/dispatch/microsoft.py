"""Signing in with Microsoft Entra, for the clouds that Microsoft Graph is in.

An app signs in for itself, or for a person with the refresh token of that person's sign-in. Microsoft gives out a new
refresh token with each use, which is used from then on; the first stays good for its own time. Facts: learn.microsoft.
com/entra/identity-platform, v2-oauth2-client-creds-grant-flow and v2-oauth2-device-code (the app must allow public
client flows); microsoft-graph-docs, concepts/deployments. Unconfirmed:
that refresh tokens live for 90 days, and that the claim `roles` of an app's token names its rights.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from typing import Any

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch.auth import Auth, form_request
from dispatchwatch.dispatch.device_code import DeviceSignIn
from dispatchwatch.dispatch.errors import Unauthorised
from dispatchwatch.dispatch.fields import ChannelConfig, choice, secret, shown, text
from dispatchwatch.dispatch.reading import picked, text_at

APPLICATION, DELEGATED = ("authentication", "application"), ("authentication", "delegated")
SIGNING_IN = {"application": "For itself, with a client secret", "delegated": "For a person, with a refresh token"}
CLOUDS = {"global": "Worldwide", "usgov": "US Government", "dod": "US Department of Defense", "china": "China"}
GRAPHS = {
    "global": "https://graph.microsoft.com",
    "usgov": "https://graph.microsoft.us",
    "dod": "https://dod-graph.microsoft.us",
    "china": "https://microsoftgraph.chinacloudapi.cn",
}
LOGINS = {
    "global": "https://login.microsoftonline.com",
    "usgov": "https://login.microsoftonline.us",
    "dod": "https://login.microsoftonline.us",
    "china": "https://login.chinacloudapi.cn",
}


class MicrosoftConfig(ChannelConfig):
    cloud: str = choice(
        "Cloud",
        CLOUDS,
        default="global",
        help="Where the organisation’s Microsoft 365 is run; nearly always the global one.",
    )
    tenant_id: str = text("Tenant", help="Its ID or domain: in Entra under Overview.", pattern=r"[A-Za-z0-9.-]+")
    client_id: str = text("Client ID", help="Of the app: in Entra under App registrations.", pattern="[0-9a-fA-F-]{36}")
    authentication: str = choice(
        "Signing in",
        SIGNING_IN,
        default="application",
        help="How the program shows who it is: as an application of its own, or for a person who signed in.",
    )
    client_secret: SecretStr | None = secret("Client secret", where=APPLICATION, help="Its value, not its ID.")
    refresh_token: SecretStr | None = secret("Refresh token", where=DELEGATED, help="From the person’s sign-in.")


class MicrosoftToken(Auth):
    """A token for Graph. `rights` are what a person has allowed; an app has whatever an administrator granted it, and
    where its token tells, the first of them must be among that."""

    def __init__(self, name: str, config: MicrosoftConfig, rights: tuple[str, ...]) -> None:
        super().__init__(name)
        self._config = config
        self._rights = rights
        self._refresh = shown(config.refresh_token)

    def grant(self) -> httpx.Request:
        config, graph = self._config, GRAPHS[self._config.cloud]
        form = _client(config)
        if config.authentication == "application":
            form |= {"grant_type": "client_credentials", "scope": f"{graph}/.default"}
        else:
            form |= {
                "grant_type": "refresh_token", "refresh_token": self._refresh, "scope": _scope(config, self._rights),
            }  # fmt: skip
        return form_request(_login(config, "token"), form)

    def accept(self, answer: Mapping[str, Any]) -> None:
        given = text_at(answer, "refresh_token") or self._refresh
        if given != self._refresh:
            self._refresh = given
            self.hand_over("refresh_token", given)
        roles = picked(_claims(text_at(answer, "access_token")), "roles")
        is_app = self._config.authentication == "application"
        if is_app and isinstance(roles, list) and self._rights[0] not in roles:
            raise Unauthorised(
                f"{self._name}: the app lacks a right; an administrator must grant it {self._rights[0]}."
            )

    def secrets(self) -> tuple[str, ...]:
        return (*super().secrets(), self._refresh)


def device_sign_in(name: str, config: MicrosoftConfig, rights: tuple[str, ...]) -> DeviceSignIn | None:
    """How the person signs in for whom mails are sent; None where the app signs in for itself."""
    if config.authentication != "delegated":
        return None
    where = _login(config, "devicecode"), _login(config, "token")
    return DeviceSignIn(name, "refresh_token", *where, _client(config), _scope(config, rights))


def _login(config: MicrosoftConfig, what: str) -> str:
    return f"{LOGINS[config.cloud]}/{config.tenant_id}/oauth2/v2.0/{what}"


def _client(config: MicrosoftConfig) -> dict[str, str]:
    known = {"client_secret": shown(config.client_secret)} if config.client_secret is not None else {}
    return {"client_id": config.client_id, **known}


def _scope(config: MicrosoftConfig, rights: tuple[str, ...]) -> str:
    return " ".join([*(f"{GRAPHS[config.cloud]}/{right}" for right in rights), "offline_access"])


def _claims(token: str) -> Any:
    """What a token says of itself; nothing where it is not one that can be read."""
    part = token.split(".")[1] if token.count(".") == 2 else ""
    try:
        return json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        return {}
