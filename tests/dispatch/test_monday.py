from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from dispatchwatch.dispatch.accounts.monday import LOGS, LOOK, PEOPLE
from dispatchwatch.dispatch.conversation import Choice, Held
from dispatchwatch.dispatch.errors import Refused, Unauthorised, Unknown, Unreachable
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.platforms.monday import CHANGE, CREATE, FIND, WRITE, Monday
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket_fields import short_key
from dispatchwatch.domain.alert import Operation
from tests.dispatch.samples import notification
from tests.dispatch.samples_monday import BOARD, SECRET, monday_config
from tests.dispatch.telling import Told, asked, json_, tell

MONDAY = Monday()
ITEM = Receipt("77", {"id": "77"})
NONE = json_(200, {"data": {"items_page_by_column_values": {"items": []}}})
MADE = json_(200, {"data": {"create_item": {"id": "77"}}})
DONE = json_(200, {"data": {"create_update": {"id": "5"}}})


def shown(label: str = "New", state: str = "active") -> httpx.Response:
    item = {"id": "77", "state": state, "column_values": [{"text": label}]}
    return json_(200, {"data": {"items": [item]}})


def error(code: str, message: str = "It says no", status: int = 200, **more: Any) -> httpx.Response:
    errors = [{"message": message, "extensions": {"code": code, **more}}]
    return json_(status, {"data": {"create_item": None}, "errors": errors})


def questions(told: Told) -> list[str]:
    return [told.body(number)["query"] for number in range(len(told.requests))]


def test_an_alert_is_an_item_with_its_words_in_an_update() -> None:
    told = tell(MONDAY, notification(), monday_config(), None, NONE, MADE, DONE)
    assert questions(told) == [FIND, CREATE, WRITE]
    request, given = told.requests[1], told.body(1)["variables"]
    assert str(request.url) == "https://api.monday.com/v2"
    assert (request.headers["Authorization"], request.headers["API-Version"]) == (SECRET, "2026-10")
    assert (given["board"], given["group"]) == (BOARD, "topics")
    assert given["name"].startswith("High: Late check-in")
    key = short_key(notification().alert_key)
    assert json.loads(given["values"]) == {"status": {"label": "New"}, "text1": key}
    assert told.body()["variables"]["item"] == "77"
    assert told.kept.details["id"] == "77"


FOUND = json_(200, {"data": {"items_page_by_column_values": {"items": [{"id": "77"}]}}})


def test_an_item_that_is_there_already_is_found_by_our_key_and_gets_its_words() -> None:
    told = tell(MONDAY, notification(), monday_config(), None, FOUND, DONE)
    assert questions(told) == [FIND, WRITE]
    assert told.body(0)["variables"]["key"] == short_key(notification().alert_key)
    resolved = tell(MONDAY, notification(Operation.RESOLVE), monday_config(), None, FOUND, shown(), DONE, DONE)
    assert questions(resolved) == [FIND, LOOK, WRITE, CHANGE]


def test_an_error_that_was_kept_with_the_name_is_asked_anew_under_another() -> None:
    kept = error("COMPLEXITY_BUDGET_EXHAUSTED")
    kept.headers["Idempotency-Replayed"] = "true"
    told = tell(MONDAY, notification(), monday_config(key_column=""), None, kept, kept, MADE, DONE)
    assert told.kept.reference == "77"
    assert len({request.headers["Idempotency-Key"] for request in told.requests}) == 4
    again = json_(200, {"data": {"create_item": {"id": "77"}}})
    again.headers["Idempotency-Replayed"] = "true"
    assert tell(MONDAY, notification(), monday_config(key_column=""), None, again, DONE).kept.reference == "77"


