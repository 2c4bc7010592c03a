from __future__ import annotations

import base64

import httpx
import pytest

from dispatchwatch.dispatch.conversation import Choice, Held, News
from dispatchwatch.dispatch.errors import Refused, Unauthorised, Unknown
from dispatchwatch.dispatch.fields import ConfigError, load
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.platforms.freshdesk import Freshdesk
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket_fields import short_key
from dispatchwatch.domain.alert import Operation, Severity
from tests.dispatch.samples import HOSTILE, notification
from tests.dispatch.samples_freshdesk import API_KEY, freshdesk_config
from tests.dispatch.telling import asked, json_, tell

FRESHDESK = Freshdesk()
TICKET = Receipt("#77", {"id": "77", "opened": "2026-11-22T09:41:05Z"})
NONE = json_(200, {"total": 0, "results": []})
OPENED = {"id": 77, "status": 2, "priority": 3, "created_at": "2026-11-22T09:41:05Z"}
NOTE = json_(201, {"id": 5, "ticket_id": 77})


def test_a_ticket_is_searched_for_by_its_tag_and_then_opened() -> None:
    told = tell(FRESHDESK, notification(), freshdesk_config(), None, NONE, json_(201, OPENED))
    tag = short_key(notification().alert_key)
    assert told.ways == ["GET /api/v2/search/tickets", "POST /api/v2/tickets"]
    assert told.requests[0].url.params["query"] == f"\"tag:'{tag}'\""
    expected = base64.b64encode(f"{API_KEY}:X".encode()).decode()
    assert told.requests[1].headers["Authorization"] == f"Basic {expected}"
    body = told.body()
    assert (body["status"], body["priority"], body["email"]) == (2, 3, "office@acme.example")
    assert body["tags"] == ["dispatchwatch", tag]
    assert body.keys().isdisjoint({"group_id", "custom_fields"})
    assert told.kept == TICKET


def test_a_ticket_that_is_there_is_not_opened_again() -> None:
    found = json_(
        200,
        {"results": [{**OPENED, "id": 5, "tags": ["x"]}, {**OPENED, "tags": [short_key(notification().alert_key)]}]},
    )
    assert tell(FRESHDESK, notification(), freshdesk_config(), None, found).kept == TICKET
    assert FRESHDESK.on_repeat(Operation.RAISE, freshdesk_config()) is Repeat.DOUBLES


def test_a_private_note_then_the_status() -> None:
    for operation, status in ((Operation.ACKNOWLEDGE, 3), (Operation.RESOLVE, 4)):
        told = tell(
            FRESHDESK, notification(operation), freshdesk_config(), TICKET, json_(200, OPENED), NOTE, json_(200, OPENED)
        )
        assert told.ways == ["GET /api/v2/tickets/77", "POST /api/v2/tickets/77/notes", "PUT /api/v2/tickets/77"]
        assert told.body(1)["private"] is True
        assert told.body() == {"status": status}


def test_a_note_that_was_taken_is_not_written_again() -> None:
    config = freshdesk_config()
    lost = tell(
        FRESHDESK, notification(Operation.RESOLVE), config, TICKET, json_(200, OPENED), NOTE, httpx.ReadTimeout("slow")
    )
    assert isinstance(lost.failure, Unknown)
    assert lost.receipt is not None
    again = tell(
        FRESHDESK, notification(Operation.RESOLVE), config, lost.receipt, json_(200, OPENED), json_(200, OPENED)
    )
    assert again.ways == ["GET /api/v2/tickets/77", "PUT /api/v2/tickets/77"]
    arrived = tell(
        FRESHDESK, notification(Operation.RESOLVE), config, lost.receipt, json_(200, {**OPENED, "status": 4})
    )
    assert arrived.ways == ["GET /api/v2/tickets/77"]


def test_a_note_whose_answer_was_lost_may_stand_twice() -> None:
    config = freshdesk_config()
    lost = tell(
        FRESHDESK, notification(Operation.RESOLVE), config, TICKET, json_(200, OPENED), httpx.ReadTimeout("slow")
    )
    assert lost.receipt == TICKET
    assert FRESHDESK.on_repeat(Operation.RESOLVE, config) is Repeat.DOUBLES


