from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest

from dispatchwatch.dispatch.accounts.intercom import IntercomConfig
from dispatchwatch.dispatch.conversation import Choice
from dispatchwatch.dispatch.errors import Refused, Unauthorised, Unknown, Unreachable
from dispatchwatch.dispatch.fields import ConfigError, load
from dispatchwatch.dispatch.outgoing import previewed
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.platforms.intercom import Intercom
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.domain.alert import Operation
from tests.dispatch.samples import every_notification, notification
from tests.dispatch.samples_intercom import SECRET, intercom_config, intercom_conversation
from tests.dispatch.telling import asked, json_, tell

INTERCOM = Intercom()
TICKET = Receipt("42", {"id": "494", "kind": "tickets"})
TALK = Receipt("500", {"id": "500", "kind": "conversations"})
OPEN = {"id": "494", "ticket_id": "42", "ticket_state": {"category": "submitted"}, "open": True}


def test_an_alert_is_a_ticket() -> None:
    told = tell(INTERCOM, notification(), intercom_config(region="eu"), None, json_(200, OPEN))
    request, body = told.requests[0], told.body()
    assert str(request.url) == "https://api.eu.intercom.io/tickets"
    assert (request.headers["Authorization"], request.headers["Intercom-Version"]) == (f"Bearer {SECRET}", "2.16")
    assert body["contacts"] == [{"email": "dispatch@office.example"}]
    assert body["ticket_attributes"]["_default_title_"].startswith("High: Late check-in")
    assert body["ticket_attributes"]["_default_description_"].startswith("High: J. Ortiz")
    assert told.kept == TICKET


def test_or_a_conversation_where_there_is_no_ticket_type() -> None:
    answer = json_(200, {"type": "user_message", "id": "9", "conversation_id": "500"})
    told = tell(INTERCOM, notification(), intercom_conversation(), None, answer)
    assert told.ways == ["POST /conversations"]
    assert told.body()["from"] == {"type": "contact", "id": "667d60a98a68186f43bafd6d"}
    assert told.kept == TALK


def test_a_conversation_needs_a_contact_that_exists() -> None:
    values = intercom_config().model_dump() | {"access_token": SECRET, "ticket_type_id": ""}
    with pytest.raises(ConfigError, match="24 characters where no ticket type"):
        load(IntercomConfig, values)


def test_acknowledging_leaves_a_note_and_sets_the_state() -> None:
    told = tell(
        INTERCOM,
        notification(Operation.ACKNOWLEDGE),
        intercom_config(),
        TICKET,
        json_(200, OPEN),
        json_(200),
        json_(200),
    )
    assert told.ways == ["GET /tickets/494", "POST /tickets/494/reply", "PUT /tickets/494"]
    note = told.body(1)
    assert (note["message_type"], note["type"], note["admin_id"]) == ("note", "admin", "12")
    assert "<strong>Acknowledged: " in note["body"]
    assert told.body() == {"ticket_state_id": "77", "admin_id": 12}


def test_resolving_closes() -> None:
    told = tell(
        INTERCOM, notification(Operation.RESOLVE), intercom_config(), TICKET, json_(200, OPEN), json_(200), json_(200)
    )
    assert told.body() == {"ticket_state_id": "79", "open": False, "admin_id": 12}
    talk = tell(
        INTERCOM, notification(Operation.RESOLVE), intercom_conversation(), TALK,
        json_(200, {"state": "open"}), json_(200), json_(200),
    )  # fmt: skip
    assert talk.ways == ["GET /conversations/500", "POST /conversations/500/reply", "POST /conversations/500/parts"]
    assert talk.body() == {"message_type": "close", "type": "admin", "admin_id": "12"}


@pytest.mark.parametrize(
    ("receipt", "answer"),
    [(TICKET, {"ticket_state": {"category": "resolved"}}), (TALK, {"state": "closed"})],
)
def test_what_people_closed_stays_so(receipt: Receipt, answer: object) -> None:
    for operation in (Operation.ACKNOWLEDGE, Operation.RESOLVE):
        assert tell(INTERCOM, notification(operation), intercom_config(), receipt, json_(200, answer)).failure is None