def test_every_change_can_be_repeated() -> None:
    config = monday_config(key_column="")
    first, again = (tell(MONDAY, notification(), config, None, MADE, DONE) for _ in range(2))
    keys = [request.headers["Idempotency-Key"] for request in first.requests]
    assert keys == [request.headers["Idempotency-Key"] for request in again.requests]
    assert len(set(keys)) == 2
    other = tell(MONDAY, notification(text="another"), config, None, MADE, DONE)
    assert not set(keys) & {request.headers["Idempotency-Key"] for request in other.requests}
    assert {MONDAY.on_repeat(operation, config) for operation in Operation} == {Repeat.HARMLESS}


def test_a_failure_after_the_item_was_made_leaves_its_number() -> None:
    config = monday_config(key_column="")
    told = tell(MONDAY, notification(), config, None, MADE, json_(503))
    assert isinstance(told.failure, Unreachable)
    assert told.receipt == ITEM
    assert questions(tell(MONDAY, notification(), config, told.receipt, DONE)) == [WRITE]


@pytest.mark.parametrize(
    ("operation", "label"), [(Operation.ACKNOWLEDGE, "Working on it"), (Operation.RESOLVE, "Done")]
)
def test_acknowledging_and_resolving_change_the_status(operation: Operation, label: str) -> None:
    told = tell(MONDAY, notification(operation), monday_config(), ITEM, shown(), DONE, json_(200, {"data": {"x": {}}}))
    assert questions(told) == [LOOK, WRITE, CHANGE]
    assert json.loads(told.body()["variables"]["values"]) == {"status": {"label": label}}


def test_without_a_status_column_items_are_only_written_on() -> None:
    told = tell(MONDAY, notification(Operation.RESOLVE), monday_config(status_column=""), ITEM, shown("Done"), DONE)
    assert questions(told) == [LOOK, WRITE]


def test_what_people_did_stays_and_what_is_gone_is_over() -> None:
    for seen in (shown("Done"), shown(state="archived")):
        assert tell(MONDAY, notification(Operation.ACKNOWLEDGE), monday_config(), ITEM, seen).failure is None
    gone = json_(200, {"data": {"items": []}})
    assert tell(MONDAY, notification(Operation.RESOLVE), monday_config(), ITEM, gone).failure is None
    assert isinstance(tell(MONDAY, notification(Operation.ACKNOWLEDGE), monday_config(), ITEM, gone).failure, Refused)


def test_a_test_bears_the_label_of_resolved_ones() -> None:
    told = tell(MONDAY, notification(is_test=True), monday_config(key_column=""), None, MADE, DONE)
    assert json.loads(told.body(0)["variables"]["values"]) == {"status": {"label": "Done"}}
    assert told.body(0)["variables"]["name"].startswith("TEST: ")


@pytest.mark.parametrize(
    ("answer", "kind", "wait"),
    [
        (error("ColumnValueException"), Refused, None),
        (error("SomethingNew"), Refused, None),
        (error("UserUnauthorizedException"), Unauthorised, None),
        (error("", "Not Authenticated"), Unauthorised, None),
        (error("COMPLEXITY_BUDGET_EXHAUSTED", "reset in 26 seconds"), Unreachable, 26),
        (error("COMPLEXITY_BUDGET_EXHAUSTED", error_data={"retry_in_seconds": 12}), Unreachable, 12),
        (error("INTERNAL_SERVER_ERROR"), Unreachable, None),
        (error("Rate Limit Exceeded", status=429), Unreachable, None),
        (error("DAILY_LIMIT_EXCEEDED", status=429), Unreachable, 3600),
        (json_(200, {"error_code": "ComplexityException", "error_message": "reset in 9 seconds"}), Unreachable, 9),
        (json_(200, {"errors": ["Parse error"]}), Refused, None),
        (json_(409, {}), Unreachable, None),
        (json_(401, {"errors": [{"message": "Not Authenticated"}]}), Unauthorised, None),
        (json_(500, {"errors": [{"message": "x"}]}), Unreachable, None),
    ],
)
def test_its_errors_stand_in_good_answers_too(answer: httpx.Response, kind: type[Exception], wait: int | None) -> None:
    failure = tell(MONDAY, notification(), monday_config(key_column=""), None, answer).failure
    assert type(failure) is kind
    if isinstance(failure, Unreachable):
        assert failure.retry_after == (None if wait is None else timedelta(seconds=wait))


