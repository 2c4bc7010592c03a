"""PagerDuty, through the Events API v2.

Our key of the alert is PagerDuty's dedup_key, so raising twice is harmless and acknowledging or resolving needs
nothing else. A reminder or update triggers again under the same key: PagerDuty adds it to the open incident's log.

A test is sent as a change event, which shows on the service's timeline, opens no incident and pages nobody. Keys of
event orchestrations take no change events, so there is no harmless test for them.

Facts: PagerDuty/api-schema, reference/events-v2/openapiv3.json; PagerDuty/developer-docs, docs/events-API-v2 (limits,
rate, change events).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from dispatchwatch.dispatch.accounts.pagerduty import PagerDutyAccount, PagerDutyConfig
from dispatchwatch.dispatch.errors import Refused
from dispatchwatch.dispatch.marking import TEST_NOTICE, marked
from dispatchwatch.dispatch.platform import Rate, Repeat, dedup_key, json_answer
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.text import clip, one_line, plain, web_link
from dispatchwatch.domain.alert import Operation, Severity
from dispatchwatch.domain.notification import Notification

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


class PagerDuty(PagerDutyAccount):
    operations = frozenset(ACTIONS)
    repeat = Repeat.HARMLESS
    rate = Rate(120, timedelta(minutes=1))

    def build(self, notification: Notification, config: PagerDutyConfig, receipt: Receipt | None) -> httpx.Request:
        if notification.is_test:
            return self._test(notification, config)
        event: dict[str, Any] = {
            "event_action": ACTIONS[notification.operation],
            "dedup_key": receipt.reference if receipt and receipt.reference else dedup_key(notification.alert_key),
        }
        if event["event_action"] == "trigger":
            event |= {"client": "DispatchWatch", "payload": _payload(notification, config), **_links(notification)}
        return self.event(config, "enqueue", event)

    def parse(self, response: httpx.Response) -> Receipt:
        answer = json_answer(response, self.name)
        if answer.get("status") != "success":
            raise Refused(f"PagerDuty does not take this event: {self.explain(response) or 'it gives no reason'}.")
        return Receipt(reference=str(answer.get("dedup_key", "")))

    def pretended(self, request: httpx.Request) -> httpx.Response:
        key = json.loads(request.content).get("dedup_key", "")
        return httpx.Response(202, json={"status": "success", "dedup_key": key})

    def _test(self, notification: Notification, config: PagerDutyConfig) -> httpx.Request:
        if not self.takes_change_events(config):
            raise Refused(
                "PagerDuty offers no harmless test for the key of an event orchestration (it begins with R): "
                "it would open an incident. Use the key of a service’s integration for a test."
            )
        payload = {
            "summary": clip(marked(notification, one_line(notification.headline)), SUMMARY_LENGTH),
            "source": config.source,
            "timestamp": _instant(notification.written_at),
            "custom_details": {"test": TEST_NOTICE, **_details(notification)},
        }
        return self.event(config, "change/enqueue", {"payload": payload, **_links(notification)})


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
