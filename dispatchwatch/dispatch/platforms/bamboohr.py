"""BambooHR: a late arrival, or a technician who did not come, is a row in a table of that employee. Nothing else is.

BambooHR has no alerts; a time-off request would be untrue, since it books leave, and clock entries are paid hours. So
an HR administrator makes a custom table once (date, minutes late, job, our key, status), and a row states the fact.
Only these go there, no free text: it is somebody’s file. Each technician’s employee number is entered once; whoever has
none, and alerts of other kinds, are refused, and nothing is written. The row is looked for by our key every time, so
repeating is harmless; a resolve without a row writes none. Minutes are as of the last message before the end. A test
writes nothing: it looks whether the table is there.

Facts: BambooHR/bhr-api-python, specs/public.yaml (table rows v1_1); documentation.bamboohr.com: create-table-row-v1.
Success is an empty answer, without the row’s number. Unconfirmed: what happens to columns that don’t exist.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

import httpx

from dispatchwatch.dispatch.accounts.bamboohr import BambooHRAccount, BambooHRConfig
from dispatchwatch.dispatch.conversation import Conversation, Step
from dispatchwatch.dispatch.errors import Refused
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.reading import read, rows, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.text import clip, one_line
from dispatchwatch.dispatch.ticket_fields import pairs, short_key
from dispatchwatch.domain.alert import AlertKind, Operation
from dispatchwatch.domain.notification import Notification

ABOUT_A_TECHNICIAN = frozenset({AlertKind.LATE_CHECK_IN, AlertKind.TECH_NO_SHOW})
JOB_LENGTH = 100
FORMULA = ("=", "+", "-", "@")


class BambooHR(BambooHRAccount):
    operations = frozenset(Operation)
    repeat = Repeat.HARMLESS

    def tell(self, notification: Notification, config: BambooHRConfig, receipt: Receipt | None) -> Conversation:
        if notification.is_test:
            return (yield from self._try_out(config))
        employee = (receipt.details.get("employee") if receipt else None) or _employee(notification, config)
        path, key = f"employees/{employee}/tables/{config.table}", short_key(notification.alert_key)
        listed = rows(read((yield Step(self.request(config, "GET", f"v1/{path}"))), self.name))
        row = next((text_at(one, "id") for one in listed if text_at(one, config.key_field) == key), "")
        told = Receipt(f"employee {employee}", {"employee": employee})
        if not row and notification.operation is Operation.RESOLVE:
            return told
        written = _row(notification, config, is_new=not row)
        if written:
            yield Step(self.request(config, "POST", f"v1_1/{path}/{row}".rstrip("/"), written))
        return told

    def _try_out(self, config: BambooHRConfig) -> Conversation:
        columns = yield from self.columns(config)
        if columns is None:
            raise Refused(f"BambooHR has no table “{config.table}” that this key may see. Nothing was written.")
        if config.key_field not in {text_at(one, "alias") for one in columns}:
            raise Refused(f"BambooHR’s table has no column “{config.key_field}” for our key. Nothing was written.")
        return Receipt("nothing was written")

    def pretended(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        return httpx.Response(200, json=[])


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
