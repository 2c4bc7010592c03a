from __future__ import annotations

import base64
import json
from dataclasses import replace

import httpx
import pytest

from dispatchwatch.dispatch.conversation import Choice, Held, News
from dispatchwatch.dispatch.errors import Refused, Unreachable
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.platforms.zendesk import Zendesk
from dispatchwatch.dispatch.reading import instant
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.domain.alert import Operation, Severity
from tests.dispatch.samples import HOSTILE, NOW, notification
from tests.dispatch.samples_zendesk import SECRET, TOKEN, zendesk_config, zendesk_token
from tests.dispatch.telling import asked, json_, tell

ZENDESK = Zendesk()
TICKET = Receipt("#35436", {"id": "35436"})
NONE = json_(200, {"tickets": []})


def ticket(answered: int = 200, **fields: object) -> httpx.Response:
    return json_(answered, {"ticket": {"id": 35436, "status": "new", **fields}})


def test_a_ticket_is_looked_for_and_then_opened_under_a_key() -> None:
    alert = notification()
    told = tell(ZENDESK, alert, zendesk_config(), None, NONE, ticket(201))
    assert told.ways == ["GET /api/v2/tickets", "POST /api/v2/tickets"]
    assert told.requests[0].url.params["external_id"] == f"dw:{alert.alert_key}"
    body = told.body()["ticket"]
    assert body["external_id"] == f"dw:{alert.alert_key}"
    assert (body["priority"], body["type"], body["comment"]["public"]) == ("high", "incident", False)
    assert "group_id" not in body
    assert told.kept == TICKET
    assert told.requests[1].headers["Authorization"].startswith("Bearer ")


def test_the_key_is_the_same_at_every_attempt_and_another_for_another_telling() -> None:
    def key(alert: object) -> str:
        return tell(ZENDESK, alert, zendesk_config(), None, NONE, ticket(201)).requests[1].headers["Idempotency-Key"]  # type: ignore[arg-type]

    assert key(notification()) == key(notification())
    assert (
        len(
            {
                key(notification()),
                key(notification(text="x")),
                key(replace(notification(), written_at=NOW.replace(hour=1))),
            }
        )
        == 3
    )
    assert len(key(notification())) <= 255


def test_a_ticket_that_is_there_is_not_opened_again_unless_it_is_closed() -> None:
    alert = notification()
    ours = {"id": 35436, "external_id": f"dw:{alert.alert_key}", "status": "open"}
    assert (
        tell(ZENDESK, alert, zendesk_config(), None, json_(200, {"tickets": [{**ours, "external_id": "x"}, ours]})).kept
        == TICKET
    )
    closed = json_(200, {"tickets": [{**ours, "status": "closed"}]})
    assert len(tell(ZENDESK, alert, zendesk_config(), None, closed, ticket(201)).requests) == 2


def test_acknowledging_and_resolving_are_one_request_each_after_a_look() -> None:
    told = tell(
        ZENDESK,
        notification(Operation.ACKNOWLEDGE),
        zendesk_config(acknowledged_status="hold"),
        TICKET,
        ticket(),
        ticket(),
    )
    assert told.ways == ["GET /api/v2/tickets/35436", "PUT /api/v2/tickets/35436"]
    assert told.body()["ticket"]["status"] == "hold"
    assert told.body()["ticket"]["comment"]["public"] is False
    assert told.kept.details["stands"] == "TAKEN"
    told = tell(
        ZENDESK,
        notification(Operation.RESOLVE),
        zendesk_config(visibility="public"),
        TICKET,
        ticket(status="open"),
        ticket(),
    )
    assert told.body()["ticket"]["status"] == "solved"
    assert told.body()["ticket"]["comment"]["public"] is True


@pytest.mark.parametrize("status", ["solved", "closed"])
def test_what_people_solved_is_not_put_back(status: str) -> None:
    for operation in (Operation.ACKNOWLEDGE, Operation.RESOLVE):
        told = tell(
            ZENDESK,
            notification(operation),
            zendesk_config(),
            TICKET,
            json_(200, {"ticket": {"id": 1, "status": status}}),
        )
        assert len(told.requests) == 1


def test_what_somebody_works_on_keeps_its_status() -> None:
    at_work = ticket(status="pending", assignee_id=7)
    told = tell(ZENDESK, notification(Operation.ACKNOWLEDGE), zendesk_config(), TICKET, at_work, ticket())
    assert told.body()["ticket"].keys() == {"comment"}


def test_an_update_changes_the_priority() -> None:
    told = tell(ZENDESK, notification(Operation.UPDATE, severity=Severity.CRITICAL), zendesk_config(), TICKET, ticket())
    assert told.body()["ticket"]["priority"] == "urgent"
    assert "status" not in told.body()["ticket"]


