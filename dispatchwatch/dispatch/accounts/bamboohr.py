"""A BambooHR account: its key, the table of the office's own and its columns, and who is which employee.

Facts: BambooHR/bhr-api-python, specs/public.yaml and AUTHENTICATION.md (Basic with the key as user);
documentation.bamboohr.com: planned and past changes (429 with Retry-After since 2026-09-16), the reason in
X-BambooHR-Error-Message. Unconfirmed: the aliases of custom tables and columns, which are therefore settings.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from pydantic import SecretStr, field_validator

from dispatchwatch.dispatch.auth import basic
from dispatchwatch.dispatch.conversation import Choice, Lookup, Step
from dispatchwatch.dispatch.fields import ChannelConfig, problem, secret, text
from dispatchwatch.dispatch.platform import Platform
from dispatchwatch.dispatch.reading import choices, chosen, read, rows, text_at
from dispatchwatch.dispatch.text import one_line
from dispatchwatch.dispatch.ticket import asking

ALIAS = r"\w+"
Columns = Generator[Step, httpx.Response, list[dict[str, Any]] | None]


class BambooHRConfig(ChannelConfig):
    company: str = text("Company", help="What stands before .bamboohr.com.", pattern="[a-z0-9][a-z0-9-]*")
    api_key: SecretStr = secret("API key", help="In BambooHR under your picture, API Keys; best of a user of its own.")
    table: str = text("Table", help="The alias of the table for such rows; it begins with custom.", pattern=ALIAS)
    employees: str = text(
        "Employees",
        help="Names of technicians with their employee numbers: J. Ortiz = 123; A. Smith = 124.",
        pattern=r"[^=;]+=\s*\d+\s*(;[^=;]+=\s*\d+\s*)*;?\s*",
    )
    key_field: str = text("Column for our key", default="customAlertID", help="A text column.", pattern=ALIAS)
    date_field: str = text("Column for the date", default="date", help="The day of the visit.", pattern=ALIAS)
    minutes_field: str = text("Column for minutes late", default="", help="Left out, they aren’t told.", pattern=ALIAS)
    job_field: str = text("Column for the job", default="", help="Left out, it isn’t told.", pattern=ALIAS)
    status_field: str = text("Column for the status", default="", help="Left out, it isn’t told.", pattern=ALIAS)
    status_open: str = text("Status of new rows", default="Open", help="A list column takes its own options only.")
    status_acknowledged: str = text("Status when acknowledged", default="Acknowledged", help="One of its options.")
    status_resolved: str = text("Status when resolved", default="Resolved", help="One of its options.")
    timezone: str = text("Time zone", default="UTC", help="In which the date counts, for instance America/Chicago.")

    @field_validator("timezone")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise problem("is not one that is known; for instance America/Chicago.") from None
        return value


class BambooHRAccount(Platform[BambooHRConfig]):
    key = "bamboohr"
    name = "BambooHR"
    config = BambooHRConfig

    def request(
        self, config: BambooHRConfig, method: str, path: str, body: Mapping[str, str] | None = None
    ) -> httpx.Request:
        return asking(method, f"https://{config.company}.bamboohr.com/api/{path}", body, f"Basic {_basic(config)}")

    def secrets(self, config: BambooHRConfig) -> tuple[str, ...]:
        return (config.api_key.get_secret_value(), _basic(config))

    def check(self, config: BambooHRConfig) -> httpx.Request:
        return self.request(config, "GET", "v1/meta/tables")

    def explain(self, response: httpx.Response) -> str:
        said = response.headers.get("X-BambooHR-Error-Message") or response.headers.get("X-BambooHR-Message")
        return one_line(said) if said else super().explain(response)

    def columns(self, config: BambooHRConfig) -> Columns:
        """Those of the table; None where there is no such table, or the key may not see it."""
        tables = rows(read((yield Step(self.check(config))), self.name))
        return next((rows(one, "fields") for one in tables if text_at(one, "alias") == config.table), None)

    def look_up(self, field: str, config: BambooHRConfig) -> Lookup | None:
        if field == "table":
            return chosen(self.check(config), self.name, value="alias", label="alias")
        if field == "employees":
            return self._people(config)
        return self._columns(config) if field.endswith("_field") and config.table else None

    def _columns(self, config: BambooHRConfig) -> Lookup:
        return choices((yield from self.columns(config)) or [], "alias")

    def _people(self, config: BambooHRConfig) -> Lookup:
        answer = read((yield Step(self.request(config, "GET", "v1/employees/directory"))), self.name)
        people = choices(rows(answer, "employees"), label="displayName")
        return tuple(Choice(f"{one.label} = {one.value}", one.label) for one in people)


def _basic(config: BambooHRConfig) -> str:
    return basic(config.api_key.get_secret_value(), "x")
