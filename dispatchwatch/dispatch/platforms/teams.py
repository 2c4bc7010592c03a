"""Microsoft Teams, through a flow of the Workflows app ("When a Teams webhook request is received").

A flow only ever posts, says 202 before it has posted, and gives back no name for the message: acknowledging and
resolving are cards of their own, and a card sent twice stands there twice. There is no harmless check. Names of jobs
and people are written as RichTextBlocks, in which Teams reads no Markdown.

Facts: MicrosoftDocs/msteams-docs, connectors-using.md (retired connectors) and issue 11302 (202, attachments);
Azure/logicapps issue 1157 (errors, no Authorization beside the signature); learn.microsoft.com/connectors/teams (28 KB,
refused after the 202) and /adaptive-cards/authoring-cards/text-features (Markdown, DATE and TIME); microsoft/
AdaptiveCards, schemas/1.5.0. Unconfirmed, from third parties: the form of both addresses, and that the older stopped on
2025-11-30 (swisscom/backman issue 102); general knowledge: the other clouds' hosts, and Retry-After with a 429.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
from pydantic import SecretStr, field_validator

from dispatchwatch.dispatch.errors import Failure, Unauthorised
from dispatchwatch.dispatch.fields import ChannelConfig, is_loopback, parsed, problem, secret, shown
from dispatchwatch.dispatch.letter import footer
from dispatchwatch.dispatch.marking import marked, title
from dispatchwatch.dispatch.platform import Repeat, SingleRequest, json_request, words
from dispatchwatch.dispatch.reading import no_page
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.text import clip, one_line, plain, web_link
from dispatchwatch.domain.alert import Operation, Severity
from dispatchwatch.domain.notification import Notification

FLOWS = (".api.powerplatform.com", ".api.powerplatform.us", ".api.powerplatform.partner.microsoftonline.cn")
OLD_FLOWS = (".logic.azure.com", ".logic.azure.us", ".logic.azure.cn")
CONNECTORS = (".webhook.office.com", "outlook.office.com", "outlook.office365.com")
NEW_FLOW = "Make a flow in Teams: Workflows, “When a Teams webhook request is received”, “Anyone”; copy its address."
CARD = "application/vnd.microsoft.card.adaptive"
DEAD = {401: "the address is out of date; copy it from the flow again", 404: "the flow is deleted or switched off"}
# 28 KB is the limit for the whole, and nobody says in which encoding; the facts get most of it.
MOST_BYTES, TITLE_LENGTH, HEADLINE_LENGTH, LABEL_LENGTH, VALUE_LENGTH = 16_000, 200, 1000, 100, 500
COLOURS = {
    Severity.CRITICAL: "attention", Severity.HIGH: "attention", Severity.WARNING: "warning", Severity.INFO: "accent",
}  # fmt: skip


class TeamsConfig(ChannelConfig):
    webhook_url: SecretStr = secret("Webhook URL", help=f"https://….api.powerplatform.com/… . {NEW_FLOW}")

    @field_validator("webhook_url")
    @classmethod
    def _leads_to_a_flow(cls, value: SecretStr) -> SecretStr:
        url = parsed(value.get_secret_value())
        if url is None or not url.host or url.userinfo or url.fragment:
            raise problem(f"is no web address. {NEW_FLOW}")
        if is_loopback(url.host) and len(url.path) > 1:
            return value
        if url.host.endswith(CONNECTORS):
            raise problem(f"is one of an Office 365 connector; Microsoft has retired those. {NEW_FLOW}")
        if url.host.endswith(OLD_FLOWS):
            raise problem(
                "is an old one: such addresses stopped on 30 November 2025. Open the flow in Power Automate and copy "
                "its new address."
            )
        if url.scheme != "https" or not url.host.endswith(FLOWS):
            raise problem(f"must begin with https:// and lead to api.powerplatform.com. {NEW_FLOW}")
        if not url.params.get("sig"):
            raise problem(
                "lacks its signature (sig=): the flow is for people of your organisation only. Open it, let “Anyone” "
                "trigger it, save it, and copy its address again."
            )
        return value


class Teams(SingleRequest[TeamsConfig]):
    key = "teams"
    name = "Microsoft Teams"
    config = TeamsConfig
    operations = frozenset(Operation)
    repeat = Repeat.DOUBLES

    def build(self, notification: Notification, config: TeamsConfig, receipt: Receipt | None) -> httpx.Request:  # noqa: ARG002
        attachment = {"contentType": CARD, "contentUrl": None, "content": _card(notification)}
        message = {"type": "message", "attachments": [attachment]}
        return json_request("POST", config.webhook_url.get_secret_value(), message)

    def parse(self, response: httpx.Response) -> Receipt:
        no_page(response, self.name)
        return Receipt()

    def pretended(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        return httpx.Response(202)

    def classify(self, response: httpx.Response) -> Failure | None:
        dead = DEAD.get(response.status_code)
        if dead and words(response).startswith("{"):  # otherwise a proxy's
            told = f"(HTTP {response.status_code}): {self.explain(response)}"
            return Unauthorised(f"Microsoft Teams: {dead} {told}")
        return super().classify(response)

    def secrets(self, config: TeamsConfig) -> tuple[str, ...]:
        """The whole query, and the signature in it as it is written and as it is meant."""
        url = httpx.URL(config.webhook_url.get_secret_value())
        query = url.query.decode("ascii")
        written = re.search(r"(?:^|&)sig=([^&]+)", query)
        signature = (written[1], url.params["sig"]) if written else ()
        return (query, *signature, shown(config.proxy))


def _card(notification: Notification) -> dict[str, Any]:
    headline = clip(marked(notification, plain(notification.headline)), HEADLINE_LENGTH)
    colour = "good" if notification.operation is Operation.RESOLVE else COLOURS[notification.severity]
    blocks = [
        _block(_run(clip(title(notification), TITLE_LENGTH), weight="bolder", size="medium", color=colour)),
        _block(_run(headline)),
    ]
    last = _block(_run(footer(notification), isSubtle=True, size="small"))
    link = web_link(notification.link)
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": [*blocks, *_facts(notification), last],
    }
    return {**card, "actions": [{"type": "Action.OpenUrl", "title": "Open the visit", "url": link}]} if link else card


def _facts(notification: Notification) -> Iterator[dict[str, Any]]:
    """As many as the card has room for."""
    room = MOST_BYTES
    for label, value in notification.facts:
        named = _run(f"{clip(one_line(label), LABEL_LENGTH)}: ", weight="bolder")
        block = {**_block(named, _run(clip(plain(value), VALUE_LENGTH))), "spacing": "small"}
        room -= len(json.dumps(block, ensure_ascii=False).encode())
        if room < 0:
            return
        yield block


def _block(*runs: dict[str, Any]) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": list(runs)}


def _run(text: str, **look: Any) -> dict[str, Any]:
    # Two braces begin a date that is written anew in the reader's zone; with a space in between they don't.
    return {"type": "TextRun", "text": re.sub(r"\{(?=\{)", "{ ", text), **look}
