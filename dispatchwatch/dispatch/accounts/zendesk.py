"""A Zendesk account: signing in to it, its groups, how tickets stand in it, who has them, and what it refuses.

Somebody there has taken a ticket on when it is pending or on hold, or open and changed by the one it is assigned to:
that it is assigned may be the work of a rule, and only who changed it has certainly seen it.

Facts: developer.zendesk.com: oas.yaml, tickets, side_loading (metric_sets, with assignee_updated_at); OAuth from
support.zendesk.com. From third parties: that API tokens end on 2027-04-30 and none can be made any more, so OAuth comes
first; that tickets asked for by their ids include metric_sets. Unconfirmed: that taking a ticket by oneself is a change
by its assignee; without it that is not heard before it is pending, on hold or solved.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch.auth import Auth, Granted, basic
from dispatchwatch.dispatch.conversation import Lookup, Step
from dispatchwatch.dispatch.errors import Failure, Unreachable
from dispatchwatch.dispatch.fields import choice, secret, secret_values, shown, text
from dispatchwatch.dispatch.outcome import reason
from dispatchwatch.dispatch.platform import json_request, words
from dispatchwatch.dispatch.reading import chosen, instant, read, rows, text_at
from dispatchwatch.dispatch.ticket import Seen, Standing, Surveying, TicketConfig, Ticketing, asking, standing
from dispatchwatch.dispatch.ticket_fields import PAIRS

OVER = frozenset({"solved", "closed"})
OAUTH, TOKEN = ("authentication", "oauth"), ("authentication", "token")
DIGITS = r"\d{1,20}"


class ZendeskConfig(TicketConfig):
    subdomain: str = text("Subdomain", help="What stands before .zendesk.com.", pattern="[a-zA-Z0-9][a-zA-Z0-9-]*")
    authentication: str = choice(
        "Sign in with",
        {"oauth": "OAuth client", "token": "API token, until April 2027"},
        default="oauth",
        help="How the program shows who it is.",
    )
    client_id: str = text("OAuth client", where=OAUTH, help="Admin Center, Apps and integrations, OAuth clients.")
    client_secret: SecretStr | None = secret("OAuth secret", where=OAUTH, help="Of a confidential client.")
    scope: str = text("Scope", default="tickets:read tickets:write", help="To choose a group: read tickets:write.")
    email: str = text("E-mail", where=TOKEN, help="The agent’s, with an API token.", pattern=r"\S+@\S+")
    api_token: SecretStr | None = secret("API token", where=TOKEN, help="One that the account still has.")
    requester_email: str = text("Requester", default="", help="Left out, the one who signs in.", pattern=r"\S+@\S+")
    group_id: str = text("Group", default="", help="The group that gets the tickets.", pattern=DIGITS)
    visibility: str = choice(
        "Comments are",
        {"private": "Private", "public": "Public"},
        default="private",
        help="Private ones are seen by agents alone; public ones are mailed to the requester.",
    )
    acknowledged_status: str = choice(
        "Status when acknowledged",
        {"open": "Open", "pending": "Pending", "hold": "On hold"},
        default="open",
        help="What the ticket is set to once somebody is on it.",
    )
    custom_fields: str = text("Custom fields", default="", help="Number and value: 360001234567=yes; …", pattern=PAIRS)


class ZendeskAccount(Ticketing[ZendeskConfig]):
    key = "zendesk"
    name = "Zendesk"
    config = ZendeskConfig
    most_asked = 10

    def auth(self, config: ZendeskConfig) -> Auth | None:
        def ask() -> httpx.Request:
            who = {"client_id": config.client_id, "client_secret": shown(config.client_secret)}
            scope = {"grant_type": "client_credentials", "scope": config.scope}
            return json_request("POST", f"https://{config.subdomain}.zendesk.com/oauth/tokens", {**scope, **who})

        return Granted(self.name, ask) if config.authentication == "oauth" else None

    def request(
        self, config: ZendeskConfig, method: str, path: httpx.URL | str, body: Mapping[str, Any] | None = None
    ) -> httpx.Request:
        signed = f"Basic {_basic(config)}" if config.authentication == "token" else ""
        return asking(method, f"https://{config.subdomain}.zendesk.com/api/v2/{path}", body, signed)

    def secrets(self, config: ZendeskConfig) -> tuple[str, ...]:
        return (*secret_values(config), *((_basic(config),) if config.api_token else ()))

    def check(self, config: ZendeskConfig) -> httpx.Request:
        # The own account answers a wrong login with a guest; this one says no.
        return self.request(config, "GET", "tickets/count")

    def explain(self, response: httpx.Response) -> str:
        """With the fields that a 422 names."""
        details = re.findall(r'"description"\s*:\s*"((?:[^"\\]|\\.)*)"', words(response)[:10_000])
        return "; ".join(dict.fromkeys(details)) or reason(words(response))

    def classify(self, response: httpx.Response) -> Failure | None:
        if response.status_code == 409:
            return Unreachable("Zendesk: somebody else is changing this ticket (HTTP 409).")
        return super().classify(response)

    def standing(self, ticket: Any) -> Standing:
        new = {"new", ""} if text_at(ticket, "assignee_id") else {"new", "", "open", "pending", "hold"}
        return standing(text_at(ticket, "status"), new, OVER)

    def survey(self, ids: Sequence[str], config: ZendeskConfig) -> Surveying:
        asked = httpx.URL("tickets/show_many", params={"ids": ",".join(ids), "include": "users,metric_sets"})
        found = read((yield Step(self.request(config, "GET", asked))), self.name)
        names = {text_at(user, "id"): text_at(user, "name") for user in rows(found, "users")}
        changed = {text_at(row, "ticket_id"): text_at(row, "assignee_updated_at") for row in rows(found, "metric_sets")}
        return {text_at(row, "id"): self._seen(row, names, changed) for row in rows(found, "tickets")}

    def _seen(self, ticket: Any, names: Mapping[str, str], changed: Mapping[str, str]) -> Seen:
        """`names` are those of people by their id; `changed` is when its assignee last changed a ticket, by its id."""
        by, at = names.get(text_at(ticket, "assignee_id"), ""), changed.get(text_at(ticket, "id"), "")
        if text_at(ticket, "status") != "open":
            return Seen(self.standing(ticket), by)
        return Seen(self.standing(ticket) if at else Standing.OPEN, by, instant(at))

    def look_up(self, field: str, config: ZendeskConfig) -> Lookup | None:
        return chosen(self.request(config, "GET", "groups"), self.name, "groups") if field == "group_id" else None


def _basic(config: ZendeskConfig) -> str:
    return basic(f"{config.email}/token", shown(config.api_token))