def test_retry_after_in_a_header_is_obeyed() -> None:
    answer = error("Rate Limit Exceeded")
    answer.headers["Retry-After"] = "17"
    failure = tell(MONDAY, notification(), monday_config(key_column=""), None, answer).failure
    assert isinstance(failure, Unreachable)
    assert failure.retry_after == timedelta(seconds=17)


def test_an_item_that_was_made_in_spite_of_an_error_is_taken() -> None:
    partial = json_(200, {"data": {"create_item": {"id": "77"}}, "errors": [{"message": "url failed"}]})
    assert tell(MONDAY, notification(), monday_config(key_column=""), None, partial, DONE).kept.reference == "77"
    bodies: list[Any] = [{"data": {}}, {}, {"data": {"create_item": {}}}]
    for body in bodies:
        failure = tell(MONDAY, notification(), monday_config(key_column=""), None, json_(200, body)).failure
        assert isinstance(failure, Unknown)


def test_somebody_who_changes_the_status_is_heard_by_name() -> None:
    held = [Held(f"t{number}", Receipt("", {"id": f"7{number}"})) for number in range(4)]
    labels = (("New", "active"), ("Done", "active"), ("Working on it", "active"))
    items = [
        {"id": f"7{number}", "state": state, "column_values": [{"text": label}]}
        for number, (label, state) in enumerate(labels)
    ]
    logs = [
        {"user_id": "5", "data": json.dumps({"pulse_id": 71, "column_id": "status"})},
        {"user_id": "6", "data": json.dumps({"pulse_id": 71})},
        {"user_id": "8", "data": json.dumps({"pulse_id": 72})},
    ]
    requests, heard = asked(
        MONDAY.listen(held, monday_config(), ""), json_(200, {"data": {"items": items}}),
        json_(200, {"data": {"boards": [{"activity_logs": logs}]}}),
        json_(200, {"data": {"users": [{"id": "5", "name": "Ana"}]}}),
    )  # fmt: skip
    assert [json.loads(request.content)["query"] for request in requests] == [LOOK, LOGS, PEOPLE]
    assert json.loads(requests[1].content)["variables"]["items"] == ["71", "72"]
    assert [(one.thread, one.operation, one.by) for one in heard.news] == [
        ("t1", Operation.RESOLVE, "Ana"), ("t2", Operation.ACKNOWLEDGE, ""),
    ]  # fmt: skip


def test_an_account_that_shows_nothing_any_more_ends_nothing() -> None:
    held = [Held("t", ITEM)]
    _, heard = asked(MONDAY.listen(held, monday_config(), ""), json_(200, {"data": {"items": []}}))
    assert heard.news == ()


def test_boards_groups_columns_and_labels_are_chosen_from_the_account() -> None:
    settings = json.dumps({"labels": {"0": "Working on it", "1": "Done", "5": ""}})
    board = {
        "groups": [{"id": "topics", "title": "Late"}],
        "columns": [
            {"id": "status", "title": "Status", "type": "status", "settings_str": settings},
            {"id": "text1", "title": "Key", "type": "text", "settings_str": "{}"},
        ],
    }
    answer = json_(200, {"data": {"boards": [{"id": BOARD, "name": "Alerts", **board}]}})

    def found(field: str) -> Any:
        return asked(MONDAY.look_up(field, monday_config()), answer)[1]

    assert found("board_id") == (Choice(BOARD, "Alerts"),)
    assert found("group_id") == (Choice("topics", "Late"),)
    assert found("status_column") == (Choice("status", "Status"),)
    assert found("key_column") == (Choice("text1", "Key"),)
    assert found("label_resolved") == (Choice("Working on it", "Working on it"), Choice("Done", "Done"))
    assert MONDAY.look_up("token", monday_config()) is None
