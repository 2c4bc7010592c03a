"""PagerDuty, through the Events API v2.

Our key of the alert is PagerDuty's dedup_key, so raising twice is harmless and acknowledging or resolving needs
nothing else. A reminder or update triggers again under the same key: PagerDuty adds it to the open incident's log.

A test is sent as a change event, which shows on the service's timeline, opens no incident and pages nobody. Keys of
event orchestrations (they begin with R) take no change events, so there is no harmless test for them.

With a token for the REST API, somebody who acknowledges or resolves the incident there is heard by asking for the
incident of each alert; what PagerDuty or another program did by itself is not.

Facts: PagerDuty/api-schema, reference/events-v2/openapiv3.json; PagerDuty/developer-docs, docs/events-API-v2 (limits,
rate, change events) and docs/REST-API; support.pagerduty.com/docs/service-regions (EU). Unconfirmed, from third
parties: that an unknown key is answered by 400 "Invalid routing key", possibly as plain text; that incidents are found
by incident_key, as alerts have it, and tell who changed their state last.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from pydantic import Field, SecretStr

from dispatchwatch.dispatch.conversation import Heard, Held, Listening, News, Step
from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised
from dispatchwatch.dispatch.fields import ChannelConfig, choice, secret, text
from dispatchwatch.dispatch.marking import TEST_NOTICE, marked
from dispatchwatch.dispatch.platform import Rate, Repeat, SingleRequest, dedup_key, json_answer, json_request, words
from dispatchwatch.dispatch.reading import instant, picked, read, rows, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.text import clip, one_line, plain, web_link
from dispatchwatch.domain.alert import Operation, Severity
from dispatchwatch.domain.notification import Notification

ORIGINS = {"us": "https://events.pagerduty.com", "eu": "https://events.eu.pagerduty.com"}
REST = {"us": "https://api.pagerduty.com", "eu": "https://api.eu.pagerduty.com"}
MOST_ASKED = 20
DONE_THERE = {"acknowledged": Operation.ACKNOWLEDGE, "resolved": Operation.RESOLVE}
ACTIONS = {
    Operation.RAISE: "trigger",
    Operation.UPDATE: "trigger",
    Operation.ACKNOWLEDGE: "acknowledge",
    Operation.RESOLVE: "resolve",
}
SEVERITIES = {
    Severity.CRITICAL: "critical",
    Severity.HIGH: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "info",
}
SUMMARY_LENGTH = 1024
# An event may have 512 KB; 40 details of these lengths stay below it at four bytes a character.
MOST_DETAILS, LABEL_LENGTH, DETAIL_LENGTH = 40, 100, 2000


class PagerDutyConfig(ChannelConfig):
    routing_key: SecretStr = secret(
        "Integration key",
        help="32 letters and digits: in PagerDuty under Services, Integrations, Events API V2.",
        pattern="[0-9a-zA-Z]{32}",
    )
    region: str = choice(
        "Region",
        {"us": "United States", "eu": "Europe"},
        default="us",
        help="Europe if your PagerDuty address holds “.eu.”.",
    )
    source: str = text(
        "Source", default="DispatchWatch", help="Shown as the source of every alert.", pattern=".{1,255}"
    )
    group: str = text("Group", default="", help="Shown as the group of every alert, for instance your office.")
    api_token: SecretStr | None = Field(
        default=None,
        title="REST API key",
        description="To hear who acknowledges there: under Integrations, API Access Keys, read-only. Off without it.",
        json_schema_extra={"pattern": r"[\w+-]{8,}"},
    )


class PagerDuty(SingleRequest[PagerDutyConfig]):
    key = "pagerduty"
    name = "PagerDuty"
    config = PagerDutyConfig
    operations = frozenset(ACTIONS)
    repeat = Repeat.HARMLESS
    rate = Rate(120, timedelta(minutes=1))

    def build(self, notification: Notification, config: PagerDutyConfig, receipt: Receipt | None) -> httpx.Request:
        if notification.is_test:
            return _test(notification, config)
        event: dict[str, Any] = {
            "routing_key": config.routing_key.get_secret_value(),
            "event_action": ACTIONS[notification.operation],
            "dedup_key": receipt.reference if receipt and receipt.reference else dedup_key(notification.alert_key),
        }
        if event["event_action"] == "trigger":
            event |= {"client": "DispatchWatch", "payload": _payload(notification, config), **_links(notification)}
        return json_request("POST", f"{ORIGINS[config.region]}/v2/enqueue", event)

    def parse(self, response: httpx.Response) -> Receipt:
        answer = json_answer(response, self.name)
        if answer.get("status") != "success":
            raise Refused(f"PagerDuty does not take this event: {self.explain(response) or 'it gives no reason'}.")
        return Receipt(reference=str(answer.get("dedup_key", "")))

    def pretended(self, request: httpx.Request) -> httpx.Response:
        key = json.loads(request.content).get("dedup_key", "")
        return httpx.Response(202, json={"status": "success", "dedup_key": key})

    def classify(self, response: httpx.Response) -> Failure | None:
        said = words(response).lower()
        if response.status_code == 400 and ("routing key" in said or "routing_key" in said):
            return Unauthorised(
                "PagerDuty does not know this integration key. Copy it again from the service’s integration, "
                f"and check the region (HTTP 400): {self.explain(response)}"
            )
        return super().classify(response)

    def check(self, config: PagerDutyConfig) -> httpx.Request | None:
        if not _takes_change_events(config):
            return None
        return _change_event(config, {"summary": "DispatchWatch checked this integration key", "source": config.source})

    def listen(self, held: Sequence[Held], config: PagerDutyConfig, cursor: str) -> Listening | None:
        return self._heard(held, config, cursor) if config.api_token else None

    def _heard(self, held: Sequence[Held], config: PagerDutyConfig, cursor: str) -> Listening:
        """`cursor` is the last thread asked about, where more are left."""
        known = sorted((one for one in held if one.receipt.reference), key=lambda one: one.thread)
        asked = ([one for one in known if one.thread > cursor] or known)[:MOST_ASKED]
        news = []
        for one in asked:
            listed = rows(read((yield Step(_incidents(config, one.receipt.reference))), self.name), "incidents")
            newest = max(listed, key=lambda incident: text_at(incident, "created_at"), default=None)
            operation = DONE_THERE.get(text_at(newest, "status"))
            person = picked(newest, "last_status_change_by")
            if operation and text_at(person, "type").startswith("user"):
                at = instant(text_at(newest, "last_status_change_at"))
                news.append(News(one.thread, operation, text_at(person, "summary"), at))
        return Heard(tuple(news), asked[-1].thread if asked and asked[-1] is not known[-1] else "")


def _incidents(config: PagerDutyConfig, key: str) -> httpx.Request:
    token = config.api_token.get_secret_value() if config.api_token else ""
    headers = {"Authorization": f"Token token={token}", "Accept": "application/vnd.pagerduty+json;version=2"}
    return httpx.Request("GET", f"{REST[config.region]}/incidents", params={"incident_key": key}, headers=headers)


def _test(notification: Notification, config: PagerDutyConfig) -> httpx.Request:
    if not _takes_change_events(config):
        raise Refused(
            "PagerDuty offers no harmless test for the key of an event orchestration (it begins with R): "
            "it would open an incident. Use the key of a service’s integration for a test."
        )
    summary = clip(marked(notification, one_line(notification.headline)), SUMMARY_LENGTH)
    details = {"test": TEST_NOTICE, **_details(notification)}
    payload = {
        "summary": summary,
        "source": config.source,
        "timestamp": _instant(notification.written_at),
        "custom_details": details,
    }
    return _change_event(config, payload, **_links(notification))


def _change_event(config: PagerDutyConfig, payload: dict[str, Any], **more: Any) -> httpx.Request:
    event = {"routing_key": config.routing_key.get_secret_value(), "payload": payload, **more}
    return json_request("POST", f"{ORIGINS[config.region]}/v2/change/enqueue", event)


def _takes_change_events(config: PagerDutyConfig) -> bool:
    return not config.routing_key.get_secret_value().startswith("R")


def _payload(notification: Notification, config: PagerDutyConfig) -> dict[str, Any]:
    """What happened. `timestamp` is when it was found: PagerDuty orders by it, and the deadline is in the details."""
    headline = one_line(notification.headline)
    payload = {
        "summary": clip(marked(notification, headline) if notification.is_reminder else headline, SUMMARY_LENGTH),
        "source": config.source,
        "severity": SEVERITIES[notification.severity],
        "timestamp": _instant(notification.written_at),
        "component": clip(one_line(notification.subject), LABEL_LENGTH),
        "group": config.group,
        "class": notification.kind.value,
        "custom_details": _details(notification),
    }
    return {name: value for name, value in payload.items() if value or name == "summary"}


def _details(notification: Notification) -> dict[str, str]:
    """The facts by their labels. Facts under the same label stand together, each on its line."""
    details: dict[str, str] = {}
    for label, value in notification.facts[:MOST_DETAILS]:
        name = clip(one_line(label), LABEL_LENGTH)
        known = f"{details[name]}\n" if name in details else ""
        details[name] = clip(known + plain(value), DETAIL_LENGTH)
    return details


def _links(notification: Notification) -> dict[str, Any]:
    link = web_link(notification.link)
    return {"links": [{"href": link, "text": "Open the visit"}]} if link else {}


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
