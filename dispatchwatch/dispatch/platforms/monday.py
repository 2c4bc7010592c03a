"""monday.com: an alert is an item on a board, told on in updates, with its state in a status column.

Every change bears an Idempotency-Key made of the alert and the telling, so within the half hour that monday.com keeps
answers nothing comes twice; later the item is found by our key, where a text column for it is chosen. An item that was
archived or deleted over there counts as ended. A test is an item that bears the label of resolved ones from the first.
Without a status column items are only written on. On small plans (200 calls a day) asking what others did is too much.

Facts: developer.monday.com/api-reference: error-handling (errors inside 200, data may be partial), rate-limits (one
request at a time on a board; 1 M complexity a minute at least, a create_item takes 10,000), idempotency,
api-versioning, change-column-values, activity-logs (newest first); support.monday.com 26471164460690 (calls a day);
mondaycom/mcp (schema of 2026-10). Unconfirmed: 255 characters of an item's name, HTML in updates, the names of most
errors (unknown ones are final), whether errors are kept with a key as well, settings_str of status columns.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch.conversation import Choice, Conversation, Heard, Held, Listening, Lookup, Step
from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised, Unreachable
from dispatchwatch.dispatch.fields import secret, text
from dispatchwatch.dispatch.graphql import graph_error, graph_request
from dispatchwatch.dispatch.occasion import occasion_key
from dispatchwatch.dispatch.platform import Rate, Repeat, words
from dispatchwatch.dispatch.reading import choices, chosen, named, picked, read, rows, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket import (
    Finding,
    Looking,
    Seen,
    Standing,
    Surveying,
    TicketConfig,
    Ticketing,
    short_key,
)
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification

URL = "https://api.monday.com/v2"
NAME_LENGTH, BODY_LENGTH, MOST_NAMES = 255, 10_000, 10
CREATE = (
    "mutation($board:ID!,$group:String,$name:String!,$values:JSON){create_item(board_id:$board,group_id:$group,"
    "item_name:$name,column_values:$values,create_labels_if_missing:false){id}}"
)
WRITE = "mutation($item:ID!,$body:String!){create_update(item_id:$item,body:$body){id}}"
CHANGE = (
    "mutation($board:ID!,$item:ID!,$values:JSON!){change_multiple_column_values("
    "board_id:$board,item_id:$item,column_values:$values,create_labels_if_missing:false){id}}"
)
FIND = (
    "query($board:ID!,$column:String!,$key:String!){items_page_by_column_values("
    "board_id:$board,limit:1,columns:[{column_id:$column,column_values:[$key]}]){items{id}}}"
)
LOOK = "query($items:[ID!],$columns:[String!]){items(ids:$items,limit:100){id state column_values(ids:$columns){text}}}"
LOGS = (
    "query($board:[ID!],$items:[ID!],$columns:[String]){boards(ids:$board){"
    "activity_logs(item_ids:$items,column_ids:$columns,limit:100){user_id data}}}"
)
PEOPLE = "query($people:[ID!]){users(ids:$people){id name}}"
BOARDS = "query{boards(limit:200,order_by:used_at){id name}}"
BOARD = "query($board:[ID!]){boards(ids:$board){groups{id title} columns{id title type settings_str}}}"
LATER = re.compile("complexity|rate.?limit|concurren|internal.?server|timeout|too.?many", re.IGNORECASE)
SECONDS = re.compile(r"(?:retry_in_seconds\D{1,3}|reset in |Retry-After: )(\d{1,5})", re.ASCII)
NOT_LET_IN = re.compile("unauthori[sz]ed|not authenticated|authentication", re.IGNORECASE)
COLUMN = "[a-z0-9_]+"


class MondayConfig(TicketConfig):
    token: SecretStr = secret("API token", help="In monday.com under your picture, Developers, API access tokens.")
    board_id: str = text("Board", help="The long number in the board’s address.", pattern=r"\d+")
    group_id: str = text("Group", default="", help="New items go here; left out, on top.", pattern="[A-Za-z0-9_]+")
    key_column: str = text("Column for our key", default="", help="A text column.", pattern=COLUMN)
    status_column: str = text("Status column", default="", help="Its id, for instance status.", pattern=COLUMN)
    label_open: str = text("Label of new items", default="", help="One that the column has; left out, none is set.")
    label_acknowledged: str = text("Label when acknowledged", default="", help="Left out, the label stays.")
    label_resolved: str = text("Label when resolved", default="Done", help="One that the column has.")


class Monday(Ticketing[MondayConfig]):
    key = "monday"
    name = "monday.com"
    config = MondayConfig
    repeat = Repeat.HARMLESS
    rate = Rate(30, timedelta(minutes=1))

    def on_repeat(self, operation: Operation, config: MondayConfig) -> Repeat:  # noqa: ARG002
        return Repeat.HARMLESS

    def find(self, notification: Notification, config: MondayConfig) -> Finding:
        if not config.key_column:
            return None
        asked = {"board": config.board_id, "column": config.key_column, "key": short_key(notification.alert_key)}
        found = read((yield Step(_request(config, FIND, asked))), self.name)
        item = text_at(found, "data", "items_page_by_column_values", "items", 0, "id")
        if not item:
            return None
        # It may have been made without its words. Written once more under the same name, they come once.
        is_raised = notification.operation is Operation.RAISE and not notification.is_reminder
        ticket = Receipt(item, {"id": item})
        return (yield from self.told(notification, config, ticket, None)) if is_raised else ticket

    def open(self, notification: Notification, config: MondayConfig) -> Conversation:
        label = config.label_resolved if notification.is_test else config.label_open
        key = {config.key_column: short_key(notification.alert_key)} if config.key_column else {}
        told = {
            "board": config.board_id,
            "group": config.group_id or None,
            "name": letter.subject(notification, NAME_LENGTH),
            "values": json.dumps({**_status(config, label), **key}),
        }
        answer = yield from self._once(config, CREATE, told, f"{occasion_key(notification)} open")
        item = named(answer, self.name, "data", "create_item", "id")
        return (yield from self.told(notification, config, Receipt(item, {"id": item}), None))

    def look(self, ticket: Receipt, config: MondayConfig) -> Looking:
        seen = (yield from self.survey([ticket.details["id"]], config)).get(ticket.details["id"])
        return seen.standing if seen else None

    def comment(self, notification: Notification, config: MondayConfig, ticket: Receipt) -> Conversation:
        told = {"item": ticket.details["id"], "body": letter.html(notification, BODY_LENGTH)}
        yield from self._once(config, WRITE, told, f"{occasion_key(notification)} comment", ticket)
        return ticket

    def change(
        self, notification: Notification, config: MondayConfig, ticket: Receipt, to: Standing | None  # noqa: ARG002
    ) -> httpx.Request | None:  # fmt: skip
        labels = (config.label_open, config.label_acknowledged, config.label_resolved)
        status = _status(config, labels[to]) if to is not None else {}
        told = {"board": config.board_id, "item": ticket.details["id"], "values": json.dumps(status)}
        return _request(config, CHANGE, told) if status else None

    def survey(self, ids: Sequence[str], config: MondayConfig) -> Surveying:
        asked = {"items": list(ids), "columns": [config.status_column or "status"]}
        items = rows(read((yield Step(_request(config, LOOK, asked))), self.name), "data", "items")
        return {text_at(item, "id"): Seen(_standing(item, config)) for item in items}

    def heard(self, asked: Sequence[Held], seen: Mapping[str, Seen], config: MondayConfig, cursor: str) -> Listening:
        """Who did it stands in the board’s log, as a number: so two more questions, where there is news at all."""
        told = yield from super().heard(asked, seen, config, cursor)
        if not told.news or not config.status_column:
            return told
        items = {one.thread: one.receipt.details["id"] for one in asked}
        changed = sorted({items[one.thread] for one in told.news})
        query = {"board": [config.board_id], "items": changed, "columns": [config.status_column]}
        logs = rows(read((yield Step(_request(config, LOGS, query))), self.name), "data", "boards", 0, "activity_logs")
        # The newest comes first; it is the one that counts.
        last = {_item_of(log): text_at(log, "user_id") for log in reversed(logs)}
        people = read((yield Step(_request(config, PEOPLE, {"people": sorted(set(last.values()))}))), self.name)
        names = {text_at(one, "id"): text_at(one, "name") for one in rows(people, "data", "users")}
        by = {thread: names.get(last.get(item, ""), "") for thread, item in items.items()}
        return Heard(tuple(replace(one, by=by[one.thread]) for one in told.news), cursor)

    def classify(self, response: httpx.Response) -> Failure | None:
        error = graph_error(response)
        told = f"(HTTP {response.status_code}, {error.code}): {error.said or 'it gives no reason'}"
        if "DAILY_LIMIT" in error.code:
            used = "The calls that your monday.com plan allows for a day are used up; they begin anew at midnight UTC"
            return Unreachable(f"{used} {told}", timedelta(hours=1))
        if response.status_code == 409:
            return Unreachable("monday.com is still at work on the same request (HTTP 409).")
        if not error.code or response.status_code not in {200, 429}:
            return super().classify(response)
        if LATER.search(" ".join(error)) or response.status_code == 429:
            wait = SECONDS.search(f"{words(response)} Retry-After: {response.headers.get('Retry-After')}")
            rest = timedelta(seconds=min(int(wait[1]), 3600)) if wait else None
            return Unreachable(f"monday.com asks to be told later {told}", rest)
        kind = Unauthorised if NOT_LET_IN.search(" ".join(error)) else Refused
        return kind(f"monday.com does not take this {told}")

    def check(self, config: MondayConfig) -> httpx.Request:
        return _request(config, BOARD, {"board": [config.board_id]})

    def look_up(self, field: str, config: MondayConfig) -> Lookup | None:
        if field == "board_id":
            return chosen(_request(config, BOARDS, {}), self.name, "data", "boards")
        known = {"group_id", "key_column", "status_column", "label_open", "label_acknowledged", "label_resolved"}
        return self._of_board(field, config) if field in known and config.board_id else None

    def pretended(self, request: httpx.Request) -> httpx.Response:
        asked = json.loads(request.content)["variables"]
        items = [{"id": item, "state": "active", "column_values": []} for item in asked.get("items", [])]
        return httpx.Response(200, json={"data": {"create_item": {"id": "1000000000"}, "items": items}})

    def _once(
        self, config: MondayConfig, question: str, told: Mapping[str, Any], name: str, reached: Receipt | None = None
    ) -> Generator[Step, httpx.Response, httpx.Response]:
        """Does it once, however often it is asked. An error that is given back from before is asked anew under another
        name: what it answered was not done."""
        for number in range(MOST_NAMES):
            request = _request(config, question, told)
            request.headers["Idempotency-Key"] = str(uuid5(NAMESPACE_URL, f"{name} {number}"))
            answer = yield Step(request, reached, frozenset({200}))
            if "Idempotency-Replayed" not in answer.headers or not graph_error(answer).code:
                break
        failure = self.classify(answer)
        if failure is not None:
            raise failure
        return answer

    def _of_board(self, field: str, config: MondayConfig) -> Lookup:
        found = read((yield Step(_request(config, BOARD, {"board": [config.board_id]}))), self.name)
        board = picked(found, "data", "boards", 0)
        if field == "group_id":
            return choices(rows(board, "groups"), label="title")
        columns = rows(board, "columns")
        if field.startswith("label_"):
            settings = [text_at(one, "settings_str") for one in columns if text_at(one, "id") == config.status_column]
            return tuple(Choice(label, label) for label in _labels("".join(settings)))
        kind = "text" if field == "key_column" else "status"
        return choices([one for one in columns if text_at(one, "type") == kind], label="title")


def _standing(item: Any, config: MondayConfig) -> Standing:
    label = text_at(item, "column_values", 0, "text") if config.status_column else ""
    if text_at(item, "state") in {"archived", "deleted"} or (label and label == config.label_resolved):
        return Standing.ENDED
    return Standing.TAKEN if label and label == config.label_acknowledged else Standing.OPEN


def _status(config: MondayConfig, label: str) -> dict[str, Any]:
    return {config.status_column: {"label": label}} if config.status_column and label else {}


def _labels(settings: str) -> list[str]:
    """The labels in a status column's settings: JSON, with the labels by number or in a list."""
    try:
        labels = json.loads(settings)["labels"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
    return [label for label in (labels.values() if isinstance(labels, dict) else labels) if label]


def _item_of(log: Mapping[str, Any]) -> str:
    """The item that an entry of the log is about: its data are JSON as a text."""
    found = re.search(r'"pulse_id":\s*"?(\d+)', text_at(log, "data"), re.ASCII)
    return found[1] if found else ""


def _request(config: MondayConfig, question: str, variables: Mapping[str, Any]) -> httpx.Request:
    request = graph_request(URL, question, variables)
    request.headers["Authorization"] = config.token.get_secret_value()
    request.headers["API-Version"] = "2026-10"
    return request
