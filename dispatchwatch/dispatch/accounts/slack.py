"""Slack's side of an incoming webhook: its address, and what its answers say.

Facts: api.slack.com/messaging/webhooks; Slack's changelog of 2016-05-17 (error words). Unconfirmed: the GovSlack host
and the error words no_service, no_team, no_active_hooks and invalid_token are from third parties.
"""

from __future__ import annotations

import re

import httpx
from pydantic import SecretStr, field_validator

from dispatchwatch.dispatch.errors import Failure, Unauthorised
from dispatchwatch.dispatch.fields import ChannelConfig, is_loopback, parsed, problem, secret
from dispatchwatch.dispatch.platform import SingleRequest, words

HOSTS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
THREE_PARTS = re.compile(r"/services/[^/]+/[^/]+/[^/]+")
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


class SlackAccount(SingleRequest[SlackConfig]):
    key = "slack"
    name = "Slack"
    config = SlackConfig

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
