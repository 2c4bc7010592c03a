"""Salesforce: an alert is a Case.

With a text field of the office's own for our key (External ID, unique) a case is opened by upsert: repeated, it is the
same one, and it is found again where its receipt was lost. Without it Salesforce can't look for our key: a repeated
raise may open a second case, and what comes without a receipt opens one (an update) or is refused. Comments are not
published. A test is a case of the lowest priority: nothing more harmless is offered.

Facts: developer.salesforce.com, REST API guide (create, upsert); forcedotcom/sf-skills, Case and CaseComment (lengths,
fields).
"""

from __future__ import annotations

import httpx

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch.accounts.salesforce import ID, SalesforceAccount, SalesforceConfig
from dispatchwatch.dispatch.conversation import Conversation, Step
from dispatchwatch.dispatch.errors import Refused
from dispatchwatch.dispatch.outcome import sayings
from dispatchwatch.dispatch.platform import json_answer
from dispatchwatch.dispatch.reading import read, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.text import clip
from dispatchwatch.dispatch.ticket import GONE, Finding, Looking, Move, called, opened
from dispatchwatch.dispatch.ticket_fields import pairs, priority, short_key
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification


class Salesforce(SalesforceAccount):
    def finds(self, config: SalesforceConfig) -> bool:
        return bool(config.external_id_field)

    def find(self, notification: Notification, config: SalesforceConfig) -> Finding:
        if not config.external_id_field or notification.operation is Operation.RAISE:
            return None
        answer = yield Step(self.request(config, "GET", f"{_by_key(notification, config)}?fields=Id"), also=GONE)
        return called(text_at(read(answer, self.name), "Id"), ID) if answer.is_success else None

    def open(self, notification: Notification, config: SalesforceConfig) -> Conversation:
        case = {
            "Subject": letter.subject(notification),
            "Description": letter.text(notification, 30_000),
            "Status": config.new_status,
            "Origin": config.origin,
            "SuppliedName": "DispatchWatch",
            **priority(notification, config.priorities, "Priority"),
            **({"OwnerId": config.owner_id} if config.owner_id else {}),
            **pairs(config.case_fields),
        }
        method, path = (
            ("PATCH", _by_key(notification, config)) if config.external_id_field else ("POST", "sobjects/Case")
        )
        told = json_answer((yield Step(self.request(config, method, path, case))), self.name)
        if told.get("success") is False:
            raise Refused(f"Salesforce does not take this case: {sayings(told) or 'it gives no reason'}.")
        return opened(called(text_at(told, "id"), ID), self.name, "case")

    def look(self, ticket: Receipt, config: SalesforceConfig) -> Looking:
        path = f"sobjects/Case/{ticket.details['id']}?fields=Status,IsClosed"
        return self.standing(read((yield Step(self.request(config, "GET", path))), self.name), config)

    def comment(self, notification: Notification, config: SalesforceConfig, ticket: Receipt) -> Conversation:
        words = clip(letter.text(notification, 4000), 3998, lambda text: len(text.encode()))
        comment = {"ParentId": ticket.details["id"], "CommentBody": words, "IsPublished": False}
        yield Step(self.request(config, "POST", "sobjects/CaseComment", comment), ticket)
        return ticket

    def change(
        self, notification: Notification, config: SalesforceConfig, ticket: Receipt, to: Move
    ) -> httpx.Request | None:
        status = (config.new_status, config.acknowledged_status, config.resolved_status)
        body = {"Status": status[to]} if to is not None else {}
        if notification.operation is Operation.UPDATE:
            body |= priority(notification, config.priorities, "Priority")
        return self.request(config, "PATCH", f"sobjects/Case/{ticket.details['id']}", body) if body else None

    def pretended(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        return httpx.Response(200, json={"id": "500000000000000AAA", "Id": "500000000000000AAA", "success": True})


def _by_key(notification: Notification, config: SalesforceConfig) -> str:
    return f"sobjects/Case/{config.external_id_field}/{short_key(notification.alert_key)}"
