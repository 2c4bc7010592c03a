"""A Zoho CRM account: signing in to it, what its answers say, how records stand in it, and who changed them.

A status 200 may hold an error for the record: it counts as one.

Facts: zoho.com/crm/developer/docs/api/v8: api-limits (credits over 24 hours), refresh, multi-dc, modules-api,
field-meta, picklist-values (records are written with display_value: Zoho's “Kaizen” 205); crm-oas. From third
parties: that the token's address answers errors with 200. Unconfirmed: `ids` in a list; that a record that is gone is
answered by 204; that 60 s are enough after 429. `api_domain` is not used: the region is set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch.auth import Granted, form_request
from dispatchwatch.dispatch.conversation import Lookup, Step
from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised, Unreachable
from dispatchwatch.dispatch.fields import choice, secret, text
from dispatchwatch.dispatch.platform import json_answer, words
from dispatchwatch.dispatch.reading import choices, chosen, instant, read, rows, text_at
from dispatchwatch.dispatch.ticket import Seen, Standing, Surveying, TicketConfig, Ticketing, asking, standing
from dispatchwatch.dispatch.ticket_fields import PAIRS, USUAL_PRIORITIES

REGIONS = {
    "com": "United States", "eu": "Europe", "in": "India", "com.au": "Australia", "jp": "Japan", "com.cn": "China",
    "sa": "Saudi Arabia", "ca": "Canada",
}  # fmt: skip
FIELD = r"[A-Za-z]\w*"
STATUSES = frozenset({"new_status", "acknowledged_status", "resolved_status"})
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
        "Priorities", default=USUAL_PRIORITIES, pattern=PAIRS, help="Of each severity, by your list."
    )
    priority_field: str = text("Priority is in", default="Priority", pattern=FIELD, help="An API name.")
    record_fields: str = text("More fields", default="Case_Origin=Web", pattern=PAIRS, help="Name and value.")
    workflows: str = choice(
        "Your workflows",
        {"run": "Run", "skip": "Do not run"},
        default="run",
        help="Whether what the program changes sets off the workflows of your Zoho.",
    )


class ZohoAccount(Ticketing[ZohoConfig]):
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

    def request(
        self,
        config: ZohoConfig,
        method: str,
        path: str,
        asked: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> httpx.Request:
        host = "www.zohoapis.ca" if config.region == "ca" else f"www.zohoapis.{config.region}"
        return asking(method, httpx.URL(f"https://{host}/crm/v8/{path}", params=asked), body)

    def check(self, config: ZohoConfig) -> httpx.Request:
        return self.request(config, "GET", "org")

    def classify(self, response: httpx.Response) -> Failure | None:
        if response.is_success:
            return super().classify(response)
        if "LIMIT_EXCEEDED" in words(response):
            return Unreachable("Zoho CRM: the requests for these 24 hours are used up.", timedelta(hours=1))
        if response.status_code == 429 and not response.headers.get("Retry-After"):
            return Unreachable("Zoho CRM asks to be told later (HTTP 429).", timedelta(minutes=1))
        return super().classify(response)

    def records(self, answer: httpx.Response) -> list[dict[str, Any]]:
        """What was asked for; nothing (204) where there is none."""
        return [] if answer.status_code == 204 else rows(read(answer, self.name), "data")

    def accepted(self, answer: httpx.Response) -> str:
        """The id of the one record in an answer. Raises what its error means."""
        told = json_answer(answer, self.name)
        record = next(iter(rows(told, "data")), told)
        code = text_at(record, "code")
        if text_at(record, "status") != "error":
            return text_at(record, "details", "id")
        field = text_at(record, "details", "api_name")
        said = f"{text_at(record, 'message') or 'no reason given'} ({code}{f', {field}' if field else ''})"
        if code in LOCKED_OUT:
            raise Unauthorised(f"Zoho CRM does not let this channel do it; check the scopes and rights: {said}.")
        raise Refused(f"Zoho CRM does not take this record: {said}.")

    def standing(self, record: Any, config: ZohoConfig) -> Standing:
        return standing(text_at(record, config.status_field), {config.new_status, ""}, {config.resolved_status})

    def survey(self, ids: Sequence[str], config: ZohoConfig) -> Surveying:
        asked = {"ids": ",".join(ids), "fields": f"{config.status_field},Modified_By,Modified_Time"}
        answer = yield Step(self.request(config, "GET", config.module, asked))
        return {text_at(row, "id"): self._seen(row, config) for row in self.records(answer)}

    def look_up(self, field: str, config: ZohoConfig) -> Lookup | None:
        if field == "module":
            modules = self.request(config, "GET", "settings/modules")
            return chosen(modules, self.name, "modules", value="api_name", label="plural_label")
        return self._described(field, config) if field.endswith("_field") or field in STATUSES else None

    def _described(self, field: str, config: ZohoConfig) -> Lookup:
        """The module's fields that may be meant, or the values that its status takes: as people see them."""
        answer = yield Step(self.request(config, "GET", "settings/fields", {"module": config.module}))
        fields = rows(read(answer, self.name), "fields")
        if field in STATUSES:
            status = [one for one in fields if text_at(one, "api_name") == config.status_field]
            values = [one for one in rows(status, 0, "pick_list_values") if one.get("display_value") != "-None-"]
            return choices(values, "display_value", "display_value")
        fits = {"unique_field": "unique", "status_field": "pick_list_values", "priority_field": "pick_list_values"}
        return choices([one for one in fields if one.get(fits.get(field, "api_name"))], "api_name", "field_label")

    def _seen(self, record: Any, config: ZohoConfig) -> Seen:
        at = instant(text_at(record, "Modified_Time"))
        return Seen(self.standing(record, config), text_at(record, "Modified_By", "name"), at)