def test_who_asks_and_who_gets_it_can_be_set() -> None:
    config = zendesk_config(
        group_id="42", requester_email="office@acme.example", custom_fields="360001234567=1042; 7=x"
    )
    body = tell(ZENDESK, notification(), config, None, NONE, ticket(201)).body()["ticket"]
    assert (body["group_id"], body["requester"]["email"]) == (42, "office@acme.example")
    assert body["custom_fields"] == [{"id": 360001234567, "value": "1042"}, {"id": 7, "value": "x"}]


def test_no_text_is_markup_or_filled_in() -> None:
    body = tell(
        ZENDESK, notification(text=HOSTILE + "{{ticket.id}}{% x %}<b>"), zendesk_config(), None, NONE, ticket(201)
    ).body()
    told = [body["ticket"]["subject"], body["ticket"]["comment"]["html_body"]]
    assert not any("{{" in text or "{%" in text for text in told)
    assert "<b>" not in told[1]
    assert "<!channel>" not in told[1]


def test_a_422_names_its_fields() -> None:
    missing = {"description": "Site: is required when solving a ticket", "error": "BlankValue"}
    no = {"error": "RecordInvalid", "description": "Record validation errors", "details": {"base": [missing]}}
    told = tell(ZENDESK, notification(Operation.RESOLVE), zendesk_config(), TICKET, ticket(), json_(422, no))
    assert isinstance(told.failure, Refused)
    assert "Site: is required when solving a ticket" in told.failure.message
    assert told.receipt == TICKET


def test_a_clash_is_tried_again() -> None:
    told = tell(
        ZENDESK, notification(Operation.RESOLVE), zendesk_config(), TICKET, ticket(), json_(409, {"error": "x"})
    )
    assert isinstance(told.failure, Unreachable)


def test_repeating_is_harmless_except_for_comments() -> None:
    found = {operation: ZENDESK.on_repeat(operation, zendesk_config()) for operation in Operation}
    assert found == {
        Operation.RAISE: Repeat.HARMLESS, Operation.UPDATE: Repeat.DOUBLES,
        Operation.ACKNOWLEDGE: Repeat.DOUBLES, Operation.RESOLVE: Repeat.HARMLESS,
    }  # fmt: skip


def test_both_ways_of_signing_in() -> None:
    auth = ZENDESK.auth(zendesk_config())
    assert auth is not None
    grant = auth.grant()
    assert str(grant.url) == "https://acme.zendesk.com/oauth/tokens"
    assert json.loads(grant.content) == {
        "grant_type": "client_credentials", "scope": "tickets:read tickets:write",
        "client_id": "dispatchwatch", "client_secret": SECRET,
    }  # fmt: skip
    assert ZENDESK.auth(zendesk_token()) is None
    told = tell(ZENDESK, notification(), zendesk_token(), None, NONE, ticket(201))
    expected = base64.b64encode(f"agent@acme.example/token:{TOKEN}".encode()).decode()
    assert told.requests[0].headers["Authorization"] == f"Basic {expected}"
    assert expected in ZENDESK.secrets(zendesk_token())


def test_what_people_did_is_heard_with_their_names() -> None:
    held = [Held(f"thread {number}", Receipt("", {"id": str(number)})) for number in range(1, 7)]
    answer = {
        "tickets": [
            {"id": 1, "status": "open", "assignee_id": 7}, {"id": 2, "status": "solved", "assignee_id": 8},
            {"id": 3, "status": "open", "assignee_id": None}, {"id": 4, "status": "new", "assignee_id": 7},
            {"id": 5, "status": "open", "assignee_id": 7}, {"id": 6, "status": "pending", "assignee_id": 7},
        ],
        "users": [{"id": 7, "name": "Dana Lee"}],
        "metric_sets": [
            {"ticket_id": 1, "assignee_updated_at": "2026-11-22T09:50:00Z"},
            {"ticket_id": 5, "assignee_updated_at": None},
        ],
    }  # fmt: skip
    (request,), heard = asked(ZENDESK.listen(held, zendesk_config(), ""), json_(200, answer))
    assert request.url.path == "/api/v2/tickets/show_many"
    assert dict(request.url.params) == {"ids": "1,2,3,4,5,6", "include": "users,metric_sets"}
    assert heard.news == (
        News("thread 1", Operation.ACKNOWLEDGE, "Dana Lee", instant("2026-11-22T09:50:00Z")),
        News("thread 2", Operation.RESOLVE),
        News("thread 6", Operation.ACKNOWLEDGE, "Dana Lee"),
    )


def test_groups_are_chosen_by_name() -> None:
    (request,), found = asked(
        ZENDESK.look_up("group_id", zendesk_config()), json_(200, {"groups": [{"id": 42, "name": "Field"}]})
    )
    assert (request.url.path, found) == ("/api/v2/groups", (Choice("42", "Field"),))
