"""Signing in with a code: what is asked, and what each answer means."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from dispatchwatch.dispatch.device_code import Answered, Code, DeviceSignIn
from dispatchwatch.dispatch.errors import Unauthorised, Unreachable
from dispatchwatch.dispatch.platforms.outlook import Outlook
from tests.dispatch.samples_outlook import CLIENT_ID, CLIENT_SECRET, TENANT, delegated_config, outlook_config

LOGIN = f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0"
CODE: dict[str, Any] = {
    "user_code": "FGHJ-KLMN", "device_code": "a-long-device-code",
    "verification_uri": "https://microsoft.com/devicelogin",
    "expires_in": 900, "interval": 7,
}  # fmt: skip


def found(**more: Any) -> DeviceSignIn:
    how = Outlook().sign_in(delegated_config(**more))
    assert how is not None
    return how


def told(status: int = 200, **body: Any) -> httpx.Response:
    return httpx.Response(status, json=body)


def asked(request: httpx.Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request.content.decode()).items()}


def test_a_code_is_asked_for_with_the_rights_that_are_needed() -> None:
    request = found().begin()
    assert (request.method, str(request.url)) == ("POST", f"{LOGIN}/devicecode")
    assert asked(request) == {
        "client_id": CLIENT_ID, "scope": "https://graph.microsoft.com/Mail.Send offline_access",
    }  # fmt: skip


def test_another_cloud_and_replies_take_other_ones() -> None:
    request = found(cloud="china", replies="yes").begin()
    assert request.url.host == "login.chinacloudapi.cn"
    graph = "https://microsoftgraph.chinacloudapi.cn"
    assert asked(request)["scope"] == f"{graph}/Mail.Send {graph}/Mail.ReadWrite offline_access"


def test_an_app_that_signs_in_for_itself_needs_nobody() -> None:
    assert Outlook().sign_in(outlook_config()) is None


def test_the_code_is_read_and_asked_with() -> None:
    code = found().code(told(**CODE))
    assert code == Code("FGHJ-KLMN", "https://microsoft.com/devicelogin", "a-long-device-code", 7.0, 900.0)
    request = found().poll(code)
    assert str(request.url) == f"{LOGIN}/token"
    assert asked(request) == {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": "a-long-device-code", "client_id": CLIENT_ID,
    }  # fmt: skip
    assert asked(found(client_secret=CLIENT_SECRET).poll(code))["client_secret"] == CLIENT_SECRET


@pytest.mark.parametrize(
    ("more", "pause", "life"),
    [({"interval": None}, 5, 900), ({"interval": "soon"}, 5, 900),
     ({"interval": 0}, 1, 900), ({"interval": 1e9}, 60, 900),
     ({"expires_in": True}, 7, 900), ({"expires_in": 10**9}, 7, 3600)],
)  # fmt: skip
def test_times_are_kept_within_reason(more: dict[str, Any], pause: float, life: float) -> None:
    code = found().code(told(**{**CODE, **more}))
    assert (code.pause, code.life) == (pause, life)


@pytest.mark.parametrize(
    "more",
    [{"user_code": ""}, {"device_code": ""}, {"verification_uri": "http://microsoft.com"}, {"verification_uri": ""}],
)
def test_half_a_code_is_none(more: dict[str, str]) -> None:
    with pytest.raises(Unauthorised):
        found().code(told(**{**CODE, **more}))


def test_what_is_shown_has_no_line_breaks() -> None:
    assert found().code(told(**{**CODE, "user_code": "AB\nCD\x1b[1m"})).entered == "AB CD[1m"


def test_what_is_not_entered_yet_is_asked_for_again() -> None:
    assert found().answered(told(400, error="authorization_pending")) == Answered()
    assert found().answered(told(400, error="slow_down")) == Answered(slower=True)
    assert found().answered(told(refresh_token="kept", access_token="x")) == Answered("kept")


@pytest.mark.parametrize(
    ("error", "words"),
    [("access_denied", "said no"), ("authorization_declined", "said no"), ("expired_token", "not entered in time"),
     ("bad_verification_code", "not known any more"), ("invalid_client", "AADSTS7000218")],
)  # fmt: skip
def test_what_ends_it_is_said(error: str, words: str) -> None:
    with pytest.raises(Unauthorised) as caught:
        found().answered(told(400, error=error, error_description="AADSTS7000218: said a-long-device-code"))
    assert words in str(caught.value)
    assert "a-long-device-code" not in str(caught.value)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_trouble_over_there_is_no_end(status: int) -> None:
    with pytest.raises(Unreachable):
        found().answered(httpx.Response(status, text="<html>"))


def test_an_answer_without_a_refresh_token_is_an_end() -> None:
    with pytest.raises(Unauthorised):
        found().answered(told(access_token="x"))


def test_nothing_secret_is_in_what_is_printed() -> None:
    how = found(client_secret=CLIENT_SECRET)
    code = how.code(told(**CODE))
    shown = f"{how!r} {code!r} {how.answered(told(refresh_token='kept-secret'))!r}"
    for one in (CLIENT_SECRET, "a-long-device-code", "kept-secret"):
        assert one not in shown
