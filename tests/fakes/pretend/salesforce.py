"""Salesforce: cases, and comments on them. A case can be addressed by a field of the office's own."""

from __future__ import annotations

import re
from datetime import UTC
from typing import Any

from tests.fakes.pretend.gmail import ASSERTION, claimed
from tests.fakes.pretend.people import PEOPLE, US, Peopled, Person
from tests.fakes.pretend.service import Refusal, Thing, bearer, body, form, on, query
from tests.fakes.receiver import Answer, Received

CLIENT_ID, CLIENT_SECRET = "3MVG9q7Zs81LmPw03KxVt5RyUeHnd", "D5Ys8Df1Gh3Tp6UtW4Qx9LmZr2Kc7VbNj"
HOST = "https://northside.my.salesforce.com"
EXTERNAL = "DW_Alert_Id__c"
STATUSES = {"New": "open", "Working": "acknowledged", "Escalated": "acknowledged", "Closed": "resolved"}
LONGEST = {"Subject": 255, "Description": 32_000, "SuppliedName": 80, "SuppliedEmail": 80, EXTERNAL: 255}
DATA = r"/services/data/v\d+\.0"
FIELDS = {
    "Subject", "Description", "Status", "Priority", "Origin", "Type", "Reason", "ContactId", "AccountId", "OwnerId",
    "SuppliedName", "SuppliedEmail", "SuppliedPhone", "SuppliedCompany", "Comments", EXTERNAL,
}  # fmt: skip


