"""Salesforce: an alert is a Case.

With a text field of the office's own for our key (External ID, unique) a case is opened by upsert: repeated, it is the
same one, and it is found again where its receipt was lost. Without it Salesforce can't look for our key: a repeated
raise may open a second case, and what comes without a receipt opens one (an update) or is refused. Comments are not
published. A test is a case of the lowest priority: nothing more harmless is offered.

Facts: developer.salesforce.com, REST API guide (create, upsert, errorcodes, limits: over 24 hours,
shared with all else); forcedotcom/sf-skills, Case and CaseComment (lengths, fields); help.salesforce.com, OAuth flows
(client credentials and JWT at My Domain). Pick lists are each org's own, so they are set. Unconfirmed: that
UNABLE_TO_LOCK_ROW passes by itself, that 401 means a token that ended; the queries for polling and queues.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from time import time
from typing import Any

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch import ticket as tickets
from dispatchwatch.dispatch.assertion import LIVES, signed
from dispatchwatch.dispatch.auth import Auth, form_request
from dispatchwatch.dispatch.conversation import Conversation, Lookup, Step
from dispatchwatch.dispatch.errors import Failure, Refused, Unknown, Unreachable
from dispatchwatch.dispatch.fields import choice, secret, shown, text
from dispatchwatch.dispatch.outcome import sayings
from dispatchwatch.dispatch.platform import json_answer, words
from dispatchwatch.dispatch.reading import choices, instant, picked, read, rows, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.text import clip
from dispatchwatch.dispatch.ticket import Finding, Looking, Move, Seen, Standing, Surveying, TicketConfig, Ticketing
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification

ID = "[A-Za-z0-9]{15}([A-Za-z0-9]{3})?"
CLIENT, JWT = ("authentication", "client_credentials"), ("authentication", "jwt_bearer")
WAYS = {"client_credentials": "Client credentials", "jwt_bearer": "Signed with a private key (JWT)"}
AUDIENCES = {"login": "Production (login.salesforce.com)", "test": "Sandbox (test.salesforce.com)"}


class SalesforceConfig(TicketConfig):
    my_domain: str = text(
        "My Domain", help="What stands before .my.salesforce.com.", pattern=r"[a-zA-Z0-9-]+(\.[a-z]+)?"
    )
    authentication: str = choice("Sign in with", WAYS, default="client_credentials")
    client_id: str = text("Consumer key", help="Setup, External Client App Manager, your app, OAuth settings.")
    client_secret: SecretStr | None = secret("Consumer secret", where=CLIENT, help="In the same place.")
    username: str = text("User name", where=JWT, help="The user that cases are opened as.")
    private_key: SecretStr | None = secret("Private key", where=JWT, pattern=r"(?s).+", help="Begins with -----BEGIN.")
    audience: str = choice("Kind of org", AUDIENCES, default="login", help="For the signed way.")
    api_version: str = text("API version", default="v67.0", pattern=r"v\d{2}\.0", help="v67.0 is Summer ’26.")
    external_id_field: str = text("Field for our key", default="", pattern=r"\w+__c", help="External ID, unique, text.")
    owner_id: str = text("Owner", default="", pattern=ID, help="A queue or user; left out, your rules assign.")
    origin: str = text("Case origin", default="Web", help="A value of your pick list.")
    new_status: str = text("Status of new cases", default="New", help="A value of your pick list.")
    acknowledged_status: str = text("Status when acknowledged", default="Working", help="A value of your pick list.")
    resolved_status: str = text("Status when resolved", default="Closed", help="One that counts as closed.")
    priorities: str = text(
        "Priorities",
        default=tickets.USUAL_PRIORITIES,
        pattern=tickets.PAIRS,
        help="Of each severity, by your pick list.",
    )
    case_fields: str = text(
        "More fields", default="", pattern=tickets.PAIRS, help="For instance Type=Problem; Own__c=1."
    )


class SalesforceToken(Auth):
    def __init__(self, config: SalesforceConfig, wall: Callable[[], float] = time) -> None:
        super().__init__("Salesforce")
        self._config, self._wall = config, wall

    def grant(self) -> httpx.Request:
        config, url = self._config, f"https://{self._config.my_domain}.my.salesforce.com/services/oauth2/token"
        if config.authentication == "client_credentials":
            who = {"client_id": config.client_id, "client_secret": shown(config.client_secret)}
            return form_request(url, {"grant_type": "client_credentials", **who})
        claims = {"iss": config.client_id, "sub": config.username, "exp": int(self._wall()) + LIVES}
        claims["aud"] = f"https://{config.audience}.salesforce.com"
        assertion = signed("Salesforce", claims, shown(config.private_key))
        return form_request(url, {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion})


class Salesforce(Ticketing[SalesforceConfig]):
    key = "salesforce"
    name = "Salesforce"
    config = SalesforceConfig

    def auth(self, config: SalesforceConfig) -> Auth:
        return SalesforceToken(config)

    def finds(self, config: SalesforceConfig) -> bool:
        return bool(config.external_id_field)

    def find(self, notification: Notification, config: SalesforceConfig) -> Finding:
        if not config.external_id_field or notification.operation is Operation.RAISE:
            return None
        answer = yield Step(_request(config, "GET", f"{_by_key(notification, config)}?fields=Id"), also=tickets.GONE)
        return None if answer.status_code in tickets.GONE else _receipt(text_at(read(answer, self.name), "Id"))

    def open(self, notification: Notification, config: SalesforceConfig) -> Conversation:
        case = {
            "Subject": letter.subject(notification),
            "Description": letter.text(notification, 30_000),
            "Status": config.new_status,
            "Origin": config.origin,
            "SuppliedName": "DispatchWatch",
            **_priority(notification, config),
            **({"OwnerId": config.owner_id} if config.owner_id else {}),
            **tickets.pairs(config.case_fields),
        }
        method, path = (
            ("PATCH", _by_key(notification, config)) if config.external_id_field else ("POST", "sobjects/Case")
        )
        told = json_answer((yield Step(_request(config, method, path, case))), self.name)
        if told.get("success") is False:
            raise Refused(f"Salesforce does not take this case: {sayings(told) or 'it gives no reason'}.")
        opened = _receipt(text_at(told, "id"))
        if opened is None:
            raise Unknown("Salesforce: the answer does not name the case. It may have been opened.")
        return opened

    def look(self, ticket: Receipt, config: SalesforceConfig) -> Looking:
        path = f"sobjects/Case/{ticket.details['id']}?fields=Status,IsClosed"
        return _standing(read((yield Step(_request(config, "GET", path))), self.name), config)

    def comment(self, notification: Notification, config: SalesforceConfig, ticket: Receipt) -> Conversation:
        words = clip(letter.text(notification, 4000), 3998, lambda text: len(text.encode()))
        comment = {"ParentId": ticket.details["id"], "CommentBody": words, "IsPublished": False}
        yield Step(_request(config, "POST", "sobjects/CaseComment", comment), ticket)
        return ticket

    def change(
        self, notification: Notification, config: SalesforceConfig, ticket: Receipt, to: Move
    ) -> httpx.Request | None:
        status = (config.new_status, config.acknowledged_status, config.resolved_status)
        body = {"Status": status[to]} if to is not None else {}
        if notification.operation is Operation.UPDATE:
            body |= _priority(notification, config)
        return _request(config, "PATCH", f"sobjects/Case/{ticket.details['id']}", body) if body else None

    def survey(self, ids: Sequence[str], config: SalesforceConfig) -> Surveying:
        fields = "Id, Status, IsClosed, ClosedDate, Owner.Name, LastModifiedBy.Name"
        listed = ",".join(f"'{one}'" for one in ids)
        answer = yield Step(_query(config, f"SELECT {fields} FROM Case WHERE Id IN ({listed})"))  # noqa: S608
        return {text_at(row, "Id"): _seen(row, config) for row in rows(read(answer, self.name), "records")}

    def look_up(self, field: str, config: SalesforceConfig) -> Lookup | None:
        return self._queues(config) if field == "owner_id" else None

    def _queues(self, config: SalesforceConfig) -> Lookup:
        answer = yield Step(_query(config, "SELECT Id, Name FROM Group WHERE Type = 'Queue' LIMIT 200"))
        return choices(rows(read(answer, self.name), "records"), "Id", "Name")

    def check(self, config: SalesforceConfig) -> httpx.Request:
        return _request(config, "GET", "limits")

    def classify(self, response: httpx.Response) -> Failure | None:
        said = words(response)
        if "REQUEST_LIMIT_EXCEEDED" in said and not response.is_success:
            return Unreachable("Salesforce: the org’s requests for these 24 hours are used up.", timedelta(hours=1))
        if "UNABLE_TO_LOCK_ROW" in said and response.status_code == 400:
            return Unreachable("Salesforce: somebody else is changing this case (UNABLE_TO_LOCK_ROW).")
        if response.status_code == 300:
            return Refused("Salesforce has several cases with our key: the field for it must be unique.")
        return super().classify(response)

    def pretended(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        return httpx.Response(200, json={"id": "500000000000000AAA", "Id": "500000000000000AAA", "success": True})


def _request(config: SalesforceConfig, method: str, path: str, body: Mapping[str, Any] | None = None) -> httpx.Request:
    origin = f"https://{config.my_domain}.my.salesforce.com/services/data/{config.api_version}"
    return tickets.asking(method, f"{origin}/{path}", body)


def _query(config: SalesforceConfig, query: str) -> httpx.Request:
    return _request(config, "GET", str(httpx.URL("query", params={"q": query})))


def _by_key(notification: Notification, config: SalesforceConfig) -> str:
    return f"sobjects/Case/{config.external_id_field}/{tickets.short_key(notification.alert_key)}"


def _priority(notification: Notification, config: SalesforceConfig) -> dict[str, str]:
    named = tickets.priority(notification, config.priorities)
    return {"Priority": named} if named else {}


def _receipt(found: str) -> Receipt | None:
    return Receipt(found, {"id": found}) if re.fullmatch(ID, found) else None


def _standing(case: Any, config: SalesforceConfig) -> Standing:
    if picked(case, "IsClosed") is True:
        return Standing.ENDED
    return tickets.standing(text_at(case, "Status"), {config.new_status, ""}, {config.resolved_status})


def _seen(case: Any, config: SalesforceConfig) -> Seen:
    now = _standing(case, config)
    if now is not Standing.ENDED:
        return Seen(now, text_at(case, "Owner", "Name"))
    return Seen(now, text_at(case, "LastModifiedBy", "Name"), instant(text_at(case, "ClosedDate")))
