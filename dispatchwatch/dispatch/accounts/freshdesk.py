"""A Freshdesk account: its key, how tickets stand in it, what changed lately, and by whom.

Somebody there has taken a ticket on when its status is neither open nor an end.

Facts: developers.freshdesk.com/api (errors, numbers of states); include, updated_since and order_by of the list, and
agents and groups, from a third party's copy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch.auth import basic
from dispatchwatch.dispatch.conversation import Held, Listening, Lookup, Step
from dispatchwatch.dispatch.fields import choice, secret, secret_values, text
from dispatchwatch.dispatch.reading import chosen, loose, read, rows, text_at
from dispatchwatch.dispatch.text import one_line
from dispatchwatch.dispatch.ticket import Naming, Seen, Standing, TicketConfig, Ticketing, asking, standing
from dispatchwatch.dispatch.ticket_fields import PAIRS

OPEN, OVER = "2", frozenset({"4", "5"})
DIGITS, STATUS = r"\d{1,20}", r"[2-9]|\d{2,9}"
MOST_LISTED = 25
"""Tickets in one answer, few enough for it to be read whole."""
MOST_PAGES = 10


class FreshdeskConfig(TicketConfig):
    domain: str = text("Domain", help="What stands before .freshdesk.com.", pattern="[a-zA-Z0-9][a-zA-Z0-9-]*")
    api_key: SecretStr = secret("API key", help="Under your picture, Profile settings, View API key.")
    email: str = text(
        "Requester",
        help="The address that tickets come from, for instance your office’s.",
        pattern=r"[^\s@]+@[^\s@]+\.[^\s@]+",
    )
    group_id: str = text("Group", default="", help="The group that gets the tickets.", pattern=DIGITS)
    acknowledged_status: str = text("Status when acknowledged", default="3", pattern=STATUS, help="3: Pending.")
    resolved_status: str = text("Status when resolved", default="4", pattern=STATUS, help="4: Resolved, 5: Closed.")
    visibility: str = choice(
        "Notes are",
        {"private": "Private", "public": "Public"},
        default="private",
        help="Private ones are seen by agents alone; public ones are seen by the requester.",
    )
    custom_fields: str = text("Custom fields", default="", pattern=PAIRS, help="For instance cf_site=Plant 4.")


class FreshdeskAccount(Ticketing[FreshdeskConfig]):
    key = "freshdesk"
    name = "Freshdesk"
    config = FreshdeskConfig

    def request(
        self,
        config: FreshdeskConfig,
        method: str,
        path: str,
        asked: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> httpx.Request:
        url = httpx.URL(f"https://{config.domain}.freshdesk.com/api/v2/{path}", params=asked)
        return asking(method, url, body, f"Basic {_basic(config)}")

    def secrets(self, config: FreshdeskConfig) -> tuple[str, ...]:
        return (*secret_values(config), _basic(config))

    def check(self, config: FreshdeskConfig) -> httpx.Request:
        return self.request(config, "GET", "agents/me")

    def explain(self, response: httpx.Response) -> str:
        """With the fields that it names."""
        errors = rows(loose(response), "errors")
        named = "; ".join(f"{text_at(one, 'field')}: {text_at(one, 'message')}" for one in errors)
        return one_line(named) or super().explain(response)

    def standing(self, ticket: Any, config: FreshdeskConfig) -> Standing:
        return standing(text_at(ticket, "status"), {OPEN, ""}, OVER | {config.resolved_status})

    def listen(self, held: Sequence[Held], config: FreshdeskConfig, cursor: str) -> Listening:
        """Asks which tickets changed since the last of those it was told of, or since the oldest of ours was opened:
        what changed while none was held is nobody's. Where more changed in one second than are listed at once, the
        next page is asked for, as the second can't be passed otherwise."""
        known = [one for one in held if "id" in one.receipt.details]
        since = max(cursor, min((one.receipt.details.get("opened", "") for one in known), default=""))
        if not known or not since:
            return (yield from self.heard((), {}, config, cursor))
        asked = {"updated_since": since, "order_by": "updated_at", "order_type": "asc", "per_page": str(MOST_LISTED)}
        seen: dict[str, Seen] = {}
        for page in range(1, MOST_PAGES + 1):
            answer = yield Step(self.request(config, "GET", "tickets", {**asked, "page": str(page)}))
            listed = rows(read(answer, self.name))
            last = text_at(listed[-1], "updated_at") if listed else since
            seen |= {
                text_at(row, "id"): Seen(self.standing(row, config), text_at(row, "responder_id")) for row in listed
            }
            if len(listed) < MOST_LISTED or last > since:
                break
        return (yield from self.heard(known, seen, config, last or since))

    def names(self, people: Sequence[str], config: FreshdeskConfig) -> Naming:
        return self.each_name(
            people,
            lambda agent: self.request(config, "GET", f"agents/{agent}"),
            lambda agent: text_at(agent, "contact", "name"),
        )

    def look_up(self, field: str, config: FreshdeskConfig) -> Lookup | None:
        if field != "group_id":
            return None
        return chosen(self.request(config, "GET", "groups", {"per_page": "100"}), self.name)


def _basic(config: FreshdeskConfig) -> str:
    return basic(config.api_key.get_secret_value(), "X")