def test_an_update_changes_the_priority() -> None:
    alert = notification(Operation.UPDATE, severity=Severity.CRITICAL)
    told = tell(FRESHDESK, alert, freshdesk_config(visibility="public"), TICKET, NOTE, json_(200, OPENED))
    assert told.body() == {"priority": 4}
    assert told.body(0)["private"] is False


def test_numbers_are_numbers_and_fields_are_those_of_the_office() -> None:
    config = freshdesk_config(group_id="42", custom_fields="cf_job=1042", resolved_status="9")
    body = tell(FRESHDESK, notification(), config, None, NONE, json_(201, OPENED)).body()
    assert (body["group_id"], body["custom_fields"]) == (42, {"cf_job": "1042"})
    assert (
        tell(FRESHDESK, notification(Operation.RESOLVE), config, TICKET, json_(200, {**OPENED, "status": 9})).failure
        is None
    )


def test_no_text_is_markup_or_filled_in() -> None:
    body = tell(
        FRESHDESK, notification(text=HOSTILE + "{{ticket.id}}<b>"), freshdesk_config(), None, NONE, json_(201, OPENED)
    ).body()
    assert "{{" not in body["description"] + body["subject"]
    assert "<b>" not in body["description"]


def test_errors_name_their_fields() -> None:
    blank = {"field": "cf_site", "message": "It should not be blank", "code": "missing_field"}
    no = {"description": "Validation failed", "errors": [blank]}
    told = tell(FRESHDESK, notification(), freshdesk_config(), None, NONE, json_(400, no))
    assert isinstance(told.failure, Refused)
    assert "cf_site: It should not be blank" in told.failure.message
    denied = FRESHDESK.classify(json_(403, {"code": "access_denied", "message": "You are not authorized"}))
    assert isinstance(denied, Unauthorised)
    assert "You are not authorized" in denied.message


def test_a_requester_has_an_address() -> None:
    values = {"name": "x", "platform": "freshdesk", "domain": "acme", "api_key": "k"}
    with pytest.raises(ConfigError) as caught:
        load(FRESHDESK.config, {**values, "email": "somebody"})
    assert set(caught.value.problems) == {"email"}


def test_what_people_did_is_heard_with_their_names() -> None:
    held = [
        Held(f"thread {number}", Receipt("", {"id": str(number), "opened": f"2026-11-22T09:0{number}:00Z"}))
        for number in (1, 2, 3)
    ]
    listed = [
        {"id": 9, "status": 4, "responder_id": 1, "updated_at": "2026-11-22T09:30:00Z"},
        {"id": 1, "status": 6, "responder_id": 7, "updated_at": "2026-11-22T09:40:00Z"},
        {"id": 2, "status": 5, "responder_id": 8, "updated_at": "2026-11-22T09:41:00Z"},
        {"id": 3, "status": 2, "responder_id": 7, "updated_at": "2026-11-22T09:42:00Z"},
    ]
    requests, heard = asked(
        FRESHDESK.listen(held, freshdesk_config(), ""),
        json_(200, listed), json_(200, {"contact": {"name": "Dana Lee"}}), json_(403, {"code": "access_denied"}),
    )  # fmt: skip
    assert [request.url.path for request in requests] == ["/api/v2/tickets", "/api/v2/agents/7", "/api/v2/agents/8"]
    assert requests[0].url.params["updated_since"] == "2026-11-22T09:01:00Z"
    assert heard.news == (News("thread 1", Operation.ACKNOWLEDGE, "Dana Lee"), News("thread 2", Operation.RESOLVE))
    assert heard.cursor == "2026-11-22T09:42:00Z"
    (request,), heard = asked(FRESHDESK.listen(held, freshdesk_config(), heard.cursor), json_(200, []))
    assert request.url.params["updated_since"] == heard.cursor == "2026-11-22T09:42:00Z"
    assert asked(FRESHDESK.listen([], freshdesk_config(), "x"))[0] == []


def test_groups_are_chosen_by_name() -> None:
    (request,), found = asked(
        FRESHDESK.look_up("group_id", freshdesk_config()), json_(200, [{"id": 42, "name": "Field"}])
    )
    assert (request.url.path, found) == ("/api/v2/groups", (Choice("42", "Field"),))
