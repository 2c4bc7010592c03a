"""Freshdesk: an alert is a ticket with our key as a tag.

It is searched for by that tag before it is opened. The index of the search lags by minutes, so that a raise repeated at
once may open a second one. What becomes of the alert is a private note; replies, which are mailed, are never written.
A test is a ticket of low priority: nothing more harmless is offered.

Facts: developers.freshdesk.com/api (tickets, notes, search, numbers of states and priorities, rate limits: per minute
and account, by plan; Growth 80 changes). Unconfirmed: that a subject has 255 characters, that {{…}} in a text is filled
in.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch.accounts.freshdesk import OPEN, FreshdeskAccount, FreshdeskConfig
from dispatchwatch.dispatch.conversation import Conversation, Step
from dispatchwatch.dispatch.platform import Rate, json_answer
from dispatchwatch.dispatch.reading import picked, read, rows, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket import Finding, Looking, Move, opened
from dispatchwatch.dispatch.ticket_fields import pairs, short_key, urgency, without_placeholders
from dispatchwatch.domain.alert import Operation, Severity
from dispatchwatch.domain.notification import Notification

PRIORITIES = {Severity.CRITICAL: 4, Severity.HIGH: 3, Severity.WARNING: 2, Severity.INFO: 1}


class Freshdesk(FreshdeskAccount):
    rate = Rate(80, timedelta(minutes=1))

    def finds(self, config: FreshdeskConfig) -> bool:  # noqa: ARG002
        return False

    def find(self, notification: Notification, config: FreshdeskConfig) -> Finding:
        tag = short_key(notification.alert_key)
        answer = yield Step(self.request(config, "GET", "search/tickets", {"query": f"\"tag:'{tag}'\""}))
        known = [row for row in rows(read(answer, self.name), "results") if tag in (picked(row, "tags") or ())]
        return _receipt(known[0]) if known else None

    def open(self, notification: Notification, config: FreshdeskConfig) -> Conversation:
        ticket: dict[str, Any] = {
            "subject": without_placeholders(letter.subject(notification)),
            "description": _html(notification),
            "email": config.email,
            "status": int(OPEN),
            "priority": PRIORITIES[urgency(notification)],
            "tags": ["dispatchwatch", short_key(notification.alert_key)],
        }
        if config.group_id:
            ticket["group_id"] = int(config.group_id)
        if config.custom_fields:
            ticket["custom_fields"] = pairs(config.custom_fields)
        answer = yield Step(self.request(config, "POST", "tickets", body=ticket))
        return opened(_receipt(json_answer(answer, self.name)), self.name)

    def look(self, ticket: Receipt, config: FreshdeskConfig) -> Looking:
        answer = yield Step(self.request(config, "GET", f"tickets/{ticket.details['id']}"))
        return self.standing(read(answer, self.name), config)

    def comment(self, notification: Notification, config: FreshdeskConfig, ticket: Receipt) -> Conversation:
        note = {"body": _html(notification), "private": config.visibility == "private"}
        yield Step(self.request(config, "POST", f"tickets/{ticket.details['id']}/notes", body=note), ticket)
        return ticket

    def change(
        self, notification: Notification, config: FreshdeskConfig, ticket: Receipt, to: Move
    ) -> httpx.Request | None:
        body: dict[str, Any] = {}
        if to is not None:
            body["status"] = int((OPEN, config.acknowledged_status, config.resolved_status)[to])
        if notification.operation is Operation.UPDATE:
            body["priority"] = PRIORITIES[notification.severity]
        return self.request(config, "PUT", f"tickets/{ticket.details['id']}", body=body) if body else None

    def pretended(self, request: httpx.Request) -> httpx.Response:
        listed = request.url.path.endswith("search/tickets")
        return httpx.Response(200, json={"results": []} if listed else {"id": 1, "status": 2})


def _html(notification: Notification) -> str:
    return without_placeholders(letter.html(notification, 4000))


def _receipt(ticket: Any) -> Receipt | None:
    number = text_at(ticket, "id")
    return Receipt(f"#{number}", {"id": number, "opened": text_at(ticket, "created_at")}) if number else None
