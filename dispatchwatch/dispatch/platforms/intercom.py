"""Intercom: an alert is a ticket, or a conversation where no ticket type is set, with internal notes on it.

Acknowledging and resolving set the states that are chosen for them; a conversation is closed. A conversation is written
in the name of a contact that exists; for a ticket the contact’s e-mail address is enough. Intercom has no identity of
ours and its search lags, so what was lost without an answer can’t be looked for and may come twice, and a resolve whose
ticket is not known does nothing. A test is a ticket like any other, marked: it has to be closed by hand.

Facts: intercom/Intercom-OpenAPI, 2.16 (tickets, conversations, replies); developers.intercom.com: rate limiting (10,000
a minute for an app, spread over windows of 10 s). Unconfirmed: reading a ticket by its id, any limit of texts, how much
HTML notes take.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch.accounts.intercom import IntercomAccount, IntercomConfig
from dispatchwatch.dispatch.conversation import Conversation, Step
from dispatchwatch.dispatch.platform import Rate
from dispatchwatch.dispatch.reading import loose, named, read, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket import Finding, Looking, Move, Standing
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification

TEXT_LENGTH = 10_000
STANDINGS = {"in_progress": Standing.TAKEN, "resolved": Standing.ENDED, "closed": Standing.ENDED}


class Intercom(IntercomAccount):
    rate = Rate(400, timedelta(seconds=10))

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
        answer = yield Step(self.request(config, "POST", path, body))
        opened = named(answer, self.name, "id" if config.ticket_type_id else "conversation_id")
        # The number that people see is another one.
        return Receipt(text_at(loose(answer), "ticket_id") or opened, {"id": opened, "kind": path})

    def look(self, ticket: Receipt, config: IntercomConfig) -> Looking:
        found = read((yield Step(self.request(config, "GET", _path(ticket)))), self.name)
        word = text_at(found, "ticket_state", "category") or text_at(found, "state")
        return STANDINGS.get(word, Standing.OPEN)

    def comment(self, notification: Notification, config: IntercomConfig, ticket: Receipt) -> Conversation:
        note = {"message_type": "note", "type": "admin", "admin_id": config.admin_id}
        body = {**note, "body": letter.html(notification, TEXT_LENGTH)}
        yield Step(self.request(config, "POST", f"{_path(ticket)}/reply", body), reached=ticket)
        return ticket

    def change(
        self, notification: Notification, config: IntercomConfig, ticket: Receipt, to: Move
    ) -> httpx.Request | None:
        if ticket.details.get("kind") == "conversations":
            parts = {Standing.OPEN: "open", Standing.ENDED: "close"}
            body: dict[str, Any] = {"message_type": parts.get(to or Standing.TAKEN), "admin_id": config.admin_id}
            body |= {"type": "admin"} if to is Standing.ENDED else {}
            return self.request(config, "POST", f"{_path(ticket)}/parts", body) if to in parts else None
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
        return self.request(config, "PUT", _path(ticket), {**body, "admin_id": int(config.admin_id)}) if body else None

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
