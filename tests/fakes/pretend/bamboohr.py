"""BambooHR: rows in a table of an employee. A row that was added is not named in the answer."""

from __future__ import annotations

from typing import Any

from tests.fakes.pretend.service import Refusal, Service, Thing, basic, body, on
from tests.fakes.receiver import Answer, Received

KEY = "b5c8d1f3a6e4c9d2b7a5e8f1c3d6a9b2c5d8e1f4"
TABLE, EMPLOYEE = "customAttendanceexceptions", "57"
COLUMNS = {"date", "customMinuteslate", "customJob", "customAlertID", "customStatus", "customNote"}
STATUSES = {"Open": "open", "Acknowledged": "acknowledged", "Resolved": "resolved"}
ROWS = r"/api/v1(?:_1)?/employees/(?P<employee>\w+)/tables/(?P<table>\w+)"


class BambooHR(Service):
    key = "bamboohr"

    def standing(self, thing: Thing) -> str:
        return STATUSES[thing.fields["customStatus"]]

    def let_in(self, received: Received) -> None:
        if basic(received)[0] != KEY:
            raise Refusal(self.unknown_caller())

    def unknown_caller(self) -> Answer:
        return _no(401, "")

    def not_found(self) -> Answer:
        return _no(404, "Employee or table not found")

    def too_many(self, wait: str) -> Answer:
        return Answer(429, {"Retry-After": wait}, "")

    @on("GET", "/api/v1/company_information")
    def company(self, received: Received) -> Answer:
        return _as_asked(received, {"legalName": "Northside Compressor Service"})

    @on("GET", "/api/v1/meta/tables")
    def tables(self, received: Received) -> Answer:
        fields = [{"id": number, "name": one, "alias": one, "type": "text"} for number, one in enumerate(COLUMNS)]
        return _as_asked(received, [{"alias": TABLE, "fields": fields}])

    @on("GET", "/api/v1/employees/directory")
    def directory(self, received: Received) -> Answer:
        return _as_asked(received, {"fields": [], "employees": [{"id": EMPLOYEE, "displayName": "J. Ortiz"}]})

    @on("GET", ROWS)
    def rows(self, received: Received, employee: str, table: str) -> Answer:
        _place(employee, table, reads=True)
        rows = [{"id": one.id, "employeeId": EMPLOYEE, **one.fields} for one in self.things.values()]
        return _as_asked(received, rows)

    @on("POST", ROWS)
    def add_row(self, received: Received, employee: str, table: str) -> Answer:
        _place(employee, table)
        given = _columns(received)
        words = "\n".join(str(value) for value in given.values())
        self.add(str(self.serial()), {"customStatus": "", **given}, words)
        return Answer(200, body="")

    @on("POST", rf"{ROWS}/(?P<number>\d+)")
    def change_row(self, received: Received, employee: str, table: str, number: str) -> Answer:
        _place(employee, table)
        thing, given = self.at(number), _columns(received)
        thing.fields.update(given)
        if given.get("customNote"):
            thing.say(given["customNote"])
        return Answer(200, body="")


def _place(employee: str, table: str, *, reads: bool = False) -> None:
    if employee not in ({EMPLOYEE, "all"} if reads else {EMPLOYEE}) or table != TABLE:
        raise Refusal(_no(404, "Employee or table not found"))


def _columns(received: Received) -> dict[str, Any]:
    given = body(received)
    if not isinstance(given, dict) or not given or given.keys() - COLUMNS:
        raise Refusal(_no(400, "Malformed JSON, or a column that is not there"))
    if given.get("customStatus", "Open") not in STATUSES:
        raise Refusal(_no(406, "Invalid value for customStatus"))
    return given


def _as_asked(received: Received, told: object) -> Answer:
    if "json" not in received.headers.get("accept", ""):
        return Answer(200, {"Content-Type": "text/xml"}, "<?xml version='1.0'?><list/>")
    return Answer(body=told)


def _no(status: int, why: str) -> Answer:
    return Answer(status, {"X-BambooHR-Error-Message": why} if why else {}, "")
