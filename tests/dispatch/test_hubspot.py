from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from dispatchwatch.dispatch.conversation import Choice, Held, News
from dispatchwatch.dispatch.errors import Refused, Unauthorised, Unknown, Unreachable
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.platforms.hubspot import HubSpot
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket_fields import short_key
from dispatchwatch.domain.alert import Operation
from tests.dispatch.samples import TEXTS, notification
from tests.dispatch.samples_hubspot import ACCESS_TOKEN, hubspot_config
from tests.dispatch.telling import asked, json_, tell

HUBSPOT = HubSpot()
TICKET = Receipt("501", {"id": "501"})
OBJECTS = "/crm/objects/2026-03"
NOTE = json_(201, {"id": "900", "properties": {}})
DONE = json_(200, {"id": "501", "properties": {}})


def stage(number: str) -> httpx.Response:
    return json_(200, {"id": "501", "properties": {"hs_pipeline_stage": number}})


def test_without_a_property_for_our_key_a_ticket_is_created() -> None:
    told = tell(HUBSPOT, notification(), hubspot_config(), None, json_(201, {"id": "501", "properties": {}}))
    assert told.ways == [f"POST {OBJECTS}/tickets"]
    assert told.requests[0].url.host == "api.hubapi.com"
    assert told.requests[0].headers["Authorization"] == f"Bearer {ACCESS_TOKEN}"
    body = told.body()
    assert body["associations"] == []
    assert body["properties"]["hs_ticket_priority"] == "HIGH"
    assert (body["properties"]["hs_pipeline"], body["properties"]["hs_pipeline_stage"]) == ("0", "1")
    assert told.kept == TICKET
    assert HUBSPOT.on_repeat(Operation.RAISE, hubspot_config()) is Repeat.DOUBLES


def test_with_a_property_for_our_key_it_is_upserted_and_found_again() -> None:
    config, key = hubspot_config(unique_property="dw_alert_id"), short_key(notification().alert_key)
    told = tell(
        HUBSPOT,
        notification(),
        config,
        None,
        json_(200, {"status": "COMPLETE", "results": [{"id": "501", "new": True}]}),
    )
    assert told.ways == [f"POST {OBJECTS}/tickets/batch/upsert"]
    (one,) = told.body()["inputs"]
    assert (one["idProperty"], one["id"]) == ("dw_alert_id", key)
    assert HUBSPOT.on_repeat(Operation.RAISE, config) is Repeat.HARMLESS
    told = tell(HUBSPOT, notification(Operation.UPDATE), config, None, DONE, NOTE, DONE, DONE)
    assert told.ways[0] == f"GET {OBJECTS}/tickets/{key}"
    assert told.requests[0].url.params["idProperty"] == "dw_alert_id"


def test_an_error_in_a_good_answer_is_a_refusal() -> None:
    answer = {"status": "COMPLETE", "results": [], "numErrors": 1, "errors": [{"message": "Property does not exist"}]}
    told = tell(HUBSPOT, notification(), hubspot_config(unique_property="dw"), None, json_(207, answer))
    assert isinstance(told.failure, Refused)
    assert "Property does not exist" in told.failure.message


def test_a_note_is_written_tied_and_the_stage_is_changed() -> None:
    told = tell(HUBSPOT, notification(Operation.RESOLVE), hubspot_config(), TICKET, stage("2"), NOTE, DONE, DONE)
    assert told.ways == [
        f"GET {OBJECTS}/tickets/501", f"POST {OBJECTS}/notes",
        f"PUT {OBJECTS}/note/900/associations/default/ticket/501", f"PATCH {OBJECTS}/tickets/501",
    ]  # fmt: skip
    assert told.body(1)["properties"]["hs_timestamp"] == "2026-11-22T09:41:00.000Z"
    assert told.requests[2].content == b""
    assert told.body() == {"properties": {"hs_pipeline": "0", "hs_pipeline_stage": "4"}}
    assert told.kept.details.keys() == {"id", "noted", "stands"}


@pytest.mark.parametrize("broken", [json_(503, {}), httpx.ReadTimeout("slow")])
def test_what_breaks_off_between_note_and_tie_goes_on_there(broken: httpx.Response | Exception) -> None:
    config, alert = hubspot_config(), notification(Operation.RESOLVE)
    first = tell(HUBSPOT, alert, config, TICKET, stage("1"), NOTE, broken)
    assert first.receipt is not None
    assert first.receipt.details["note"] == "900"
    second = tell(HUBSPOT, alert, config, first.receipt, stage("1"), DONE, json_(503, {}))
    assert second.ways[1].startswith(f"PUT {OBJECTS}/note/900/")
    assert second.receipt is not None
    third = tell(HUBSPOT, alert, config, second.receipt, stage("1"), DONE)
    assert third.ways == [f"GET {OBJECTS}/tickets/501", f"PATCH {OBJECTS}/tickets/501"]
    other = tell(HUBSPOT, notification(Operation.UPDATE), config, first.receipt, NOTE, DONE, DONE)
    assert other.ways[0] == f"POST {OBJECTS}/notes"


