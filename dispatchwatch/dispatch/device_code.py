"""Signing in with a code: a person enters it on a page of the platform, in whatever browser he likes, and we ask until
he has. Facts: RFC 8628 (requests, answers, errors, how often to ask)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from dispatchwatch.dispatch.auth import form_request
from dispatchwatch.dispatch.reading import loose, picked, text_at
from dispatchwatch.dispatch.sign_in import refusal
from dispatchwatch.dispatch.text import clip, one_line

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
USUAL_PAUSE, LONGEST_PAUSE, MORE_PATIENCE = 5.0, 60.0, 5.0
USUAL_LIFE, LONGEST_LIFE = 900.0, 3600.0


@dataclass(frozen=True, slots=True)
class Code:
    """What the person is shown, and what we ask with. Times are in seconds."""

    entered: str
    address: str
    device: str = field(repr=False)
    pause: float = USUAL_PAUSE
    life: float = USUAL_LIFE


@dataclass(frozen=True, slots=True)
class Answered:
    """`secret` is empty as long as the person has not entered the code; `slower`: we ask too often."""

    secret: str = field(default="", repr=False)
    slower: bool = False


@dataclass(frozen=True, slots=True)
class DeviceSignIn:
    """`brings` is the field of the configuration whose secret it brings: a refresh token. `client` says who we are."""

    name: str
    brings: str
    code_url: str
    token_url: str
    client: Mapping[str, str] = field(repr=False)
    scope: str

    def begin(self) -> httpx.Request:
        """Asks for a code."""
        return form_request(self.code_url, {"client_id": self.client["client_id"], "scope": self.scope})

    def code(self, answer: httpx.Response) -> Code:
        """The code in the answer. Raises a Failure."""
        told = loose(answer)
        entered, device = one_line(text_at(told, "user_code")), text_at(told, "device_code")
        address = text_at(told, "verification_uri") or text_at(told, "verification_url")
        if not answer.is_success or not (entered and device and address.startswith("https://")):
            raise refusal(self.name, answer.status_code, told)
        pause = _seconds(picked(told, "interval"), USUAL_PAUSE, LONGEST_PAUSE)
        life = _seconds(picked(told, "expires_in"), USUAL_LIFE, LONGEST_LIFE)
        return Code(clip(entered, 60), clip(one_line(address), 200), device, pause, life)

    def poll(self, code: Code) -> httpx.Request:
        """Asks whether the code was entered."""
        asked = {"grant_type": GRANT, "device_code": code.device, **self.client}
        return form_request(self.token_url, asked)

    def answered(self, answer: httpx.Response) -> Answered:
        """What came of it. Raises a Failure where nothing can come of it any more, or not now."""
        told = loose(answer)
        if answer.is_success and text_at(told, "refresh_token"):
            return Answered(text_at(told, "refresh_token"))
        error = text_at(told, "error")
        if error in {"authorization_pending", "slow_down"}:
            return Answered(slower=error == "slow_down")
        raise refusal(self.name, answer.status_code, told)


def _seconds(told: Any, usual: float, most: float) -> float:
    is_number = isinstance(told, (int, float)) and not isinstance(told, bool)
    return min(max(float(told), 1.0), most) if is_number else usual
