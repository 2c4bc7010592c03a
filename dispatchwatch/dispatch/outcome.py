"""What an answer that is not a success means, and the words for it."""

from __future__ import annotations

import json
import re
from typing import Any

from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised, Unknown, Unreachable
from dispatchwatch.dispatch.text import one_line

LATER = frozenset({408, 425, 429})
NOT_LET_IN = frozenset({401, 403})
GAVE_UP_WAITING = 504
"""A gateway gave up on a vendor who may have done what he was asked all the same."""
_TITLE = re.compile(r"<title[^<>]*>", re.IGNORECASE)
_TITLE_END = re.compile(r"</title", re.IGNORECASE)
_SAYING = ("message", "error_description", "error", "detail", "description", "title", "reason", "errors")


def by_status(name: str, status: int, said: str) -> Failure | None:
    """The outcome that an HTTP status stands for; None for 2xx. `said` is the reason given."""
    if 200 <= status < 300:
        return None
    told = f"(HTTP {status})" + (f": {said.rstrip('.')}." if said else ".")
    if status in NOT_LET_IN:
        return Unauthorised(f"{name} does not accept this channel’s credentials; check them in the settings {told}")
    if status in LATER:
        return Unreachable(f"{name} asks to be told later {told}")
    if status == GAVE_UP_WAITING:
        return Unknown(f"{name} has not answered its own gateway in time; the message may have arrived {told}")
    if 500 <= status < 600:
        return Unreachable(f"{name} has a problem of its own {told}")
    if 300 <= status < 400:
        return Refused(f"{name} points to another address, which is not followed; check the channel’s address {told}")
    if 400 <= status < 500:
        return Refused(f"{name} does not take this message {told}")
    return Unknown(f"{name} gave an answer that means nothing in HTTP {told}")


def reason(body: str) -> str:
    """The sentence in an error body: plain text, the telling field of JSON, or the title of a web page.

    The body is a text first: proxies answer for anyone, and not in JSON. It may be long: the sender shortens it when
    it has taken the secrets out, since of a secret that is cut first the beginning would be left.
    """
    body = body.strip()
    if body.startswith(("{", "[")):
        try:
            return one_line(sayings(json.loads(body)))
        except (ValueError, RecursionError):
            return one_line(body)
    return one_line(_title(body) if body.startswith("<") else body)


def _title(page: str) -> str:
    """The title of a web page. Two searches instead of one pattern: that would take seconds on a hostile page."""
    begin = _TITLE.search(page)
    end = _TITLE_END.search(page, begin.end()) if begin else None
    return page[begin.end() : end.start()] if begin and end else ""


def sayings(answer: Any) -> str:
    """The texts under the keys that vendors put their reasons in, in that order, each once."""
    if isinstance(answer, dict):
        parts = [sayings(answer[key]) for key in _SAYING if answer.get(key)]
    elif isinstance(answer, list):
        parts = [sayings(item) for item in answer]
    else:
        return answer if isinstance(answer, str) else ""
    return "; ".join(dict.fromkeys(part for part in parts if part))