class Salesforce(Peopled):
    key = "salesforce"

    def standing(self, thing: Thing) -> str:
        return STATUSES[thing.fields["Status"]]

    def done_by(self, person: Person, thing: Thing, standing: str) -> None:
        if standing == "acknowledged":
            thing.fields["OwnerId"] = person.number
        self._write(thing, {"Status": "Working" if standing == "acknowledged" else "Closed"}, person)

    def let_in(self, received: Received) -> None:
        if not self.spend(bearer(received)):
            raise Refusal(self.unknown_caller())

    def unknown_caller(self) -> Answer:
        return _no(401, "INVALID_SESSION_ID", "Session expired or invalid")

    def not_found(self) -> Answer:
        return _no(404, "NOT_FOUND", "The requested resource does not exist")

    def trouble(self) -> Answer:
        return _no(500, "UNKNOWN_EXCEPTION", "An unexpected error occurred")

    def too_many(self, wait: str) -> Answer:
        return _no(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")

    @on("POST", "/services/oauth2/token", free=True)
    def token(self, received: Received) -> Answer:
        given = form(received)
        if given.get("grant_type") == ASSERTION:
            claims = claimed(given.get("assertion", ""))
            good = claims.get("iss") == CLIENT_ID and "salesforce.com" in claims.get("aud", "")
        else:
            good = (given.get("client_id"), given.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
        if not good:
            return Answer(400, body={"error": "invalid_grant", "error_description": "authentication failure"})
        answer = self.issue(instance_url=HOST)
        assert isinstance(answer.body, dict)
        return Answer(body={name: value for name, value in answer.body.items() if name != "expires_in"})

    @on("GET", f"{DATA}/(limits|sobjects/Case/describe)")
    def limits(self, received: Received) -> Answer:
        return Answer(body={"DailyApiRequests": {"Max": 15000, "Remaining": 14000}})

    @on("GET", f"{DATA}/query/?")
    def search(self, received: Received) -> Answer:
        asked = query(received).get("q", "")
        found = [one for one in self.things.values() if one.id in asked or f"'{one.fields.get(EXTERNAL)}'" in asked]
        columns = re.match(r"SELECT ([\w., ]+) FROM Case\b", asked)
        if columns is None:
            return _no(400, "MALFORMED_QUERY", "unexpected token")
        records = [self._record(one, columns[1].split(", ")) for one in found]
        return Answer(body={"totalSize": len(records), "done": True, "records": records})

    @on("POST", f"{DATA}/sobjects/Case")
    def create(self, received: Received) -> Answer:
        return self._created(_fields(received))

    @on("GET", f"{DATA}/sobjects/Case/(?P<number>500\\w{{12,15}})")
    def read(self, received: Received, number: str) -> Answer:
        return Answer(body={"Id": number, **self.at(number).fields})

    @on("GET", f"{DATA}/sobjects/Case/{EXTERNAL}/(?P<value>[^/]+)")
    def read_ours(self, received: Received, value: str) -> Answer:
        found = self._ours(value)
        return Answer(body={"Id": found.id, **found.fields}) if found else self.not_found()

    @on("PATCH", f"{DATA}/sobjects/Case/(?P<number>500\\w{{12,15}})")
    def change(self, received: Received, number: str) -> Answer:
        self._write(self.at(number), _fields(received))
        return Answer(204, body="")

    @on("PATCH", f"{DATA}/sobjects/Case/{EXTERNAL}/(?P<value>[^/]+)")
    def upsert(self, received: Received, value: str) -> Answer:
        given, found = _fields(received), self._ours(value)
        if EXTERNAL in given:
            return _no(400, "INVALID_FIELD", "The external id belongs in the address only")
        if found is None and query(received).get("updateOnly") == "true":
            return self.not_found()
        if found is None:
            return self._created({**given, EXTERNAL: value}, created=True)
        self._write(found, given)
        return Answer(200, body={"id": found.id, "success": True, "created": False, "errors": []})

    @on("POST", f"{DATA}/sobjects/CaseComment")
    def comment(self, received: Received) -> Answer:
        given = body(received)
        if len(given.get("CommentBody", "").encode()) > 4000 or not given.get("CommentBody"):
            return _no(400, "STRING_TOO_LONG", "Comment Body: data value too large")
        if given.get("ParentId") not in self.things:
            return _no(404, "ENTITY_IS_DELETED", "entity is deleted")
        self.things[given["ParentId"]].say(given["CommentBody"])
        return Answer(201, body={"id": f"00a{self.serial():015}", "success": True, "errors": []})

    def _created(self, given: dict[str, Any], **more: bool) -> Answer:
        number = f"500{self.serial():012}AAA"
        if given.get(EXTERNAL) and self._ours(given[EXTERNAL]):
            return _no(400, "DUPLICATE_VALUE", "duplicate value found")
        words = f"{given.get('Subject', '')}\n{given.get('Description', '')}"
        thing = self.add(number, {"Status": "New", "CaseNumber": f"0000{self.serial()}", **given}, words)
        if given.get("Comments"):
            thing.say(given["Comments"])
        return Answer(201, body={"id": number, "success": True, "errors": [], **more})

    def _ours(self, value: str) -> Thing | None:
        return next((one for one in self.things.values() if one.fields.get(EXTERNAL) == value), None)

    def _record(self, thing: Thing, columns: list[str]) -> dict[str, Any]:
        """What was asked for, and nothing else; what belongs to something else stands below its name."""
        closed = STATUSES[thing.fields["Status"]] == "resolved"
        at = f"{self.moved_at(thing).astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000+0000" if closed else None
        owner = PEOPLE.get(thing.fields.get("OwnerId", ""), US)
        known = {"Id": thing.id, "IsClosed": closed, "ClosedDate": at, **thing.fields}
        whole = {"Owner": {"Name": owner.name}, "LastModifiedBy": {"Name": self.mover(thing).name}}
        found: dict[str, Any] = {}
        for column in columns:
            place, _, name = column.partition(".")
            found[place] = {name: whole[place][name]} if name else known.get(column)
        return found

    def _write(self, thing: Thing, given: dict[str, Any], by: Person = US) -> None:
        self.moved(thing, by)
        words = f"{given.get('Subject', '')}\n{given.get('Description', '')}".strip()
        if words:
            thing.log.append(words)
        if given.get("Comments"):
            thing.say(given["Comments"])
        thing.fields.update(given)


def _fields(received: Received) -> dict[str, Any]:
    given = body(received)
    unknown = given.keys() - FIELDS
    if unknown or not given:
        raise Refusal(_no(400, "INVALID_FIELD", f"No such column {sorted(unknown)} on sobject of type Case"))
    for name, longest in LONGEST.items():
        if len(given.get(name) or "") > longest:
            raise Refusal(_no(400, "STRING_TOO_LONG", f"{name}: data value too large (max length={longest})"))
    if given.get("Status", "New") not in STATUSES:
        raise Refusal(_no(400, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", "Status: bad value"))
    return dict(given)


def _no(status: int, code: str, message: str) -> Answer:
    return Answer(status, body=[{"message": message, "errorCode": code, "fields": []}])
