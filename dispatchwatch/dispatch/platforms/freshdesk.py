"""Freshdesk: an alert is a ticket with our key as a tag.

It is searched for by that tag before it is opened. The index of the search lags by minutes, so that a raise repeated at
once may open a second one. What becomes of the alert is a private note; replies, which are mailed, are never written.
Somebody there has taken a ticket on when its status is neither open nor an end. A test is a ticket of low priority:
nothing more harmless is offered.

Facts: developers.freshdesk.com/api (tickets, notes, search, errors, numbers of states and priorities, rate limits:
per minute and account, by plan; Growth 80 changes); include, updated_since and order_by of the list, and agents and
groups, from a third party's copy. Unconfirmed: that a subject has 255 characters, that {{…}} in a text is filled in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch import ticket as tickets
from dispatchwatch.dispatch.auth import basic
from dispatchwatch.dispatch.conversation import Conversation, Held, Listening, Lookup, Step
from dispatchwatch.dispatch.errors import Unknown, Unreachable
from dispatchwatch.dispatch.fields import choice, secret, secret_values, text
from dispatchwatch.dispatch.platform import Rate, json_answer
from dispatchwatch.dispatch.reading import choices, picked, read, rows, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.text import one_line
from dispatchwatch.dispatch.ticket import Finding, Looking, Move, Naming, Seen, Standing, TicketConfig, Ticketing
from dispatchwatch.domain.alert import Operation, Severity
from dispatchwatch.domain.notification import Notification

PRIORITIES = {Severity.CRITICAL: 4, Severity.HIGH: 3, Severity.WARNING: 2, Severity.INFO: 1}
OPEN, OVER = "2", frozenset({"4", "5"})
DIGITS, STATUS = r"\d{1,20}", r"[2-9]|\d{2,9}"
MOST_LISTED = 25
"""Tickets in one answer, few enough for it to be read whole."""


class FreshdeskConfig(TicketConfig):
    domain: str = text("Domain", help="What stands before .freshdesk.com.", pattern="[a-zA-Z0-9][a-zA-Z0-9-]*")
    api_key: SecretStr = secret("API key", help="Under your picture, Profile settings, View API key.")
    email: str = text(
        "Requester",
        help="The address that tickets come from, for instance your office’s.",
        pattern=r"[^\s@]+@[^\s@]+\.[^\s@]+",
    )
    group_id: str = text("Group", default="", help="The group that gets the tickets.", pattern=DIGITS)
    acknowledged_status: str = text("Status when acknowledged", default="3", pattern=STATUS, help="3: Pending.")
    resolved_status: str = text("Status when resolved", default="4", pattern=STATUS, help="4: Resolved, 5: Closed.")
    visibility: str = choice("Notes are", {"private": "Private", "public": "Public"}, default="private")
    custom_fields: str = text("Custom fields", default="", pattern=tickets.PAIRS, help="For instance cf_site=Plant 4.")


class Freshdesk(Ticketing[FreshdeskConfig]):
    key = "freshdesk"
    name = "Freshdesk"
    config = FreshdeskConfig
    rate = Rate(80, timedelta(minutes=1))

    def finds(self, config: FreshdeskConfig) -> bool:  # noqa: ARG002
        return False

    def find(self, notification: Notification, config: FreshdeskConfig) -> Finding:
        tag = tickets.short_key(notification.alert_key)
        answer = yield Step(_request(config, "GET", "search/tickets", {"query": f"\"tag:'{tag}'\""}))
        known = [row for row in rows(read(answer, self.name), "results") if tag in (picked(row, "tags") or ())]
        return _receipt(known[0]) if known else None

    def open(self, notification: Notification, config: FreshdeskConfig) -> Conversation:
        ticket: dict[str, Any] = {
            "subject": tickets.without_placeholders(letter.subject(notification)),
            "description": _html(notification),
            "email": config.email,
            "status": int(OPEN),
            "priority": PRIORITIES[tickets.urgency(notification)],
            "tags": ["dispatchwatch", tickets.short_key(notification.alert_key)],
        }
        if config.group_id:
            ticket["group_id"] = int(config.group_id)
        if config.custom_fields:
            ticket["custom_fields"] = tickets.pairs(config.custom_fields)
        opened = _receipt(json_answer((yield Step(_request(config, "POST", "tickets", body=ticket))), self.name))
        if opened is None:
            raise Unknown("Freshdesk: the answer does not name the ticket. It may have been opened.")
        return opened

    def look(self, ticket: Receipt, config: FreshdeskConfig) -> Looking:
        answer = yield Step(_request(config, "GET", f"tickets/{ticket.details['id']}"))
        return _standing(read(answer, self.name), config)

    def comment(self, notification: Notification, config: FreshdeskConfig, ticket: Receipt) -> Conversation:
        note = {"body": _html(notification), "private": config.visibility == "private"}
        yield Step(_request(config, "POST", f"tickets/{ticket.details['id']}/notes", body=note), ticket)
        return ticket

    def change(
        self, notification: Notification, config: FreshdeskConfig, ticket: Receipt, to: Move
    ) -> httpx.Request | None:
        body: dict[str, Any] = {}
        if to is not None:
            body["status"] = int((OPEN, config.acknowledged_status, config.resolved_status)[to])
        if notification.operation is Operation.UPDATE:
            body["priority"] = PRIORITIES[notification.severity]
        return _request(config, "PUT", f"tickets/{ticket.details['id']}", body=body) if body else None

    def listen(self, held: Sequence[Held], config: FreshdeskConfig, cursor: str) -> Listening:
        """Asks which tickets changed since the last of those it was told of, or since the oldest of ours was opened."""
        known = [one for one in held if "id" in one.receipt.details]
        since = cursor or min((one.receipt.details.get("opened", "") for one in known), default="")
        if not known or not since:
            return (yield from self.heard((), {}, config, cursor))
        asked = {"updated_since": since, "order_by": "updated_at", "order_type": "asc", "per_page": str(MOST_LISTED)}
        listed = rows(read((yield Step(_request(config, "GET", "tickets", asked))), self.name))
        seen = {text_at(row, "id"): Seen(_standing(row, config), text_at(row, "responder_id")) for row in listed}
        last = text_at(listed[-1], "updated_at") if listed else ""
        return (yield from self.heard(known, seen, config, last or since))

    def names(self, people: Sequence[str], config: FreshdeskConfig) -> Naming:
        names = dict.fromkeys(people, "")
        for one in people[: tickets.MOST_NAMES]:
            answer = yield Step(_request(config, "GET", f"agents/{one}"), also=frozenset({403, 404}))
            names[one] = text_at(read(answer, self.name), "contact", "name") if answer.is_success else ""
        return names

    def look_up(self, field: str, config: FreshdeskConfig) -> Lookup | None:
        return self._groups(config) if field == "group_id" else None

    def _groups(self, config: FreshdeskConfig) -> Lookup:
        answer = yield Step(_request(config, "GET", "groups", {"per_page": "100"}))
        return choices(rows(read(answer, self.name)))

    def check(self, config: FreshdeskConfig) -> httpx.Request:
        return _request(config, "GET", "agents/me")

    def explain(self, response: httpx.Response) -> str:
        """With the fields that it names."""
        try:
            errors = rows(read(response, self.name), "errors")
        except Unreachable:
            errors = []
        named = "; ".join(f"{text_at(one, 'field')}: {text_at(one, 'message')}" for one in errors)
        return one_line(named) or super().explain(response)

    def secrets(self, config: FreshdeskConfig) -> tuple[str, ...]:
        return (*secret_values(config), _basic(config))

    def pretended(self, request: httpx.Request) -> httpx.Response:
        listed = request.url.path.endswith("search/tickets")
        return httpx.Response(200, json={"results": []} if listed else {"id": 1, "status": 2})


def _request(
    config: FreshdeskConfig, method: str, path: str, asked: Mapping[str, str] | None = None, body: Any = None
) -> httpx.Request:
    url = httpx.URL(f"https://{config.domain}.freshdesk.com/api/v2/{path}", params=asked)
    return tickets.asking(method, url, body, f"Basic {_basic(config)}")


def _basic(config: FreshdeskConfig) -> str:
    return basic(config.api_key.get_secret_value(), "X")


def _html(notification: Notification) -> str:
    return tickets.without_placeholders(letter.html(notification, 4000))


def _receipt(ticket: Any) -> Receipt | None:
    number = text_at(ticket, "id")
    return Receipt(f"#{number}", {"id": number, "opened": text_at(ticket, "created_at")}) if number else None


def _standing(ticket: Any, config: FreshdeskConfig) -> Standing:
    return tickets.standing(text_at(ticket, "status"), {OPEN, ""}, OVER | {config.resolved_status})
