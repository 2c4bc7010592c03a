"""Intercom: tickets of a kind, with states of the workspace's own; conversations, closed by an admin."""

from __future__ import annotations

from typing import Any

from tests.fakes.pretend.service import Refusal, Service, Thing, bearer, body, on
from tests.fakes.receiver import Answer, Received

TOKEN = "dG9rOnE3WnM4MUxtUHcwM0t4VnQ1UnlVZUhuZF9iNVlzOERm"
TICKET_TYPE, ADMIN, CONTACT = "1234", "12", "667d60a98a68186f43bafd6d"
SUBMITTED, IN_PROGRESS, RESOLVED = "101", "102", "104"
STATES = {SUBMITTED: "submitted", IN_PROGRESS: "in_progress", "103": "waiting_on_customer", RESOLVED: "resolved"}
STANDINGS = {SUBMITTED: "open", IN_PROGRESS: "acknowledged", "103": "acknowledged", RESOLVED: "resolved"}


class Intercom(Service):
    key = "intercom"

    def standing(self, thing: Thing) -> str:
        if thing.fields["kind"] == "ticket":
            return STANDINGS[thing.fields["state"]]
        taken = "acknowledged" if thing.fields.get("assigned") else "open"
        return taken if thing.fields["open"] else "resolved"

    def let_in(self, received: Received) -> None:
        if bearer(received) != TOKEN:
            raise Refusal(self.unknown_caller())
        if "json" not in received.headers.get("accept", ""):
            raise Refusal(_no(406, "media_type_not_acceptable", "The Accept header should send a media type JSON"))

    def unknown_caller(self) -> Answer:
        return _no(401, "unauthorized", "Access Token Invalid")

    def not_found(self) -> Answer:
        return _no(404, "not_found", "Resource Not Found")

    def too_many(self, wait: str) -> Answer:
        reset = str(int(self.now().timestamp()) + 7)
        said = _no(429, "rate_limit_exceeded", "You have exceeded the rate limit.")
        return Answer(429, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}, said.body)

    @on("GET", "/me")
    def me(self, received: Received) -> Answer:
        return Answer(body={"type": "admin", "id": ADMIN, "name": "Dispatch", "app": {"region": "US"}})

    @on("POST", "/tickets")
    def create(self, received: Received) -> Answer:
        given = body(received)
        told = given.get("ticket_attributes", {})
        if given.get("ticket_type_id") != TICKET_TYPE or not told.get("_default_title_"):
            return _no(400, "parameter_invalid", "Ticket type or title is not valid")
        contacts = given.get("contacts", [])
        if len(contacts) != 1 or not contacts[0].keys() & {"id", "external_id", "email"}:
            return _no(400, "parameter_invalid", "One contact is needed")
        number = str(self.serial())
        fields = {"kind": "ticket", "state": given.get("ticket_state_id", SUBMITTED), "open": True, **told}
        thing = self.add(number, fields, f"{told['_default_title_']}\n{told.get('_default_description_', '')}")
        return Answer(body=_ticket(thing))

    @on("GET", "/tickets/(?P<number>[^/]+)")
    def read(self, received: Received, number: str) -> Answer:
        return Answer(body=_ticket(self.at(number)))

    @on("PUT", "/tickets/(?P<number>[^/]+)")
    def change(self, received: Received, number: str) -> Answer:
        thing, given = self.at(number), body(received)
        state = given.get("ticket_state_id", thing.fields["state"])
        if state not in STATES:
            return _no(400, "parameter_invalid", "ticket_state_id is not valid")
        thing.fields.update(state=state, open=given.get("open", thing.fields["open"]))
        told = given.get("ticket_attributes", {})
        if told:
            thing.fields.update(told)
            thing.log.append("\n".join(str(value) for value in told.values()))
        return Answer(body=_ticket(thing))

    @on("POST", "/(?:tickets|conversations)/(?P<number>[^/]+)/reply")
    def reply(self, received: Received, number: str) -> Answer:
        thing, given = self.at(number), body(received)
        right = given.get("message_type") in {"note", "comment"} and given.get("type") == "admin"
        if not right or str(given.get("admin_id")) != ADMIN or not given.get("body"):
            return _no(400, "parameter_invalid", "The reply is not valid")
        thing.say(given["body"])
        return Answer(body={"type": "ticket_part", "id": str(self.serial()), "part_type": given["message_type"]})

    @on("POST", "/conversations")
    def talk(self, received: Received) -> Answer:
        given = body(received)
        who = given.get("from", {})
        if who.get("id") != CONTACT or who.get("type") not in {"lead", "user", "contact"}:
            return _no(404, "not_found", "User Not Found")
        number = str(5000 + self.serial())
        self.add(number, {"kind": "conversation", "open": True}, given.get("body", ""))
        return Answer(body={"type": "user_message", "id": str(self.serial()), "conversation_id": number})

    @on("GET", "/conversations/(?P<number>[^/]+)")
    def conversation(self, received: Received, number: str) -> Answer:
        return Answer(body=_conversation(self.at(number)))

    @on("POST", "/conversations/(?P<number>[^/]+)/parts")
    def part(self, received: Received, number: str) -> Answer:
        thing, given = self.at(number), body(received)
        if str(given.get("admin_id")) != ADMIN:
            return _no(400, "parameter_invalid", "admin_id is not valid")
        match given.get("message_type"):
            case "close":
                thing.fields["open"] = False
            case "open":
                thing.fields["open"] = True
            case "assignment":
                thing.fields["assigned"] = given.get("assignee_id")
            case _:
                return _no(400, "parameter_invalid", "message_type is not valid")
        if given.get("body"):
            thing.say(given["body"])
        return Answer(body=_conversation(thing))


def _ticket(thing: Thing) -> dict[str, Any]:
    state = {"type": "ticket_state", "id": thing.fields["state"], "category": STATES[thing.fields["state"]]}
    return {"type": "ticket", "id": thing.id, "ticket_id": f"7{thing.id}", "ticket_state": state,
            "open": thing.fields["open"]}  # fmt: skip


def _conversation(thing: Thing) -> dict[str, Any]:
    is_open = thing.fields["open"]
    return {"type": "conversation", "id": thing.id, "open": is_open, "state": "open" if is_open else "closed",
            "admin_assignee_id": thing.fields.get("assigned")}  # fmt: skip


def _no(status: int, code: str, message: str) -> Answer:
    errors = [{"code": code, "message": message}]
    return Answer(status, body={"type": "error.list", "request_id": "1", "errors": errors})
