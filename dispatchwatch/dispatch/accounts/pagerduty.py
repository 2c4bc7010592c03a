"""A PagerDuty account: its integration key and region, what tries them, and who took incidents on.

With a token for the REST API, somebody who acknowledges or resolves the incident there is heard by asking for the
incident of each alert; what PagerDuty or another program did by itself is not. Keys of event orchestrations (they begin
with R) take no change events, so nothing tries them without opening an incident.

Facts: PagerDuty/developer-docs, docs/events-API-v2 (change events) and docs/REST-API;
support.pagerduty.com/docs/service-regions (EU). Unconfirmed, from third parties: that an unknown key is answered by 400
"Invalid routing key", possibly as plain text; that incidents are found by incident_key, as alerts have it, and tell who
changed their state last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from pydantic import Field, SecretStr

from dispatchwatch.dispatch.conversation import Heard, Held, Listening, News, Step, in_turn
from dispatchwatch.dispatch.errors import Failure, Unauthorised
from dispatchwatch.dispatch.fields import ChannelConfig, choice, secret, text
from dispatchwatch.dispatch.platform import SingleRequest, json_request, words
from dispatchwatch.dispatch.reading import instant, picked, read, rows, text_at
from dispatchwatch.domain.alert import Operation

ORIGINS = {"us": "https://events.pagerduty.com", "eu": "https://events.eu.pagerduty.com"}
REST = {"us": "https://api.pagerduty.com", "eu": "https://api.eu.pagerduty.com"}
MOST_ASKED = 20
DONE_THERE = {"acknowledged": Operation.ACKNOWLEDGE, "resolved": Operation.RESOLVE}


class PagerDutyConfig(ChannelConfig):
    routing_key: SecretStr = secret(
        "Integration key",
        help="32 letters and digits: in PagerDuty under Services, Integrations, Events API V2.",
        pattern="[0-9a-zA-Z]{32}",
    )
    region: str = choice(
        "Region",
        {"us": "United States", "eu": "Europe"},
        default="us",
        help="Europe if your PagerDuty address holds “.eu.”.",
    )
    source: str = text(
        "Source", default="DispatchWatch", help="Shown as the source of every alert.", pattern=".{1,255}"
    )
    group: str = text("Group", default="", help="Shown as the group of every alert, for instance your office.")
    api_token: SecretStr | None = Field(
        default=None,
        title="REST API key",
        description="To hear who acknowledges there: under Integrations, API Access Keys, read-only. Off without it.",
        json_schema_extra={"pattern": r"[\w+-]{8,}"},
    )


class PagerDutyAccount(SingleRequest[PagerDutyConfig]):
    key = "pagerduty"
    name = "PagerDuty"
    config = PagerDutyConfig

    def event(self, config: PagerDutyConfig, path: str, told: Mapping[str, Any]) -> httpx.Request:
        event = {"routing_key": config.routing_key.get_secret_value(), **told}
        return json_request("POST", f"{ORIGINS[config.region]}/v2/{path}", event)

    def takes_change_events(self, config: PagerDutyConfig) -> bool:
        return not config.routing_key.get_secret_value().startswith("R")

    def check(self, config: PagerDutyConfig) -> httpx.Request | None:
        if not self.takes_change_events(config):
            return None
        tried = {"summary": "DispatchWatch checked this integration key", "source": config.source}
        return self.event(config, "change/enqueue", {"payload": tried})

    def classify(self, response: httpx.Response) -> Failure | None:
        said = words(response).lower()
        if response.status_code == 400 and ("routing key" in said or "routing_key" in said):
            return Unauthorised(
                "PagerDuty does not know this integration key. Copy it again from the service’s integration, "
                f"and check the region (HTTP 400): {self.explain(response)}"
            )
        return super().classify(response)

    def listen(self, held: Sequence[Held], config: PagerDutyConfig, cursor: str) -> Listening | None:
        return self._heard(held, config, cursor) if config.api_token else None

    def _heard(self, held: Sequence[Held], config: PagerDutyConfig, cursor: str) -> Listening:
        asked, cursor = in_turn([one for one in held if one.receipt.reference], cursor, MOST_ASKED)
        news = []
        for one in asked:
            listed = rows(read((yield Step(_incidents(config, one.receipt.reference))), self.name), "incidents")
            newest = max(listed, key=lambda incident: text_at(incident, "created_at"), default=None)
            operation = DONE_THERE.get(text_at(newest, "status"))
            person = picked(newest, "last_status_change_by")
            if operation and text_at(person, "type").startswith("user"):
                at = instant(text_at(newest, "last_status_change_at"))
                news.append(News(one.thread, operation, text_at(person, "summary"), at))
        return Heard(tuple(news), cursor)


def _incidents(config: PagerDutyConfig, key: str) -> httpx.Request:
    token = config.api_token.get_secret_value() if config.api_token else ""
    headers = {"Authorization": f"Token token={token}", "Accept": "application/vnd.pagerduty+json;version=2"}
    return httpx.Request("GET", f"{REST[config.region]}/incidents", params={"incident_key": key}, headers=headers)
