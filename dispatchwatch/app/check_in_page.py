"""The page behind a check-in link: plain HTML without a script, for any phone.

`GET /c/<token>` shows, and enters nothing: messengers open links by themselves to preview them. `POST /c` enters. The
token stands in the form, so no other site can make somebody's phone send it.
"""

from __future__ import annotations

import asyncio
import logging
from base64 import b64encode
from collections.abc import Awaitable, Callable
from hashlib import sha256
from html import escape
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dispatchwatch.app.check_in_links import MINUTES, Action, Answer, State, Step, digest_of
from dispatchwatch.app.clock import Clock
from dispatchwatch.app.inbound_rate import Rate
from dispatchwatch.app.listening import Unread, address_of, body_of

LOG = logging.getLogger(__name__)
LARGEST_FORM = 2000
LONGEST_TOKEN = 64
LONGEST_WAIT = 5.0
PER_ADDRESS = 60
PER_TOKEN = 20
STYLE = (
    "body{font:18px/1.4 sans-serif;max-width:30em;margin:0 auto;padding:1em;color:#111;background:#fff}"
    "h1{font-size:1.3em}dt{color:#555}dd{margin:0 0 .6em;font-weight:bold}p{border-left:.3em solid #0a58a5;"
    "padding-left:.7em}button,select{font:inherit;width:100%;padding:.9em;margin:.3em 0;box-sizing:border-box}"
    "button{background:#0a58a5;color:#fff;border:0;border-radius:.4em}button.second{background:#555}"
)
_STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; frame-ancestors 'none';"
        " base-uri 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
TOO_OFTEN = "That was too often. Wait a minute and try again, or call the office."
NOT_NOW = "The office’s computer can’t take that just now. Try again in a minute, or call the office."


class CheckInPage:
    """`ask` is `CheckIns.answer`, awaited on the engine's loop."""

    def __init__(self, ask: Callable[[Step], Awaitable[Answer]], clock: Clock) -> None:
        self._ask = ask
        self._addresses = Rate(PER_ADDRESS, clock.steady)
        self._tokens = Rate(PER_TOKEN, clock.steady)

    def routes(self) -> list[Route]:
        return [
            Route("/c/{token}", self._show, methods=["GET"]),
            Route("/c", self._enter, methods=["POST"]),
        ]

    async def _show(self, request: Request) -> Response:
        return await self._answer(request, Step(str(request.path_params["token"])))

    async def _enter(self, request: Request) -> Response:
        try:
            form = parse_qs((await body_of(request, LARGEST_FORM)).decode("ascii"), max_num_fields=5)
            step = Step(form["token"][0], Action(form["action"][0]), int(form.get("minutes", ["0"])[0]))
        except Unread as problem:
            return Response(status_code=problem.status)
        except (ValueError, KeyError):
            return Response(status_code=400)
        if step.action is Action.ON_MY_WAY and step.minutes not in MINUTES:
            return Response(status_code=400)
        return await self._answer(request, step)

    async def _answer(self, request: Request, step: Step) -> Response:
        address, token = address_of(request), step.token
        if len(token) > LONGEST_TOKEN:
            return Response(status_code=404)
        if not (self._addresses.allows(address) and self._tokens.allows(digest_of(token))):
            return _message(TOO_OFTEN, 429)
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                answer = await self._ask(step)
        except Exception:
            LOG.exception("a check-in link could not be answered")
            return _message(NOT_NOW, 503)
        if answer.state is State.UNKNOWN:
            return _message(answer.said, 404)
        return _page(page(answer, token), 200)


def page(answer: Answer, token: str) -> str:
    """The whole page; every word of it that comes from elsewhere is escaped."""
    facts = (("Customer", answer.customer), ("Place", answer.site), ("Time", answer.when))
    listed = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in facts if text)
    forms = _forms(escape(token)) if answer.state is State.OPEN else ""
    return _html("Check-in", f"<p>{escape(answer.said)}</p><dl>{listed}</dl>{forms}")


def _forms(token: str) -> str:
    minutes = "".join(f'<option value="{one}">in {one} minutes</option>' for one in MINUTES)
    arrived = '<button name="action" value="arrived">I have arrived</button>'
    on_my_way = '<button class="second" name="action" value="on_my_way">I am on my way</button>'
    choice = f'<select name="minutes" aria-label="There">{minutes}</select>'
    hidden = f'<input type="hidden" name="token" value="{token}">'
    return "".join(
        f'<form method="post" action="/c">{hidden}{inside}</form>' for inside in (arrived, f"{choice}{on_my_way}")
    )


def _html(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head><body><h1>{title}</h1>{body}</body></html>"
    )


def _message(said: str, status: int) -> Response:
    return _page(_html("Check-in", f"<p>{escape(said)}</p>"), status)


def _page(html: str, status: int) -> Response:
    return Response(html, status_code=status, media_type="text/html", headers=HEADERS)
