"""Zoho CRM: an alert is a record in a module of the office's choice (Cases unless set), what becomes of it a note.

With a field of the office's own for our key (unique, text) a record is opened by upsert: repeated, it is the same one,
and it is searched for where its receipt was lost. Without it a repeated raise may open a second record, and what comes
without a receipt opens one (an update) or is refused. A test is a record of the lowest priority: nothing more harmless
is offered.

Facts: zoho.com/crm/developer/docs/api/v8: insert-, upsert-, update-records, create-notes; crm-oas. Unconfirmed: the
fields that Cases demand and their values (so they are set), the lengths of texts, the search.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch.accounts.zoho import ZohoAccount, ZohoConfig
from dispatchwatch.dispatch.conversation import Conversation, Step
from dispatchwatch.dispatch.reading import text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket import Finding, Looking, Move, Standing, called, opened
from dispatchwatch.dispatch.ticket_fields import pairs, priority, short_key
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification

ID = "[0-9A-Za-z]+"


class Zoho(ZohoAccount):
    def finds(self, config: ZohoConfig) -> bool:
        return bool(config.unique_field)

    def find(self, notification: Notification, config: ZohoConfig) -> Finding:
        if not config.unique_field or notification.operation is Operation.RAISE:
            return None
        key = short_key(notification.alert_key)
        asked = {"criteria": f"({config.unique_field}:equals:{key})", "fields": config.unique_field}
        answer = yield Step(self.request(config, "GET", f"{config.module}/search", asked))
        known = [row for row in self.records(answer) if row.get(config.unique_field, key) == key]
        return called(text_at(known, 0, "id"), ID)

    def open(self, notification: Notification, config: ZohoConfig) -> Conversation:
        record = {
            config.subject_field: letter.subject(notification),
            config.description_field: letter.text(notification, 30_000),
            **_status(config, Standing.OPEN),
            **priority(notification, config.priorities, config.priority_field),
            **pairs(config.record_fields),
        }
        if config.unique_field:
            record[config.unique_field] = short_key(notification.alert_key)
            body = {**_body(config, record), "duplicate_check_fields": [config.unique_field]}
            answer = yield Step(self.request(config, "POST", f"{config.module}/upsert", body=body))
        else:
            answer = yield Step(self.request(config, "POST", config.module, body=_body(config, record)))
        return opened(called(self.accepted(answer), ID), self.name, "record")

    def look(self, ticket: Receipt, config: ZohoConfig) -> Looking:
        asked = {"fields": config.status_field}
        answer = yield Step(self.request(config, "GET", f"{config.module}/{ticket.details['id']}", asked))
        found = self.records(answer)
        return self.standing(found[0], config) if found else None

    def comment(self, notification: Notification, config: ZohoConfig, ticket: Receipt) -> Conversation:
        parent = {"id": ticket.details["id"], "module": {"api_name": config.module}}
        title = letter.subject(notification, 100)
        note = {"Note_Title": title, "Note_Content": letter.text(notification, 30_000), "Parent_Id": parent}
        self.accepted((yield Step(self.request(config, "POST", "Notes", body={"data": [note]}), ticket)))
        return ticket

    def change(self, notification: Notification, config: ZohoConfig, ticket: Receipt, to: Move) -> httpx.Request | None:
        record = _status(config, to)
        if notification.operation is Operation.UPDATE:
            record |= priority(notification, config.priorities, config.priority_field)
        path = f"{config.module}/{ticket.details['id']}"
        return self.request(config, "PUT", path, body=_body(config, record)) if record else None

    def changed(self, answer: httpx.Response) -> None:
        self.accepted(answer)

    def pretended(self, request: httpx.Request) -> httpx.Response:
        done = {"status": "success", "details": {"id": "1"}}
        return httpx.Response(200, json={"data": [{"id": "1"} if request.method == "GET" else done]})


def _body(config: ZohoConfig, record: Mapping[str, Any]) -> dict[str, Any]:
    return {"data": [record], **({"trigger": []} if config.workflows == "skip" else {})}


def _status(config: ZohoConfig, to: Move) -> dict[str, Any]:
    status = (config.new_status, config.acknowledged_status, config.resolved_status)[to] if to is not None else ""
    return {config.status_field: status} if status else {}
