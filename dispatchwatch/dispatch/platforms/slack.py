"""Slack, through an incoming webhook.

A webhook only ever posts: it gives back no name for the message, so acknowledging and resolving are messages of their
own, and a message sent twice stands there twice.

Facts: api.slack.com/messaging/webhooks; slackapi/python-slack-sdk, slack_sdk/models/blocks (limits); Slack's changelog
of 2016-05-17 (error words); docs.slack.dev/reference/block-kit/composition-objects/text-object (verbatim);
docs.slack.dev/apis/web-api/rate-limits. Unconfirmed: the GovSlack host and the error words no_service, no_team,
no_active_hooks and invalid_token are from third parties; how & < > are escaped, and whether plain_text needs it, is
general knowledge; whether lengths count UTF-16 units and escaped characters is not stated, so they count as the most.
"""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from typing import Any

import httpx
from pydantic import SecretStr, field_validator

from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised
from dispatchwatch.dispatch.fields import ChannelConfig, is_loopback, parsed, problem, secret
from dispatchwatch.dispatch.marking import TEST_NOTICE, marked, opening
from dispatchwatch.dispatch.platform import Rate, Repeat, SingleRequest, json_request, words
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.text import clip, one_line, plain, utf16_units, web_link
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification
from dispatchwatch.domain.wording import SEVERITY_NAMES

HOSTS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
THREE_PARTS = re.compile(r"/services/[^/]+/[^/]+/[^/]+")
HEADER_LENGTH, SECTION_LENGTH, FIELD_LENGTH, MOST_FIELDS = 150, 3000, 2000, 10
NEW_WEBHOOK = "Make a new incoming webhook in Slack and enter it as webhook_url."
DEAD_WEBHOOK = frozenset({"invalid_token", "no_service", "no_team", "no_active_hooks", "team_disabled"})
REASONS = {
    "invalid_token": f"the webhook is not valid. {NEW_WEBHOOK}",
    "no_service": f"the webhook was removed or switched off. {NEW_WEBHOOK}",
    "no_active_hooks": f"the webhook was removed or switched off. {NEW_WEBHOOK}",
    "no_team": f"its workspace does not exist. {NEW_WEBHOOK}",
    "team_disabled": f"its workspace is switched off. {NEW_WEBHOOK}",
    "channel_is_archived": "its channel is archived. Un-archive it, or make a webhook for another one",
    "channel_not_found": "its channel does not exist any more. Make a webhook for another one",
    "user_not_found": "the person it writes to does not exist any more. Make a webhook for somebody else",
    "action_prohibited": "an administrator of the workspace does not allow it to post. Ask them",
    "posting_to_general_channel_denied": "only some may post to this channel. Ask an administrator of the workspace",
    "rollup_error": "Slack could not store the message",
    "invalid_payload": "Slack could not read the message",
    "invalid_blocks": "Slack could not lay out the message",
    "no_text": "Slack found no text in the message",
}
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# Where escaping is not documented the signs that begin and end Slack's markup are replaced by their likeness.
_LIKENESS = str.maketrans({"<": "‹", ">": "›"})


class SlackConfig(ChannelConfig):
    webhook_url: SecretStr = secret(
        "Webhook URL", help="https://hooks.slack.com/services/…: in Slack under your app, Incoming Webhooks."
    )

    @field_validator("webhook_url")
    @classmethod
    def _leads_to_slack(cls, value: SecretStr) -> SecretStr:
        url = parsed(value.get_secret_value())
        if url is None or not url.host or url.userinfo or url.query or url.fragment:
            raise problem("must have the form https://hooks.slack.com/services/… .")
        if is_loopback(url.host) and len(url.path) > 1:
            return value
        if url.scheme != "https" or url.host not in HOSTS:
            raise problem(
                "must begin with https://hooks.slack.com/services/. For a proxy, keep it so and set base_url."
            )
        if not THREE_PARTS.fullmatch(url.raw_path.decode("ascii")):
            raise problem("must have three parts after /services/. Workflow triggers are no incoming webhooks.")
        return value


class Slack(SingleRequest[SlackConfig]):
    key = "slack"
    name = "Slack"
    config = SlackConfig
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

    def explain(self, response: httpx.Response) -> str:
        word = words(response)
        return f"{REASONS[word]} ({word})" if word in REASONS else super().explain(response)

    def classify(self, response: httpx.Response) -> Failure | None:
        if words(response) in DEAD_WEBHOOK and response.is_client_error:
            return Unauthorised(f"Slack: {self.explain(response)}")
        return super().classify(response)

    def secrets(self, config: SlackConfig) -> tuple[str, ...]:
        """All of the path after /services/, and its last part, which is what opens the door."""
        path = httpx.URL(config.webhook_url.get_secret_value()).raw_path.decode("ascii")
        token = path.rpartition("/")[2]
        # A token of a few letters is a test server's; hiding it would hide those letters in every sentence.
        return (path.removeprefix("/services/"), *([token] if len(token) >= 8 else []))


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
        blocks.append({"type": "section", "text": _text(f"<{link.translate(_ESCAPES)}|Open the visit>")})
    return [*blocks, {"type": "context", "elements": [_text(_footer(notification))]}]


def _header(notification: Notification) -> str:
    """For instance "Reminder · High · Late check-in: J. Ortiz at Plant 4"."""
    severity = SEVERITY_NAMES[notification.severity] if notification.is_test or notification.is_reminder else ""
    parts = (opening(notification), severity, one_line(notification.subject))
    return clip(" · ".join(part for part in parts if part).translate(_LIKENESS), HEADER_LENGTH, utf16_units)


def _field(label: str, value: str) -> str:
    heading = f"*{_mrkdwn(one_line(label), HEADER_LENGTH)}*\n"
    return heading + (_mrkdwn(value, FIELD_LENGTH - utf16_units(heading)) or "–")


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
    return clip(plain(text), limit, _escaped_size).translate(_ESCAPES)


def _escaped_size(text: str) -> int:
    return utf16_units(text.translate(_ESCAPES))
