"""What the ways of signing a person in have in common: what it means where nobody was signed in.

Facts: RFC 6749 (errors, 4.1.2.1 and 5.2), RFC 8628 (3.5). What stands beside an error may repeat what was sent; of it
only the numbers are kept that vendors' help pages go by.
"""

from __future__ import annotations

import re
from typing import Any

from dispatchwatch.dispatch.errors import Failure, Unauthorised, Unreachable
from dispatchwatch.dispatch.reading import text_at

DECLINED = {
    "access_denied": "the person said no",
    "authorization_declined": "the person said no",
    "expired_token": "the code was not entered in time. Sign in again",
    "bad_verification_code": "the code is not known any more. Sign in again",
    "invalid_grant": "it took too long, or was used twice. Sign in again",
}
USUAL_ADVICE = "check the client and what the app is allowed, in the settings and at the vendor’s"
WORD = re.compile(r"[a-z_]{3,60}", re.ASCII)
NUMBER = re.compile(r"\b[A-Z]{3,10}\d{4,10}\b", re.ASCII)


def refusal(name: str, status: int, told: Any) -> Failure:
    """What an answer of the platform's own server means that is none of those hoped for."""
    if status == 429 or status >= 500:
        return Unreachable(f"{name} signs nobody in just now (HTTP {status}).")
    return declined(name, told, f"HTTP {status}")


def declined(name: str, told: Any, *known: str) -> Failure:
    """The error in `told`, as a sentence; `known` is what else there is to say of it."""
    error = text_at(told, "error")
    number = NUMBER.search(text_at(told, "error_description"))
    words = [*known, error if WORD.fullmatch(error) else "", number[0] if number else ""]
    said = ", ".join(filter(None, words)) or "it gave no reason"
    return Unauthorised(f"{name} did not sign anybody in: {DECLINED.get(error, USUAL_ADVICE)} ({said}).")
