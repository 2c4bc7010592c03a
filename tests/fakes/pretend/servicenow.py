"""ServiceNow: the incident table."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.pretend.people import PEOPLE, US, Peopled, Person
from tests.fakes.pretend.service import Refusal, Thing, basic, bearer, body, form, hexadecimal, on, query
from tests.fakes.receiver import Answer, Received

USER, PASSWORD = "dispatchwatch", "q7Zs81LmPw03KxVt5RyUeHnd"
API_KEY = "now_b5Ys8Df1Gh3Tp6UtW4Qx9LmZr2Kc7VbNj"
CLIENT_ID, CLIENT_SECRET = "0123456789abcdef0123456789abcdef", "R7vQ2mX9pL4sT8wZ"
TABLE = "/api/now(?:/v[12])?/table/incident"
STANDINGS = {"1": "open", "2": "acknowledged", "3": "acknowledged", "6": "resolved", "7": "resolved", "8": "resolved"}
LABELS = {"1": "New", "2": "In Progress", "3": "On Hold", "6": "Resolved", "7": "Closed", "8": "Canceled"}
JOURNALS = {"work_notes", "comments"}
SECONDS = "%Y-%m-%d %H:%M:%S"


class ServiceNow(Peopled):
    key = "servicenow"

    def standing(self, thing: Thing) -> str:
        return STANDINGS[thing.fields["state"]]

    def done_by(self, person: Person, thing: Thing, standing: str) -> None:
        taken = {"state": "2", "assigned_to": person.number}
        self._set(thing, taken if standing == "acknowledged" else {"state": "6"}, person)

    def let_in(self, received: Received) -> None:
        known = basic(received) == (USER, PASSWORD) or received.headers.get("x-sn-apikey") == API_KEY
        if not known and not self.spend(bearer(received)):
            raise Refusal(self.unknown_caller())
        if received.headers.get("accept") != "application/json":
            raise Refusal(_no(400, "Requested media types not supported", "Accept"))

    def unknown_caller(self) -> Answer:
        return _no(401, "User Not Authenticated", "Required to provide Auth information")

    def not_found(self) -> Answer:
        return _no(404, "No Record found", "Record doesn't exist or ACL restricts the record retrieval")

    def too_many(self, wait: str) -> Answer:
        said = _no(429, "Rate limit exceeded", "Hourly rule")
        return Answer(429, {"Retry-After": wait, "X-RateLimit-Limit": "50"}, said.body)

    @on("POST", "/oauth_token.do", free=True)
    def token(self, received: Received) -> Answer:
        given = form(received)
        if (given.get("client_id"), given.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return Answer(401, body={"error": "invalid_client"})
        return self.issue(expires_in=1799)

    @on("GET", TABLE)
    def search(self, received: Received) -> Answer:
        asked = query(received)
        found = [one for one in self.things.values() if _matches(one.fields, asked.get("sysparm_query", ""))]
        found = found[: int(asked.get("sysparm_limit", "10000"))]
        return Answer(body={"result": [_shown(one.fields, asked) for one in found]})

    @on("POST", TABLE)
    def create(self, received: Received) -> Answer:
        given = _fields(received)
        number, serial = hexadecimal(self.serial(), 32), self.serial()
        fields = {"sys_id": number, "number": f"INC{serial:07}", "state": "1", "active": "true", **given}
        thing = self.add(number, fields, f"{given.get('short_description', '')}\n{given.get('description', '')}")
        _journal(thing, given)
        return Answer(201, {"Location": f"{received.path}/{number}"}, {"result": _shown(fields, query(received))})

    @on("GET", f"{TABLE}/(?P<number>[^/]+)")
    def read(self, received: Received, number: str) -> Answer:
        return Answer(body={"result": _shown(self.at(number).fields, query(received))})

    @on("PATCH", f"{TABLE}/(?P<number>[^/]+)")
    def change(self, received: Received, number: str) -> Answer:
        thing, given = self.at(number), _fields(received)
        told = {**thing.fields, **given}
        if given.get("state") in {"6", "7"} and not (told.get("close_code") and told.get("close_notes")):
            return _no(403, "Operation Failed", "Data Policy Exception: close_code and close_notes are mandatory")
        self._set(thing, given)
        _journal(thing, given)
        return Answer(body={"result": _shown(thing.fields, query(received))})

    def _set(self, thing: Thing, given: dict[str, str], by: Person = US) -> None:
        """What is set, and what the instance sets by itself then."""
        if given.get("state") == "6" != thing.fields["state"]:
            thing.fields |= {"resolved_by": by.number, "resolved_at": f"{self.now().astimezone(UTC):{SECONDS}}"}
        thing.fields.update(given)
        thing.fields["active"] = "false" if thing.fields["state"] in {"7", "8"} else "true"


def _fields(received: Received) -> dict[str, Any]:
    given = body(received)
    if not isinstance(given, dict) or not given or not all(isinstance(value, str) for value in given.values()):
        raise Refusal(_no(400, "Exception while reading request", "The payload is not valid"))
    if len(given.get("correlation_id", "")) > 100:
        given["correlation_id"] = given["correlation_id"][:100]
    return given


def _journal(thing: Thing, given: dict[str, str]) -> None:
    for name in sorted(JOURNALS & given.keys()):
        thing.say(given[name])
        thing.fields[name] = ""


def _matches(fields: dict[str, Any], asked: str) -> bool:
    """An encoded query. A part that is not understood is ignored, as ServiceNow does."""
    for part in asked.split("^"):
        found = re.fullmatch(r"(\w+)(=|!=|IN)(.*)", part, re.DOTALL)
        if found is None or found[1] not in {*fields, "correlation_id"}:
            continue
        value, wanted = str(fields.get(found[1], "")), found[3]
        holds = value in wanted.split(",") if found[2] == "IN" else (value == wanted) is (found[2] == "=")
        if not holds:
            return False
    return True


def _shown(fields: dict[str, Any], asked: dict[str, str]) -> dict[str, Any]:
    names = [name for name in asked.get("sysparm_fields", "").split(",") if name] or list(fields)
    shown: dict[str, Any] = {}
    for name in names:
        value = fields.get(name, "")
        label = _label(name, value)
        match asked.get("sysparm_display_value"):
            case "true":
                shown[name] = label
            case "all":
                shown[name] = {"value": value, "display_value": label}
            case _:
                shown[name] = value
    return shown


def _label(name: str, value: str) -> str:
    """As people see it: times as the account that asks has them, six hours behind."""
    if name == "resolved_at" and value:
        return f"{datetime.fromisoformat(value) - timedelta(hours=6):{SECONDS}}"
    if name in {"assigned_to", "resolved_by"} and value:
        return PEOPLE[value].name
    return LABELS.get(value, value) if name == "state" else value


def _no(status: int, message: str, detail: str) -> Answer:
    return Answer(status, body={"error": {"message": message, "detail": detail}, "status": "failure"})
