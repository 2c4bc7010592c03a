"""monday.com: items on a board, through GraphQL. What fails, fails with HTTP 200."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from tests.fakes.pretend.graphql import Selected, read
from tests.fakes.pretend.people import PEOPLE, US, Peopled, Person
from tests.fakes.pretend.service import Refusal, Thing, body, on
from tests.fakes.receiver import Answer, Received

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJ0aWQiOjEwNDIsInVpZCI6N30.q7Zs81LmPw03KxVt5RyUeHnd-b5Ys8Df1Gh3T"
BOARD, GROUP = "1234567890", "topics"
STATUS, KEY_COLUMN = "status", "text1"
LABELS = {"New": "open", "Working on it": "acknowledged", "Done": "resolved"}
COLUMNS = {STATUS: "status", KEY_COLUMN: "text", "date4": "date", "long_text": "long_text", "link": "link"}
KEPT = timedelta(minutes=30)


class Problem(Exception):
    def __init__(self, message: str, code: str, status: int = 400) -> None:
        super().__init__(message)
        self.message, self.code, self.status = message, code, status


class Monday(Peopled):
    key = "monday"

    def begin(self) -> None:
        super().begin()
        self.kept: dict[str, tuple[Answer, Any]] = {}
        self.logs: list[dict[str, Any]] = []
        """What was changed on the board, the newest first."""

    def standing(self, thing: Thing) -> str:
        return LABELS[thing.fields["columns"].get(STATUS, {}).get("label", "New")]

    def done_by(self, person: Person, thing: Thing, standing: str) -> None:
        label = next(one for one, meant in LABELS.items() if meant == standing)
        self._set(thing, {STATUS: {"label": label}}, person)

    def let_in(self, received: Received) -> None:
        if received.headers.get("authorization", "").removeprefix("Bearer ") != TOKEN:
            raise Refusal(self.unknown_caller())

    def unknown_caller(self) -> Answer:
        return Answer(
            401, body={"errors": [{"message": "Not Authenticated", "extensions": {"code": "UNAUTHENTICATED"}}]}
        )

    def too_many(self, wait: str) -> Answer:
        error = _error(Problem("Complexity budget exhausted", "COMPLEXITY_BUDGET_EXHAUSTED", 429))
        return Answer(429, {"Retry-After": wait}, {"errors": [error]})

    @on("POST", "/v2")
    def ask(self, received: Received) -> Answer:
        name = received.headers.get("idempotency-key", "")
        before = self.kept.get(name)
        if name and before is not None and self.now() - before[1] < KEPT:
            return Answer(before[0].status, {"Idempotency-Replayed": "true"}, before[0].body)
        answer = self._answered(received)
        if name:
            self.kept[name] = answer, self.now()
        return answer

    def _answered(self, received: Received) -> Answer:
        given = body(received)
        try:
            selected = read(given["query"], given.get("variables") or {})
        except (KeyError, ValueError) as error:
            return Answer(400, body={"errors": [{"message": f"Parse error: {error}"}]})
        data: dict[str, Any] = {}
        errors = []
        for one in selected:
            try:
                data[one.alias] = _picked(getattr(self, f"do_{one.name}")(one.arguments), one)
            except Problem as problem:
                data[one.alias] = None
                errors.append({**_error(problem), "path": [one.alias]})
            except (AttributeError, KeyError) as error:
                return Answer(200, body={"errors": [{"message": f"Field {error} doesn't exist"}]})
        return Answer(body={"data": data, **({"errors": errors} if errors else {})})

    # What it can be asked

    def do_me(self, asked: dict[str, Any]) -> dict[str, Any]:
        account = {"id": "1", "name": "Northside", "slug": "northside"}
        return {"id": "7", "name": "Dispatch", "email": "d@northside.example", "account": account}

    def do_boards(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        columns = [{"id": name, "title": name, "type": kind, "settings_str": "{}"} for name, kind in COLUMNS.items()]
        groups = [{"id": GROUP, "title": "Today"}]
        board = {"id": BOARD, "name": "Late", "groups": groups, "columns": columns, "activity_logs": self._logs}
        return [board] if BOARD in map(str, asked.get("ids") or [BOARD]) else []

    def do_users(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        return [{"id": one, "name": PEOPLE[one].name} for one in map(str, asked["ids"]) if one in PEOPLE]

    def do_items(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        return [self._shown(self.things[str(one)]) for one in asked["ids"] if str(one) in self.things]

    def do_items_page_by_column_values(self, asked: dict[str, Any]) -> dict[str, Any]:
        found = [one for one in self.things.values() if _holds(one, asked["columns"])]
        return {"cursor": None, "items": [self._shown(one) for one in found[: int(asked.get("limit") or 25)]]}

    def do_create_item(self, asked: dict[str, Any]) -> dict[str, Any]:
        if str(asked["board_id"]) != BOARD:
            raise Problem("Board not found", "InvalidBoardIdException", 404)
        if not 0 < len(asked["item_name"]) <= 255:
            raise Problem("Item name is too long", "ItemNameTooLongException")
        columns = _columns(asked.get("column_values"))
        fields = {"name": asked["item_name"], "columns": columns, "state": "active", "group": asked.get("group_id")}
        words = f"{asked['item_name']}\n{json.dumps(columns, ensure_ascii=False)}"
        return self._shown(self.add(str(2_000_000_000 + self.serial()), fields, words))

    def do_create_update(self, asked: dict[str, Any]) -> dict[str, Any]:
        if not asked["body"]:
            raise Problem("body can't be blank", "InvalidArgumentException")
        self._item(asked).say(asked["body"])
        return {"id": str(3_000_000_000 + self.serial()), "body": asked["body"], "item_id": str(asked["item_id"])}

    def do_change_multiple_column_values(self, asked: dict[str, Any]) -> dict[str, Any]:
        thing = self._item(asked)
        self._set(thing, _columns(asked["column_values"]))
        return self._shown(thing)

    def do_change_simple_column_value(self, asked: dict[str, Any]) -> dict[str, Any]:
        given = {"label": asked["value"]} if asked["column_id"] == STATUS else asked["value"]
        return self.do_change_multiple_column_values(
            {**asked, "column_values": json.dumps({asked["column_id"]: given})}
        )

    def do_move_item_to_group(self, asked: dict[str, Any]) -> dict[str, Any]:
        self._item(asked).fields["group"] = asked["group_id"]
        return self._shown(self._item(asked))

    def do_archive_item(self, asked: dict[str, Any]) -> dict[str, Any]:
        self._item(asked).fields["state"] = "archived"
        return self._shown(self._item(asked))

    def _set(self, thing: Thing, columns: dict[str, Any], by: Person = US) -> None:
        thing.fields["columns"].update(columns)
        for name, value in columns.items():
            told = {"board_id": int(BOARD), "pulse_id": int(thing.id), "column_id": name, "value": value}
            log = {"id": str(len(self.logs)), "event": "update_column_value", "entity": "pulse", "user_id": by.number}
            self.logs.insert(0, {**log, "data": json.dumps(told)})

    def _logs(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        items, columns = map(str, asked.get("item_ids", [])), asked.get("column_ids", [])
        wanted = {(item, column) for item in items for column in columns}
        told = [(one, json.loads(one["data"])) for one in self.logs]
        found = [one for one, data in told if (str(data["pulse_id"]), data["column_id"]) in wanted]
        return found[: int(asked.get("limit") or 25)]

    def _item(self, asked: dict[str, Any]) -> Thing:
        if str(asked["item_id"]) not in self.things:
            raise Problem("Item not found in board", "InvalidItemIdException", 404)
        return self.things[str(asked["item_id"])]

    def _shown(self, thing: Thing) -> dict[str, Any]:
        values = [
            {"id": name, "type": kind, "text": _text(thing.fields["columns"].get(name)), "column": {"id": name},
             "value": json.dumps(thing.fields["columns"].get(name)), "label": _text(thing.fields["columns"].get(name))}
            for name, kind in COLUMNS.items()
        ]  # fmt: skip
        return {
            "id": thing.id, "name": thing.fields["name"], "state": thing.fields["state"],
            "column_values": lambda asked: [one for one in values if one["id"] in asked.get("ids", COLUMNS)],
            "url": f"https://northside.monday.com/boards/{BOARD}/pulses/{thing.id}", "board": {"id": BOARD},
            "group": {"id": thing.fields["group"] or GROUP, "title": "Group"}, "updates": [], "creator_id": "7",
            "updated_at": thing.born.isoformat(), "created_at": thing.born.isoformat(),
        }  # fmt: skip


def _columns(given: object) -> dict[str, Any]:
    """The values, which come as a text that holds JSON."""
    columns: dict[str, Any] = json.loads(given) if isinstance(given, str) else {}
    for name, value in columns.items():
        if name not in COLUMNS:
            raise Problem(f"column {name} not found", "ColumnValueException")
        if name == STATUS and value.get("label") not in LABELS:
            raise Problem("This status label doesn't exist", "ColumnValueException")
        if COLUMNS[name] == "long_text" and len(_text(value)) > 2000:
            raise Problem("the value is too long", "ColumnValueException")
    return columns


def _holds(thing: Thing, wanted: list[dict[str, Any]]) -> bool:
    return all(_text(thing.fields["columns"].get(one["column_id"])) in one["column_values"] for one in wanted)


def _text(value: object) -> str:
    return str(value.get("label") or value.get("text") or "") if isinstance(value, dict) else str(value or "")


def _picked(found: Any, selected: Selected) -> Any:
    """As much of it as was asked for, what has arguments asked with those. Raises KeyError for a field that there is
    not."""
    if callable(found):
        found = found(selected.arguments)
    if isinstance(found, list):
        return [_picked(one, selected) for one in found]
    if not isinstance(found, dict) or not selected.selection:
        return found
    return {one.alias: _picked(found[one.name], one) for one in selected.selection}


def _error(problem: Problem) -> dict[str, Any]:
    return {"message": problem.message, "extensions": {"code": problem.code, "status_code": problem.status}}
