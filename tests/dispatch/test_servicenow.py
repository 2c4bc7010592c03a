from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs

import httpx
import pytest

from dispatchwatch.dispatch.conversation import Choice, Held, News
from dispatchwatch.dispatch.errors import Refused, Unknown, Unreachable
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.platforms.servicenow import ServiceNow
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.domain.alert import Operation, Severity
from tests.dispatch.samples import TEXTS, notification
from tests.dispatch.samples_servicenow import PASSWORD, SECRET, servicenow_config, servicenow_oauth
from tests.dispatch.telling import asked, json_, tell

SERVICENOW = ServiceNow()
SYS_ID = "9d385017c611228701d22104cc95c371"
INCIDENT = Receipt("INC0010023", {"id": SYS_ID})
NONE = json_(200, {"result": []})
ONE = {"sys_id": SYS_ID, "number": "INC0010023", "state": "1"}


def result(status: int = 200, **fields: str) -> httpx.Response:
    return json_(status, {"result": ONE | fields})


def test_an_incident_is_looked_for_and_then_opened() -> None:
    alert = notification(text="Plant 4 – late")
    told = tell(SERVICENOW, replace(alert, alert_key="late|1042"), servicenow_config(), None, NONE, result(201))
    assert told.ways == ["GET /api/now/table/incident", "POST /api/now/table/incident"]
    assert told.requests[0].url.params["sysparm_query"] == "correlation_id=dw:late|1042^active=true"
    assert told.requests[1].url.params["sysparm_fields"] == "sys_id,number,state"
    assert told.requests[1].headers["Accept"] == told.requests[1].headers["Content-Type"] == "application/json"
    basic = base64.b64encode(f"dispatch:{PASSWORD}".encode()).decode()
    assert told.requests[1].headers["Authorization"] == f"Basic {basic}"
    body = told.body()
    assert body["short_description"] == "High: Late check-in: Plant 4 – late"
    assert (body["urgency"], body["impact"]) == ("2", "2")
    assert (body["correlation_id"], body["correlation_display"]) == ("dw:late|1042", "DispatchWatch")
    assert "assignment_group" not in body
    assert told.kept == INCIDENT


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_the_query_is_made_of_means_nothing_in_it(text: str) -> None:
    alert = replace(notification(), alert_key=f"late|{text}^active=false^ORcorrelation_id=x")
    told = tell(SERVICENOW, alert, servicenow_config(), None, NONE, result(201))
    key = told.body()["correlation_id"]
    assert told.requests[0].url.params["sysparm_query"] == f"correlation_id={key}^active=true"
    assert "^" not in key
    assert len(key) <= 100


def test_an_incident_that_is_there_is_not_opened_again_and_a_stranger_is_not_ours() -> None:
    alert = replace(notification(), alert_key="late|1042")
    ours = json_(200, {"result": [{**ONE, "correlation_id": "dw:late|1042"}]})
    assert tell(SERVICENOW, alert, servicenow_config(), None, ours).kept == INCIDENT
    stranger = json_(200, {"result": [{**ONE, "correlation_id": "somebody else’s"}]})
    assert len(tell(SERVICENOW, alert, servicenow_config(), None, stranger, result(201)).requests) == 2
    none = json_(404, {"error": {"message": "No Record found"}, "status": "failure"})
    assert len(tell(SERVICENOW, alert, servicenow_config(), None, none, result(201)).requests) == 2


def test_acknowledging_looks_then_notes_and_moves_in_one_request() -> None:
    told = tell(
        SERVICENOW, notification(Operation.ACKNOWLEDGE), servicenow_config(), INCIDENT, result(), result(state="2")
    )
    assert told.ways == [f"GET /api/now/table/incident/{SYS_ID}", f"PATCH /api/now/table/incident/{SYS_ID}"]
    assert told.body()["state"] == "2"
    assert told.body()["work_notes"].startswith("Acknowledged: ")
    assert told.kept.details["stands"] == "TAKEN"


