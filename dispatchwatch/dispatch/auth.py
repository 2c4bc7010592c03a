"""Proving who we are with a token that is fetched, used until it ends, and fetched anew (OAuth 2.0).

One value of these classes belongs to one channel and lives as long as its lane; the token is in memory only. Facts:
RFC 6749 (client credentials 4.4, refresh 6, errors 5.2), RFC 7523 (signed assertions).
"""

from __future__ import annotations

import json
import re
from abc import abstractmethod
from base64 import b64encode
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from time import monotonic
from typing import Any, ClassVar
from urllib.parse import urlencode

import httpx

from dispatchwatch.dispatch.errors import Failure, Unauthorised, Unreachable

RENEWED_BEFORE = 60.0
"""Seconds before its end at which a token is fetched anew; a tenth of its life where that is less."""
ASSUMED_LIFE = 3600.0
ERROR_WORD = re.compile(r"[A-Za-z_]{3,60}", re.ASCII)
"""The error codes of RFC 6749; what stands beside them may repeat what was sent."""


class Auth(httpx.Auth):
    """A token that goes with each request. `name` is the platform's, for its sentences. While it `asks`, the message
    itself has not left."""

    scheme: ClassVar[str] = "Bearer"
    """The word before the token."""

    def __init__(self, name: str, steady: Callable[[], float] = monotonic) -> None:
        """`steady` is a clock in seconds that is never set. `lead` gives requests for tokens the channel's address;
        `hand_over` is given a secret to be kept in place of one of the configuration: its field, and the secret."""
        self._name = name
        self._steady = steady
        self._token = ""
        self._ends = 0.0
        self.lead: Callable[[httpx.Request], httpx.Request] = lambda request: request
        self.hand_over: Callable[[str, str], None] = lambda _field, _secret: None
        self.asks = False

    @abstractmethod
    def grant(self) -> httpx.Request:
        """The request that fetches a token."""

    def accept(self, answer: Mapping[str, Any]) -> None:
        """Hears the whole answer that held a token, for what else a vendor puts in it."""

    def secrets(self) -> tuple[str, ...]:
        """The token in use, which must be shown as little as what it was fetched with."""
        return (self._token,) if self._token else ()

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Fetches a token where there is none, and once more where the one in use is not accepted any more."""
        if not self._token or self._steady() >= self._ends:
            yield from self._renewed()
        self._sign(request)
        answer = yield request
        if answer.status_code == 401:
            yield from self._renewed()
            self._sign(request)
            yield request

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        flow = self.auth_flow(request)
        try:
            sent = next(flow)
            while True:
                answer = yield sent
                if sent is not request or answer.status_code == 401:
                    await answer.aread()
                sent = flow.send(answer)
        except StopIteration:
            return

    def _renewed(self) -> Generator[httpx.Request, httpx.Response, None]:
        self.asks = True
        self._take((yield self.lead(self.grant())))
        self.asks = False

    def _sign(self, request: httpx.Request) -> None:
        # Asking for a token may have broken off the last time, with the one before it still at hand.
        self.asks = False
        request.headers["Authorization"] = f"{self.scheme} {self._token}"

    def _take(self, answer: httpx.Response) -> None:
        self._token = ""
        if not answer.is_success:
            raise self._refusal(answer)
        told = _object(answer)
        token, life = told.get("access_token"), told.get("expires_in")
        if not isinstance(token, str) or not token:
            raise self._refusal(answer)
        seconds = float(life) if isinstance(life, (int, float, str)) and str(life).isdecimal() else ASSUMED_LIFE
        self._token, self._ends = token, self._steady() + seconds - min(RENEWED_BEFORE, seconds / 10)
        self.accept(told)

    def _refusal(self, answer: httpx.Response) -> Failure:
        said = _object(answer).get("error")
        word = said if isinstance(said, str) and ERROR_WORD.fullmatch(said) else ""
        told = f"(HTTP {answer.status_code}{f', {word}' if word else ''})"
        if answer.status_code == 429 or answer.status_code >= 500:
            return Unreachable(f"{self._name} gives no access token just now {told}.")
        return Unauthorised(
            f"{self._name} gives no access token for this channel’s credentials; check them in the settings {told}."
        )


class Granted(Auth):
    """A token for which the request that fetches it is all there is to say."""

    def __init__(self, name: str, ask: Callable[[], httpx.Request]) -> None:
        super().__init__(name)
        self._ask = ask

    def grant(self) -> httpx.Request:
        return self._ask()


def form_request(url: str, fields: Mapping[str, str]) -> httpx.Request:
    """A request whose body is a form, as OAuth wants it."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    return httpx.Request("POST", url, content=urlencode(fields).encode(), headers=headers)


def basic(user: str, password: str) -> str:
    """User and password as they stand after "Basic" in a request (RFC 7617): as secret as the password."""
    return b64encode(f"{user}:{password}".encode()).decode("ascii")


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = json.loads(answer.content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