def test_a_stage_that_is_left_out_is_left_alone() -> None:
    told = tell(HUBSPOT, notification(Operation.ACKNOWLEDGE), hubspot_config(), TICKET, stage("1"), NOTE, DONE)
    assert told.ways[-1].startswith("PUT ")
    config = hubspot_config(acknowledged_stage="3")
    told = tell(HUBSPOT, notification(Operation.ACKNOWLEDGE), config, TICKET, stage("1"), NOTE, DONE, DONE)
    assert told.body()["properties"]["hs_pipeline_stage"] == "3"
    moved = tell(HUBSPOT, notification(Operation.ACKNOWLEDGE), config, TICKET, stage("2"), NOTE, DONE)
    assert moved.ways[-1].startswith("PUT ")
    assert len(tell(HUBSPOT, notification(Operation.ACKNOWLEDGE), config, TICKET, stage("4")).requests) == 1


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_values_are_texts_within_65536(text: str) -> None:
    told = tell(
        HUBSPOT, notification(Operation.UPDATE, text=text, facts=60), hubspot_config(), TICKET, NOTE, DONE, DONE
    )
    assert len(told.body(0)["properties"]["hs_note_body"]) <= 65_536
    assert "<!channel>" not in told.body(0)["properties"]["hs_note_body"]


def test_the_date_in_the_path_is_set() -> None:
    config = hubspot_config(api_version="2026-09")
    assert tell(HUBSPOT, notification(), config, None, json_(201, {"id": "1"})).ways == [
        "POST /crm/objects/2026-09/tickets"
    ]


def test_its_limits_are_waited_for() -> None:
    daily = HUBSPOT.classify(json_(429, {"errorType": "RATE_LIMIT", "policyName": "DAILY"}))
    assert isinstance(daily, Unreachable)
    assert daily.retry_after == timedelta(hours=1)
    short = HUBSPOT.classify(json_(429, {"errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING"}))
    assert isinstance(short, Unreachable)
    assert short.retry_after == timedelta(seconds=10)
    assert isinstance(HUBSPOT.classify(httpx.Response(477, headers={"Retry-After": "5"})), Unreachable)
    scopes = HUBSPOT.classify(json_(403, {"category": "MISSING_SCOPES", "message": "This app needs tickets"}))
    assert isinstance(scopes, Unauthorised)
    assert "needs tickets" in scopes.message


def test_an_answer_without_a_name_leaves_it_open() -> None:
    assert isinstance(tell(HUBSPOT, notification(), hubspot_config(), None, json_(201, {})).failure, Unknown)
    told = tell(HUBSPOT, notification(Operation.UPDATE), hubspot_config(), TICKET, json_(201, {}))
    assert isinstance(told.failure, Unknown)


def test_what_people_did_is_heard_with_their_names() -> None:
    held = [Held(f"thread {number}", Receipt("", {"id": str(number)})) for number in (1, 2, 3)]
    answer = {"results": [
        {"id": "1", "properties": {"hs_pipeline_stage": "1", "hubspot_owner_id": "7"}},
        {"id": "2", "properties": {"hs_pipeline_stage": "3", "hubspot_owner_id": "7"}},
        {"id": "3", "properties": {"hs_pipeline_stage": "4", "hubspot_owner_id": "8"}},
    ]}  # fmt: skip
    requests, heard = asked(
        HUBSPOT.listen(held, hubspot_config(), ""),
        json_(200, answer), json_(200, {"firstName": "Dana", "lastName": "Lee"}), json_(403, {}),
    )  # fmt: skip
    assert [request.url.path for request in requests] == [
        f"{OBJECTS}/tickets/batch/read", "/crm/owners/2026-03/7", "/crm/owners/2026-03/8",
    ]  # fmt: skip
    assert heard.news == (News("thread 2", Operation.ACKNOWLEDGE, "Dana Lee"), News("thread 3", Operation.RESOLVE))


def test_pipelines_and_their_stages_are_chosen_by_name() -> None:
    answer = {"results": [
        {"id": "0", "label": "Support", "stages": [{"id": "1", "label": "New"}, {"id": "4", "label": "Closed"}]},
        {"id": "77", "label": "Field", "stages": [{"id": "90", "label": "Late"}]},
    ]}  # fmt: skip
    (request,), found = asked(HUBSPOT.look_up("hs_pipeline", hubspot_config()), json_(200, answer))
    assert request.url.path == "/crm/pipelines/2026-03/tickets"
    assert found == (Choice("77", "Field"), Choice("0", "Support"))
    config = hubspot_config(hs_pipeline="77")
    assert asked(HUBSPOT.look_up("resolved_stage", config), json_(200, answer))[1] == (Choice("90", "Late"),)
