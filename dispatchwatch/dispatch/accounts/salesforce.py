"""A Salesforce org: signing in to it, its queues, how cases stand in it, who changed them, and what its errors mean.

Facts: developer.salesforce.com, REST API guide (errorcodes, limits: over 24 hours, shared with all else);
help.salesforce.com, OAuth flows (client credentials and JWT at My Domain). Pick lists are each org's own, so they are
set. Unconfirmed: that UNABLE_TO_LOCK_ROW passes by itself, that 401 means a token that ended; the queries for polling
and queues.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from time import time
from typing import Any

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch.assertion import LIVES, signed
from dispatchwatch.dispatch.auth import Auth, form_request
from dispatchwatch.dispatch.conversation import Lookup, Step
from dispatchwatch.dispatch.errors import Failure, Refused, Unreachable
from dispatchwatch.dispatch.fields import choice, secret, shown, text
from dispatchwatch.dispatch.platform import words
from dispatchwatch.dispatch.reading import chosen, instant, picked, read, rows, text_at
from dispatchwatch.dispatch.ticket import Seen, Standing, Surveying, TicketConfig, Ticketing, asking, standing
from dispatchwatch.dispatch.ticket_fields import PAIRS, USUAL_PRIORITIES

ID = "[A-Za-z0-9]{15}([A-Za-z0-9]{3})?"
CLIENT, JWT = ("authentication", "client_credentials"), ("authentication", "jwt_bearer")
WAYS = {"client_credentials": "Client credentials", "jwt_bearer": "Signed with a private key (JWT)"}
AUDIENCES = {"login": "Production (login.salesforce.com)", "test": "Sandbox (test.salesforce.com)"}


class SalesforceConfig(TicketConfig):
    my_domain: str = text(
        "My Domain", help="What stands before .my.salesforce.com.", pattern=r"[a-zA-Z0-9-]+(\.[a-z]+)?"
    )
    authentication: str = choice(
        "Sign in with",
        WAYS,
        default="client_credentials",
        help="How the program shows who it is; it has to fit the connected app.",
    )
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
        default=USUAL_PRIORITIES,
        pattern=PAIRS,
        help="Of each severity, by your pick list.",
    )
    case_fields: str = text("More fields", default="", pattern=PAIRS, help="For instance Type=Problem; Own__c=1.")


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


class SalesforceAccount(Ticketing[SalesforceConfig]):
    key = "salesforce"
    name = "Salesforce"
    config = SalesforceConfig

    def auth(self, config: SalesforceConfig) -> Auth:
        return SalesforceToken(config)

    def request(
        self, config: SalesforceConfig, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> httpx.Request:
        origin = f"https://{config.my_domain}.my.salesforce.com/services/data/{config.api_version}"
        return asking(method, f"{origin}/{path}", body)

    def query(self, config: SalesforceConfig, query: str) -> httpx.Request:
        return self.request(config, "GET", str(httpx.URL("query", params={"q": query})))

    def check(self, config: SalesforceConfig) -> httpx.Request:
        return self.request(config, "GET", "limits")

    def classify(self, response: httpx.Response) -> Failure | None:
        said = words(response)
        if "REQUEST_LIMIT_EXCEEDED" in said and not response.is_success:
            return Unreachable("Salesforce: the org’s requests for these 24 hours are used up.", timedelta(hours=1))
        if "UNABLE_TO_LOCK_ROW" in said and response.status_code == 400:
            return Unreachable("Salesforce: somebody else is changing this case (UNABLE_TO_LOCK_ROW).")
        if response.status_code == 300:
            return Refused("Salesforce has several cases with our key: the field for it must be unique.")
        return super().classify(response)

    def standing(self, case: Any, config: SalesforceConfig) -> Standing:
        if picked(case, "IsClosed") is True:
            return Standing.ENDED
        return standing(text_at(case, "Status"), {config.new_status, ""}, {config.resolved_status})

    def survey(self, ids: Sequence[str], config: SalesforceConfig) -> Surveying:
        fields = "Id, Status, IsClosed, ClosedDate, Owner.Name, LastModifiedBy.Name"
        listed = ",".join(f"'{one}'" for one in ids)
        answer = yield Step(self.query(config, f"SELECT {fields} FROM Case WHERE Id IN ({listed})"))  # noqa: S608
        return {text_at(row, "Id"): self._seen(row, config) for row in rows(read(answer, self.name), "records")}

    def _seen(self, case: Any, config: SalesforceConfig) -> Seen:
        now = self.standing(case, config)
        if now is not Standing.ENDED:
            return Seen(now, text_at(case, "Owner", "Name"))
        return Seen(now, text_at(case, "LastModifiedBy", "Name"), instant(text_at(case, "ClosedDate")))

    def look_up(self, field: str, config: SalesforceConfig) -> Lookup | None:
        if field != "owner_id":
            return None
        queues = self.query(config, "SELECT Id, Name FROM Group WHERE Type = 'Queue' LIMIT 200")
        return chosen(queues, self.name, "records", value="Id", label="Name")