def test_resolving_gives_what_the_instance_demands() -> None:
    config = servicenow_config(
        close_code="Solved (Permanently)", resolve_fields="cause=Late; u_x=1", comment_field="comments"
    )
    told = tell(SERVICENOW, notification(Operation.RESOLVE), config, INCIDENT, result(state="2"), result(state="6"))
    body = told.body()
    assert {name: body[name] for name in ("state", "close_code", "cause", "u_x")} == {
        "state": "6", "close_code": "Solved (Permanently)", "cause": "Late", "u_x": "1",
    }  # fmt: skip
    assert body["close_notes"].startswith("Resolved: ")
    assert body["comments"].startswith("Resolved: ")
    assert "work_notes" not in body
    assert told.kept.details["stands"] == "ENDED"


@pytest.mark.parametrize("state", ["6", "7", "8"])
@pytest.mark.parametrize("operation", [Operation.ACKNOWLEDGE, Operation.RESOLVE])
def test_what_people_ended_is_not_put_back(state: str, operation: Operation) -> None:
    told = tell(SERVICENOW, notification(operation), servicenow_config(), INCIDENT, result(state=state))
    assert [request.method for request in told.requests] == ["GET"]
    assert told.failure is None


def test_what_people_have_taken_on_or_put_on_hold_is_noted_and_left_there() -> None:
    told = tell(
        SERVICENOW,
        notification(Operation.ACKNOWLEDGE),
        servicenow_config(),
        INCIDENT,
        result(state="3"),
        result(state="3"),
    )
    assert told.body().keys() == {"work_notes"}


def test_an_update_and_a_reminder_are_notes() -> None:
    update = tell(
        SERVICENOW, notification(Operation.UPDATE, severity=Severity.CRITICAL), servicenow_config(), INCIDENT, result()
    )
    assert update.ways == [f"PATCH /api/now/table/incident/{SYS_ID}"]
    assert update.body()["urgency"] == "1"
    reminder = tell(SERVICENOW, notification(is_reminder=True), servicenow_config(), INCIDENT, result())
    assert reminder.body().keys() == {"work_notes"}
    assert reminder.body()["work_notes"].startswith("Reminder: ")


def test_what_was_reopened_at_the_desk_is_reopened_there() -> None:
    told = tell(SERVICENOW, notification(), servicenow_config(), INCIDENT.also(stands="ENDED"), result())
    assert told.body()["state"] == "1"
    assert told.kept.details["stands"] == "OPEN"


def test_a_state_that_was_not_taken_is_a_refusal() -> None:
    told = tell(SERVICENOW, notification(Operation.RESOLVE), servicenow_config(), INCIDENT, result(), result(state="1"))
    assert isinstance(told.failure, Refused)
    assert "left the incident in state 1" in told.failure.message


@pytest.mark.parametrize("status", [403, 500])
def test_what_it_demands_is_said_and_not_tried_for_a_day(status: int) -> None:
    no = json_(
        status, {"error": {"message": "Operation Failed", "detail": "Data Policy Exception: close_code is mandatory"}}
    )
    told = tell(SERVICENOW, notification(Operation.RESOLVE), servicenow_config(), INCIDENT, result(), no)
    assert isinstance(told.failure, Refused)
    assert "mandatory fields" in told.failure.message
    assert "close_code is mandatory" in told.failure.message
    assert told.receipt == INCIDENT


def test_an_instance_that_sleeps_has_taken_nothing() -> None:
    page = httpx.Response(200, text="<html><title>Instance Hibernating page</title></html>")
    assert isinstance(tell(SERVICENOW, notification(), servicenow_config(), None, page).failure, Unreachable)


