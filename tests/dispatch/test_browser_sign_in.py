"""Signing in with a browser: the page that is opened, the exchange, and what each answer means."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from dispatchwatch.dispatch.browser_sign_in import Attempt, BrowserSignIn
from dispatchwatch.dispatch.errors import Unauthorised, Unreachable
from dispatchwatch.dispatch.platforms.gmail import SCOPE, Gmail
from tests.dispatch.samples_gmail import gmail_config, service_account_config

CONFIG = gmail_config()
SECRET = CONFIG.client_secret.get_secret_value() if CONFIG.client_secret else ""
# The example of RFC 7636, appendix B.
VERIFIER, CHALLENGE = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
ATTEMPT = Attempt("http://127.0.0.1:51004", "the-state", VERIFIER)


def found() -> BrowserSignIn:
    how = Gmail().sign_in(CONFIG)
    assert how is not None
    return how


def told(status: int = 200, **body: Any) -> httpx.Response:
    return httpx.Response(status, json=body)


def test_the_page_that_is_opened() -> None:
    url = httpx.URL(found().page(ATTEMPT))
    assert str(url.copy_with(query=None)) == "https://accounts.google.com/o/oauth2/v2/auth"
    assert dict(url.params) == {
        "client_id": CONFIG.client_id, "redirect_uri": "http://127.0.0.1:51004", "response_type": "code",
        "scope": SCOPE, "state": "the-state", "code_challenge": CHALLENGE, "code_challenge_method": "S256",
        "access_type": "offline", "prompt": "consent", "login_hint": CONFIG.mailbox,
    }  # fmt: skip


def test_the_code_is_exchanged() -> None:
    request = found().exchange({"code": "4/0AbC+d", "state": "the-state"}, ATTEMPT)
    assert (request.method, str(request.url)) == ("POST", "https://oauth2.googleapis.com/token")
    assert parse_qs(request.content.decode()) == {
        "grant_type": ["authorization_code"], "code": ["4/0AbC+d"], "code_verifier": [VERIFIER],
        "redirect_uri": ["http://127.0.0.1:51004"], "client_id": [CONFIG.client_id], "client_secret": [SECRET],
    }  # fmt: skip


@pytest.mark.parametrize("scope", [SCOPE, f"openid {SCOPE}", None])
def test_what_the_exchange_brings_is_kept(scope: str | None) -> None:
    more: dict[str, Any] = {"scope": scope} if scope else {}
    assert found().secret(told(access_token="x", refresh_token="kept", **more)) == "kept"


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (told(400, error="invalid_grant", error_description="Bad Request 4/0AbC"), Unauthorised, "too long, or was"),
        (told(401, error="invalid_client"), Unauthorised, r"check the client .* \(HTTP 401, invalid_client\)"),
        (told(access_token="x"), Unauthorised, "HTTP 200"),
        (told(refresh_token="kept", scope="openid"), Unauthorised, "did not allow what this needs"),
        (httpx.Response(503, text="<html>"), Unreachable, "signs nobody in just now"),
        (httpx.Response(429), Unreachable, "signs nobody in just now"),
    ],
)
def test_what_brings_nothing_is_a_sentence(answer: httpx.Response, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words) as caught:
        found().secret(answer)
    assert "4/0AbC" not in str(caught.value)


@pytest.mark.parametrize(
    ("brought", "words"),
    [({"error": "access_denied"}, "the person said no"), ({"error": "<script>"}, "check the client")],
)
def test_a_browser_that_brings_no_code_says_why(brought: dict[str, str], words: str) -> None:
    with pytest.raises(Unauthorised, match=words) as caught:
        found().exchange(brought, ATTEMPT)
    assert "script" not in str(caught.value)


def test_a_service_account_needs_nobody() -> None:
    assert Gmail().sign_in(service_account_config()) is None


def test_nothing_secret_is_in_what_is_printed() -> None:
    shown = f"{found()!r} {ATTEMPT!r}"
    for one in (SECRET, VERIFIER, "the-state"):
        assert one not in shown
