"""Asana: an alert is a task in a project, told on in comments and completed at the end.

Acknowledging moves it to a section of its own, where one is chosen; an update renames it. Somebody who completes the
task, or moves it to that section, is heard by asking. Our key goes into a text field of the project where one is
chosen: then a task is looked for before it is opened, and none is opened twice. A test is a task that is completed
from the first.

Facts: Asana/openapi (tasks, stories, sections, custom fields); developers.asana.com/docs: rate-limits (150 requests a
minute on the free plan; telling takes up to three), errors, custom-fields-guide. External ids belong to OAuth apps and
searching to paid plans, so neither is used. Unconfirmed: how long names and notes may be; the sections of tasks in a
list as `memberships.section`; that text is taken as it is, without mentions.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch.conversation import Choice, Conversation, Lookup, Step
from dispatchwatch.dispatch.fields import secret, text
from dispatchwatch.dispatch.platform import Rate, dedup_key, json_request
from dispatchwatch.dispatch.reading import choices, chosen, instant, named, picked, read, rows, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket import Finding, Looking, Move, Seen, Standing, Surveying, TicketConfig, Ticketing
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification

API = "https://app.asana.com/api/1.0"
GID = r"\d{1,30}"
NAME_LENGTH = 1000
# A task with its fields may have 2 KB, and of an answer 512 KB are read.
PAGE, MOST_PAGES = 30, 20
NOT_THERE = frozenset({404})
Listed = Generator[Step, httpx.Response, list[dict[str, Any]]]


class AsanaConfig(TicketConfig):
    access_token: SecretStr = secret(
        "Personal access token", help="In Asana under your picture, Settings, Apps, Manage developer apps."
    )
    project: str = text("Project", help="New tasks go here; the first long number in its address.", pattern=GID)
    section: str = text("Section", default="", help="New tasks go here; left out, the project’s first.", pattern=GID)
    section_acknowledged: str = text(
        "Section of acknowledged tasks", default="", help="Left out, they stay where they are.", pattern=GID
    )
    key_field: str = text("Field for our key", default="", help="A text field: no task comes twice.", pattern=GID)
    assignee: str = text("Assignee", default="", help="The e-mail address of who gets new tasks.", pattern=r"\S+@\S+")


class Asana(Ticketing[AsanaConfig]):
    key = "asana"
    name = "Asana"
    config = AsanaConfig
    rate = Rate(50, timedelta(minutes=1))

    def finds(self, config: AsanaConfig) -> bool:
        return bool(config.key_field)

    def find(self, notification: Notification, config: AsanaConfig) -> Finding:
        if not config.key_field:
            return None
        key = dedup_key(notification.alert_key)
        for task in (yield from self._open_tasks(config, "custom_fields.text_value")):
            if any(field.get("text_value") == key for field in rows(task, "custom_fields")):
                return Receipt(text_at(task, "gid"), {"id": text_at(task, "gid")})
        return None

    def open(self, notification: Notification, config: AsanaConfig) -> Conversation:
        answer = yield Step(_request(config, "POST", "tasks", _task(notification, config)))
        gid = named(answer, self.name, "data", "gid")
        return Receipt(gid, {"id": gid})

    def look(self, ticket: Receipt, config: AsanaConfig) -> Looking:
        answer = yield Step(_asking(config, f"tasks/{ticket.details['id']}", "completed,memberships.section.gid"))
        return _standing(picked(read(answer, self.name), "data"), config)

    def comment(self, notification: Notification, config: AsanaConfig, ticket: Receipt) -> Conversation:
        path = f"tasks/{ticket.details['id']}/stories"
        yield Step(_request(config, "POST", path, {"text": letter.text(notification)}), reached=ticket)
        return ticket

    def change(
        self, notification: Notification, config: AsanaConfig, ticket: Receipt, to: Move
    ) -> httpx.Request | None:
        gid = ticket.details["id"]
        if to in {Standing.ENDED, Standing.OPEN}:
            return _request(config, "PUT", f"tasks/{gid}", {"completed": to is Standing.ENDED})
        if to is Standing.TAKEN and config.section_acknowledged:
            return _request(config, "POST", f"sections/{config.section_acknowledged}/addTask", {"task": gid})
        if notification.operation is Operation.UPDATE:
            return _request(config, "PUT", f"tasks/{gid}", {"name": letter.subject(notification, NAME_LENGTH)})
        return None

    def survey(self, ids: Sequence[str], config: AsanaConfig) -> Surveying:
        """The list of what is not completed tells of most of them; the others are asked for one by one."""
        listed = yield from self._open_tasks(config, "memberships.section.gid")
        seen = {text_at(task, "gid"): Seen(_standing(task, config)) for task in listed}
        fields = "completed,completed_at,completed_by.name,memberships.section.gid"
        for gid in sorted(set(ids) - set(seen)):
            answer = yield Step(_asking(config, f"tasks/{gid}", fields), also=NOT_THERE)
            task = picked(read(answer, self.name), "data") if answer.is_success else None
            if task:
                by, at = text_at(task, "completed_by", "name"), instant(text_at(task, "completed_at"))
                seen[gid] = Seen(_standing(task, config), by, at)
        return seen

    def check(self, config: AsanaConfig) -> httpx.Request:
        return _asking(config, f"projects/{config.project}", "name")

    def look_up(self, field: str, config: AsanaConfig) -> Lookup | None:
        match field:
            case "project":
                return self._projects(config)
            case "section" | "section_acknowledged" if config.project:
                asked = _asking(config, f"projects/{config.project}/sections?limit=100", "name")
                return chosen(asked, self.name, "data", value="gid")
            case "key_field" if config.project:
                return self._key_fields(config)
        return None

    def pretended(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        return httpx.Response(200, json={"data": {"gid": "1200000000000001"}})

    def _open_tasks(self, config: AsanaConfig, fields: str) -> Listed:
        """The project's tasks that are not completed, as far as `MOST_PAGES` go."""
        path, found, offset = f"tasks?project={config.project}&completed_since=now&limit={PAGE}", [], ""
        for _ in range(MOST_PAGES):
            answer = read((yield Step(_asking(config, path + offset, fields))), self.name)
            found += rows(answer, "data")
            offset = f"&offset={text_at(answer, 'next_page', 'offset')}"
            if offset == "&offset=":
                break
        return found

    def _projects(self, config: AsanaConfig) -> Lookup:
        me = read((yield Step(_asking(config, "users/me", "workspaces.name"))), self.name)
        found: list[Choice] = []
        for workspace in rows(me, "data", "workspaces"):
            path = f"projects?workspace={text_at(workspace, 'gid')}&archived=false&limit=100"
            found += yield from chosen(_asking(config, path, "name"), self.name, "data", value="gid")
        return tuple(found)

    def _key_fields(self, config: AsanaConfig) -> Lookup:
        path, within = f"projects/{config.project}/custom_field_settings?limit=100", "custom_field"
        asked = _asking(config, path, f"{within}.name,{within}.resource_subtype")
        listed = rows(read((yield Step(asked)), self.name), "data")
        return choices([one[within] for one in listed if text_at(one, within, "resource_subtype") == "text"], "gid")


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


def _standing(task: Any, config: AsanaConfig) -> Standing:
    if picked(task, "completed") is True:
        return Standing.ENDED
    sections = {text_at(place, "section", "gid") for place in rows(task, "memberships")} - {""}
    return Standing.TAKEN if config.section_acknowledged in sections else Standing.OPEN


def _asking(config: AsanaConfig, path: str, fields: str) -> httpx.Request:
    return _request(config, "GET", f"{path}{'&' if '?' in path else '?'}opt_fields={fields}")


def _request(config: AsanaConfig, method: str, path: str, data: Mapping[str, Any] | None = None) -> httpx.Request:
    url = f"{API}/{path}"
    request = httpx.Request(method, url) if data is None else json_request(method, url, {"data": data})
    request.headers["Authorization"] = f"Bearer {config.access_token.get_secret_value()}"
    return request
