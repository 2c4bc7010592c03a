"""PagerDuty: events make incidents, named by who sends them; the REST API tells how those stand."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from tests.fakes.pretend.people import US, Peopled, Person
from tests.fakes.pretend.service import Refusal, Thing, bearer, body, on, query, stamp
from tests.fakes.receiver import Answer, Received

ROUTING_KEY = "a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6"
API_TOKEN = "u+q7Zs81LmPw03KxVt5R"
REST = "/incidents"
STATUSES = {"open": "triggered", "acknowledged": "acknowledged", "resolved": "resolved"}
LISTED_FOR = timedelta(days=30)
"""How old an incident may be to be listed without a span of time being asked for."""


class PagerDuty(Peopled):
    key = "pagerduty"

    def begin(self) -> None:
        super().begin()
        self.changes: list[str] = []

    def standing(self, thing: Thing) -> str:
        return str(thing.fields["status"])

    def done_by(self, person: Person, thing: Thing, standing: str) -> None:
        thing.fields["status"] = standing
        self.moved(thing, person)

    def let_in(self, received: Received) -> None:
        rest = received.path == REST
        known = (
            bearer(received, "Token") == f"token={API_TOKEN}"
            if rest
            else body(received).get("routing_key") == ROUTING_KEY
        )
        if not known:
            raise Refusal(self.unknown_caller())

    def unknown_caller(self) -> Answer:
        if self.asked[-1].path == REST:
            return Answer(401, body={"error": {"message": "Unauthorized", "code": 2006}})
        return _no("Invalid routing key")

    def too_many(self, wait: str) -> Answer:
        return Answer(429, body={"status": "throttle exceeded", "message": "Requests exceed the limit"})

    @on("GET", REST)
    def incidents(self, received: Received) -> Answer:
        key = query(received).get("incident_key")
        young = [one for one in self.things.values() if self.now() - one.born < LISTED_FOR]
        found = [self._shown(one) for one in young if key in {None, one.fields["key"]}]
        return Answer(body={"incidents": found[:25], "limit": 25, "offset": 0, "more": len(found) > 25})

    @on("POST", "/v2/enqueue")
    def take(self, received: Received) -> Answer:
        event = body(received)
        action, name = event.get("event_action"), event.get("dedup_key") or f"made-up-{self.serial()}"
        if action not in {"trigger", "acknowledge", "resolve"} or len(name) > 255:
            return _no("event_action or dedup_key is not valid")
        if len(received.body) > 512 * 1024:
            return Answer(413, body="Payload Too Large")
        payload = event.get("payload", {})
        if action == "trigger":
            if not {"summary", "source", "severity"} <= payload.keys():
                return _no("payload lacks a required field")
            if payload["severity"] not in {"critical", "error", "warning", "info"} or not payload["summary"]:
                return _no("payload is not valid")
        self._carry_out(action, name, json.dumps(payload, ensure_ascii=False))
        return Answer(202, body={"status": "success", "message": "Event processed", "dedup_key": name})

    @on("POST", "/v2/change/enqueue")
    def change(self, received: Received) -> Answer:
        if not body(received).get("payload", {}).get("summary"):
            return _no("payload lacks a required field")
        self.changes.append(received.body.decode())
        return Answer(202, body={"status": "success", "message": "Change event processed"})

    def _carry_out(self, action: str, name: str, words: str) -> None:
        """A trigger of an open incident is merged, one of a resolved one opens another; the rest needs an open one."""
        incident = next((one for one in self.things.values() if _is_open(one, name)), None)
        if action == "trigger" and incident is None:
            self.add(f"Q{self.serial()}", {"key": name, "status": "open"}, words)
        elif action == "trigger" and incident is not None:
            incident.log.append(words)
        elif incident is not None:
            incident.fields["status"] = {"acknowledge": "acknowledged", "resolve": "resolved"}[action]
            self.moved(incident)

    def _shown(self, incident: Thing) -> dict[str, Any]:
        by, born = self.mover(incident), stamp(incident.born)
        kind = "service_reference" if by is US else "user_reference"
        return {
            "id": incident.id, "type": "incident", "incident_key": incident.fields["key"], "created_at": born,
            "status": STATUSES[incident.fields["status"]], "last_status_change_at": stamp(self.moved_at(incident)),
            "last_status_change_by": {"id": f"P{by.number}", "type": kind, "summary": by.name},
        }  # fmt: skip


def _is_open(incident: Thing, name: str) -> bool:
    return bool(incident.fields["key"] == name and incident.fields["status"] != "resolved")


def _no(why: str) -> Answer:
    return Answer(400, body={"status": "invalid event", "message": "Event object is invalid", "errors": [why]})
