"""A monday.com account: its token and board, what can be chosen from it, who did what, and its errors.

On small plans (200 calls a day) asking what others did is too much. An item that was archived or deleted over there
counts as ended.

Facts: developer.monday.com/api-reference: error-handling (errors inside 200, data may be partial), rate-limits,
api-versioning, activity-logs (newest first); support.monday.com 26471164460690 (calls a day); mondaycom/mcp (schema of
2026-10). Unconfirmed: the names of most errors (unknown ones are final), settings_str of status columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch.conversation import Choice, Heard, Held, Listening, Lookup, Step
from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised, Unreachable
from dispatchwatch.dispatch.fields import secret, text
from dispatchwatch.dispatch.graphql import graph_error, graph_request
from dispatchwatch.dispatch.platform import words
from dispatchwatch.dispatch.reading import choices, chosen, from_json, loose, picked, read, rows, text_at
from dispatchwatch.dispatch.ticket import Seen, Standing, Surveying, TicketConfig, Ticketing

URL = "https://api.monday.com/v2"
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


class MondayAccount(Ticketing[MondayConfig]):
    key = "monday"
    name = "monday.com"
    config = MondayConfig

    def request(self, config: MondayConfig, question: str, variables: Mapping[str, Any]) -> httpx.Request:
        request = graph_request(URL, question, variables)
        request.headers["Authorization"] = config.token.get_secret_value()
        request.headers["API-Version"] = "2026-10"
        return request

    def check(self, config: MondayConfig) -> httpx.Request:
        return self.request(config, BOARD, {"board": [config.board_id]})

    def classify(self, response: httpx.Response) -> Failure | None:
        if picked(loose(response), "data", "boards") == []:
            return Refused(
                "monday.com shows no such board to the token’s owner. Choose it again, or invite them to it."
            )
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

    def survey(self, ids: Sequence[str], config: MondayConfig) -> Surveying:
        asked = {"items": list(ids), "columns": [config.status_column or "status"]}
        items = rows(read((yield Step(self.request(config, LOOK, asked))), self.name), "data", "items")
        return {text_at(item, "id"): Seen(_standing(item, config)) for item in items}

    def heard(self, asked: Sequence[Held], seen: Mapping[str, Seen], config: MondayConfig, cursor: str) -> Listening:
        """Who did it stands in the board’s log, as a number: so two more questions, where there is news at all."""
        told = yield from super().heard(asked, seen, config, cursor)
        if not told.news or not config.status_column:
            return told
        items = {one.thread: one.receipt.details["id"] for one in asked}
        changed = sorted({items[one.thread] for one in told.news})
        query = {"board": [config.board_id], "items": changed, "columns": [config.status_column]}
        logs = rows(
            read((yield Step(self.request(config, LOGS, query))), self.name), "data", "boards", 0, "activity_logs"
        )
        # The newest comes first; it is the one that counts.
        last = {_item_of(log): text_at(log, "user_id") for log in reversed(logs)}
        people = read((yield Step(self.request(config, PEOPLE, {"people": sorted(set(last.values()))}))), self.name)
        names = {text_at(one, "id"): text_at(one, "name") for one in rows(people, "data", "users")}
        by = {thread: names.get(last.get(item, ""), "") for thread, item in items.items()}
        return Heard(tuple(replace(one, by=by[one.thread]) for one in told.news), cursor)

    def look_up(self, field: str, config: MondayConfig) -> Lookup | None:
        if field == "board_id":
            return chosen(self.request(config, BOARDS, {}), self.name, "data", "boards")
        known = {"group_id", "key_column", "status_column", "label_open", "label_acknowledged", "label_resolved"}
        return self._of_board(field, config) if field in known and config.board_id else None

    def _of_board(self, field: str, config: MondayConfig) -> Lookup:
        found = read((yield Step(self.request(config, BOARD, {"board": [config.board_id]}))), self.name)
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


def _labels(settings: str) -> list[str]:
    """The labels in a status column's settings: JSON, with the labels by number or in a list."""
    labels = picked(from_json(settings), "labels") or []
    return [label for label in (labels.values() if isinstance(labels, dict) else labels) if label]


def _item_of(log: Mapping[str, Any]) -> str:
    """The item that an entry of the log is about: its data are JSON as a text."""
    found = re.search(r'"pulse_id":\s*"?(\d+)', text_at(log, "data"), re.ASCII)
    return found[1] if found else ""
