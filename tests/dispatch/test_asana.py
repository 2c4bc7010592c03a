from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from dispatchwatch.dispatch.conversation import Choice, Held, News
from dispatchwatch.dispatch.errors import Refused, Unauthorised, Unknown, Unreachable
from dispatchwatch.dispatch.outgoing import previewed
from dispatchwatch.dispatch.platform import Repeat, dedup_key
from dispatchwatch.dispatch.platforms.asana import Asana
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.domain.alert import Operation
from tests.dispatch.samples import every_notification, notification
from tests.dispatch.samples_asana import FIELD, NEW, PROJECT, SECRET, TAKEN, asana_config
from tests.dispatch.telling import asked, json_, tell

ASANA = Asana()
TASK = Receipt("1201", {"id": "1201"})
OPEN = {"data": {"gid": "1201", "completed": False, "memberships": [{"section": {"gid": NEW}}]}}
ENDED = {"data": {"gid": "1201", "completed": True, "memberships": []}}


def test_an_alert_is_a_task_in_its_project_and_section() -> None:
    told = tell(ASANA, notification(), asana_config(assignee="lead@acme.example"), None, json_(201, OPEN))
    assert told.ways == ["POST /api/1.0/tasks"]
    assert told.requests[0].headers["Authorization"] == f"Bearer {SECRET}"
    task = told.body()["data"]
    assert task["name"].startswith("High: Late check-in")
    assert task["notes"].startswith("High: J. Ortiz has not checked in at Smith & Sons – 11 min late\n\nLabel 0")
    assert (task["projects"], task["assignee"]) == ([PROJECT], "lead@acme.example")
    assert task["memberships"] == [{"project": PROJECT, "section": NEW}]
    assert told.kept == TASK
    assert "completed" not in task


def test_with_a_field_for_the_key_nothing_is_opened_twice() -> None:
    config, key = asana_config(key_field=FIELD), dedup_key(notification().alert_key)
    other = {"gid": "1", "custom_fields": [{"text_value": None}, {"text_value": "dw:x"}]}
    first = {"data": [other], "next_page": {"offset": "eyJ0"}}
    found = {"data": [{"gid": "1201", "custom_fields": [{"text_value": key}]}]}
    told = tell(ASANA, notification(), config, None, json_(200, first), json_(200, found))
    assert told.kept == TASK
    assert told.requests[0].url.params["completed_since"] == "now"
    assert told.requests[1].url.params["offset"] == "eyJ0"
    opened = tell(ASANA, notification(), config, None, json_(200, {"data": []}), json_(201, OPEN))
    assert opened.body()["data"]["custom_fields"] == {FIELD: key}
    assert ASANA.on_repeat(Operation.RAISE, config) is Repeat.HARMLESS
    assert ASANA.on_repeat(Operation.RAISE, asana_config()) is Repeat.DOUBLES


def test_acknowledging_comments_and_moves_to_the_section() -> None:
    told = tell(
        ASANA, notification(Operation.ACKNOWLEDGE), asana_config(), TASK, json_(200, OPEN), json_(201), json_(200)
    )
    assert told.ways == [
        "GET /api/1.0/tasks/1201", "POST /api/1.0/tasks/1201/stories", f"POST /api/1.0/sections/{TAKEN}/addTask",
    ]  # fmt: skip
    assert told.body(1)["data"]["text"].startswith("Acknowledged: ")
    assert told.body() == {"data": {"task": "1201"}}
    without = asana_config(section_acknowledged="", comments="none")
    assert tell(ASANA, notification(Operation.ACKNOWLEDGE), without, TASK, json_(200, OPEN)).kept.reference == "1201"


def test_resolving_comments_and_completes() -> None:
    told = tell(ASANA, notification(Operation.RESOLVE), asana_config(), TASK, json_(200, OPEN), json_(201), json_(200))
    assert told.ways[1:] == ["POST /api/1.0/tasks/1201/stories", "PUT /api/1.0/tasks/1201"]
    assert told.body() == {"data": {"completed": True}}


def test_a_comment_that_was_taken_is_not_written_again() -> None:
    told = notification(Operation.RESOLVE)
    first = tell(ASANA, told, asana_config(), TASK, json_(200, OPEN), json_(201), json_(503))
    assert isinstance(first.failure, Unreachable)
    again = tell(ASANA, told, asana_config(), first.receipt, json_(200, OPEN), json_(200))
    assert again.ways == ["GET /api/1.0/tasks/1201", "PUT /api/1.0/tasks/1201"]
    assert again.failure is None


def test_an_update_comments_and_renames_and_a_reminder_comments() -> None:
    told = tell(ASANA, notification(Operation.UPDATE), asana_config(), TASK, json_(201), json_(200))
    assert told.ways == ["POST /api/1.0/tasks/1201/stories", "PUT /api/1.0/tasks/1201"]
    assert told.body()["data"]["name"].startswith("Now high: ")
    reminder = tell(ASANA, notification(is_reminder=True), asana_config(), TASK, json_(201))
    assert reminder.body()["data"]["text"].startswith("Reminder: ")


