"""ServiceNow: an alert is an incident, by the Table API.

The incident bears our key as its correlation_id and is looked for by it before one is opened; work notes and the move
to another state go in one request. Stock instances demand close_code and close_notes to resolve; what an instance
demands beyond is set in resolve_fields. A test is an incident of the lowest urgency: nothing more harmless is offered.

Facts: ServiceNowDocs: c_TableAPI, c_RESTAPI, authentication, case-api (length of correlation_id). From third parties:
the numbers of the states, the close fields, that closing without them is answered by 403 or 500. Unconfirmed:
short_description 160 and description 4000 long; that unknown fields are dropped in silence (so the state is read
back); that a sleeping instance answers with a web page; [code] in a journal; resolved_by and resolved_at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch import ticket as tickets
from dispatchwatch.dispatch.auth import Auth, Granted, basic, form_request
from dispatchwatch.dispatch.conversation import Conversation, Lookup, Step
from dispatchwatch.dispatch.errors import Failure, Refused, Unknown
from dispatchwatch.dispatch.fields import choice, secret, secret_values, shown, text
from dispatchwatch.dispatch.platform import dedup_key, json_answer, words
from dispatchwatch.dispatch.reading import choices, instant, picked, read, rows, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket import Finding, Looking, Move, Seen, Standing, Surveying, TicketConfig, Ticketing
from dispatchwatch.domain.alert import Operation, Severity
from dispatchwatch.domain.notification import Notification

URGENCIES = {Severity.CRITICAL: "1", Severity.HIGH: "2", Severity.WARNING: "3", Severity.INFO: "3"}
NEW, OVER, READ = "1", frozenset({"6", "7", "8"}), {"fields": "sys_id,number,state"}
IN_A_QUERY = re.compile(r"[\w:|.\-+ ]+", re.ASCII)
DEMANDS = re.compile("mandatory|data policy|close_code|close code|business rule", re.IGNORECASE)
BASIC, OAUTH = ("authentication", "basic"), ("authentication", "oauth")
WRITTEN = {"work_notes": "Work notes, for staff", "comments": "Comments, for callers too"}


class ServiceNowConfig(TicketConfig):
    instance: str = text("Instance", help="What stands before .service-now.com.", pattern="[a-z0-9][a-z0-9-]*")
    authentication: str = choice("Sign in with", {"basic": "User and password", "oauth": "OAuth"}, default="basic")
    username: str = text("User name", where=BASIC, help="A user with the role itil.")
    password: SecretStr | None = secret("Password", where=BASIC, help="That user’s.", pattern=".+")
    client_id: str = text("Client ID", where=OAUTH, help="System OAuth, Application Registry: client credentials.")
    client_secret: SecretStr | None = secret("Client secret", where=OAUTH, help="In the same place.")
    assignment_group: str = text("Assignment group", default="", help="Its sys_id.", pattern="[0-9a-f]{32}")
    comment_field: str = choice("Write into", WRITTEN, default="work_notes")
    acknowledged_state: str = text("State when acknowledged", default="2", pattern=r"\d+", help="2: In Progress.")
    resolved_state: str = text("State when resolved", default="6", pattern=r"\d+", help="6: Resolved.")
    close_code: str = text("Resolution code", default="Solution provided", help="One of your instance’s own codes.")
    resolve_fields: str = text("More fields to resolve", default="", pattern=tickets.PAIRS, help="cause=…; u_own=…")
    incident_fields: str = text("More fields", default="", pattern=tickets.PAIRS, help="impact=1; caller_id=…")


class ServiceNow(Ticketing[ServiceNowConfig]):
    key = "servicenow"
    name = "ServiceNow"
    config = ServiceNowConfig
    ends_at_once = True

    def auth(self, config: ServiceNowConfig) -> Auth | None:
        def ask() -> httpx.Request:
            who = {"client_id": config.client_id, "client_secret": shown(config.client_secret)}
            url = f"https://{config.instance}.service-now.com/oauth_token.do"
            return form_request(url, {"grant_type": "client_credentials", **who})

        return Granted(self.name, ask) if config.authentication == "oauth" else None

    def find(self, notification: Notification, config: ServiceNowConfig) -> Finding:
        key = _correlation(notification.alert_key)
        asked = {"query": f"correlation_id={key}^active=true", "limit": "1", "fields": "sys_id,number,correlation_id"}
        answer = yield Step(_request(config, "GET", "incident", asked), also=frozenset({404}))
        found = None if answer.status_code == 404 else picked(read(answer, self.name), "result", 0)
        # A query that it does not understand is left out, and everything comes back.
        return _receipt(found) if text_at(found, "correlation_id") == key else None

    def open(self, notification: Notification, config: ServiceNowConfig) -> Conversation:
        incident = {
            "short_description": letter.subject(notification, 160),
            "description": _journal(notification),
            "impact": "3" if notification.is_test else "2",
            "urgency": URGENCIES[tickets.urgency(notification)],
            "correlation_id": _correlation(notification.alert_key),
            "correlation_display": "DispatchWatch",
            **({"assignment_group": config.assignment_group} if config.assignment_group else {}),
            **tickets.pairs(config.incident_fields),
        }
        answer = yield Step(_request(config, "POST", "incident", READ, incident))
        opened = _receipt(picked(json_answer(answer, self.name), "result"))
        if opened is None:
            raise Unknown("ServiceNow: the answer does not name the incident. It may have been opened.")
        return opened

    def look(self, ticket: Receipt, config: ServiceNowConfig) -> Looking:
        answer = yield Step(_request(config, "GET", f"incident/{ticket.details['id']}", READ))
        return _stands(text_at(read(answer, self.name), "result", "state"), config)

    def told(self, notification: Notification, config: ServiceNowConfig, ticket: Receipt, to: Move) -> Conversation:
        body = {config.comment_field: _journal(notification)} if config.comments == "all" else {}
        body |= _moved(notification, config, to)
        if body:
            answer = yield Step(_request(config, "PATCH", f"incident/{ticket.details['id']}", READ, body), ticket)
            state = text_at(json_answer(answer, self.name), "result", "state")
            if state and state != body.get("state", state):
                raise Refused(f"ServiceNow left the incident in state {state}; a rule or a right is in the way.")
        return ticket

    def survey(self, ids: Sequence[str], config: ServiceNowConfig) -> Surveying:
        asked = {"query": f"sys_idIN{','.join(ids)}", "fields": "sys_id,state,assigned_to,resolved_by,resolved_at"}
        answer = yield Step(_request(config, "GET", "incident", {**asked, "display_value": "all"}))
        return {text_at(row, "sys_id", "value"): _seen(row, config) for row in rows(read(answer, self.name), "result")}

    def look_up(self, field: str, config: ServiceNowConfig) -> Lookup | None:
        return self._groups(config) if field == "assignment_group" else None

    def _groups(self, config: ServiceNowConfig) -> Lookup:
        asked = {"query": "active=true^ORDERBYname", "fields": "sys_id,name", "limit": "500"}
        answer = yield Step(_request(config, "GET", "sys_user_group", asked))
        return choices(rows(read(answer, self.name), "result"), "sys_id")

    def check(self, config: ServiceNowConfig) -> httpx.Request:
        return _request(config, "GET", "incident", {"limit": "1", "fields": "sys_id"})

    def classify(self, response: httpx.Response) -> Failure | None:
        if response.status_code == 403 or (response.status_code == 500 and DEMANDS.search(words(response))):
            said = f"(HTTP {response.status_code}): {self.explain(response)}".rstrip(".")
            return Refused(f"ServiceNow does not allow it; check rights, rules and mandatory fields {said}.")
        return super().classify(response)

    def secrets(self, config: ServiceNowConfig) -> tuple[str, ...]:
        return (*secret_values(config), *((_basic(config),) if config.password else ()))

    def pretended(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"result": [] if request.url.path.endswith("incident") else {"state": NEW}})
        return httpx.Response(201, json={"result": {"sys_id": "0" * 32, "number": "INC0000000"}})


def _request(
    config: ServiceNowConfig, method: str, path: str, asked: Mapping[str, str], body: Mapping[str, str] | None = None
) -> httpx.Request:
    named = {f"sysparm_{name}": value for name, value in ({"display_value": "false"} | dict(asked)).items()}
    url = httpx.URL(f"https://{config.instance}.service-now.com/api/now/table/{path}", params=named)
    return tickets.asking(method, url, body, f"Basic {_basic(config)}" if config.authentication == "basic" else "")


def _basic(config: ServiceNowConfig) -> str:
    return basic(config.username, shown(config.password))


def _moved(notification: Notification, config: ServiceNowConfig, to: Move) -> dict[str, str]:
    if to is Standing.ENDED:
        closing = {"close_code": config.close_code, "close_notes": _journal(notification)}
        return {"state": config.resolved_state, **closing, **tickets.pairs(config.resolve_fields)}
    if to is not None:
        return {"state": config.acknowledged_state if to is Standing.TAKEN else NEW}
    return {"urgency": URGENCIES[notification.severity]} if notification.operation is Operation.UPDATE else {}


def _stands(state: str, config: ServiceNowConfig) -> Standing:
    return tickets.standing(state, {NEW, ""}, OVER | {config.resolved_state})


def _seen(row: dict[str, Any], config: ServiceNowConfig) -> Seen:
    now = _stands(text_at(row, "state", "value"), config)
    if now is not Standing.ENDED:
        return Seen(now, text_at(row, "assigned_to", "display_value"))
    return Seen(now, text_at(row, "resolved_by", "display_value"), instant(text_at(row, "resolved_at", "value") + "Z"))


def _receipt(found: Any) -> Receipt | None:
    sys_id = text_at(found, "sys_id")
    return Receipt(text_at(found, "number"), {"id": sys_id}) if re.fullmatch("[0-9a-f]{32}", sys_id) else None


def _correlation(alert_key: str) -> str:
    """Our key in 100 characters that mean nothing in a query."""
    key = dedup_key(alert_key, 100)
    return key if IN_A_QUERY.fullmatch(key) else tickets.short_key(alert_key)


def _journal(notification: Notification) -> str:
    return re.sub(r"\[(/?code)\]", r"(\1)", letter.text(notification, 4000), flags=re.IGNORECASE)
