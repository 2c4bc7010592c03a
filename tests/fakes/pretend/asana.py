"""Asana: tasks in projects, stories on them, sections they stand in. Everything is wrapped in `data`."""

from __future__ import annotations

from typing import Any

from tests.fakes.pretend.people import US, Peopled, Person
from tests.fakes.pretend.service import Refusal, Thing, bearer, body, on, query, stamp
from tests.fakes.receiver import Answer, Received

TOKEN = "2/1200000000000042/1200000000000043:q7Zs81LmPw03KxVt5RyUeHnd"
PROJECT = "1200000000000001"
KEY_FIELD = "1200000000000021"
OPEN, TAKEN, DONE = "1200000000000011", "1200000000000012", "1200000000000013"
API = "/api/1.0"
FIELDS = {
    "name", "notes", "html_notes", "projects", "workspace", "parent", "assignee", "due_at", "due_on", "custom_fields",
    "followers", "tags", "memberships", "completed", "assignee_section",
}  # fmt: skip


class Asana(Peopled):
    key = "asana"

    def standing(self, thing: Thing) -> str:
        if thing.fields["completed"]:
            return "resolved"
        return "acknowledged" if thing.fields["section"] == TAKEN else "open"

    def done_by(self, person: Person, thing: Thing, standing: str) -> None:
        """Who moves a task to another section is told nowhere."""
        if standing == "acknowledged":
            thing.fields["section"] = TAKEN
        else:
            self._set(thing, {"completed": True}, person)

    def let_in(self, received: Received) -> None:
        if bearer(received) != TOKEN:
            raise Refusal(self.unknown_caller())

    def unknown_caller(self) -> Answer:
        return _no(401, "Not Authorized")

    def not_found(self) -> Answer:
        return _no(404, "Not a recognized ID")

    def trouble(self) -> Answer:
        return Answer(500, body={"errors": [{"message": "Server Error", "phrase": "6 sad squid snuggle softly"}]})

    def too_many(self, wait: str) -> Answer:
        return Answer(429, {"Retry-After": wait}, _no(429, "You have made too many requests recently.").body)

    @on("GET", f"{API}/users/me")
    def me(self, received: Received) -> Answer:
        return _yes({"gid": "1200000000000042", "name": "Dispatch", "workspaces": []})

    @on("GET", f"{API}/projects/{PROJECT}")
    def project(self, received: Received) -> Answer:
        return _yes({"gid": PROJECT, "name": "Late visits"})

    @on("GET", f"{API}/tasks")
    def tasks(self, received: Received) -> Answer:
        asked = query(received)
        if asked.get("project") != PROJECT:
            return _no(400, "You should specify one of project, tag, section, user_task_list, or assignee + workspace")
        found = [one for one in self.things.values() if not one.fields["completed"] or "completed_since" not in asked]
        begin, limit = int(asked.get("offset", "0")), int(asked.get("limit", "20"))
        left = len(found) > begin + limit
        next_page = {"offset": str(begin + limit)} if left else None
        return Answer(body={"data": [_shown(one) for one in found[begin : begin + limit]], "next_page": next_page})

    @on("POST", f"{API}/tasks")
    def create(self, received: Received) -> Answer:
        given = _fields(received)
        places = given.get("memberships") or [{"project": one} for one in given.get("projects", [])]
        if not places and not given.get("workspace") and not given.get("parent"):
            return _no(400, "You should specify one of workspace, parent, projects")
        if any(place["project"] != PROJECT for place in places):
            return _no(400, "projects: Unknown object")
        number = str(1200000000000000 + self.serial())
        section = next((place["section"] for place in places if "section" in place), OPEN)
        words = f"{given.get('name', '')}\n{given.get('notes') or given.get('html_notes') or ''}"
        thing = self.add(number, {"completed": False, "section": section, **given}, words)
        return _yes(_shown(thing), 201)

    @on("GET", rf"{API}/tasks/(?P<number>\d+)")
    def read(self, received: Received, number: str) -> Answer:
        return _yes(_shown(self.at(number)))

    @on("PUT", rf"{API}/tasks/(?P<number>\d+)")
    def change(self, received: Received, number: str) -> Answer:
        thing, given = self.at(number), _fields(received)
        if "memberships" in given or "projects" in given:
            return _no(400, "memberships: only when a task is created")
        self._set(thing, given)
        if given.keys() & {"name", "notes", "html_notes"}:
            thing.log.append(f"{given.get('name', '')}\n{given.get('notes') or given.get('html_notes') or ''}")
        return _yes(_shown(thing))

    @on("POST", rf"{API}/tasks/(?P<number>\d+)/stories")
    def comment(self, received: Received, number: str) -> Answer:
        thing, given = self.at(number), body(received).get("data", {})
        words = given.get("text") or given.get("html_text")
        if not words or len(given.keys() & {"text", "html_text"}) != 1:
            return _no(400, "text: Missing input")
        thing.say(words)
        return _yes({"gid": str(1200000000000000 + self.serial()), "text": words}, 201)

    @on("POST", rf"{API}/sections/(?P<section>\d+)/addTask")
    def move(self, received: Received, section: str) -> Answer:
        if section not in {OPEN, TAKEN, DONE}:
            return self.not_found()
        self.at(str(body(received).get("data", {}).get("task"))).fields["section"] = section
        return _yes({})

    def _set(self, thing: Thing, given: dict[str, Any], by: Person = US) -> None:
        if given.get("completed") and not thing.fields["completed"]:
            thing.fields |= {"completed_by": {"gid": by.number, "name": by.name}, "completed_at": stamp(self.now())}
        thing.fields.update(given)


def _fields(received: Received) -> dict[str, Any]:
    given = body(received).get("data")
    if not isinstance(given, dict) or not given:
        raise Refusal(_no(400, "Could not parse request data, invalid JSON: everything goes into data"))
    if given.keys() - FIELDS:
        # `external` is for the app that made it; a personal access token has none.
        raise Refusal(_no(400, f"Unknown or forbidden field: {sorted(given.keys() - FIELDS)}"))
    if given.get("custom_fields", {}).keys() - {KEY_FIELD}:
        raise Refusal(_no(400, "custom_fields: not on this project"))
    if {"due_at", "due_on"} <= given.keys() or {"notes", "html_notes"} <= given.keys():
        raise Refusal(_no(400, "You may only provide one of due_on or due_at, notes or html_notes"))
    html = given.get("html_notes", "<body></body>")
    if not (html.startswith("<body>") and html.endswith("</body>")):
        raise Refusal(_no(400, "XML is invalid"))
    return given


def _shown(thing: Thing) -> dict[str, Any]:
    place = {"project": {"gid": PROJECT}, "section": {"gid": thing.fields["section"]}}
    link = f"https://app.asana.com/0/{PROJECT}/{thing.id}"
    custom = [{"gid": gid, "text_value": value} for gid, value in thing.fields.get("custom_fields", {}).items()]
    names = ("name", "notes", "completed", "completed_at", "completed_by", "assignee")
    kept = {name: thing.fields.get(name) for name in names}
    return {"gid": thing.id, "permalink_url": link, "memberships": [place], "custom_fields": custom, **kept}


def _yes(data: object, status: int = 200) -> Answer:
    return Answer(status, body={"data": data})


def _no(status: int, message: str) -> Answer:
    return Answer(status, body={"errors": [{"message": message, "help": "For more information see the docs"}]})
