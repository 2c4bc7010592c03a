from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import GraphQLSchema, build_schema, extend_schema, parse, validate
from graphql.execution.values import get_variable_values
from graphql.language import OperationDefinitionNode

from dispatchwatch.dispatch.accounts.monday import LOOK
from dispatchwatch.dispatch.conversation import Held
from dispatchwatch.dispatch.platforms.monday import CREATE, Monday
from dispatchwatch.dispatch.receipt import Receipt
from tests.contract.book import every_request
from tests.contract.contracts import BESIDE
from tests.dispatch.samples import notification
from tests.dispatch.samples_monday import monday_config
from tests.dispatch.telling import asked, json_

# The contract was cut to what is told; who did something is asked of these, as monday.com's reference has them.
LOGS = """
scalar ISO8601DateTime
type ActivityLogType { id: String! user_id: String! event: String! data: String! created_at: String! }
extend type Board {
  activity_logs(column_ids: [String], from: ISO8601DateTime, group_ids: [String], item_ids: [ID!], limit: Int = 25,
    page: Int = 1, to: ISO8601DateTime, user_ids: [ID!]): [ActivityLogType]
}
extend type Query { users(ids: [ID!], limit: Int): [User] }
"""


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    path = Path(os.environ.get("DISPATCHWATCH_SHARED", BESIDE)) / "contracts" / "monday.graphql"
    if not path.is_file():
        pytest.skip(f"No contract at {path}. Set DISPATCHWATCH_SHARED to the folder that holds contracts/.")
    return extend_schema(build_schema(path.read_text(encoding="utf-8")), parse(LOGS))


@cache
def faults(schema: GraphQLSchema, question: str) -> list[str]:
    return [error.message for error in validate(schema, parse(question))]


def hold(schema: GraphQLSchema, body: Any) -> None:
    assert body.keys() == {"query", "variables"}
    assert faults(schema, body["query"]) == []
    (operation,) = parse(body["query"]).definitions
    assert isinstance(operation, OperationDefinitionNode)
    given = get_variable_values(schema, operation.variable_definitions or (), body["variables"])
    assert not isinstance(given, list), given
    # A text that holds JSON, as monday.com wants column values.
    assert isinstance(json.loads(body["variables"].get("values", "{}")), dict)
    assert len(body["variables"].get("name", "x")) in range(1, 256)


def test_the_contract_has_teeth(schema: GraphQLSchema) -> None:
    for question, variables in (
        ("mutation{create_item(board_id:1){id}}", {}),
        ("query{items{nothing}}", {}),
        (CREATE, {"board": "1"}),
        (LOOK, {"items": [[1]]}),
    ):
        with pytest.raises(AssertionError):
            hold(schema, {"query": question, "variables": variables})


def test_every_request_is_one_that_monday_takes(schema: GraphQLSchema) -> None:
    held = 0
    for request in every_request(Monday(), monday_config(), monday_config(key_column="", group_id="", label_open="")):
        hold(schema, json.loads(request.content))
        held += 1
    assert held > 1000


def test_what_is_asked_is_known_there_too(schema: GraphQLSchema) -> None:
    items = [{"id": "1", "state": "active", "column_values": [{"text": "Done"}]}]
    answer = json_(200, {"data": {"items": items, "boards": [{"activity_logs": []}], "users": []}})
    held = [Held(notification().alert_key, Receipt("1", {"id": "1"}))]
    listening, _ = asked(Monday().listen(held, monday_config(), ""), answer, answer, answer)
    choosing: list[httpx.Request] = []
    for field in ("board_id", "group_id", "status_column", "label_resolved"):
        choosing += asked(Monday().look_up(field, monday_config()), answer)[0]
    for request in (*listening, *choosing):
        hold(schema, json.loads(request.content))
    assert len(listening) == 3