def test_what_was_done_before_a_failure_is_not_done_again() -> None:
    told = notification(Operation.RESOLVE)
    first = tell(INTERCOM, told, intercom_config(), TICKET, json_(200, OPEN), json_(200), json_(502))
    again = tell(INTERCOM, told, intercom_config(), first.receipt, json_(200, OPEN), json_(200))
    assert again.ways == ["GET /tickets/494", "PUT /tickets/494"]


def test_without_a_ticket_a_resolve_does_nothing_and_an_update_opens_one() -> None:
    assert tell(INTERCOM, notification(Operation.RESOLVE), intercom_config(), None).requests == []
    assert isinstance(tell(INTERCOM, notification(Operation.ACKNOWLEDGE), intercom_config(), None).failure, Refused)
    assert tell(INTERCOM, notification(Operation.UPDATE), intercom_config(), None, json_(200, OPEN)).kept == TICKET
    assert INTERCOM.on_repeat(Operation.RAISE, intercom_config()) is Repeat.DOUBLES


def test_an_update_renames_the_ticket() -> None:
    told = tell(INTERCOM, notification(Operation.UPDATE), intercom_config(comments="none"), TICKET, json_(200))
    assert told.body()["ticket_attributes"]["_default_title_"].startswith("Now high: ")


def test_it_waits_until_the_reset_that_is_named() -> None:
    headers = {"Date": "Sun, 22 Nov 2026 09:41:00 GMT", "X-RateLimit-Reset": "1795340467"}
    said = {"type": "error.list", "errors": [{"code": "rate_limit_exceeded", "message": "Exceeded rate limit"}]}
    failure = INTERCOM.classify(httpx.Response(429, json=said, headers=headers))
    assert isinstance(failure, Unreachable)
    assert failure.retry_after == timedelta(seconds=7)
    for broken in ({}, {**headers, "X-RateLimit-Reset": "soon"}, {**headers, "Date": "yesterday"}):
        failure = INTERCOM.classify(httpx.Response(429, json=said, headers=broken))
        assert isinstance(failure, Unreachable)
        assert failure.retry_after is None


def test_its_errors() -> None:
    def answer(status: int, code: str) -> httpx.Response:
        return json_(status, {"type": "error.list", "errors": [{"code": code, "message": "No such thing"}]})

    plan = INTERCOM.classify(answer(403, "api_plan_restricted"))
    assert isinstance(plan, Unauthorised)
    assert "no tickets" in plan.message
    assert isinstance(INTERCOM.classify(answer(401, "unauthorized")), Unauthorised)
    refused = INTERCOM.classify(answer(422, "parameter_invalid"))
    assert isinstance(refused, Refused)
    assert "No such thing" in refused.message
    assert isinstance(INTERCOM.classify(answer(409, "conflict")), Refused)
    assert isinstance(tell(INTERCOM, notification(), intercom_config(), None, json_(200, {})).failure, Unknown)


def test_ticket_types_states_and_teammates_are_chosen_from_the_account() -> None:
    _, found = asked(
        INTERCOM.look_up("ticket_type_id", intercom_config()), json_(200, {"data": [{"id": "1234", "name": "Late"}]})
    )
    assert found == (Choice("1234", "Late"),)
    _, found = asked(
        INTERCOM.look_up("admin_id", intercom_config()), json_(200, {"admins": [{"id": "12", "name": "Ana"}]})
    )
    assert found == (Choice("12", "Ana"),)
    states = {"data": [{"id": "79", "internal_label": "Resolved"}]}
    _, found = asked(INTERCOM.look_up("state_resolved", intercom_config()), json_(200, states))
    assert found == (Choice("79", "Resolved"),)
    assert INTERCOM.look_up("contact", intercom_config()) is None


def test_nothing_in_a_note_is_markup_of_others() -> None:
    for label, told in every_notification():
        for request in previewed(INTERCOM, told, intercom_config()):
            body = json.loads(request.content) if request.content else {}
            note = body.get("body", "")
            assert len(note) <= 10_000, label
            assert "<!channel" not in note, label
            assert "<https" not in note, label
