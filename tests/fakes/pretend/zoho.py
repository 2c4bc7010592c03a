"""Zoho CRM: cases and notes. What was wrong with a record stands beside the record, whatever the status says."""

from __future__ import annotations

from typing import Any

from tests.fakes.pretend.people import US, Peopled, Person
from tests.fakes.pretend.service import Refusal, Thing, bearer, body, form, on, query, stamp
from tests.fakes.receiver import Answer, Received

CLIENT_ID, CLIENT_SECRET = "1000.Q7ZS81LMPW03KXVT5RYUEHND", "b5c8d1f3a6e4c9d2b7a5e8f1c3d6a9b2c5d8e1f4aa"
REFRESH_TOKEN = "1000.0123456789abcdef0123456789abcdef.fedcba9876543210fedcba9876543210"
UNIQUE = "DW_Alert_ID"
STATUSES = {
    "New": "open", "On Hold": "acknowledged", "In Progress": "acknowledged", "Escalated": "acknowledged",
    "Closed": "resolved",
}  # fmt: skip
FIELDS = {
    "Subject", "Status", "Case_Origin", "Priority", "Type", "Case_Reason", "Description", "Email", "Phone",
    "Reported_By", "Related_To", "Account_Name", "Internal_Comments", "Owner", UNIQUE,
}  # fmt: skip
LONGEST = {"Subject": 255, "Description": 32_000, UNIQUE: 255}
MOST_LISTED = 100
API = r"/crm/v8"


