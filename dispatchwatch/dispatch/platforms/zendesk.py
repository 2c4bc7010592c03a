"""Zendesk: an alert is a ticket that bears our key as its external_id.

It is looked for by that before it is opened, and opening bears an Idempotency-Key, so that none is opened twice. The
comment goes in the same request as the status; comments are private unless the office wants otherwise, since public
ones are mailed to the requester. A ticket that is closed there is final: it counts as gone. Somebody there has taken a
ticket on when it has an assignee and is not new; where tickets are assigned by rules, that counts too. A test is a
ticket of low priority: nothing more harmless is offered.

Facts: developer.zendesk.com: oas.yaml, tickets, introduction (idempotency), rate-limits, side_loading; OAuth from
support.zendesk.com. From third parties: that API tokens end on 2027-04-30 and none can be made any more, so OAuth comes
first; that a key lives 2 hours. Unconfirmed: that {{…}} in a comment is filled in; how long subject and comment may be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch import ticket as tickets
from dispatchwatch.dispatch.auth import Auth, Granted, basic
from dispatchwatch.dispatch.conversation import Conversation, Lookup, Step
from dispatchwatch.dispatch.errors import Failure, Unknown, Unreachable
from dispatchwatch.dispatch.fields import choice, secret, secret_values, shown, text
from dispatchwatch.dispatch.occasion import occasion_key
from dispatchwatch.dispatch.outcome import reason
from dispatchwatch.dispatch.platform import Rate, dedup_key, json_answer, json_request, words
from dispatchwatch.dispatch.reading import choices, picked, read, rows, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket import Finding, Looking, Move, Seen, Standing, Surveying, TicketConfig, Ticketing
from dispatchwatch.domain.alert import Operation, Severity
from dispatchwatch.domain.notification import Notification

PRIORITIES = {Severity.CRITICAL: "urgent", Severity.HIGH: "high", Severity.WARNING: "normal", Severity.INFO: "low"}
OVER = frozenset({"solved", "closed"})
OAUTH, TOKEN = ("authentication", "oauth"), ("authentication", "token")
DIGITS = r"\d{1,20}"


class ZendeskConfig(TicketConfig):
    subdomain: str = text("Subdomain", help="What stands before .zendesk.com.", pattern="[a-zA-Z0-9][a-zA-Z0-9-]*")
    authentication: str = choice(
        "Sign in with", {"oauth": "OAuth client", "token": "API token, until April 2027"}, default="oauth"
    )
    client_id: str = text("OAuth client", where=OAUTH, help="Admin Center, Apps and integrations, OAuth clients.")
    client_secret: SecretStr | None = secret("OAuth secret", where=OAUTH, help="Of a confidential client.")
    scope: str = text("Scope", default="tickets:read tickets:write", help="To choose a group: read tickets:write.")
    email: str = text("E-mail", where=TOKEN, help="The agent’s, with an API token.", pattern=r"\S+@\S+")
    api_token: SecretStr | None = secret("API token", where=TOKEN, help="One that the account still has.")
    requester_email: str = text("Requester", default="", help="Left out, the one who signs in.", pattern=r"\S+@\S+")
    group_id: str = text("Group", default="", help="The group that gets the tickets.", pattern=DIGITS)
    visibility: str = choice("Comments are", {"private": "Private", "public": "Public"}, default="private")
    acknowledged_status: str = choice(
        "Status when acknowledged", {"open": "Open", "pending": "Pending", "hold": "On hold"}, default="open"
    )
    custom_fields: str = text(
        "Custom fields", default="", help="Number and value: 360001234567=yes; …", pattern=tickets.PAIRS
    )


class Zendesk(Ticketing[ZendeskConfig]):
    key = "zendesk"
    name = "Zendesk"
    config = ZendeskConfig
    rate = Rate(100, timedelta(minutes=1))
    ends_at_once = True
    most_asked = 10

    def auth(self, config: ZendeskConfig) -> Auth | None:
        def ask() -> httpx.Request:
            who = {"client_id": config.client_id, "client_secret": shown(config.client_secret)}
            scope = {"grant_type": "client_credentials", "scope": config.scope}
            return json_request("POST", f"https://{config.subdomain}.zendesk.com/oauth/tokens", {**scope, **who})

        return Granted(self.name, ask) if config.authentication == "oauth" else None

    def find(self, notification: Notification, config: ZendeskConfig) -> Finding:
        key = dedup_key(notification.alert_key)
        answer = yield Step(_request(config, "GET", httpx.URL("tickets", params={"external_id": key})))
        known = [row for row in rows(read(answer, self.name), "tickets") if row.get("external_id") == key]
        return next((_receipt(row) for row in known if row.get("status") != "closed" and "id" in row), None)

    def open(self, notification: Notification, config: ZendeskConfig) -> Conversation:
        ticket: dict[str, Any] = {
            "subject": tickets.without_placeholders(letter.subject(notification)),
            "comment": _comment(notification, config),
            "type": "incident",
            "priority": PRIORITIES[tickets.urgency(notification)],
            "external_id": dedup_key(notification.alert_key),
            "tags": ["dispatchwatch", notification.kind.value],
            "custom_fields": [{"id": int(i), "value": v} for i, v in tickets.pairs(config.custom_fields).items()],
        }
        if config.group_id:
            ticket["group_id"] = int(config.group_id)
        if config.requester_email:
            ticket["requester"] = {"name": "DispatchWatch", "email": config.requester_email}
        request = _request(config, "POST", "tickets", {"ticket": ticket})
        request.headers["Idempotency-Key"] = occasion_key(notification)
        opened = picked(json_answer((yield Step(request)), self.name), "ticket")
        if not text_at(opened, "id"):
            raise Unknown("Zendesk: the answer does not name the ticket. It may have been opened.")
        return _receipt(opened)

    def look(self, ticket: Receipt, config: ZendeskConfig) -> Looking:
        answer = yield Step(_request(config, "GET", f"tickets/{ticket.details['id']}"))
        return _standing(picked(read(answer, self.name), "ticket"))

    def told(self, notification: Notification, config: ZendeskConfig, ticket: Receipt, to: Move) -> Conversation:
        status = {Standing.OPEN: "open", Standing.TAKEN: config.acknowledged_status, Standing.ENDED: "solved"}
        body: dict[str, Any] = {"status": status[to]} if to is not None else {}
        if notification.operation is Operation.UPDATE:
            body["priority"] = PRIORITIES[notification.severity]
        if config.comments == "all":
            body["comment"] = _comment(notification, config)
        if body:
            yield Step(_request(config, "PUT", f"tickets/{ticket.details['id']}", {"ticket": body}), ticket)
        return ticket

    def survey(self, ids: Sequence[str], config: ZendeskConfig) -> Surveying:
        asked = httpx.URL("tickets/show_many", params={"ids": ",".join(ids), "include": "users"})
        found = read((yield Step(_request(config, "GET", asked))), self.name)
        names = {text_at(user, "id"): text_at(user, "name") for user in rows(found, "users")}
        return {
            text_at(row, "id"): Seen(_standing(row), names.get(text_at(row, "assignee_id"), ""))
            for row in rows(found, "tickets")
        }

    def look_up(self, field: str, config: ZendeskConfig) -> Lookup | None:
        return self._groups(config) if field == "group_id" else None

    def _groups(self, config: ZendeskConfig) -> Lookup:
        answer = yield Step(_request(config, "GET", "groups"))
        return choices(rows(read(answer, self.name), "groups"))

    def check(self, config: ZendeskConfig) -> httpx.Request:
        # The own account answers a wrong login with a guest; this one says no.
        return _request(config, "GET", "tickets/count")

    def explain(self, response: httpx.Response) -> str:
        """With the fields that a 422 names."""
        details = re.findall(r'"description"\s*:\s*"((?:[^"\\]|\\.)*)"', words(response)[:10_000])
        return "; ".join(dict.fromkeys(details)) or reason(words(response))

    def classify(self, response: httpx.Response) -> Failure | None:
        if response.status_code == 409:
            return Unreachable("Zendesk: somebody else is changing this ticket (HTTP 409).")
        return super().classify(response)

    def secrets(self, config: ZendeskConfig) -> tuple[str, ...]:
        return (*secret_values(config), *((_basic(config),) if config.api_token else ()))

    def pretended(self, request: httpx.Request) -> httpx.Response:
        listed = request.method == "GET" and request.url.path.endswith("/tickets")
        return httpx.Response(200, json={"tickets": []} if listed else {"ticket": {"id": 1, "status": "new"}})


def _request(
    config: ZendeskConfig, method: str, path: httpx.URL | str, body: Mapping[str, Any] | None = None
) -> httpx.Request:
    signed = f"Basic {_basic(config)}" if config.authentication == "token" else ""
    return tickets.asking(method, f"https://{config.subdomain}.zendesk.com/api/v2/{path}", body, signed)


def _basic(config: ZendeskConfig) -> str:
    return basic(f"{config.email}/token", shown(config.api_token))


def _comment(notification: Notification, config: ZendeskConfig) -> dict[str, Any]:
    return {
        "html_body": tickets.without_placeholders(letter.html(notification, 8000)),
        "public": config.visibility == "public",
    }


def _receipt(row: Mapping[str, Any]) -> Receipt:
    return Receipt(f"#{row['id']}", {"id": text_at(row, "id")})


def _standing(ticket: Any) -> Standing:
    new = {"new", ""} if text_at(ticket, "assignee_id") else {"new", "", "open", "pending", "hold"}
    return tickets.standing(text_at(ticket, "status"), new, OVER)
