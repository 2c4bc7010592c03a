"""Zendesk: tickets with an external id, and keys that make creating one harmless to repeat."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.fakes.pretend.people import PEOPLE, US, Peopled, Person
from tests.fakes.pretend.service import Refusal, Thing, basic, bearer, body, form, on, query, stamp
from tests.fakes.receiver import Answer, Received

EMAIL, TOKEN = "dispatch@northside.example", "b5Ys8Df1Gh3Tp6UtW4Qx9LmZr2Kc7VbNjq7Zs81L"
CLIENT_ID, CLIENT_SECRET = "dispatchwatch", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
STATUSES = {
    "new": "open", "open": "acknowledged", "pending": "acknowledged", "hold": "acknowledged",
    "solved": "resolved", "closed": "resolved",
}  # fmt: skip
PRIORITIES = {"urgent", "high", "normal", "low", None}
KEPT = timedelta(hours=2)
MOST_SHOWN = 100


class Zendesk(Peopled):
    key = "zendesk"

    def begin(self) -> None:
        super().begin()
        self.kept: dict[str, tuple[Received, Answer, Any]] = {}
        self.public: list[str] = []
        """Comments that the requester was mailed."""
        self.touched: dict[tuple[str, str], datetime] = {}
        """When a ticket was last changed, by each person."""

    def standing(self, thing: Thing) -> str:
        return STATUSES[thing.fields["status"]]

    def done_by(self, person: Person, thing: Thing, standing: str) -> None:
        """What nobody had taken on belongs to whoever solves it."""
        is_taken = standing == "acknowledged" or not thing.fields.get("assignee_id")
        thing.fields |= {"status": "open" if standing == "acknowledged" else "solved"}
        thing.fields |= {"assignee_id": int(person.number)} if is_taken else {}
        self.moved(thing, person)

    def assigned_by_rule(self, person: Person, thing: Thing) -> None:
        """A trigger gives it to somebody, who has not seen it yet; what is assigned is no longer new."""
        thing.fields |= {"status": "open", "assignee_id": int(person.number)}

    def amiss(self) -> list[str]:
        return super().amiss() + [f"a comment that the requester is mailed: {one}" for one in self.public]

    def moved(self, thing: Thing, person: Person = US) -> None:
        super().moved(thing, person)
        self.touched[thing.id, person.number] = self.now()

    def let_in(self, received: Received) -> None:
        if basic(received) != (f"{EMAIL}/token", TOKEN) and not self.spend(bearer(received)):
            raise Refusal(self.unknown_caller())

    def unknown_caller(self) -> Answer:
        return Answer(401, body={"error": "Couldn't authenticate you"})

    def not_found(self) -> Answer:
        return Answer(404, body={"error": "RecordNotFound", "description": "Not found"})

    def too_many(self, wait: str) -> Answer:
        return Answer(429, {"Retry-After": wait}, {"error": "APIRateLimitExceeded", "description": "Too many requests"})

    @on("POST", "/oauth/tokens", free=True)
    def token(self, received: Received) -> Answer:
        given = body(received) or form(received)
        if (given.get("client_id"), given.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return Answer(401, body={"error": "invalid_client", "error_description": "Client authentication failed"})
        return self.issue(scope=given.get("scope", ""))

    @on("GET", "/api/v2/users/me(?:.json)?")
    def me(self, received: Received) -> Answer:
        return Answer(body={"user": {"id": 7, "name": "Dispatch", "role": "agent", "email": EMAIL}})

    @on("GET", "/api/v2/tickets/count(?:.json)?")
    def count(self, received: Received) -> Answer:
        return Answer(body={"count": {"value": len(self.things), "refreshed_at": stamp(self.now())}})

    @on("GET", "/api/v2/tickets(?:.json)?")
    def search(self, received: Received) -> Answer:
        wanted = query(received).get("external_id")
        found = [one for one in self.things.values() if wanted is None or one.fields.get("external_id") == wanted]
        return Answer(body={"tickets": [_shown(one) for one in found], "count": len(found)})

    @on("GET", "/api/v2/tickets/show_many(?:.json)?")
    def show_many(self, received: Received) -> Answer:
        asked = query(received)
        ids, more = asked.get("ids", "").split(","), asked.get("include", "").split(",")
        if len(ids) > MOST_SHOWN:
            return Answer(400, body={"error": "TooManyIds", "description": "Too many ids"})
        found = [self.things[one] for one in ids if one in self.things]
        people = {str(one.fields["assignee_id"]) for one in found if one.fields.get("assignee_id")}
        beside = {
            "users": [{"id": int(one), "name": PEOPLE[one].name} for one in sorted(people)],
            "metric_sets": [self._metrics(one) for one in found],
        }
        told = {"tickets": [_shown(one) for one in found], "count": len(found)}
        return Answer(body={**told, **{name: rows for name, rows in beside.items() if name in more}})

    @on("POST", "/api/v2/tickets(?:.json)?")
    def create(self, received: Received) -> Answer:
        name = received.headers.get("idempotency-key", "")
        before = self.kept.get(name)
        if name and before is not None and self.now() - before[2] < KEPT:
            if before[0].body != received.body:
                return Answer(400, body={"error": "IdempotentRequestError", "description": "Another body, same key"})
            return Answer(before[1].status, {**before[1].headers, "x-idempotency-lookup": "hit"}, before[1].body)
        answer = self._created(_ticket(received))
        if name and answer.status == 201:
            self.kept[name] = received, answer, self.now()
        return answer

    @on("GET", r"/api/v2/tickets/(?P<number>\d+)(?:.json)?")
    def read(self, received: Received, number: str) -> Answer:
        return Answer(body={"ticket": _shown(self.at(number))})

    @on("PUT", r"/api/v2/tickets/(?P<number>\d+)(?:.json)?")
    def change(self, received: Received, number: str) -> Answer:
        thing, given = self.at(number), _ticket(received)
        if thing.fields["status"] == "closed":
            return _invalid("status", "Status: closed prevents ticket update")
        self._write(thing, given.pop("comment", None))
        thing.fields.update(given)
        self.moved(thing)
        return Answer(body={"ticket": _shown(thing), "audit": {"id": self.serial(), "ticket_id": int(number)}})

    def _created(self, given: dict[str, Any]) -> Answer:
        comment = given.pop("comment", {})
        words = comment.get("body") or comment.get("html_body")
        if not words:
            return _invalid("base", "Description: cannot be blank")
        number = str(self.serial())
        thing = self.add(number, {"status": "new", **given}, f"{given.get('subject', '')}\n{words}")
        if comment.get("public", True):
            self.public.append(words)
        return Answer(201, {"Location": f"/api/v2/tickets/{number}.json"}, {"ticket": _shown(thing)})

    def _metrics(self, thing: Thing) -> dict[str, Any]:
        touched = self.touched.get((thing.id, str(thing.fields.get("assignee_id"))))
        return {
            "ticket_id": int(thing.id),
            "assignee_updated_at": stamp(touched) if touched else None,
            "created_at": stamp(thing.born),
        }

    def _write(self, thing: Thing, comment: dict[str, Any] | None) -> None:
        if comment is None:
            return
        words = comment.get("body") or comment.get("html_body") or ""
        thing.say(words)
        if comment.get("public", True):
            self.public.append(words)


def _ticket(received: Received) -> dict[str, Any]:
    given = body(received).get("ticket")
    if not isinstance(given, dict):
        raise Refusal(Answer(400, body={"error": "Unprocessable", "message": "ticket is missing"}))
    if given.get("priority") not in PRIORITIES or given.get("status", "new") not in STATUSES:
        raise Refusal(_invalid("priority", "Priority or status is not valid"))
    return dict(given)


def _shown(thing: Thing) -> dict[str, Any]:
    return {"id": int(thing.id), "updated_at": stamp(thing.born), "assignee_id": None, **thing.fields}


def _invalid(field: str, why: str) -> Answer:
    details = {field: [{"description": why, "error": "Invalid"}]}
    return Answer(422, body={"error": "RecordInvalid", "description": "Record validation errors", "details": details})