class Zoho(Peopled):
    key = "zoho"

    def standing(self, thing: Thing) -> str:
        return STATUSES[thing.fields["Status"]]

    def done_by(self, person: Person, thing: Thing, standing: str) -> None:
        self._write(thing, {"Status": "On Hold" if standing == "acknowledged" else "Closed"}, person)

    def let_in(self, received: Received) -> None:
        if not self.spend(bearer(received, "Zoho-oauthtoken")):
            raise Refusal(self.unknown_caller())

    def unknown_caller(self) -> Answer:
        return _no(401, "INVALID_TOKEN", "invalid oauth token")

    def not_found(self) -> Answer:
        return _no(404, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one")

    def trouble(self) -> Answer:
        return _no(500, "INTERNAL_ERROR", "Internal Server Error")

    def too_many(self, wait: str) -> Answer:
        return _no(429, "TOO_MANY_REQUESTS", "Too many requests")

    @on("POST", "/oauth/v2/token", free=True)
    def token(self, received: Received) -> Answer:
        wanted = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN}
        if form(received) != {"grant_type": "refresh_token", **wanted}:
            return Answer(200, body={"error": "invalid_code"})
        return self.issue(api_domain="https://www.zohoapis.com")

    @on("GET", f"{API}/org")
    def org(self, received: Received) -> Answer:
        return Answer(body={"org": [{"company_name": "Northside Compressor Service"}]})

    @on("GET", f"{API}/Cases")
    def listed(self, received: Received) -> Answer:
        asked = query(received)
        if "fields" not in asked:
            return _no(400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing")
        ids, names = asked.get("ids", "").split(","), asked["fields"].split(",")
        if len(ids) > MOST_LISTED:
            return _no(400, "LIMIT_REACHED", "ids: 100 at most")
        found = [self._record(self.things[one], names) for one in ids if one in self.things]
        return Answer(body={"data": found, "info": {"count": len(found)}}) if found else Answer(204, body="")

    @on("POST", f"{API}/Cases")
    def create(self, received: Received) -> Answer:
        return self._each(received, upserts=False)

    @on("POST", f"{API}/Cases/upsert")
    def upsert(self, received: Received) -> Answer:
        return self._each(received, upserts=body(received).get("duplicate_check_fields") == [UNIQUE])

    @on("GET", f"{API}/Cases/search")
    def search(self, received: Received) -> Answer:
        found = [one for one in self.things.values() if one.fields.get(UNIQUE, "-") in received.target]
        return Answer(body={"data": [_shown(one) for one in found]}) if found else Answer(204, body="")

    @on("GET", rf"{API}/Cases/(?P<number>\d+)")
    def read(self, received: Received, number: str) -> Answer:
        if number not in self.things:
            return Answer(204, body="")
        return Answer(body={"data": [_shown(self.things[number])]})

    @on("PUT", rf"{API}/Cases/(?P<number>\d+)")
    def change(self, received: Received, number: str) -> Answer:
        (record,) = _records(received)
        if number not in self.things:
            return _per_record(400, _wrong("INVALID_DATA", "the id given seems to be invalid"))
        wrong = _problem(record, new=False)
        if wrong:
            return _per_record(202, wrong)
        self._write(self.things[number], record)
        return _per_record(200, _good(number, "record updated"))

    @on("POST", f"{API}/Notes")
    def note(self, received: Received) -> Answer:
        (record,) = _records(received)
        place = record.get("Parent_Id", {})
        if place.get("module", {}).get("api_name") != "Cases" or place.get("id") not in self.things:
            return _per_record(202, _wrong("INVALID_DATA", "the related id given seems to be invalid"))
        if not record.get("Note_Content"):
            return _per_record(202, _wrong("MANDATORY_NOT_FOUND", "required field not found"))
        self.things[place["id"]].say(f"{record.get('Note_Title', '')}\n{record['Note_Content']}")
        return _per_record(201, _good(str(self.serial()), "record added"))

    def _each(self, received: Received, *, upserts: bool) -> Answer:
        (record,) = _records(received)
        wrong = _problem(record, new=True)
        if wrong:
            return _per_record(202, wrong)
        found = next(
            (one for one in self.things.values() if UNIQUE in record and one.fields.get(UNIQUE) == record[UNIQUE]), None
        )
        if found is not None and not upserts:
            return _per_record(202, {**_wrong("DUPLICATE_DATA", "duplicate data"), "details": {"id": found.id}})
        if found is not None:
            self._write(found, record)
            return _per_record(
                200, {**_good(found.id, "record updated"), "action": "update", "duplicate_field": UNIQUE}
            )
        number = f"5000000{self.serial()}"
        self.add(number, record, f"{record['Subject']}\n{record.get('Description', '')}")
        more: dict[str, Any] = {"action": "insert", "duplicate_field": None} if upserts else {}
        return _per_record(200 if upserts else 201, {**_good(number, "record added"), **more})

    def _record(self, thing: Thing, names: list[str]) -> dict[str, Any]:
        by = self.mover(thing)
        changed = {"Modified_By": {"id": by.number, "name": by.name}, "Modified_Time": stamp(self.moved_at(thing))}
        known = {**thing.fields, **changed}
        return {"id": thing.id, **{name: known.get(name) for name in names}}

    def _write(self, thing: Thing, record: dict[str, Any], by: Person = US) -> None:
        self.moved(thing, by)
        words = f"{record.get('Subject', '')}\n{record.get('Description', '')}".strip()
        if words:
            thing.log.append(words)
        thing.fields.update(record)


def _records(received: Received) -> list[dict[str, Any]]:
    found = body(received).get("data")
    if not isinstance(found, list) or len(found) != 1:
        raise Refusal(_no(400, "MANDATORY_NOT_FOUND", "data"))
    return found


def _problem(record: dict[str, Any], *, new: bool) -> dict[str, Any]:
    """What is wrong with a record; empty where nothing is. Unknown fields are passed over in silence."""
    if new and not all(record.get(name) for name in ("Subject", "Status", "Case_Origin")):
        return _wrong("MANDATORY_NOT_FOUND", "required field not found")
    if record.get("Status", "New") not in STATUSES:
        return _wrong("INVALID_DATA", "invalid data")
    if any(len(record.get(name) or "") > longest for name, longest in LONGEST.items()):
        return _wrong("INVALID_DATA", "the value is too long")
    return {}


def _shown(thing: Thing) -> dict[str, Any]:
    return {"id": thing.id, **thing.fields}


def _good(number: str, message: str) -> dict[str, Any]:
    return {"code": "SUCCESS", "status": "success", "message": message, "details": {"id": number}}


def _wrong(code: str, message: str) -> dict[str, Any]:
    return {"code": code, "status": "error", "message": message, "details": {}}


def _per_record(status: int, told: dict[str, Any]) -> Answer:
    return Answer(status, body={"data": [told]})


def _no(status: int, code: str, message: str) -> Answer:
    return Answer(status, body=_wrong(code, message))
