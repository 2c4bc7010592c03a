"""Signing in with a browser on this very computer: a page of the platform leads back to an address that is listened at
here, and brings a code that is exchanged once.

Facts: RFC 8252 (addresses on this computer, at any port), RFC 7636 (S256: who fetched the code must have asked for it),
RFC 6749 (4.1).
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urlencode

import httpx

from dispatchwatch.dispatch.auth import form_request
from dispatchwatch.dispatch.errors import Unauthorised
from dispatchwatch.dispatch.reading import loose, text_at
from dispatchwatch.dispatch.sign_in import declined, refusal


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in: where the page leads back to, what it has to bring back with it, and what shows at the exchange that
    we are who asked. `state` and `verifier` are random, and used once."""

    leads_to: str
    state: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BrowserSignIn:
    """`brings` is the field of the configuration whose secret it brings: a refresh token. `client` says who we are,
    `asked` is what the page is told beyond the standard."""

    name: str
    brings: str
    page_url: str
    token_url: str
    client: Mapping[str, str] = field(repr=False)
    scope: str
    asked: Mapping[str, str] = field(default_factory=dict)

    def page(self, attempt: Attempt) -> str:
        """The address for the person to open."""
        challenge = urlsafe_b64encode(sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "client_id": self.client["client_id"], "redirect_uri": attempt.leads_to, "response_type": "code",
            "scope": self.scope, "state": attempt.state,
            "code_challenge": challenge, "code_challenge_method": "S256", **self.asked,
        }  # fmt: skip
        return f"{self.page_url}?{urlencode(asked)}"

    def exchange(self, brought: Mapping[str, str], attempt: Attempt) -> httpx.Request:
        """Gives the code that the browser `brought` for a token. Raises a Failure where it brought none."""
        if not brought.get("code"):
            raise declined(self.name, brought)
        return form_request(self.token_url, {
            "grant_type": "authorization_code", "code": brought["code"], "code_verifier": attempt.verifier,
            "redirect_uri": attempt.leads_to, **self.client,
        })  # fmt: skip

    def secret(self, answer: httpx.Response) -> str:
        """What the exchange brought. Raises a Failure."""
        told = loose(answer)
        allowed, found = text_at(told, "scope").split(), text_at(told, "refresh_token")
        if not answer.is_success or not found:
            raise refusal(self.name, answer.status_code, told)
        if allowed and self.scope not in allowed:
            raise Unauthorised(f"{self.name}: the person did not allow what this needs. Sign in again and allow it.")
        return found
