"""How a feed shows who is asking: nothing, a password, a key, or a token that is fetched and renewed."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Mapping
from datetime import timedelta
from time import monotonic
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import httpx
from pydantic import BaseModel, ConfigDict, Field

from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.json_paths import read_json, text_of
from dispatchwatch.intake.secret import Secret
from dispatchwatch.intake.web import Limits, Page, Request, Web, shown
from dispatchwatch.intake.web_way import Way

TOKEN_LIMITS = Limits(total=timedelta(seconds=15), quiet=timedelta(seconds=10), bytes=1_000_000)
RENEWED_BEFORE = 60.0
"""Seconds before its end at which a token is renewed; a tenth of its life where that is less."""
ERROR_WORD = re.compile(r"[a-z_]{3,40}", re.ASCII)
"""The error codes of RFC 6749, section 5.2; descriptions beside them may repeat what was sent."""


class _Auth(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NoAuth(_Auth):
    kind: Literal["none"] = "none"


class BasicAuth(_Auth):
    kind: Literal["basic"]
    user: str
    password: Secret


class BearerAuth(_Auth):
    kind: Literal["bearer"]
    token: Secret


class ApiKeyAuth(_Auth):
    """A key in a header, or in the query. `prefix` goes before it, such as `token `."""

    kind: Literal["api_key"]
    key: Secret
    name: str = Field(default="X-API-Key", min_length=1)
    place: Literal["header", "query"] = "header"
    prefix: str = ""


class _OAuth(_Auth):
    """What both OAuth 2.0 grants share. `client_in` says where the client proves itself (RFC 6749, section 2.3.1),
    `extra` are further fields that the vendor's token address wants, such as `audience`."""

    token_url: str
    client_id: str
    client_secret: Secret | None = None
    scope: str = ""
    client_in: Literal["body", "basic"] = "body"
    extra: Mapping[str, str] = Field(default_factory=dict)


class ClientCredentialsAuth(_OAuth):
    kind: Literal["oauth_client_credentials"]
    client_secret: Secret


class RefreshAuth(_OAuth):
    """A refresh token that the server replaces is kept in memory only; after a restart the configured one counts."""

    kind: Literal["oauth_refresh"]
    refresh_token: Secret


Auth = Annotated[
    NoAuth | BasicAuth | BearerAuth | ApiKeyAuth | ClientCredentialsAuth | RefreshAuth, Field(discriminator="kind")
]
OAuth = ClientCredentialsAuth | RefreshAuth


def auth_flow(auth: Auth, way: Way | None = None, *, steady: Callable[[], float] = monotonic) -> httpx.Auth | None:
    """What puts the proof on each request; None where there is none. A token is fetched by the `way`;
    `steady` counts seconds."""
    match auth:
        case BasicAuth():
            return httpx.BasicAuth(auth.user, auth.password.get_secret_value())
        case BearerAuth():
            return KeyFlow("Authorization", f"Bearer {auth.token.get_secret_value()}")
        case ApiKeyAuth():
            return KeyFlow(auth.name, auth.prefix + auth.key.get_secret_value(), in_query=auth.place == "query")
        case ClientCredentialsAuth() | RefreshAuth():
            return TokenFlow(auth, way, steady=steady)
        case _:
            return None


class KeyFlow(httpx.Auth):
    """The same key on each request."""

    def __init__(self, name: str, key: str, *, in_query: bool = False) -> None:
        self._name = name
        self._key = key
        self._in_query = in_query

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if self._in_query:
            request.url = request.url.copy_set_param(self._name, self._key)
        else:
            request.headers[self._name] = self._key
        yield request


class TokenFlow(httpx.Auth):
    """Fetches a token when it is needed, keeps it in memory until shortly before its end, renews it once on a 401.

    Authlib could do this too; it would bring more code than it saves, and ask past the limits of `Web`.
    """

    def __init__(self, auth: OAuth, way: Way | None = None, *, steady: Callable[[], float] = monotonic) -> None:
        self._auth = auth
        self._steady = steady
        self._web = Web(TOKEN_LIMITS, way=way)
        self._refresh = auth.refresh_token.get_secret_value() if isinstance(auth, RefreshAuth) else ""
        self._token = ""
        self._until: float | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Raises FeedError if no token can be had."""
        had_one = bool(self._token)
        if not self._token or (self._until is not None and self._steady() >= self._until):
            self._renew()
            had_one = False
        request.headers["Authorization"] = f"Bearer {self._token}"
        response = yield request
        if response.status_code == 401 and had_one:
            self._renew()
            request.headers["Authorization"] = f"Bearer {self._token}"
            yield request

    def _renew(self) -> None:
        self._token, self._until = "", None
        page = self._web.fetch(self._request())
        told = _token_answer(page)
        token = text_of(told.get("access_token")).strip()
        if not token:
            raise FeedError(f"{shown(page.url)} answers without a token. Check token_url.")
        self._refresh = text_of(told.get("refresh_token")) or self._refresh
        self._token, self._until = token, self._end(text_of(told.get("expires_in")))

    def _end(self, told: str) -> float | None:
        """When to renew; without a life told, when the source refuses it."""
        try:
            life = float(told)
        except ValueError:
            return None
        return self._steady() + max(life - min(RENEWED_BEFORE, life / 10), 0.0)

    def _request(self) -> Request:
        auth = self._auth
        fields = {"grant_type": "client_credentials"}
        if isinstance(auth, RefreshAuth):
            fields = {"grant_type": "refresh_token", "refresh_token": self._refresh}
        if auth.scope:
            fields["scope"] = auth.scope
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        secret = auth.client_secret.get_secret_value() if auth.client_secret else ""
        if auth.client_in == "basic":
            headers["Authorization"] = _basic(auth.client_id, secret)
        else:
            fields |= {"client_id": auth.client_id} | ({"client_secret": secret} if secret else {})
        body = urlencode({**fields, **auth.extra}).encode()
        return Request(url=auth.token_url, method="POST", headers=headers, body=body, secret=True)


def _basic(user: str, password: str) -> str:
    request = httpx.Request("POST", "https://localhost")
    return next(httpx.BasicAuth(user, password).auth_flow(request)).headers["Authorization"]


def _token_answer(page: Page) -> Mapping[str, Any]:
    where = shown(page.url)
    try:
        told = read_json(page.body)
    except ValueError:
        told = {}
    told = told if isinstance(told, dict) else {}
    if page.status in {429, 503}:
        raise FeedError(f"{where} is too busy to give a token ({page.status}). It is asked again.")
    if page.status >= 500:
        raise FeedError(f"{where}, which gives the tokens, has a fault of its own ({page.status}). It is asked again.")
    if page.status >= 400:
        word = told.get("error")
        reason = word if isinstance(word, str) and ERROR_WORD.fullmatch(word) else str(page.status)
        raise FeedError(
            f"{where} gives no token ({reason}). Check client_id, client_secret and, where there is one, refresh_token."
        )
    return told
