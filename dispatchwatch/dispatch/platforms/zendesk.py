"""Zendesk: an alert is a ticket that bears our key as its external_id.

It is looked for by that before it is opened, and opening bears an Idempotency-Key, so that none is opened twice. The
comment goes in the same request as the status; comments are private unless the office wants otherwise, since public
ones are mailed to the requester. A ticket that is closed there is final: it counts as gone. A test is a ticket of low
priority: nothing more harmless is offered.

Facts: developer.zendesk.com: oas.yaml, tickets, introduction (idempotency), rate-limits. From third parties: that an
idempotency key lives 2 hours. Unconfirmed: that {{…}} in a comment is filled in; how long subject and comment may be.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch.accounts.zendesk import ZendeskAccount, ZendeskConfig
from dispatchwatch.dispatch.conversation import Conversation, Step
from dispatchwatch.dispatch.occasion import occasion_key
from dispatchwatch.dispatch.platform import Rate, dedup_key, json_answer
from dispatchwatch.dispatch.reading import picked, read, rows, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket import Finding, Looking, Move, Standing, opened
from dispatchwatch.dispatch.ticket_fields import pairs, urgency, without_placeholders
from dispatchwatch.domain.alert import Operation, Severity
from dispatchwatch.domain.notification import Notification

PRIORITIES = {Severity.CRITICAL: "urgent", Severity.HIGH: "high", Severity.WARNING: "normal", Severity.INFO: "low"}


class Zendesk(ZendeskAccount):
    rate = Rate(100, timedelta(minutes=1))
    ends_at_once = True

    def find(self, notification: Notification, config: ZendeskConfig) -> Finding:
        key = dedup_key(notification.alert_key)
        answer = yield Step(self.request(config, "GET", httpx.URL("tickets", params={"external_id": key})))
        known = [row for row in rows(read(answer, self.name), "tickets") if row.get("external_id") == key]
        return next((_receipt(row) for row in known if row.get("status") != "closed"), None)

    def open(self, notification: Notification, config: ZendeskConfig) -> Conversation:
        ticket: dict[str, Any] = {
            "subject": without_placeholders(letter.subject(notification)),
            "comment": _comment(notification, config),
            "type": "incident",
            "priority": PRIORITIES[urgency(notification)],
            "external_id": dedup_key(notification.alert_key),
            "tags": ["dispatchwatch", notification.kind.value],
            "custom_fields": [{"id": int(i), "value": v} for i, v in pairs(config.custom_fields).items()],
        }
        if config.group_id:
            ticket["group_id"] = int(config.group_id)
        if config.requester_email:
            ticket["requester"] = {"name": "DispatchWatch", "email": config.requester_email}
        request = self.request(config, "POST", "tickets", {"ticket": ticket})
        request.headers["Idempotency-Key"] = occasion_key(notification)
        return opened(_receipt(picked(json_answer((yield Step(request)), self.name), "ticket")), self.name)

    def look(self, ticket: Receipt, config: ZendeskConfig) -> Looking:
        answer = yield Step(self.request(config, "GET", f"tickets/{ticket.details['id']}"))
        return self.standing(picked(read(answer, self.name), "ticket"))

    def told(self, notification: Notification, config: ZendeskConfig, ticket: Receipt, to: Move) -> Conversation:
        status = {Standing.OPEN: "open", Standing.TAKEN: config.acknowledged_status, Standing.ENDED: "solved"}
        body: dict[str, Any] = {"status": status[to]} if to is not None else {}
        if notification.operation is Operation.UPDATE:
            body["priority"] = PRIORITIES[notification.severity]
        if config.comments == "all":
            body["comment"] = _comment(notification, config)
        if body:
            yield Step(self.request(config, "PUT", f"tickets/{ticket.details['id']}", {"ticket": body}), ticket)
        return ticket

    def pretended(self, request: httpx.Request) -> httpx.Response:
        listed = request.method == "GET" and request.url.path.endswith("/tickets")
        return httpx.Response(200, json={"tickets": []} if listed else {"ticket": {"id": 1, "status": "new"}})


def _comment(notification: Notification, config: ZendeskConfig) -> dict[str, Any]:
    return {
        "html_body": without_placeholders(letter.html(notification, 8000)),
        "public": config.visibility == "public",
    }


def _receipt(ticket: Any) -> Receipt | None:
    number = text_at(ticket, "id")
    return Receipt(f"#{number}", {"id": number}) if number else None
