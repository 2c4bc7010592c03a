"""Freshdesk: tickets and notes. The search lags behind what was created."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from tests.fakes.pretend.people import PEOPLE, Peopled, Person
from tests.fakes.pretend.service import Refusal, Thing, basic, body, on, query, stamp
from tests.fakes.receiver import Answer, Received

KEY = "q7Zs81LmPw03KxVt5RyU"
STATUSES = {2: "open", 3: "acknowledged", 4: "resolved", 5: "resolved"}
LAG = timedelta(minutes=3)
FIELDS = {
    "email", "name", "phone", "requester_id", "unique_external_id", "subject", "description", "status", "priority",
    "source", "tags", "custom_fields", "group_id", "responder_id", "cc_emails", "due_by", "fr_due_by", "product_id",
    "company_id", "type",
}  # fmt: skip
WHO = {"email", "phone", "requester_id", "unique_external_id", "twitter_id", "facebook_id"}
INTEGERS = {"status", "priority", "source", "group_id", "responder_id", "product_id", "company_id"}


class Freshdesk(Peopled):
    key = "freshdesk"

    def begin(self) -> None:
        super().begin()
        self.public: list[str] = []

    def standing(self, thing: Thing) -> str:
        return STATUSES[thing.fields["status"]]

    def done_by(self, person: Person, thing: Thing, standing: str) -> None:
        taken = {"status": 3, "responder_id": int(person.number)}
        thing.fields |= taken if standing == "acknowledged" else {"status": 4}
        self.moved(thing, person)

    def amiss(self) -> list[str]:
        return super().amiss() + [f"a note that the requester sees: {one}" for one in self.public]

    def let_in(self, received: Received) -> None:
        if basic(received)[0] != KEY:
            raise Refusal(self.unknown_caller())

    def unknown_caller(self) -> Answer:
        return Answer(401, body={"code": "invalid_credentials", "message": "You have to be logged in."})

    def not_found(self) -> Answer:
        return Answer(404, body="")

    def too_many(self, wait: str) -> Answer:
        return Answer(429, {"Retry-After": wait}, {"message": "You have exceeded the limit of requests per hour"})

    @on("GET", "/api/v2/agents/me")
    def me(self, received: Received) -> Answer:
        return Answer(body={"id": 1, "contact": {"name": "Dispatch", "email": "dispatch@northside.example"}})

    @on("GET", r"/api/v2/agents/(?P<number>\d+)")
    def agent(self, received: Received, number: str) -> Answer:
        if number not in PEOPLE:
            return self.not_found()
        return Answer(body={"id": int(number), "contact": {"name": PEOPLE[number].name}})

    @on("GET", "/api/v2/tickets")
    def listed(self, received: Received) -> Answer:
        asked = query(received)
        orders = {"created_at", "due_by", "updated_at", "status"}
        if asked.get("order_by", "created_at") not in orders or not 1 <= int(asked.get("per_page", "30")) <= 100:
            return _no("order_by", "It should be one of these values", "invalid_value")
        changed = {one.id: stamp(self.moved_at(one)) for one in self.things.values()}
        found = [one for one in self.things.values() if changed[one.id] >= asked.get("updated_since", "")]
        if asked.get("order_by") == "updated_at":
            found.sort(key=lambda one: changed[one.id], reverse=asked.get("order_type") != "asc")
        size = int(asked.get("per_page", "30"))
        begin = (int(asked.get("page", "1")) - 1) * size
        return Answer(body=[self._shown(one) for one in found[begin : begin + size]])

    @on("GET", "/api/v2/search/tickets")
    def search(self, received: Received) -> Answer:
        asked = query(received).get("query", "")
        wanted = re.fullmatch(r"\"tag:'([^']+)'(?: AND .*)?\"", asked)
        if wanted is None or len(asked) > 512:
            return _no("query", "Given query is invalid", "invalid_value")
        old = [one for one in self.things.values() if self.now() - one.born >= LAG]
        found = [self._shown(one) for one in old if wanted[1] in one.fields.get("tags", [])]
        return Answer(body={"total": len(found), "results": found})

    @on("POST", "/api/v2/tickets")
    def create(self, received: Received) -> Answer:
        given = _fields(received)
        if not WHO & given.keys() or ("phone" in given and "name" not in given and "email" not in given):
            return _no("email", "It should be a requester", "missing_field")
        for name in ("subject", "description"):
            if not given.get(name):
                return _no(name, "It should not be blank", "missing_field")
        number, words = str(self.serial()), f"{given['subject']}\n{given['description']}"
        thing = self.add(number, {"status": 2, "priority": 1, **given}, words)
        return Answer(201, {"Location": f"/api/v2/tickets/{number}"}, self._shown(thing))

    @on("GET", r"/api/v2/tickets/(?P<number>\d+)")
    def read(self, received: Received, number: str) -> Answer:
        return Answer(body=self._shown(self.at(number)))

    @on("PUT", r"/api/v2/tickets/(?P<number>\d+)")
    def change(self, received: Received, number: str) -> Answer:
        thing = self.at(number)
        thing.fields.update(_fields(received))
        self.moved(thing)
        return Answer(body=self._shown(thing))

    @on("POST", r"/api/v2/tickets/(?P<number>\d+)/notes")
    def note(self, received: Received, number: str) -> Answer:
        thing, given = self.at(number), body(received)
        if not given.get("body") or given.keys() - {"body", "private", "notify_emails", "incoming", "user_id"}:
            return _no("body", "It should not be blank", "missing_field")
        thing.say(given["body"])
        if not given.get("private", True):
            self.public.append(given["body"])
        return Answer(201, body={"id": self.serial(), "ticket_id": int(number), "body": given["body"]})

    def _shown(self, thing: Thing) -> dict[str, Any]:
        times = {"created_at": stamp(thing.born), "updated_at": stamp(self.moved_at(thing))}
        return {"id": int(thing.id), "responder_id": None, **times, **thing.fields}


def _fields(received: Received) -> dict[str, Any]:
    given = body(received)
    if not isinstance(given, dict) or not given:
        raise Refusal(Answer(400, body={"code": "invalid_json", "message": "Request body has invalid json format"}))
    for name, value in given.items():
        if name not in FIELDS:
            raise Refusal(_no(name, "Unexpected/invalid field in request", "invalid_field"))
        if name in INTEGERS and type(value) is not int:
            raise Refusal(_no(name, "It should be of type Integer", "datatype_mismatch"))
    if len(given.get("subject", "")) > 255 or any(len(tag) > 32 for tag in given.get("tags", [])):
        raise Refusal(_no("subject", "It should not be more than 255 characters", "invalid_value"))
    if given.get("status", 2) not in STATUSES or given.get("priority", 1) not in {1, 2, 3, 4}:
        raise Refusal(_no("status", "It should be one of these values: '2,3,4,5'", "invalid_value"))
    return given


def _no(field: str, message: str, code: str) -> Answer:
    errors = [{"field": field, "message": message, "code": code}]
    return Answer(400, body={"description": "Validation failed", "errors": errors})
