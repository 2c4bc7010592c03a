"""monday.com: an alert is an item on a board, told on in updates, with its state in a status column.

Every change bears an Idempotency-Key made of the alert and the telling, so within the half hour that monday.com keeps
answers nothing comes twice; later the item is found by our key, where a text column for it is chosen. A test is an item
that bears the label of resolved ones from the first. Without a status column items are only written on.

Facts: developer.monday.com/api-reference: rate-limits (one request at a time on a board; 1 M complexity a minute at
least, a create_item takes 10,000), idempotency, change-column-values; mondaycom/mcp (schema of 2026-10). Unconfirmed:
255 characters of an item's name, HTML in updates, whether errors are kept with a key as well.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import httpx

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch.accounts.monday import MondayAccount, MondayConfig
from dispatchwatch.dispatch.conversation import Conversation, Step
from dispatchwatch.dispatch.graphql import graph_error
from dispatchwatch.dispatch.occasion import occasion_key
from dispatchwatch.dispatch.platform import Rate, Repeat
from dispatchwatch.dispatch.reading import named, read, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket import Finding, Looking, Move
from dispatchwatch.dispatch.ticket_fields import short_key
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification

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


class Monday(MondayAccount):
    repeat = Repeat.HARMLESS
    rate = Rate(30, timedelta(minutes=1))

    def on_repeat(self, operation: Operation, config: MondayConfig) -> Repeat:  # noqa: ARG002
        return Repeat.HARMLESS

    def find(self, notification: Notification, config: MondayConfig) -> Finding:
        if not config.key_column:
            return None
        asked = {"board": config.board_id, "column": config.key_column, "key": short_key(notification.alert_key)}
        found = read((yield Step(self.request(config, FIND, asked))), self.name)
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
        self, notification: Notification, config: MondayConfig, ticket: Receipt, to: Move  # noqa: ARG002
    ) -> httpx.Request | None:  # fmt: skip
        labels = (config.label_open, config.label_acknowledged, config.label_resolved)
        status = _status(config, labels[to]) if to is not None else {}
        told = {"board": config.board_id, "item": ticket.details["id"], "values": json.dumps(status)}
        return self.request(config, CHANGE, told) if status else None

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
            request = self.request(config, question, told)
            request.headers["Idempotency-Key"] = str(uuid5(NAMESPACE_URL, f"{name} {number}"))
            answer = yield Step(request, reached, frozenset({200}))
            if "Idempotency-Replayed" not in answer.headers or not graph_error(answer).code:
                break
        failure = self.classify(answer)
        if failure is not None:
            raise failure
        return answer


def _status(config: MondayConfig, label: str) -> dict[str, Any]:
    return {config.status_column: {"label": label}} if config.status_column and label else {}
