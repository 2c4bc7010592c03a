"""ServiceNow: an alert is an incident, by the Table API.

The incident bears our key as its correlation_id and is looked for by it before one is opened; work notes and the move
to another state go in one request. Stock instances demand close_code and close_notes to resolve; what an instance
demands beyond is set in resolve_fields. A test is an incident of the lowest urgency: nothing more harmless is offered.

Facts: ServiceNowDocs: c_TableAPI, case-api (length of correlation_id). From third parties: the close fields.
Unconfirmed: short_description 160 and description 4000 long; that unknown fields are dropped in silence (so the state
is read back); [code] in a journal.
"""

from __future__ import annotations

import re
from typing import Any

import httpx

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch.accounts.servicenow import NEW, ServiceNowAccount, ServiceNowConfig
from dispatchwatch.dispatch.conversation import Conversation, Step
from dispatchwatch.dispatch.errors import Refused
from dispatchwatch.dispatch.platform import dedup_key, json_answer
from dispatchwatch.dispatch.reading import picked, read, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket import Finding, Looking, Move, Standing, opened
from dispatchwatch.dispatch.ticket_fields import pairs, short_key, urgency
from dispatchwatch.domain.alert import Operation, Severity
from dispatchwatch.domain.notification import Notification

URGENCIES = {Severity.CRITICAL: "1", Severity.HIGH: "2", Severity.WARNING: "3", Severity.INFO: "3"}
READ = {"fields": "sys_id,number,state"}
IN_A_QUERY = re.compile(r"[\w:|.\-+ ]+", re.ASCII)


class ServiceNow(ServiceNowAccount):
    ends_at_once = True

    def find(self, notification: Notification, config: ServiceNowConfig) -> Finding:
        key = _correlation(notification.alert_key)
        asked = {"query": f"correlation_id={key}^active=true", "limit": "1", "fields": "sys_id,number,correlation_id"}
        answer = yield Step(self.request(config, "GET", "incident", asked), also=frozenset({404}))
        found = None if answer.status_code == 404 else picked(read(answer, self.name), "result", 0)
        # A query that it does not understand is left out, and everything comes back.
        return _receipt(found) if text_at(found, "correlation_id") == key else None

    def open(self, notification: Notification, config: ServiceNowConfig) -> Conversation:
        incident = {
            "short_description": letter.subject(notification, 160),
            "description": _journal(notification),
            "impact": "3" if notification.is_test else "2",
            "urgency": URGENCIES[urgency(notification)],
            "correlation_id": _correlation(notification.alert_key),
            "correlation_display": "DispatchWatch",
            **({"assignment_group": config.assignment_group} if config.assignment_group else {}),
            **pairs(config.incident_fields),
        }
        answer = yield Step(self.request(config, "POST", "incident", READ, incident))
        return opened(_receipt(picked(json_answer(answer, self.name), "result")), self.name, "incident")

    def look(self, ticket: Receipt, config: ServiceNowConfig) -> Looking:
        answer = yield Step(self.request(config, "GET", f"incident/{ticket.details['id']}", READ))
        return self.standing(text_at(read(answer, self.name), "result", "state"), config)

    def told(self, notification: Notification, config: ServiceNowConfig, ticket: Receipt, to: Move) -> Conversation:
        body = {config.comment_field: _journal(notification)} if config.comments == "all" else {}
        body |= _moved(notification, config, to)
        if body:
            answer = yield Step(self.request(config, "PATCH", f"incident/{ticket.details['id']}", READ, body), ticket)
            state = text_at(json_answer(answer, self.name), "result", "state")
            if state and state != body.get("state", state):
                raise Refused(f"ServiceNow left the incident in state {state}; a rule or a right is in the way.")
        return ticket

    def pretended(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"result": [] if request.url.path.endswith("incident") else {"state": NEW}})
        return httpx.Response(201, json={"result": {"sys_id": "0" * 32, "number": "INC0000000"}})


def _moved(notification: Notification, config: ServiceNowConfig, to: Move) -> dict[str, str]:
    if to is Standing.ENDED:
        closing = {"close_code": config.close_code, "close_notes": _journal(notification)}
        return {"state": config.resolved_state, **closing, **pairs(config.resolve_fields)}
    if to is not None:
        return {"state": config.acknowledged_state if to is Standing.TAKEN else NEW}
    return {"urgency": URGENCIES[notification.severity]} if notification.operation is Operation.UPDATE else {}


def _receipt(found: Any) -> Receipt | None:
    sys_id = text_at(found, "sys_id")
    return Receipt(text_at(found, "number"), {"id": sys_id}) if re.fullmatch("[0-9a-f]{32}", sys_id) else None


def _correlation(alert_key: str) -> str:
    """Our key in 100 characters that mean nothing in a query."""
    key = dedup_key(alert_key, 100)
    return key if IN_A_QUERY.fullmatch(key) else short_key(alert_key)


def _journal(notification: Notification) -> str:
    return re.sub(r"\[(/?code)\]", r"(\1)", letter.text(notification, 4000), flags=re.IGNORECASE)
