"""Zoho CRM: an alert is a record in a module of the office's choice (Cases unless set), what becomes of it a note.

With a field of the office's own for our key (unique, text) a record is opened by upsert: repeated, it is the same one,
and it is searched for where its receipt was lost. Without it a repeated raise may open a second record, and what comes
without a receipt opens one (an update) or is refused. A status 200 may hold an error for the record: it counts as one.
A test is a record of the lowest priority: nothing more harmless is offered.

Facts: zoho.com/crm/developer/docs/api/v8: insert-, upsert-, update-records, create-notes, api-limits (credits over 24
hours), refresh, multi-dc; crm-oas. From third parties: that the token's address answers errors with 200. Unconfirmed:
the fields that Cases demand and their values (so they are set), the lengths of texts, `ids` in a list, the search, that
a record that is gone is answered by 204; that 60 s are enough after 429. `api_domain` is not used: the region is set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch import ticket as tickets
from dispatchwatch.dispatch.auth import Granted, form_request
from dispatchwatch.dispatch.conversation import Conversation, Step
from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised, Unknown, Unreachable
from dispatchwatch.dispatch.fields import choice, secret, text
from dispatchwatch.dispatch.platform import json_answer, words
from dispatchwatch.dispatch.reading import instant, read, rows, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket import Finding, Looking, Move, Seen, Standing, Surveying, TicketConfig, Ticketing
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification

REGIONS = {
    "com": "United States", "eu": "Europe", "in": "India", "com.au": "Australia", "jp": "Japan", "com.cn": "China",
    "sa": "Saudi Arabia", "ca": "Canada",
}  # fmt: skip
FIELD = r"[A-Za-z]\w*"
LOCKED_OUT = frozenset({"NO_PERMISSION", "OAUTH_SCOPE_MISMATCH", "INVALID_TOKEN", "AUTHENTICATION_FAILURE"})


class ZohoToken(Granted):
    scheme = "Zoho-oauthtoken"


class ZohoConfig(TicketConfig):
    region: str = choice("Region", REGIONS, default="com", help="By the ending of your Zoho address.")
    client_id: str = text("Client ID", help="Of a Self Client at api-console.zoho.com.")
    client_secret: SecretStr = secret("Client secret", help="In the same place.")
    refresh_token: SecretStr = secret("Refresh token", help="Exchanged once for the code that the Self Client makes.")
    module: str = text("Module", default="Cases", pattern=FIELD, help="Its API name.")
    subject_field: str = text("Subject goes into", default="Subject", pattern=FIELD, help="An API name.")
    description_field: str = text("Text goes into", default="Description", pattern=FIELD, help="An API name.")
    status_field: str = text("Status is in", default="Status", pattern=FIELD, help="An API name.")
    new_status: str = text("Status of new records", default="New", help="A value of your pick list.")
    acknowledged_status: str = text("Status when acknowledged", default="", help="Left out, it stays.")
    resolved_status: str = text("Status when resolved", default="Closed", help="A value of your pick list.")
    unique_field: str = text("Field for our key", default="", pattern=FIELD, help="A unique text field.")
    priorities: str = text(
        "Priorities", default=tickets.USUAL_PRIORITIES, pattern=tickets.PAIRS, help="Of each severity, by your list."
    )
    priority_field: str = text("Priority is in", default="Priority", pattern=FIELD, help="An API name.")
    record_fields: str = text("More fields", default="Case_Origin=Web", pattern=tickets.PAIRS, help="Name and value.")
    workflows: str = choice("Your workflows", {"run": "Run", "skip": "Do not run"}, default="run")


class Zoho(Ticketing[ZohoConfig]):
    key = "zoho"
    name = "Zoho CRM"
    config = ZohoConfig

    def auth(self, config: ZohoConfig) -> ZohoToken:
        def ask() -> httpx.Request:
            host = "accounts.zohocloud.ca" if config.region == "ca" else f"accounts.zoho.{config.region}"
            kept = {"client_secret": config.client_secret, "refresh_token": config.refresh_token}
            who = {name: value.get_secret_value() for name, value in kept.items()}
            fields = {"grant_type": "refresh_token", "client_id": config.client_id, **who}
            return form_request(f"https://{host}/oauth/v2/token", fields)

        return ZohoToken(self.name, ask)

    def finds(self, config: ZohoConfig) -> bool:
        return bool(config.unique_field)

    def find(self, notification: Notification, config: ZohoConfig) -> Finding:
        if not config.unique_field or notification.operation is Operation.RAISE:
            return None
        key = tickets.short_key(notification.alert_key)
        asked = {"criteria": f"({config.unique_field}:equals:{key})", "fields": config.unique_field}
        answer = yield Step(_request(config, "GET", f"{config.module}/search", asked))
        found = rows(_read(answer), "data")
        known = [text_at(row, "id") for row in found if row.get(config.unique_field, key) == key]
        return _receipt(known[0]) if known else None

    def open(self, notification: Notification, config: ZohoConfig) -> Conversation:
        record = {
            config.subject_field: letter.subject(notification),
            config.description_field: letter.text(notification, 30_000),
            **_status(config, Standing.OPEN),
            **_priority(notification, config),
            **tickets.pairs(config.record_fields),
        }
        if config.unique_field:
            record[config.unique_field] = tickets.short_key(notification.alert_key)
            body = {**_body(config, record), "duplicate_check_fields": [config.unique_field]}
            answer = yield Step(_request(config, "POST", f"{config.module}/upsert", body=body))
        else:
            answer = yield Step(_request(config, "POST", config.module, body=_body(config, record)))
        opened = _receipt(_accepted(answer))
        if opened is None:
            raise Unknown("Zoho CRM: the answer does not name the record. It may have been opened.")
        return opened

    def look(self, ticket: Receipt, config: ZohoConfig) -> Looking:
        asked = {"fields": config.status_field}
        answer = yield Step(_request(config, "GET", f"{config.module}/{ticket.details['id']}", asked))
        found = rows(_read(answer), "data")
        return _standing(found[0], config) if found else None

    def comment(self, notification: Notification, config: ZohoConfig, ticket: Receipt) -> Conversation:
        parent = {"id": ticket.details["id"], "module": {"api_name": config.module}}
        title = letter.subject(notification, 100)
        note = {"Note_Title": title, "Note_Content": letter.text(notification, 30_000), "Parent_Id": parent}
        _accepted((yield Step(_request(config, "POST", "Notes", body={"data": [note]}), ticket)))
        return ticket

    def change(self, notification: Notification, config: ZohoConfig, ticket: Receipt, to: Move) -> httpx.Request | None:
        record = _status(config, to)
        if notification.operation is Operation.UPDATE:
            record |= _priority(notification, config)
        path = f"{config.module}/{ticket.details['id']}"
        return _request(config, "PUT", path, body=_body(config, record)) if record else None

    def changed(self, answer: httpx.Response) -> None:
        _accepted(answer)

    def survey(self, ids: Sequence[str], config: ZohoConfig) -> Surveying:
        asked = {"ids": ",".join(ids), "fields": f"{config.status_field},Modified_By,Modified_Time"}
        answer = yield Step(_request(config, "GET", config.module, asked))
        return {text_at(row, "id"): _seen(row, config) for row in rows(_read(answer), "data")}

    def check(self, config: ZohoConfig) -> httpx.Request:
        return _request(config, "GET", "org")

    def classify(self, response: httpx.Response) -> Failure | None:
        if response.is_success:
            return super().classify(response)
        if "LIMIT_EXCEEDED" in words(response):
            return Unreachable("Zoho CRM: the requests for these 24 hours are used up.", timedelta(hours=1))
        if response.status_code == 429 and not response.headers.get("Retry-After"):
            return Unreachable("Zoho CRM asks to be told later (HTTP 429).", timedelta(minutes=1))
        return super().classify(response)

    def pretended(self, request: httpx.Request) -> httpx.Response:
        done = {"status": "success", "details": {"id": "1"}}
        return httpx.Response(200, json={"data": [{"id": "1"} if request.method == "GET" else done]})


def _request(
    config: ZohoConfig, method: str, path: str, asked: Mapping[str, str] | None = None, body: Any = None
) -> httpx.Request:
    host = "www.zohoapis.ca" if config.region == "ca" else f"www.zohoapis.{config.region}"
    return tickets.asking(method, httpx.URL(f"https://{host}/crm/v8/{path}", params=asked), body)


def _body(config: ZohoConfig, record: Mapping[str, Any]) -> dict[str, Any]:
    return {"data": [record], **({"trigger": []} if config.workflows == "skip" else {})}


def _read(answer: httpx.Response) -> Any:
    """What was asked for; nothing (204) where there is none."""
    return None if answer.status_code == 204 else read(answer, "Zoho CRM")


def _accepted(answer: httpx.Response) -> str:
    """The id of the one record in an answer. Raises what its error means."""
    told = json_answer(answer, "Zoho CRM")
    record = next(iter(rows(told, "data")), told)
    code = text_at(record, "code")
    if text_at(record, "status") != "error":
        return text_at(record, "details", "id")
    field = text_at(record, "details", "api_name")
    said = f"{text_at(record, 'message') or 'no reason given'} ({code}{f', {field}' if field else ''})"
    if code in LOCKED_OUT:
        raise Unauthorised(f"Zoho CRM does not let this channel do it; check the scopes and rights: {said}.")
    raise Refused(f"Zoho CRM does not take this record: {said}.")


def _status(config: ZohoConfig, to: Move) -> dict[str, Any]:
    status = (config.new_status, config.acknowledged_status, config.resolved_status)[to] if to is not None else ""
    return {config.status_field: status} if status else {}


def _priority(notification: Notification, config: ZohoConfig) -> dict[str, Any]:
    named = tickets.priority(notification, config.priorities)
    return {config.priority_field: named} if named else {}


def _receipt(number: str) -> Receipt | None:
    return Receipt(number, {"id": number}) if number.isalnum() else None


def _standing(record: Any, config: ZohoConfig) -> Standing:
    return tickets.standing(text_at(record, config.status_field), {config.new_status, ""}, {config.resolved_status})


def _seen(record: Any, config: ZohoConfig) -> Seen:
    at = instant(text_at(record, "Modified_Time"))
    return Seen(_standing(record, config), text_at(record, "Modified_By", "name"), at)
