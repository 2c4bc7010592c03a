"""Asana: an alert is a task in a project, told on in comments and completed at the end.

Acknowledging moves it to a section of its own, where one is chosen; an update renames it. Our key goes into a text
field of the project where one is chosen: then a task is looked for before it is opened, and none is opened twice. A
test is a task that is completed from the first.

Facts: Asana/openapi (tasks, stories, sections, custom fields); developers.asana.com/docs: rate-limits (150 requests a
minute on the free plan; telling takes up to three). External ids belong to OAuth apps and searching to paid plans, so
neither is used. Unconfirmed: how long names and notes may be; that text is taken as it is, without mentions.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch.accounts.asana import AsanaAccount, AsanaConfig
from dispatchwatch.dispatch.conversation import Conversation, Step
from dispatchwatch.dispatch.platform import Rate, dedup_key
from dispatchwatch.dispatch.reading import named, picked, read, rows, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket import Finding, Looking, Move, Standing
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification

NAME_LENGTH = 1000


class Asana(AsanaAccount):
    rate = Rate(50, timedelta(minutes=1))

    def finds(self, config: AsanaConfig) -> bool:
        return bool(config.key_field)

    def find(self, notification: Notification, config: AsanaConfig) -> Finding:
        if not config.key_field:
            return None
        key = dedup_key(notification.alert_key)
        for task in (yield from self.open_tasks(config, "custom_fields.text_value")):
            if any(field.get("text_value") == key for field in rows(task, "custom_fields")):
                return Receipt(text_at(task, "gid"), {"id": text_at(task, "gid")})
        return None

    def open(self, notification: Notification, config: AsanaConfig) -> Conversation:
        answer = yield Step(self.request(config, "POST", "tasks", _task(notification, config)))
        gid = named(answer, self.name, "data", "gid")
        return Receipt(gid, {"id": gid})

    def look(self, ticket: Receipt, config: AsanaConfig) -> Looking:
        asked = self.question(config, f"tasks/{ticket.details['id']}", "completed,memberships.section.gid")
        return self.standing(picked(read((yield Step(asked)), self.name), "data"), config)

    def comment(self, notification: Notification, config: AsanaConfig, ticket: Receipt) -> Conversation:
        path = f"tasks/{ticket.details['id']}/stories"
        yield Step(self.request(config, "POST", path, {"text": letter.text(notification)}), reached=ticket)
        return ticket

    def change(
        self, notification: Notification, config: AsanaConfig, ticket: Receipt, to: Move
    ) -> httpx.Request | None:
        gid = ticket.details["id"]
        if to in {Standing.ENDED, Standing.OPEN}:
            return self.request(config, "PUT", f"tasks/{gid}", {"completed": to is Standing.ENDED})
        if to is Standing.TAKEN and config.section_acknowledged:
            return self.request(config, "POST", f"sections/{config.section_acknowledged}/addTask", {"task": gid})
        if notification.operation is Operation.UPDATE:
            return self.request(config, "PUT", f"tasks/{gid}", {"name": letter.subject(notification, NAME_LENGTH)})
        return None

    def pretended(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        return httpx.Response(200, json={"data": {"gid": "1200000000000001"}})


def _task(notification: Notification, config: AsanaConfig) -> dict[str, Any]:
    section = [{"project": config.project, "section": config.section}] if config.section else []
    task = {
        "name": letter.subject(notification, NAME_LENGTH),
        "notes": letter.text(notification),
        "projects": [config.project],
        "memberships": section,
        "custom_fields": {config.key_field: dedup_key(notification.alert_key)} if config.key_field else {},
        "assignee": config.assignee,
        "completed": notification.is_test,
    }
    return {field: value for field, value in task.items() if value}
