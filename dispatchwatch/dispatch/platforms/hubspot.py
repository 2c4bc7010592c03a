"""HubSpot: an alert is a ticket that moves through the stages of a pipeline; what becomes of it is a note on it.

With a property of the office's own for our key (unique, text) a ticket is opened by upsert: repeated, it is the same
one, and it is found again where its receipt was lost. Without it a repeated raise may open a second ticket, and what
comes without a receipt opens one (an update) or is refused. A note is written, then tied to the ticket: what breaks off
between the two goes on there. A test is a ticket of low priority: nothing more harmless is offered.

Facts: developers.hubspot.com: tickets and notes (2026-03), account-service-keys, usage-guidelines (100 requests in 10
s), HubSpot-public-api-spec-collection (upsert, pipelines, associations, batch/read, owners). From a third party: the
seconds in Retry-After. Unconfirmed: 477 while an account moves; that the text of a ticket may have 65,536 characters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, timedelta
from typing import Any

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch import ticket as tickets
from dispatchwatch.dispatch.conversation import Conversation, Lookup, Step
from dispatchwatch.dispatch.errors import Failure, Refused, Unknown, Unreachable
from dispatchwatch.dispatch.fields import secret, text
from dispatchwatch.dispatch.occasion import occasion
from dispatchwatch.dispatch.outcome import sayings
from dispatchwatch.dispatch.platform import Rate, json_answer, words
from dispatchwatch.dispatch.reading import choices, picked, read, rows, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket import (
    Finding,
    Looking,
    Move,
    Naming,
    Seen,
    Standing,
    Surveying,
    TicketConfig,
    Ticketing,
)
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification

USUAL = "critical=HIGH; high=HIGH; warning=MEDIUM; info=LOW"
ID = r"[\w-]{1,60}"
STAGES = ("hs_pipeline_stage", "acknowledged_stage", "resolved_stage")


class HubSpotConfig(TicketConfig):
    access_token: SecretStr = secret(
        "Service key", help="Development, Keys, Service keys; scope tickets. Or an app’s token."
    )
    api_version: str = text("API version", default="2026-03", help="The date in its paths.", pattern=r"\d{4}-\d{2}")
    hs_pipeline: str = text("Pipeline", default="0", pattern=ID, help="0 is the one that HubSpot comes with.")
    hs_pipeline_stage: str = text("Stage of new tickets", default="1", pattern=ID, help="1: New.")
    acknowledged_stage: str = text("Stage when acknowledged", default="", pattern=ID, help="Left out, it stays.")
    resolved_stage: str = text("Stage when resolved", default="4", pattern=ID, help="4: Closed.")
    unique_property: str = text(
        "Property for our key", default="", pattern="[a-z][a-z0-9_]*", help="With unique values."
    )
    hubspot_owner_id: str = text("Owner", default="", pattern=r"\d+", help="Who gets new tickets.")
    priorities: str = text("Priorities", default=USUAL, pattern=tickets.PAIRS, help="Of each severity, by your list.")
    ticket_properties: str = text("More properties", default="", pattern=tickets.PAIRS, help="Name and value.")


class HubSpot(Ticketing[HubSpotConfig]):
    key = "hubspot"
    name = "HubSpot"
    config = HubSpotConfig
    rate = Rate(30, timedelta(seconds=10))

    def finds(self, config: HubSpotConfig) -> bool:
        return bool(config.unique_property)

    def find(self, notification: Notification, config: HubSpotConfig) -> Finding:
        if not config.unique_property or notification.operation is Operation.RAISE:
            return None
        path = f"tickets/{tickets.short_key(notification.alert_key)}?idProperty={config.unique_property}"
        answer = yield Step(_request(config, "GET", path), also=tickets.GONE)
        return _receipt(text_at(read(answer, self.name), "id")) if answer.is_success else None

    def open(self, notification: Notification, config: HubSpotConfig) -> Conversation:
        properties = {
            "subject": letter.subject(notification),
            "content": letter.text(notification, 30_000),
            "hs_pipeline": config.hs_pipeline,
            "hs_pipeline_stage": config.hs_pipeline_stage,
            **_priority(notification, config),
            **({"hubspot_owner_id": config.hubspot_owner_id} if config.hubspot_owner_id else {}),
            **tickets.pairs(config.ticket_properties),
        }
        if config.unique_property:
            key = {"idProperty": config.unique_property, "id": tickets.short_key(notification.alert_key)}
            request = _request(config, "POST", "tickets/batch/upsert", {"inputs": [{**key, "properties": properties}]})
        else:
            request = _request(config, "POST", "tickets", {"properties": properties, "associations": []})
        told = json_answer((yield Step(request)), self.name)
        opened = _receipt(text_at(told, "results", 0, "id") or text_at(told, "id"))
        if rows(told, "errors"):
            raise Refused(f"HubSpot does not take this ticket: {sayings(told['errors']) or 'it gives no reason'}.")
        if opened is None:
            raise Unknown("HubSpot: the answer does not name the ticket. It may have been opened.")
        return opened

    def look(self, ticket: Receipt, config: HubSpotConfig) -> Looking:
        path = f"tickets/{ticket.details['id']}?properties=hs_pipeline_stage"
        return _standing(read((yield Step(_request(config, "GET", path))), self.name), config)

    def comment(self, notification: Notification, config: HubSpotConfig, ticket: Receipt) -> Conversation:
        if ticket.details.get("note_of") != occasion(notification):
            at = notification.written_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            note = {"hs_timestamp": at, "hs_note_body": letter.html(notification, 60_000)}
            answer = yield Step(_request(config, "POST", "notes", {"properties": note}), ticket)
            number = text_at(json_answer(answer, self.name), "id")
            if not re.fullmatch(ID, number):
                raise Unknown("HubSpot: the answer does not name the note. It may have been written.")
            ticket = ticket.also(note=number, note_of=occasion(notification))
        path = f"note/{ticket.details['note']}/associations/default/ticket/{ticket.details['id']}"
        yield Step(_request(config, "PUT", path), ticket)
        return ticket.without("note", "note_of")

    def change(
        self, notification: Notification, config: HubSpotConfig, ticket: Receipt, to: Move
    ) -> httpx.Request | None:
        stage = str(getattr(config, STAGES[to])) if to is not None else ""
        properties = {"hs_pipeline": config.hs_pipeline, "hs_pipeline_stage": stage} if stage else {}
        if notification.operation is Operation.UPDATE:
            properties |= _priority(notification, config)
        path = f"tickets/{ticket.details['id']}"
        return _request(config, "PATCH", path, {"properties": properties}) if properties else None

    def survey(self, ids: Sequence[str], config: HubSpotConfig) -> Surveying:
        asked = {"inputs": [{"id": one} for one in ids], "properties": ["hs_pipeline_stage", "hubspot_owner_id"]}
        found = read((yield Step(_request(config, "POST", "tickets/batch/read", asked))), self.name)
        return {
            text_at(row, "id"): Seen(_standing(row, config), text_at(row, "properties", "hubspot_owner_id"))
            for row in rows(found, "results")
        }

    def names(self, people: Sequence[str], config: HubSpotConfig) -> Naming:
        names = dict.fromkeys(people, "")
        for one in people[: tickets.MOST_NAMES]:
            answer = yield Step(_request(config, "GET", one, part="owners"), also=frozenset({403, 404}))
            owner = read(answer, self.name) if answer.is_success else None
            names[one] = f"{text_at(owner, 'firstName')} {text_at(owner, 'lastName')}".strip()
        return names

    def look_up(self, field: str, config: HubSpotConfig) -> Lookup | None:
        return self._pipelines(field, config) if field in {"hs_pipeline", *STAGES} else None

    def _pipelines(self, field: str, config: HubSpotConfig) -> Lookup:
        found = rows(read((yield Step(_request(config, "GET", "tickets", part="pipelines"))), self.name), "results")
        if field == "hs_pipeline":
            return choices(found, label="label")
        chosen = next((one for one in found if text_at(one, "id") == config.hs_pipeline), {})
        return choices(rows(chosen, "stages"), label="label")

    def check(self, config: HubSpotConfig) -> httpx.Request:
        return _request(config, "GET", "tickets", part="pipelines")

    def classify(self, response: httpx.Response) -> Failure | None:
        if response.status_code == 429 and "DAILY" in words(response):
            return Unreachable("HubSpot: the account’s requests for today are used up.", timedelta(hours=1))
        if response.status_code in {429, 477} and not response.headers.get("Retry-After"):
            return Unreachable(f"HubSpot asks to be told later (HTTP {response.status_code}).", timedelta(seconds=10))
        if response.status_code == 477:
            return Unreachable("HubSpot is moving this account (HTTP 477).")
        return super().classify(response)

    def pretended(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        return httpx.Response(200, json={"id": "1", "results": [{"id": "1"}]})


def _request(
    config: HubSpotConfig, method: str, path: str, body: Mapping[str, Any] | None = None, part: str = "objects"
) -> httpx.Request:
    url = f"https://api.hubapi.com/crm/{part}/{config.api_version}/{path}"
    return tickets.asking(method, url, body, f"Bearer {config.access_token.get_secret_value()}")


def _priority(notification: Notification, config: HubSpotConfig) -> dict[str, str]:
    named = tickets.priority(notification, config.priorities)
    return {"hs_ticket_priority": named} if named else {}


def _receipt(number: str) -> Receipt | None:
    return Receipt(number, {"id": number}) if re.fullmatch(ID, number) else None


def _standing(ticket: Any, config: HubSpotConfig) -> Standing:
    stage = text_at(picked(ticket, "properties"), "hs_pipeline_stage")
    return tickets.standing(stage, {config.hs_pipeline_stage, ""}, {config.resolved_stage})
