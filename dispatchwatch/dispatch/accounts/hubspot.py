"""A HubSpot account: its key, its pipelines and stages, who moved a ticket, and what its refusals mean.

Facts: developers.hubspot.com: account-service-keys, usage-guidelines; HubSpot-public-api-spec-collection (pipelines,
batch/read, owners). From a third party: the seconds in Retry-After. Unconfirmed: 477 while an account moves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch.conversation import Lookup, Step
from dispatchwatch.dispatch.errors import Failure, Unreachable
from dispatchwatch.dispatch.fields import secret, text
from dispatchwatch.dispatch.platform import words
from dispatchwatch.dispatch.reading import choices, picked, read, rows, text_at
from dispatchwatch.dispatch.ticket import Naming, Seen, Standing, Surveying, TicketConfig, Ticketing, asking, standing
from dispatchwatch.dispatch.ticket_fields import PAIRS

USUAL = "critical=HIGH; high=HIGH; warning=MEDIUM; info=LOW"
ID = r"[\w-]{1,60}"
STAGES = ("hs_pipeline_stage", "acknowledged_stage", "resolved_stage")


class HubSpotConfig(TicketConfig):
    access_token: SecretStr = secret(
        "Service key", help="Development, Keys, Service keys; scope tickets. Or an app’s token."
    )
    api_version: str = text("API version", default="2026-03", help="The date in its paths.", pattern=r"\d{4}-\d{2}")
    hs_pipeline: str = text("Pipeline", default="0", pattern=ID, help="0 is the one that HubSpot comes with.")
    hs_pipeline_stage: str = text("Stage of new tickets", default="1", pattern=ID, help="1: New.")
    acknowledged_stage: str = text("Stage when acknowledged", default="", pattern=ID, help="Left out, it stays.")
    resolved_stage: str = text("Stage when resolved", default="4", pattern=ID, help="4: Closed.")
    unique_property: str = text(
        "Property for our key", default="", pattern="[a-z][a-z0-9_]*", help="With unique values."
    )
    hubspot_owner_id: str = text("Owner", default="", pattern=r"\d+", help="Who gets new tickets.")
    priorities: str = text("Priorities", default=USUAL, pattern=PAIRS, help="Of each severity, by your list.")
    ticket_properties: str = text("More properties", default="", pattern=PAIRS, help="Name and value.")


class HubSpotAccount(Ticketing[HubSpotConfig]):
    key = "hubspot"
    name = "HubSpot"
    config = HubSpotConfig

    def request(
        self,
        config: HubSpotConfig,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        part: str = "objects",
    ) -> httpx.Request:
        url = f"https://api.hubapi.com/crm/{part}/{config.api_version}/{path}"
        return asking(method, url, body, f"Bearer {config.access_token.get_secret_value()}")

    def check(self, config: HubSpotConfig) -> httpx.Request:
        return self.request(config, "GET", "tickets", part="pipelines")

    def classify(self, response: httpx.Response) -> Failure | None:
        if response.status_code == 429 and "DAILY" in words(response):
            return Unreachable("HubSpot: the account’s requests for today are used up.", timedelta(hours=1))
        if response.status_code in {429, 477} and not response.headers.get("Retry-After"):
            return Unreachable(f"HubSpot asks to be told later (HTTP {response.status_code}).", timedelta(seconds=10))
        if response.status_code == 477:
            return Unreachable("HubSpot is moving this account (HTTP 477).")
        return super().classify(response)

    def standing(self, ticket: Any, config: HubSpotConfig) -> Standing:
        stage = text_at(picked(ticket, "properties"), "hs_pipeline_stage")
        return standing(stage, {config.hs_pipeline_stage, ""}, {config.resolved_stage})

    def survey(self, ids: Sequence[str], config: HubSpotConfig) -> Surveying:
        asked = {"inputs": [{"id": one} for one in ids], "properties": ["hs_pipeline_stage", "hubspot_owner_id"]}
        found = read((yield Step(self.request(config, "POST", "tickets/batch/read", asked))), self.name)
        return {
            text_at(row, "id"): Seen(self.standing(row, config), text_at(row, "properties", "hubspot_owner_id"))
            for row in rows(found, "results")
        }

    def names(self, people: Sequence[str], config: HubSpotConfig) -> Naming:
        return self.each_name(
            people,
            lambda owner: self.request(config, "GET", owner, part="owners"),
            lambda owner: f"{text_at(owner, 'firstName')} {text_at(owner, 'lastName')}".strip(),
        )

    def look_up(self, field: str, config: HubSpotConfig) -> Lookup | None:
        return self._pipelines(field, config) if field in {"hs_pipeline", *STAGES} else None

    def _pipelines(self, field: str, config: HubSpotConfig) -> Lookup:
        found = rows(read((yield Step(self.request(config, "GET", "tickets", part="pipelines"))), self.name), "results")
        if field == "hs_pipeline":
            return choices(found, label="label")
        chosen = next((one for one in found if text_at(one, "id") == config.hs_pipeline), {})
        return choices(rows(chosen, "stages"), label="label")
