"""BambooHR: a late arrival, or a technician who did not come, is a row in a table of that employee. Nothing else is.

BambooHR has no alerts; a time-off request would be untrue, since it books leave, and clock entries are paid hours. So
an HR administrator makes a custom table once (date, minutes late, job, our key, status), and a row states the fact.
Only these go there, no free text: it is somebody’s file. Each technician’s employee number is entered once; whoever has
none, and alerts of other kinds, are refused, and nothing is written. The row is looked for by our key every time, so
repeating is harmless; a resolve without a row writes none. Minutes are as of the last message before the end. A test
writes nothing: it looks whether the table is there.

Facts: BambooHR/bhr-api-python, specs/public.yaml and AUTHENTICATION.md (table rows v1_1, Basic with the key as user);
documentation.bamboohr.com: create-table-row-v1, planned and past changes (429 with Retry-After since 2026-09-16), the
reason in X-BambooHR-Error-Message. Success is an empty answer, without the row’s number. Unconfirmed: the aliases of
custom tables and columns, which are therefore settings, and what happens to columns that don’t exist.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from zoneinfo import ZoneInfo

import httpx
from pydantic import SecretStr, field_validator

from dispatchwatch.dispatch.conversation import Choice, Conversation, Lookup, Step
from dispatchwatch.dispatch.errors import Refused
from dispatchwatch.dispatch.fields import ChannelConfig, problem, secret, text
from dispatchwatch.dispatch.platform import Platform, Repeat, json_request
from dispatchwatch.dispatch.reading import choices, chosen, read, rows, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.text import clip, one_line
from dispatchwatch.dispatch.ticket import pairs, short_key
from dispatchwatch.domain.alert import AlertKind, Operation
from dispatchwatch.domain.notification import Notification

ABOUT_A_TECHNICIAN = frozenset({AlertKind.LATE_CHECK_IN, AlertKind.TECH_NO_SHOW})
ALIAS = r"\w+"
JOB_LENGTH = 100
FORMULA = ("=", "+", "-", "@")


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


class BambooHR(Platform[BambooHRConfig]):
    key = "bamboohr"
    name = "BambooHR"
    config = BambooHRConfig
    operations = frozenset(Operation)
    repeat = Repeat.HARMLESS

    def tell(self, notification: Notification, config: BambooHRConfig, receipt: Receipt | None) -> Conversation:
        if notification.is_test:
            return (yield from self._try_out(config))
        employee = (receipt.details.get("employee") if receipt else None) or _employee(notification, config)
        path, key = f"employees/{employee}/tables/{config.table}", short_key(notification.alert_key)
        listed = rows(read((yield Step(_request(config, "GET", f"v1/{path}"))), self.name))
        row = next((text_at(one, "id") for one in listed if text_at(one, config.key_field) == key), "")
        told = Receipt(f"employee {employee}", {"employee": employee})
        if not row and notification.operation is Operation.RESOLVE:
            return told
        written = _row(notification, config, is_new=not row)
        if written:
            yield Step(_request(config, "POST", f"v1_1/{path}/{row}".rstrip("/"), written))
        return told

    def explain(self, response: httpx.Response) -> str:
        said = response.headers.get("X-BambooHR-Error-Message") or response.headers.get("X-BambooHR-Message")
        return one_line(said) if said else super().explain(response)

    def check(self, config: BambooHRConfig) -> httpx.Request:
        return _request(config, "GET", "v1/meta/tables")

    def look_up(self, field: str, config: BambooHRConfig) -> Lookup | None:
        if field == "table":
            return chosen(_request(config, "GET", "v1/meta/tables"), self.name, value="alias", label="alias")
        if field == "employees":
            return self._people(config)
        return self._columns(config) if field.endswith("_field") and config.table else None

    def secrets(self, config: BambooHRConfig) -> tuple[str, ...]:
        return (config.api_key.get_secret_value(), _basic(config))

    def pretended(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        return httpx.Response(200, json=[])

    def _try_out(self, config: BambooHRConfig) -> Conversation:
        tables = rows(read((yield Step(_request(config, "GET", "v1/meta/tables"))), self.name))
        columns = next((rows(one, "fields") for one in tables if text_at(one, "alias") == config.table), None)
        if columns is None:
            raise Refused(f"BambooHR has no table “{config.table}” that this key may see. Nothing was written.")
        if config.key_field not in {text_at(one, "alias") for one in columns}:
            raise Refused(f"BambooHR’s table has no column “{config.key_field}” for our key. Nothing was written.")
        return Receipt("nothing was written")

    def _columns(self, config: BambooHRConfig) -> Lookup:
        tables = rows(read((yield Step(_request(config, "GET", "v1/meta/tables"))), self.name))
        columns = [one for table in tables if text_at(table, "alias") == config.table for one in rows(table, "fields")]
        return choices(columns, "alias")

    def _people(self, config: BambooHRConfig) -> Lookup:
        answer = read((yield Step(_request(config, "GET", "v1/employees/directory"))), self.name)
        people = choices(rows(answer, "employees"), label="displayName")
        return tuple(Choice(f"{one.label} = {one.value}", one.label) for one in people)


def _employee(notification: Notification, config: BambooHRConfig) -> str:
    """The employee number of the technician that the alert is about. Raises Refused where there is none."""
    if notification.kind not in ABOUT_A_TECHNICIAN:
        raise Refused("BambooHR is told of late arrivals and no-shows only; route other alerts elsewhere.")
    technician = next((one_line(value) for label, value in notification.facts if label == "Technician"), "")
    for name, number in pairs(config.employees).items():
        # His phone number follows in brackets.
        if technician == name or technician.startswith(f"{name} ("):
            return number
    raise Refused("BambooHR: this alert names no technician who has an employee number in the settings.")


def _row(notification: Notification, config: BambooHRConfig, *, is_new: bool) -> dict[str, str]:
    """What the row is to hold; columns that are not set are left out."""
    late = int((notification.written_at - notification.due_at).total_seconds() // 60)
    statuses = {Operation.ACKNOWLEDGE: config.status_acknowledged, Operation.RESOLVE: config.status_resolved}
    row: dict[str, str] = {}
    if is_new:
        row[config.key_field] = short_key(notification.alert_key)
        row[config.date_field] = f"{notification.due_at.astimezone(ZoneInfo(config.timezone)):%Y-%m-%d}"
        row[config.job_field] = _job(notification)
    if is_new or notification.operation in statuses:
        row[config.status_field] = statuses.get(notification.operation, config.status_open)
    if notification.operation not in statuses:
        row[config.minutes_field] = str(max(late, 0))
    return {column: value for column, value in row.items() if column and value}


def _job(notification: Notification) -> str:
    job = clip(one_line(dict(notification.facts).get("Visit", "")), JOB_LENGTH - 1)
    # What HR exports is opened in a spreadsheet.
    return f"'{job}" if job.startswith(FORMULA) else job


def _request(config: BambooHRConfig, method: str, path: str, body: Mapping[str, str] | None = None) -> httpx.Request:
    url = f"https://{config.company}.bamboohr.com/api/{path}"
    request = httpx.Request(method, url) if body is None else json_request(method, url, body)
    request.headers["Authorization"] = f"Basic {_basic(config)}"
    request.headers["Accept"] = "application/json"
    return request


def _basic(config: BambooHRConfig) -> str:
    return b64encode(f"{config.api_key.get_secret_value()}:x".encode()).decode()