def test_what_people_ended_is_not_put_back_and_what_is_gone_is_over() -> None:
    ended = tell(ASANA, notification(Operation.ACKNOWLEDGE), asana_config(), TASK, json_(200, ENDED))
    assert ended.failure is None
    assert (
        tell(ASANA, notification(Operation.RESOLVE), asana_config(), TASK, json_(404, {"errors": []})).failure is None
    )
    gone = tell(ASANA, notification(Operation.UPDATE), asana_config(), TASK, json_(404, {"errors": []}))
    assert isinstance(gone.failure, Refused)


def test_a_test_is_completed_from_the_first() -> None:
    task = tell(ASANA, notification(is_test=True), asana_config(), None, json_(201, OPEN)).body()["data"]
    assert task["completed"] is True
    assert task["name"].startswith("TEST: ")
    assert "Nobody needs to act" in task["notes"]


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (400, Refused, "projects: Unknown object"),
        (401, Unauthorised, "credentials"),
        (402, Refused, "projects: Unknown object"),
        (403, Unauthorised, "credentials"),
        (429, Unreachable, "later"),
        (500, Unreachable, "problem"),
    ],
)
def test_its_errors(status: int, kind: type[Exception], words: str) -> None:
    answer = json_(status, {"errors": [{"message": "projects: Unknown object", "help": "For more information"}]})
    told = tell(ASANA, notification(), asana_config(), None, answer)
    assert type(told.failure) is kind
    assert words in told.failure.message


def test_an_answer_without_a_task_leaves_the_outcome_open() -> None:
    bodies: list[Any] = [{"data": {}}, {"data": []}, {}]
    for body in bodies:
        assert isinstance(tell(ASANA, notification(), asana_config(), None, json_(201, body)).failure, Unknown)


def test_somebody_who_completes_or_moves_a_task_is_heard() -> None:
    held = [Held(thread, Receipt(gid, {"id": gid, **more})) for thread, gid, more in (
        ("a", "1", {}), ("b", "2", {}), ("c", "3", {}), ("d", "4", {"stands": "TAKEN"}), ("e", "5", {}),
    )]  # fmt: skip
    listed = [
        {"gid": "1", "memberships": [{"section": {"gid": NEW}}]},
        {"gid": "3", "memberships": [{"section": {"gid": TAKEN}}]},
        {"gid": "4", "memberships": [{"section": {"gid": TAKEN}}]},
    ]
    done = {"gid": "2", "completed": True, "completed_at": "2026-11-22T09:50:00.000Z", "completed_by": {"name": "Ana"}}
    requests, heard = asked(
        ASANA.listen(held, asana_config(), ""), json_(200, {"data": listed}), json_(200, {"data": done}), json_(404)
    )
    assert [request.url.path for request in requests] == ["/api/1.0/tasks", "/api/1.0/tasks/2", "/api/1.0/tasks/5"]
    assert [(one.thread, one.operation, one.by) for one in heard.news] == [
        ("b", Operation.RESOLVE, "Ana"), ("c", Operation.ACKNOWLEDGE, ""),
    ]  # fmt: skip
    assert isinstance(heard.news[0], News)
    assert heard.news[0].at is not None


def test_projects_sections_and_fields_are_chosen_from_the_account() -> None:
    me = {"data": {"workspaces": [{"gid": "7", "name": "North"}, {"gid": "8", "name": "South"}]}}
    _, found = asked(
        ASANA.look_up("project", asana_config()), json_(200, me),
        json_(200, {"data": [{"gid": "2", "name": "b"}, {"gid": "1", "name": "A"}]}), json_(200, {"data": []}),
    )  # fmt: skip
    assert found == (Choice("1", "A"), Choice("2", "b"))
    requests, found = asked(
        ASANA.look_up("section", asana_config()), json_(200, {"data": [{"gid": NEW, "name": "New"}]})
    )
    assert (requests[0].url.path, found) == (f"/api/1.0/projects/{PROJECT}/sections", (Choice(NEW, "New"),))
    settings = [
        {"custom_field": {"gid": FIELD, "name": "Alert", "resource_subtype": "text"}},
        {"custom_field": {"gid": "9", "name": "Cost", "resource_subtype": "number"}},
    ]
    _, found = asked(ASANA.look_up("key_field", asana_config()), json_(200, {"data": settings}))
    assert found == (Choice(FIELD, "Alert"),)
    assert ASANA.look_up("assignee", asana_config()) is None


def test_every_notification_makes_requests_that_asana_can_read() -> None:
    for label, told in every_notification():
        for request in previewed(ASANA, told, asana_config(key_field=FIELD)):
            assert request.url.host == "app.asana.com", label
            if request.method != "GET":
                data = json.loads(request.content)["data"]
                assert len(data.get("name", "x")) in range(1, 1001), label
                assert 1 <= len(data.get("notes", "x")) <= 10_000, label
                assert not {"html_notes", "html_text", "external"} & data.keys()


def test_the_check_asks_for_the_project() -> None:
    request = ASANA.check(asana_config())
    assert (request.method, request.url.path) == ("GET", f"/api/1.0/projects/{PROJECT}")
    assert httpx.URL(request.url).params["opt_fields"] == "name"


def test_a_resolve_of_a_task_that_is_not_known_does_nothing() -> None:
    told = tell(ASANA, replace(notification(Operation.RESOLVE)), asana_config(), None)
    assert (told.requests, told.failure) == ([], None)