def test_a_lost_answer_is_harmless_since_the_incident_is_looked_for() -> None:
    lost = tell(SERVICENOW, notification(), servicenow_config(), None, NONE, httpx.ReadTimeout("slow"))
    assert isinstance(lost.failure, Unknown)
    assert SERVICENOW.on_repeat(Operation.RAISE, servicenow_config()) is Repeat.HARMLESS
    assert SERVICENOW.on_repeat(Operation.RESOLVE, servicenow_config()) is Repeat.HARMLESS
    assert SERVICENOW.on_repeat(Operation.UPDATE, servicenow_config()) is Repeat.DOUBLES


def test_nothing_in_a_journal_is_markup() -> None:
    told = tell(
        SERVICENOW,
        notification(Operation.UPDATE, text="[code]<b>x</b>[/CODE]"),
        servicenow_config(),
        INCIDENT,
        result(),
    )
    assert "[code]" not in told.body()["work_notes"].lower()
    assert "(code)<b>x</b>(/CODE)" in told.body()["work_notes"]


def test_a_test_is_the_least_that_can_be() -> None:
    alert = notification(severity=Severity.CRITICAL, is_test=True)
    body = tell(SERVICENOW, alert, servicenow_config(), None, NONE, result(201)).body()
    assert (body["urgency"], body["impact"]) == ("3", "3")
    assert body["short_description"].startswith("TEST: ")


def test_tokens_are_fetched_by_form() -> None:
    auth = SERVICENOW.auth(servicenow_oauth())
    assert auth is not None
    request = auth.grant()
    assert str(request.url) == "https://acme.service-now.com/oauth_token.do"
    assert parse_qs(request.content.decode()) == {
        "grant_type": ["client_credentials"], "client_id": ["abc"], "client_secret": [SECRET],
    }  # fmt: skip
    told = tell(SERVICENOW, notification(), servicenow_oauth(), None, NONE, result(201))
    assert told.requests[0].headers["Authorization"].startswith("Bearer ")
    assert SERVICENOW.auth(servicenow_config()) is None


def test_what_people_did_is_heard_with_their_names_and_our_own_is_not() -> None:
    def row(number: int, state: str, **names: str) -> dict[str, object]:
        shown = {name: {"value": "x", "display_value": value} for name, value in names.items()}
        return {"sys_id": {"value": f"{number:032x}"}, "state": {"value": state}, **shown}

    threads: dict[str, dict[str, str]] = {name: {} for name in ("new", "taken", "ended")}
    threads |= {"taken by us": {"stands": "TAKEN"}, "gone": {}, "ended since": {"stands": "TAKEN"}}
    held = [
        Held(name, Receipt("", {"id": f"{number:032x}", **more})) for number, (name, more) in enumerate(threads.items())
    ]
    at = {"resolved_at": {"value": "2026-11-22 09:52:00", "display_value": "22.11.2026"}}
    answer = json_(200, {"result": [
        row(0, "1", assigned_to="Robot"), row(1, "2", assigned_to="Dana Lee"),
        {**row(2, "6", resolved_by="Sam Ito"), **at},
        row(3, "2", assigned_to="Dana Lee"), row(5, "7"),
    ]})  # fmt: skip
    (request,), heard = asked(SERVICENOW.listen(held, servicenow_config(), ""), answer)
    assert request.url.params["sysparm_display_value"] == "all"
    assert set(heard.news) == {
        News("taken", Operation.ACKNOWLEDGE, "Dana Lee"),
        News("ended", Operation.RESOLVE, "Sam Ito", datetime(2026, 11, 22, 9, 52, tzinfo=UTC)),
        News("ended since", Operation.RESOLVE),
    }


def test_groups_are_chosen_by_name() -> None:
    answer = json_(200, {"result": [{"sys_id": SYS_ID, "name": "Network"}, {"sys_id": "a" * 32, "name": "field"}]})
    (request,), found = asked(SERVICENOW.look_up("assignment_group", servicenow_config()), answer)
    assert request.url.path == "/api/now/table/sys_user_group"
    assert found == (Choice("a" * 32, "field"), Choice(SYS_ID, "Network"))
    assert SERVICENOW.look_up("instance", servicenow_config()) is None
