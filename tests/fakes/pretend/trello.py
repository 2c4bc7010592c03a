"""Trello: cards on lists. It answers 200 where others answer 201, and says no in plain text."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.pretend.people import Peopled, Person
from tests.fakes.pretend.service import Refusal, Thing, body, hexadecimal, on, query, stamp
from tests.fakes.receiver import Answer, Received

KEY = "7e3a9c5b1d8f4e6a2c0b7d9e5f1a3c8b"
TOKEN = "ATTA" + "b5c8d1f3a6e4c9d2b7a5" * 3
OPEN, TAKEN, DONE = "5abbe4b7ddc1b351ef961411", "5abbe4b7ddc1b351ef961412", "5abbe4b7ddc1b351ef961413"
BOARD = "5abbe4b7ddc1b351ef961400"
LONGEST = 16_384
FIELDS = {
    "idList", "name", "desc", "due", "start", "dueComplete", "idLabels", "idMembers", "pos", "urlSource", "closed",
    "dueReminder",
}  # fmt: skip


class Trello(Peopled):
    key = "trello"

    def standing(self, thing: Thing) -> str:
        if thing.fields["closed"] or thing.fields["dueComplete"] or thing.fields["idList"] == DONE:
            return "resolved"
        return "acknowledged" if thing.fields["idList"] == TAKEN else "open"

    def done_by(self, person: Person, thing: Thing, standing: str) -> None:
        thing.fields["idList"] = TAKEN if standing == "acknowledged" else DONE
        self.moved(thing, person)

    def let_in(self, received: Received) -> None:
        header = received.headers.get("authorization", "")
        found = re.fullmatch(r'OAuth oauth_consumer_key="([^"]*)", oauth_token="([^"]*)"', header)
        asked = query(received)
        if (found.groups() if found else (asked.get("key"), asked.get("token"))) != (KEY, TOKEN):
            raise Refusal(self.unknown_caller())

    def unknown_caller(self) -> Answer:
        return Answer(401, body="invalid token")

    def not_found(self) -> Answer:
        return Answer(404, body="The requested resource was not found.")

    def too_many(self, wait: str) -> Answer:
        return Answer(429, body={"error": "API_TOKEN_LIMIT_EXCEEDED", "message": "Rate limit exceeded"})

    @on("GET", "/1/members/me")
    def me(self, received: Received) -> Answer:
        return Answer(body={"id": BOARD, "username": "dispatch"})

    @on("GET", "/1/lists/(?P<number>[^/]+)")
    def list(self, received: Received, number: str) -> Answer:
        return Answer(body={"id": number, "name": "Late", "closed": False, "idBoard": BOARD})

    @on("GET", "/1/lists/(?P<number>[^/]+)/cards")
    def cards(self, received: Received, number: str) -> Answer:
        found = [one for one in self.things.values() if one.fields["idList"] == number and not one.fields["closed"]]
        return Answer(body=[_shown(one) for one in found])

    @on("POST", "/1/cards")
    def create(self, received: Received) -> Answer:
        given = _fields(received)
        if "idList" not in given:
            return Answer(400, body="invalid value for idList")
        number = hexadecimal(self.serial(), 24)
        words = f"{given.get('name', '')}\n{given.get('desc', '')}"
        thing = self.add(number, {"closed": False, "dueComplete": False, **given}, words)
        return Answer(body=_shown(thing))

    @on("GET", "/1/cards/(?P<number>[^/]+)")
    def read(self, received: Received, number: str) -> Answer:
        """The actions are those that moved it, as nobody asks for others: one, where one is asked for."""
        thing, asked = self.at(number), query(received)
        by = {"id": self.mover(thing).number, "fullName": self.mover(thing).name}
        action = {"type": "updateCard", "date": stamp(self.moved_at(thing)), "memberCreator": by}
        actions = {"actions": [action] if thing.id in self.moves else []} if "actions" in asked else {}
        return Answer(body={**_shown(thing), **actions})

    @on("PUT", "/1/cards/(?P<number>[^/]+)")
    def change(self, received: Received, number: str) -> Answer:
        thing, given = self.at(number), _fields(received)
        thing.fields.update(given)
        if given.keys() & {"idList", "closed", "dueComplete"}:
            self.moved(thing)
        if given.keys() & {"name", "desc"}:
            thing.log.append(f"{given.get('name', '')}\n{given.get('desc', '')}")
        return Answer(body=_shown(thing))

    @on("POST", "/1/cards/(?P<number>[^/]+)/actions/comments")
    def comment(self, received: Received, number: str) -> Answer:
        thing = self.at(number)
        words = (body(received) or query(received)).get("text", "")
        if not 0 < len(words) <= LONGEST:
            return Answer(400, body="invalid value for text")
        thing.say(words)
        return Answer(body={"id": hexadecimal(self.serial(), 24), "type": "commentCard", "data": {"text": words}})

    @on("POST", "/1/cards/(?P<number>[^/]+)/idLabels")
    def label(self, received: Received, number: str) -> Answer:
        self.at(number).fields.setdefault("idLabels", []).append(body(received)["value"])
        return Answer(body=self.at(number).fields["idLabels"])


def _fields(received: Received) -> dict[str, Any]:
    given = {**query(received), **body(received)}
    if given.get("idList", OPEN) not in {OPEN, TAKEN, DONE}:
        raise Refusal(Answer(400, body="invalid value for idList"))
    for name in ("name", "desc"):
        if len(given.get(name, "")) > LONGEST:
            raise Refusal(Answer(400, body=f"invalid value for {name}"))
    return {name: value for name, value in given.items() if name in FIELDS}


def _shown(thing: Thing) -> dict[str, Any]:
    link = f"https://trello.com/c/{thing.id[-8:]}"
    return {"id": thing.id, "idBoard": BOARD, "shortUrl": link, "url": link, **thing.fields}
