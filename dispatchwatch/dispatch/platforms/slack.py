"""Slack, through an incoming webhook.

A webhook only ever posts: it gives back no name for the message, so acknowledging and resolving are messages of their
own, and a message sent twice stands there twice.

Facts: slackapi/python-slack-sdk, slack_sdk/models/blocks (limits); docs.slack.dev/reference/block-kit/composition-
objects/text-object (verbatim); docs.slack.dev/apis/web-api/rate-limits. Unconfirmed: how & < > are escaped, and whether
plain_text needs it, is general knowledge; whether lengths count UTF-16 units and escaped characters is not stated, so
they count as the most.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from functools import lru_cache
from html import escape
from typing import Any

import httpx

from dispatchwatch.dispatch.accounts.slack import SlackAccount, SlackConfig
from dispatchwatch.dispatch.errors import Refused
from dispatchwatch.dispatch.marking import TEST_NOTICE, marked, opening
from dispatchwatch.dispatch.platform import Rate, Repeat, json_request, words
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.text import clip, one_line, plain, utf16_units, web_link
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification
from dispatchwatch.domain.wording import SEVERITY_NAMES

HEADER_LENGTH, SECTION_LENGTH, FIELD_LENGTH, MOST_FIELDS = 150, 3000, 2000, 10
# Where escaping is not documented the signs that begin and end Slack's markup are replaced by their likeness.
_LIKENESS = str.maketrans({"<": "‹", ">": "›"})


class Slack(SlackAccount):
    operations = frozenset(Operation)
    repeat = Repeat.DOUBLES
    # One a second on average; Slack takes short bursts, and says 429 where one is too long.
    rate = Rate(10, timedelta(seconds=10))

    def build(self, notification: Notification, config: SlackConfig, receipt: Receipt | None) -> httpx.Request:  # noqa: ARG002
        message = {
            # What the pop-up on a phone shows, and all that is shown where blocks are not.
            "text": _mrkdwn(marked(notification, one_line(notification.headline)), SECTION_LENGTH),
            "blocks": _blocks(notification),
            "unfurl_links": False,
            "unfurl_media": False,
        }
        return json_request("POST", config.webhook_url.get_secret_value(), message)

    def parse(self, response: httpx.Response) -> Receipt:
        if words(response) != "ok":
            raise Refused(f"Slack does not take this message: {self.explain(response) or 'it gives no reason'}.")
        return Receipt()

    def pretended(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        return httpx.Response(200, text="ok")


def _blocks(notification: Notification) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": _header(notification), "emoji": False}},
        {"type": "section", "text": _text(_mrkdwn(notification.headline, SECTION_LENGTH) or "…")},
    ]
    fields = [_text(_field(label, value)) for label, value in notification.facts[:MOST_FIELDS]]
    if fields:
        blocks.append({"type": "section", "fields": fields})
    link = web_link(notification.link)
    if link:
        blocks.append({"type": "section", "text": _text(f"<{escape(link, quote=False)}|Open the visit>")})
    return [*blocks, {"type": "context", "elements": [_text(_footer(notification))]}]


def _header(notification: Notification) -> str:
    """For instance "Reminder · High · Late check-in: J. Ortiz at Plant 4"."""
    severity = SEVERITY_NAMES[notification.severity] if notification.is_test or notification.is_reminder else ""
    parts = (opening(notification), severity, one_line(notification.subject))
    return clip(" · ".join(part for part in parts if part).translate(_LIKENESS), HEADER_LENGTH, utf16_units)


def _field(label: str, value: str) -> str:
    heading = _heading(label)
    return heading + (_mrkdwn(value, FIELD_LENGTH - utf16_units(heading)) or "–")


@lru_cache(maxsize=256)
def _heading(label: str) -> str:
    return f"*{_mrkdwn(one_line(label), HEADER_LENGTH)}*\n"


def _footer(notification: Notification) -> str:
    left_out = len(notification.facts) - MOST_FIELDS
    parts = (
        TEST_NOTICE if notification.is_test else "",
        f"{left_out} more in DispatchWatch" if left_out > 0 else "",
        f"DispatchWatch, {notification.written_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
    )
    return " · ".join(part for part in parts if part)


def _text(mrkdwn: str) -> dict[str, Any]:
    # Verbatim: a name like #12 or a bare address in a job's title is not made into a link.
    return {"type": "mrkdwn", "text": mrkdwn, "verbatim": True}


def _mrkdwn(text: str, limit: int) -> str:
    """The text with Slack's signs escaped, so that nothing in it mentions or links; within the limit once escaped."""
    return escape(clip(plain(text), limit, _escaped_size), quote=False)


def _escaped_size(text: str) -> int:
    return utf16_units(escape(text, quote=False))
