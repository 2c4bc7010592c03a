"""A ServiceNow instance: signing in to it, its groups, how incidents stand in it, who has them, and what it refuses.

Facts: ServiceNowDocs: c_TableAPI, c_RESTAPI, authentication. From third parties: the numbers of the states, that
closing without the close fields is answered by 403 or 500. Unconfirmed: that a sleeping instance answers with a web
page; resolved_by and resolved_at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch.auth import Auth, Granted, basic, form_request
from dispatchwatch.dispatch.conversation import Lookup, Step
from dispatchwatch.dispatch.errors import Failure, Refused
from dispatchwatch.dispatch.fields import choice, secret, secret_values, shown, text
from dispatchwatch.dispatch.platform import words
from dispatchwatch.dispatch.reading import chosen, instant, read, rows, text_at
from dispatchwatch.dispatch.ticket import Seen, Standing, Surveying, TicketConfig, Ticketing, asking, standing
from dispatchwatch.dispatch.ticket_fields import PAIRS

NEW, OVER = "1", frozenset({"6", "7", "8"})
DEMANDS = re.compile("mandatory|data policy|close_code|close code|business rule", re.IGNORECASE)
BASIC, OAUTH = ("authentication", "basic"), ("authentication", "oauth")
WRITTEN = {"work_notes": "Work notes, for staff", "comments": "Comments, for callers too"}


class ServiceNowConfig(TicketConfig):
    instance: str = text("Instance", help="What stands before .service-now.com.", pattern="[a-z0-9][a-z0-9-]*")
    authentication: str = choice(
        "Sign in with",
        {"basic": "User and password", "oauth": "OAuth"},
        default="basic",
        help="How the program shows who it is.",
    )
    username: str = text("User name", where=BASIC, help="A user with the role itil.")
    password: SecretStr | None = secret("Password", where=BASIC, help="That user’s.", pattern=".+")
    client_id: str = text("Client ID", where=OAUTH, help="System OAuth, Application Registry: client credentials.")
    client_secret: SecretStr | None = secret("Client secret", where=OAUTH, help="In the same place.")
    assignment_group: str = text("Assignment group", default="", help="Its sys_id.", pattern="[0-9a-f]{32}")
    comment_field: str = choice(
        "Write into",
        WRITTEN,
        default="work_notes",
        help="Work notes are seen by your own people alone; comments are mailed to the caller too.",
    )
    acknowledged_state: str = text("State when acknowledged", default="2", pattern=r"\d+", help="2: In Progress.")
    resolved_state: str = text("State when resolved", default="6", pattern=r"\d+", help="6: Resolved.")
    close_code: str = text("Resolution code", default="Solution provided", help="One of your instance’s own codes.")
    resolve_fields: str = text("More fields to resolve", default="", pattern=PAIRS, help="cause=…; u_own=…")
    incident_fields: str = text("More fields", default="", pattern=PAIRS, help="impact=1; caller_id=…")


class ServiceNowAccount(Ticketing[ServiceNowConfig]):
    key = "servicenow"
    name = "ServiceNow"
    config = ServiceNowConfig

    def auth(self, config: ServiceNowConfig) -> Auth | None:
        def ask() -> httpx.Request:
            who = {"client_id": config.client_id, "client_secret": shown(config.client_secret)}
            url = f"https://{config.instance}.service-now.com/oauth_token.do"
            return form_request(url, {"grant_type": "client_credentials", **who})

        return Granted(self.name, ask) if config.authentication == "oauth" else None

    def request(
        self,
        config: ServiceNowConfig,
        method: str,
        path: str,
        asked: Mapping[str, str],
        body: Mapping[str, str] | None = None,
    ) -> httpx.Request:
        named = {f"sysparm_{name}": value for name, value in ({"display_value": "false"} | dict(asked)).items()}
        url = httpx.URL(f"https://{config.instance}.service-now.com/api/now/table/{path}", params=named)
        return asking(method, url, body, f"Basic {_basic(config)}" if config.authentication == "basic" else "")

    def secrets(self, config: ServiceNowConfig) -> tuple[str, ...]:
        return (*secret_values(config), *((_basic(config),) if config.password else ()))

    def check(self, config: ServiceNowConfig) -> httpx.Request:
        return self.request(config, "GET", "incident", {"limit": "1", "fields": "sys_id"})

    def classify(self, response: httpx.Response) -> Failure | None:
        if response.status_code == 403 or (response.status_code == 500 and DEMANDS.search(words(response))):
            said = f"(HTTP {response.status_code}): {self.explain(response)}".rstrip(".")
            return Refused(f"ServiceNow does not allow it; check rights, rules and mandatory fields {said}.")
        return super().classify(response)

    def standing(self, state: str, config: ServiceNowConfig) -> Standing:
        return standing(state, {NEW, ""}, OVER | {config.resolved_state})

    def survey(self, ids: Sequence[str], config: ServiceNowConfig) -> Surveying:
        asked = {"query": f"sys_idIN{','.join(ids)}", "fields": "sys_id,state,assigned_to,resolved_by,resolved_at"}
        answer = yield Step(self.request(config, "GET", "incident", {**asked, "display_value": "all"}))
        return {
            text_at(row, "sys_id", "value"): self._seen(row, config) for row in rows(read(answer, self.name), "result")
        }

    def _seen(self, row: dict[str, Any], config: ServiceNowConfig) -> Seen:
        now = self.standing(text_at(row, "state", "value"), config)
        if now is not Standing.ENDED:
            return Seen(now, text_at(row, "assigned_to", "display_value"))
        at = instant(text_at(row, "resolved_at", "value") + "Z")
        return Seen(now, text_at(row, "resolved_by", "display_value"), at)

    def look_up(self, field: str, config: ServiceNowConfig) -> Lookup | None:
        if field != "assignment_group":
            return None
        asked = {"query": "active=true^ORDERBYname", "fields": "sys_id,name", "limit": "500"}
        return chosen(self.request(config, "GET", "sys_user_group", asked), self.name, "result", value="sys_id")


def _basic(config: ServiceNowConfig) -> str:
    return basic(config.username, shown(config.password))
