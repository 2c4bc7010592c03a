"""HubSpot: an alert is a ticket that moves through the stages of a pipeline; what becomes of it is a note on it.

With a property of the office's own for our key (unique, text) a ticket is opened by upsert: repeated, it is the same
one, and it is found again where its receipt was lost. Without it a repeated raise may open a second ticket, and what
comes without a receipt opens one (an update) or is refused. A note is written, then tied to the ticket: what breaks off
between the two goes on there. A test is a ticket of low priority: nothing more harmless is offered.

Facts: developers.hubspot.com: tickets and notes (2026-03), usage-guidelines (100 requests in 10 s);
HubSpot-public-api-spec-collection (upsert, associations). Unconfirmed: that the text of a ticket may have 65,536
characters.
"""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from typing import Any

import httpx

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch.accounts.hubspot import ID, STAGES, HubSpotAccount, HubSpotConfig
from dispatchwatch.dispatch.conversation import Conversation, Step
from dispatchwatch.dispatch.errors import Refused, Unknown
from dispatchwatch.dispatch.occasion import occasion
from dispatchwatch.dispatch.outcome import sayings
from dispatchwatch.dispatch.platform import Rate, json_answer
from dispatchwatch.dispatch.reading import read, rows, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket import GONE, Finding, Looking, Move, called, opened
from dispatchwatch.dispatch.ticket_fields import pairs, priority, short_key
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification

PRIORITY = "hs_ticket_priority"


class HubSpot(HubSpotAccount):
    rate = Rate(30, timedelta(seconds=10))

    def finds(self, config: HubSpotConfig) -> bool:
        return bool(config.unique_property)

    def find(self, notification: Notification, config: HubSpotConfig) -> Finding:
        if not config.unique_property or notification.operation is Operation.RAISE:
            return None
        path = f"tickets/{short_key(notification.alert_key)}?idProperty={config.unique_property}"
        answer = yield Step(self.request(config, "GET", path), also=GONE)
        return called(text_at(read(answer, self.name), "id"), ID) if answer.is_success else None

    def open(self, notification: Notification, config: HubSpotConfig) -> Conversation:
        properties = {
            "subject": letter.subject(notification),
            "content": letter.text(notification, 30_000),
            "hs_pipeline": config.hs_pipeline,
            "hs_pipeline_stage": config.hs_pipeline_stage,
            **priority(notification, config.priorities, PRIORITY),
            **({"hubspot_owner_id": config.hubspot_owner_id} if config.hubspot_owner_id else {}),
            **pairs(config.ticket_properties),
        }
        ticket: dict[str, Any] = {"properties": properties, "associations": []}
        if config.unique_property:
            key = {"idProperty": config.unique_property, "id": short_key(notification.alert_key)}
            ticket = {"inputs": [{**key, "properties": properties}]}
        path = "tickets/batch/upsert" if config.unique_property else "tickets"
        told = json_answer((yield Step(self.request(config, "POST", path, ticket))), self.name)
        if rows(told, "errors"):
            raise Refused(f"HubSpot does not take this ticket: {sayings(told['errors']) or 'it gives no reason'}.")
        return opened(called(text_at(told, "results", 0, "id") or text_at(told, "id"), ID), self.name)

    def look(self, ticket: Receipt, config: HubSpotConfig) -> Looking:
        path = f"tickets/{ticket.details['id']}?properties=hs_pipeline_stage"
        return self.standing(read((yield Step(self.request(config, "GET", path))), self.name), config)

    def comment(self, notification: Notification, config: HubSpotConfig, ticket: Receipt) -> Conversation:
        if ticket.details.get("note_of") != occasion(notification):
            at = notification.written_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            note = {"hs_timestamp": at, "hs_note_body": letter.html(notification, 60_000)}
            answer = yield Step(self.request(config, "POST", "notes", {"properties": note}), ticket)
            number = text_at(json_answer(answer, self.name), "id")
            if not re.fullmatch(ID, number):
                raise Unknown("HubSpot: the answer does not name the note. It may have been written.")
            ticket = ticket.also(note=number, note_of=occasion(notification))
        path = f"note/{ticket.details['note']}/associations/default/ticket/{ticket.details['id']}"
        yield Step(self.request(config, "PUT", path), ticket)
        return ticket.without("note", "note_of")

    def change(
        self, notification: Notification, config: HubSpotConfig, ticket: Receipt, to: Move
    ) -> httpx.Request | None:
        stage = str(getattr(config, STAGES[to])) if to is not None else ""
        properties = {"hs_pipeline": config.hs_pipeline, "hs_pipeline_stage": stage} if stage else {}
        if notification.operation is Operation.UPDATE:
            properties |= priority(notification, config.priorities, PRIORITY)
        path = f"tickets/{ticket.details['id']}"
        return self.request(config, "PATCH", path, {"properties": properties}) if properties else None

    def pretended(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        return httpx.Response(200, json={"id": "1", "results": [{"id": "1"}]})
