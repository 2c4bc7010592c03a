"""An Intercom account: its token and region, what can be chosen from it, and how long it asks to wait.

It is not asked who did what there.

Facts: intercom/Intercom-OpenAPI, 2.16 (ticket types and states, admins); developers.intercom.com: errors, rate limiting
(wait until X-RateLimit-Reset). Unconfirmed: the answer to a token of another region, that plans without tickets are
told api_plan_restricted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
from pydantic import SecretStr, ValidationInfo, field_validator

from dispatchwatch.dispatch.conversation import Lookup
from dispatchwatch.dispatch.errors import Failure, Unauthorised, Unreachable
from dispatchwatch.dispatch.fields import choice, problem, secret, text
from dispatchwatch.dispatch.platform import Platform, words
from dispatchwatch.dispatch.reading import chosen
from dispatchwatch.dispatch.ticket import TicketConfig, Ticketing, asking

ORIGINS = {"us": "https://api.intercom.io", "eu": "https://api.eu.intercom.io", "au": "https://api.au.intercom.io"}
NUMBER = r"\d+"


class IntercomConfig(TicketConfig):
    access_token: SecretStr = secret(
        "Access token", help="In Intercom’s Developer Hub: your app, Configure, Authentication."
    )
    region: str = choice(
        "Region",
        {"us": "United States", "eu": "Europe", "au": "Australia"},
        default="us",
        help="Where your workspace is hosted; Settings, Workspace, Security says so.",
    )
    ticket_type_id: str = text(
        "Ticket type", default="", help="Left out, a conversation is opened instead.", pattern=NUMBER
    )
    contact: str = text(
        "Contact",
        help="In whose name: an e-mail address or, needed for conversations, the contact’s id of 24 characters.",
        pattern=r"[0-9a-f]{24}|[^@\s]+@[^@\s]+",
    )
    admin_id: str = text("Teammate", help="The number of the teammate who writes the notes.", pattern=NUMBER)
    state_acknowledged: str = text("State when acknowledged", default="", help="Left out, it stays.", pattern=NUMBER)
    state_resolved: str = text("State when resolved", default="", help="Left out, it is only closed.", pattern=NUMBER)
    intercom_version: str = text("API version", default="2.16", pattern=r"\d\.\d+", help="Sent as Intercom-Version.")

    @field_validator("contact")
    @classmethod
    def _fits_a_conversation(cls, value: str, info: ValidationInfo) -> str:
        if "@" in value and not info.data.get("ticket_type_id"):
            raise problem("must be a contact’s id of 24 characters where no ticket type is set.")
        return value


class IntercomAccount(Ticketing[IntercomConfig]):
    key = "intercom"
    name = "Intercom"
    config = IntercomConfig
    listen = Platform.listen  # type: ignore[assignment]

    def request(
        self, config: IntercomConfig, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> httpx.Request:
        signed = f"Bearer {config.access_token.get_secret_value()}"
        request = asking(method, f"{ORIGINS[config.region]}/{path}", body, signed)
        request.headers["Intercom-Version"] = config.intercom_version
        return request

    def check(self, config: IntercomConfig) -> httpx.Request:
        return self.request(config, "GET", "me")

    def classify(self, response: httpx.Response) -> Failure | None:
        failure = super().classify(response)
        if isinstance(failure, Unauthorised) and "api_plan_restricted" in words(response):
            return Unauthorised("Intercom: your plan has no tickets. Leave the ticket type out to open conversations.")
        if isinstance(failure, Unreachable) and response.status_code == 429:
            failure.retry_after = _until_reset(response.headers)
        return failure

    def look_up(self, field: str, config: IntercomConfig) -> Lookup | None:
        match field:
            case "ticket_type_id":
                return chosen(self.request(config, "GET", "ticket_types"), self.name, "data")
            case "admin_id":
                return chosen(self.request(config, "GET", "admins"), self.name, "admins")
            case "state_acknowledged" | "state_resolved":
                return chosen(self.request(config, "GET", "ticket_states"), self.name, "data", label="internal_label")
        return None


def _until_reset(headers: httpx.Headers) -> timedelta | None:
    """From the answer's own date to the second that it names; both are of Intercom's clock."""
    try:
        reset = datetime.fromtimestamp(int(headers["X-RateLimit-Reset"]), UTC)
        rest = reset - parsedate_to_datetime(headers["Date"])
    except (KeyError, ValueError, TypeError, OverflowError, OSError):
        return None
    return min(max(rest, timedelta(seconds=1)), timedelta(minutes=1))
