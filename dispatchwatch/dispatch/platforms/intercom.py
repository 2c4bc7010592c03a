"""Intercom: an alert is a ticket, or a conversation where no ticket type is set, with internal notes on it.

Acknowledging and resolving set the states that are chosen for them; a conversation is closed. A conversation is written
in the name of a contact that exists; for a ticket the contact’s e-mail address is enough. Intercom has no identity of
ours and its search lags, so what was lost without an answer can’t be looked for and may come twice, and a resolve whose
ticket is not known does nothing. A test is a ticket like any other, marked: it has to be closed by hand.

Facts: intercom/Intercom-OpenAPI, 2.16 (tickets, conversations, replies, ticket types and states, admins);
developers.intercom.com: errors, rate limiting (10,000 a minute for an app, spread over windows of 10 s; wait until
X-RateLimit-Reset). Unconfirmed: reading a ticket by its id, the answer to a token of another region, that plans
without tickets are told api_plan_restricted, any limit of texts, how much HTML notes take.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from pydantic import SecretStr, ValidationInfo, field_validator

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch.conversation import Conversation, Lookup, Step
from dispatchwatch.dispatch.errors import Failure, Unauthorised, Unreachable
from dispatchwatch.dispatch.fields import choice, problem, secret, text
from dispatchwatch.dispatch.platform import Platform, Rate, json_request, words
from dispatchwatch.dispatch.reading import chosen, loose, named, read, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket import Finding, Looking, Move, Standing, TicketConfig, Ticketing
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification

ORIGINS = {"us": "https://api.intercom.io", "eu": "https://api.eu.intercom.io", "au": "https://api.au.intercom.io"}
NUMBER = r"\d+"
TEXT_LENGTH = 10_000
STANDINGS = {"in_progress": Standing.TAKEN, "resolved": Standing.ENDED, "closed": Standing.ENDED}


class IntercomConfig(TicketConfig):
    access_token: SecretStr = secret(
        "Access token", help="In Intercom’s Developer Hub: your app, Configure, Authentication."
    )
    region: str = choice("Region", {"us": "United States", "eu": "Europe", "au": "Australia"}, default="us")
    ticket_type_id: str = text(
        "Ticket type", default="", help="Left out, a conversation is opened instead.", pattern=NUMBER
    )
    contact: str = text(
        "Contact",
        help="In whose name: an e-mail address or, needed for conversations, the contact’s id of 24 characters.",
        pattern=r"[0-9a-f]{24}|[^@\s]+@[^@\s]+",
    )
    admin_id: str = text("Teammate", help="The number of the teammate who writes the notes.", pattern=NUMBER)
    state_acknowledged: str = text("State when acknowledged", default="", help="Left out, it stays.", pattern=NUMBER)
    state_resolved: str = text("State when resolved", default="", help="Left out, it is only closed.", pattern=NUMBER)
    intercom_version: str = text("API version", default="2.16", pattern=r"\d\.\d+", help="Sent as Intercom-Version.")

    @field_validator("contact")
    @classmethod
    def _fits_a_conversation(cls, value: str, info: ValidationInfo) -> str:
        if "@" in value and not info.data.get("ticket_type_id"):
            raise problem("must be a contact’s id of 24 characters where no ticket type is set.")
        return value


class Intercom(Ticketing[IntercomConfig]):
    key = "intercom"
    name = "Intercom"
    config = IntercomConfig
    rate = Rate(400, timedelta(seconds=10))
    listen = Platform.listen  # type: ignore[assignment]
    """It is not asked who did what there."""

    def finds(self, config: IntercomConfig) -> bool:  # noqa: ARG002
        return False

    def find(self, notification: Notification, config: IntercomConfig) -> Finding:  # noqa: ARG002
        yield from ()
        return None

    def open(self, notification: Notification, config: IntercomConfig) -> Conversation:
        if config.ticket_type_id:
            path, body = "tickets", _ticket(notification, config)
        else:
            contact = {"type": "contact", "id": config.contact}
            path, body = "conversations", {"from": contact, "body": _text(notification)}
        answer = yield Step(_request(config, "POST", path, body))
        opened = named(answer, self.name, "id" if config.ticket_type_id else "conversation_id")
        # The number that people see is another one.
        return Receipt(text_at(loose(answer), "ticket_id") or opened, {"id": opened, "kind": path})

    def look(self, ticket: Receipt, config: IntercomConfig) -> Looking:
        found = read((yield Step(_request(config, "GET", _path(ticket)))), self.name)
        word = text_at(found, "ticket_state", "category") or text_at(found, "state")
        return STANDINGS.get(word, Standing.OPEN)

    def comment(self, notification: Notification, config: IntercomConfig, ticket: Receipt) -> Conversation:
        note = {"message_type": "note", "type": "admin", "admin_id": config.admin_id}
        body = {**note, "body": letter.html(notification, TEXT_LENGTH)}
        yield Step(_request(config, "POST", f"{_path(ticket)}/reply", body), reached=ticket)
        return ticket

    def change(
        self, notification: Notification, config: IntercomConfig, ticket: Receipt, to: Move
    ) -> httpx.Request | None:
        if ticket.details.get("kind") == "conversations":
            parts = {Standing.OPEN: "open", Standing.ENDED: "close"}
            body: dict[str, Any] = {"message_type": parts.get(to or Standing.TAKEN), "admin_id": config.admin_id}
            body |= {"type": "admin"} if to is Standing.ENDED else {}
            return _request(config, "POST", f"{_path(ticket)}/parts", body) if to in parts else None
        match to:
            case Standing.OPEN:
                body = {"open": True}
            case Standing.TAKEN:
                body = {"ticket_state_id": config.state_acknowledged} if config.state_acknowledged else {}
            case Standing.ENDED:
                state = {"ticket_state_id": config.state_resolved} if config.state_resolved else {}
                body = {**state, "open": False}
            case _ if notification.operation is Operation.UPDATE:
                body = {"ticket_attributes": {"_default_title_": letter.subject(notification)}}
            case _:
                body = {}
        return _request(config, "PUT", _path(ticket), {**body, "admin_id": int(config.admin_id)}) if body else None

    def classify(self, response: httpx.Response) -> Failure | None:
        failure = super().classify(response)
        if isinstance(failure, Unauthorised) and "api_plan_restricted" in words(response):
            return Unauthorised("Intercom: your plan has no tickets. Leave the ticket type out to open conversations.")
        if isinstance(failure, Unreachable) and response.status_code == 429:
            failure.retry_after = _until_reset(response.headers)
        return failure

    def check(self, config: IntercomConfig) -> httpx.Request:
        return _request(config, "GET", "me")

    def look_up(self, field: str, config: IntercomConfig) -> Lookup | None:
        match field:
            case "ticket_type_id":
                return chosen(_request(config, "GET", "ticket_types"), self.name, "data")
            case "admin_id":
                return chosen(_request(config, "GET", "admins"), self.name, "admins")
            case "state_acknowledged" | "state_resolved":
                return chosen(_request(config, "GET", "ticket_states"), self.name, "data", label="internal_label")
        return None

    def pretended(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        return httpx.Response(200, json={"id": "1", "ticket_id": "1", "conversation_id": "1", "state": "open"})


def _ticket(notification: Notification, config: IntercomConfig) -> dict[str, Any]:
    return {
        "ticket_type_id": config.ticket_type_id,
        "contacts": [{"email" if "@" in config.contact else "id": config.contact}],
        "ticket_attributes": {
            "_default_title_": letter.subject(notification), "_default_description_": _text(notification),
        },
    }  # fmt: skip


def _text(notification: Notification) -> str:
    return letter.text(notification, TEXT_LENGTH)


def _path(ticket: Receipt) -> str:
    return f"{ticket.details.get('kind', 'tickets')}/{ticket.details['id']}"


def _until_reset(headers: httpx.Headers) -> timedelta | None:
    """From the answer's own date to the second that it names; both are of Intercom's clock."""
    try:
        reset = datetime.fromtimestamp(int(headers["X-RateLimit-Reset"]), UTC)
        rest = reset - parsedate_to_datetime(headers["Date"])
    except (KeyError, ValueError, TypeError, OverflowError, OSError):
        return None
    return min(max(rest, timedelta(seconds=1)), timedelta(minutes=1))


def _request(config: IntercomConfig, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Request:
    url = f"{ORIGINS[config.region]}/{path}"
    request = httpx.Request(method, url) if body is None else json_request(method, url, body)
    request.headers["Authorization"] = f"Bearer {config.access_token.get_secret_value()}"
    request.headers["Accept"] = "application/json"
    request.headers["Intercom-Version"] = config.intercom_version
    return request
