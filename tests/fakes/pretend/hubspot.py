"""HubSpot: tickets in a pipeline, notes tied to them. Our id is a property that nothing else may share."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from tests.fakes.pretend.people import PEOPLE, Peopled, Person
from tests.fakes.pretend.service import Refusal, Thing, bearer, body, on, query, stamp
from tests.fakes.receiver import Answer, Received

TOKEN = "pat-na1-q7zs81lm-pw03-kxvt-5ryu-ehndb5ys8df1"
UNIQUE = "dw_alert_id"
STAGES = {"1": "open", "2": "acknowledged", "3": "acknowledged", "4": "resolved"}
LABELS = {"1": "New", "2": "Waiting on contact", "3": "Waiting on us", "4": "Closed"}
OBJECTS = r"/crm/(?:objects/[\w-]+|v3/objects)"
PROPERTIES = {
    "subject", "content", "hs_pipeline", "hs_pipeline_stage", "hs_ticket_priority", "hubspot_owner_id", UNIQUE,
}  # fmt: skip
LONGEST = 65_536
MOST_READ = 100
LAG = timedelta(seconds=10)


class HubSpot(Peopled):
    key = "hubspot"

    def begin(self) -> None:
        super().begin()
        self.notes: dict[str, str] = {}
        self.tied: set[str] = set()

    def standing(self, thing: Thing) -> str:
        return STAGES[thing.fields["hs_pipeline_stage"]]

    def done_by(self, person: Person, thing: Thing, standing: str) -> None:
        taken = {"hs_pipeline_stage": "3", "hubspot_owner_id": person.number}
        thing.fields |= taken if standing == "acknowledged" else {"hs_pipeline_stage": "4"}

    def let_in(self, received: Received) -> None:
        if bearer(received) != TOKEN:
            raise Refusal(self.unknown_caller())

    def unknown_caller(self) -> Answer:
        return _no(401, "INVALID_AUTHENTICATION", "Authentication credentials not found.")

    def not_found(self) -> Answer:
        return _no(404, "OBJECT_NOT_FOUND", "Object not found.")

    def too_many(self, wait: str) -> Answer:
        told = {"status": "error", "message": "You have reached your ten_secondly_rolling limit.",
                "errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING"}  # fmt: skip
        return Answer(429, {"Retry-After": wait}, told)

    @on("GET", r"/account-info/[\w-]+/details")
    def details(self, received: Received) -> Answer:
        return Answer(body={"portalId": 1042, "timeZone": "US/Central", "uiDomain": "app.hubspot.com"})

    @on("GET", r"/crm/pipelines/[\w-]+/tickets")
    def pipelines(self, received: Received) -> Answer:
        stages = [{"id": one, "label": LABELS[one], "displayOrder": 0, "metadata": {}} for one in STAGES]
        return Answer(body={"results": [{"id": "0", "label": "Support", "displayOrder": 0, "stages": stages}]})

    @on("GET", r"/crm/owners/[\w-]+/(?P<number>\d+)")
    def owner(self, received: Received, number: str) -> Answer:
        if number not in PEOPLE:
            return self.not_found()
        first, _, last = PEOPLE[number].name.partition(" ")
        return Answer(body={"id": number, "firstName": first, "lastName": last, "archived": False})

    @on("POST", f"{OBJECTS}/tickets/batch/read")
    def read_many(self, received: Received) -> Answer:
        given = body(received)
        ids, names = [one["id"] for one in given["inputs"]], given.get("properties", [])
        if not 0 < len(ids) <= MOST_READ:
            return _no(400, "VALIDATION_ERROR", "inputs: between 1 and 100")
        shown = [_shown(self.things[one]) for one in ids if one in self.things]
        results = [{**one, "properties": {name: one["properties"].get(name) for name in names}} for one in shown]
        told = {"status": "COMPLETE", "results": results}
        lost = [one for one in ids if one not in self.things]
        errors = [{"status": "error", "category": "OBJECT_NOT_FOUND", "context": {"ids": lost}}]
        return Answer(207, body={**told, "numErrors": 1, "errors": errors}) if lost else Answer(body=told)

    @on("POST", f"{OBJECTS}/tickets")
    def create(self, received: Received) -> Answer:
        given = body(received)
        return Answer(201, body=_shown(self._created(_properties(given, new=True))))

    @on("POST", f"{OBJECTS}/tickets/batch/upsert")
    def upsert(self, received: Received) -> Answer:
        results = []
        for one in body(received).get("inputs", []):
            if one.get("idProperty") != UNIQUE:
                return _no(400, "VALIDATION_ERROR", f"{one.get('idProperty')} is not a unique property")
            found = self._ours(one["id"])
            given = {**_properties(one, new=found is None), UNIQUE: one["id"]}
            thing = self._created(given) if found is None else self._changed(found, given)
            results.append({**_shown(thing), "new": found is None})
        return Answer(200, body={"status": "COMPLETE", "results": results})

    @on("POST", f"{OBJECTS}/tickets/search")
    def search(self, received: Received) -> Answer:
        groups = body(received).get("filterGroups", [])
        wanted = {(one["propertyName"], one["value"]) for group in groups for one in group["filters"]}
        old = [one for one in self.things.values() if self.now() - one.born >= LAG]
        found = [one for one in old if all(one.fields.get(name) == value for name, value in wanted)]
        return Answer(body={"total": len(found), "results": [_shown(one) for one in found]})

    @on("GET", f"{OBJECTS}/tickets/(?P<number>[^/]+)")
    def read(self, received: Received, number: str) -> Answer:
        return Answer(body=_shown(self._addressed(received, number)))

    @on("PATCH", f"{OBJECTS}/tickets/(?P<number>[^/]+)")
    def change(self, received: Received, number: str) -> Answer:
        thing = self._addressed(received, number)
        return Answer(body=_shown(self._changed(thing, _properties(body(received)))))

    @on("POST", f"{OBJECTS}/notes")
    def note(self, received: Received) -> Answer:
        given = body(received)
        words = given.get("properties", {}).get("hs_note_body", "")
        if not 0 < len(words) <= LONGEST or not given["properties"].get("hs_timestamp"):
            return _no(400, "VALIDATION_ERROR", "Property values were not valid")
        number = str(9000 + self.serial())
        self.notes[number] = words
        for tie in given.get("associations", []):
            self.at(str(tie["to"]["id"])).say(words)
        return Answer(201, body={"id": number, "properties": given["properties"]})

    @on("PUT", f"{OBJECTS}/notes?/(?P<note>[^/]+)/associations/default/tickets?/(?P<number>[^/]+)")
    def tie(self, received: Received, note: str, number: str) -> Answer:
        thing = self.at(number)
        if note not in self.notes:
            return self.not_found()
        if note not in self.tied:
            self.tied.add(note)
            thing.say(self.notes[note])
        return Answer(body={"status": "COMPLETE", "results": []})

    def _addressed(self, received: Received, number: str) -> Thing:
        if "idProperty" not in query(received):
            return self.at(number)
        found = self._ours(number)
        if found is None:
            raise Refusal(self.not_found())
        return found

    def _ours(self, value: str) -> Thing | None:
        return next((one for one in self.things.values() if one.fields.get(UNIQUE) == value), None)

    def _created(self, given: dict[str, Any]) -> Thing:
        if given.get(UNIQUE) and self._ours(given[UNIQUE]):
            raise Refusal(_no(400, "VALIDATION_ERROR", f"{UNIQUE}: another object has this value already"))
        return self.add(str(self.serial()), given, f"{given.get('subject')}\n{given.get('content', '')}")

    def _changed(self, thing: Thing, given: dict[str, Any]) -> Thing:
        words = f"{given.get('subject', '')}\n{given.get('content', '')}".strip()
        if words:
            thing.log.append(words)
        thing.fields.update(given)
        return thing


def _properties(given: dict[str, Any], *, new: bool = False) -> dict[str, Any]:
    found = given.get("properties", {})
    unknown = found.keys() - PROPERTIES
    if unknown or not all(isinstance(value, str) and len(value) <= LONGEST for value in found.values()):
        raise Refusal(_no(400, "VALIDATION_ERROR", f"Property values were not valid: {sorted(unknown)}"))
    if new and not (found.get("subject") and found.get("hs_pipeline_stage")):
        raise Refusal(_no(400, "VALIDATION_ERROR", "subject and hs_pipeline_stage are required"))
    if found.get("hs_pipeline_stage", "1") not in STAGES or not re.fullmatch(r"\d+", found.get("hs_pipeline", "0")):
        raise Refusal(_no(400, "VALIDATION_ERROR", "hs_pipeline_stage was not one of the allowed options"))
    return dict(found)


def _shown(thing: Thing) -> dict[str, Any]:
    born = stamp(thing.born)
    return {"id": thing.id, "properties": thing.fields, "createdAt": born, "updatedAt": born, "archived": False}


def _no(status: int, category: str, message: str) -> Answer:
    return Answer(status, body={"status": "error", "message": message, "correlationId": "1", "category": category})
