"""An Asana account: its token and project, what can be chosen from it, and what people did to our tasks.

Somebody who completes a task, or moves it to the section of acknowledged ones, is heard by asking.

Facts: Asana/openapi (tasks, sections, projects, custom fields); developers.asana.com/docs: errors, custom-fields-guide.
Unconfirmed: the sections of tasks in a list as `memberships.section`.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from typing import Any

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch.conversation import Choice, Lookup, Step
from dispatchwatch.dispatch.fields import secret, text
from dispatchwatch.dispatch.reading import choices, chosen, instant, picked, read, rows, text_at
from dispatchwatch.dispatch.ticket import Seen, Standing, Surveying, TicketConfig, Ticketing, asking

API = "https://app.asana.com/api/1.0"
GID = r"\d{1,30}"
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


class AsanaAccount(Ticketing[AsanaConfig]):
    key = "asana"
    name = "Asana"
    config = AsanaConfig

    def request(
        self, config: AsanaConfig, method: str, path: str, data: Mapping[str, Any] | None = None
    ) -> httpx.Request:
        body = None if data is None else {"data": data}
        return asking(method, f"{API}/{path}", body, f"Bearer {config.access_token.get_secret_value()}")

    def question(self, config: AsanaConfig, path: str, fields: str) -> httpx.Request:
        return self.request(config, "GET", f"{path}{'&' if '?' in path else '?'}opt_fields={fields}")

    def check(self, config: AsanaConfig) -> httpx.Request:
        return self.question(config, f"projects/{config.project}", "name")

    def open_tasks(self, config: AsanaConfig, fields: str) -> Listed:
        """The project's tasks that are not completed, as far as `MOST_PAGES` go."""
        path, found, offset = f"tasks?project={config.project}&completed_since=now&limit={PAGE}", [], ""
        for _ in range(MOST_PAGES):
            answer = read((yield Step(self.question(config, path + offset, fields))), self.name)
            found += rows(answer, "data")
            offset = f"&offset={text_at(answer, 'next_page', 'offset')}"
            if offset == "&offset=":
                break
        return found

    def standing(self, task: Any, config: AsanaConfig) -> Standing:
        if picked(task, "completed") is True:
            return Standing.ENDED
        sections = {text_at(place, "section", "gid") for place in rows(task, "memberships")} - {""}
        return Standing.TAKEN if config.section_acknowledged in sections else Standing.OPEN

    def survey(self, ids: Sequence[str], config: AsanaConfig) -> Surveying:
        """The list of what is not completed tells of most of them; the others are asked for one by one."""
        listed = yield from self.open_tasks(config, "memberships.section.gid")
        seen = {text_at(task, "gid"): Seen(self.standing(task, config)) for task in listed}
        fields = "completed,completed_at,completed_by.name,memberships.section.gid"
        for gid in sorted(set(ids) - set(seen)):
            answer = yield Step(self.question(config, f"tasks/{gid}", fields), also=NOT_THERE)
            task = picked(read(answer, self.name), "data") if answer.is_success else None
            if task:
                by, at = text_at(task, "completed_by", "name"), instant(text_at(task, "completed_at"))
                seen[gid] = Seen(self.standing(task, config), by, at)
        return seen

    def look_up(self, field: str, config: AsanaConfig) -> Lookup | None:
        match field:
            case "project":
                return self._projects(config)
            case "section" | "section_acknowledged" if config.project:
                asked = self.question(config, f"projects/{config.project}/sections?limit=100", "name")
                return chosen(asked, self.name, "data", value="gid")
            case "key_field" if config.project:
                return self._key_fields(config)
        return None

    def _projects(self, config: AsanaConfig) -> Lookup:
        me = read((yield Step(self.question(config, "users/me", "workspaces.name"))), self.name)
        found: list[Choice] = []
        for workspace in rows(me, "data", "workspaces"):
            path = f"projects?workspace={text_at(workspace, 'gid')}&archived=false&limit=100"
            found += yield from chosen(self.question(config, path, "name"), self.name, "data", value="gid")
        return tuple(found)

    def _key_fields(self, config: AsanaConfig) -> Lookup:
        path, within = f"projects/{config.project}/custom_field_settings?limit=100", "custom_field"
        asked = self.question(config, path, f"{within}.name,{within}.resource_subtype")
        listed = rows(read((yield Step(asked)), self.name), "data")
        return choices([one[within] for one in listed if text_at(one, within, "resource_subtype") == "text"], "gid")
