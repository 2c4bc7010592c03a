"""Zoho CRM. There is no contract for it: what its documentation says of each request is held here."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from dispatchwatch.dispatch.accounts.zoho import REGIONS
from dispatchwatch.dispatch.conversation import Held, News, rehearsed
from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised, Unreachable
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.platforms.zoho import Zoho
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket_fields import short_key
from dispatchwatch.domain.alert import Operation
from tests.dispatch.samples import every_notification, notification
from tests.dispatch.samples_zoho import REFRESH_TOKEN, SECRET, zoho_config
from tests.dispatch.telling import TOKEN, asked, json_, tell

ZOHO = Zoho()
RECORD = Receipt("4150868000003194003", {"id": "4150868000003194003"})
AT = f"/crm/v8/Cases/{RECORD.reference}"


def done(code: int = 201) -> httpx.Response:
    record = {"code": "SUCCESS", "status": "success", "message": "record added", "details": {"id": RECORD.reference}}
    return json_(code, {"data": [record]})


def no(code: str, status: int = 202, **details: str) -> httpx.Response:
    return json_(
        status, {"data": [{"code": code, "status": "error", "message": "the message of it", "details": details}]}
    )


def status(word: str) -> httpx.Response:
    return json_(200, {"data": [{"id": RECORD.reference, "Status": word}]})


def test_without_a_field_for_our_key_a_record_is_created() -> None:
    told = tell(ZOHO, notification(), zoho_config(workflows="skip"), None, done())
    assert told.ways == ["POST /crm/v8/Cases"]
    assert told.requests[0].headers["Authorization"] == f"Zoho-oauthtoken {TOKEN['access_token']}"
    assert told.body()["trigger"] == []
    (record,) = told.body()["data"]
    assert (record["Status"], record["Case_Origin"], record["Priority"]) == ("New", "Web", "High")
    assert told.kept == RECORD
    assert ZOHO.on_repeat(Operation.RAISE, zoho_config()) is Repeat.DOUBLES


def test_with_a_field_for_our_key_it_is_upserted_and_searched_for() -> None:
    config, key = zoho_config(unique_field="DW_Alert_ID"), short_key(notification().alert_key)
    told = tell(ZOHO, notification(), config, None, done(200))
    assert told.ways == ["POST /crm/v8/Cases/upsert"]
    assert told.body()["duplicate_check_fields"] == ["DW_Alert_ID"]
    assert told.body()["data"][0]["DW_Alert_ID"] == key
    assert "trigger" not in told.body()
    assert ZOHO.on_repeat(Operation.RAISE, config) is Repeat.HARMLESS
    found = json_(200, {"data": [{"id": "5", "DW_Alert_ID": "another"}, {"id": RECORD.reference, "DW_Alert_ID": key}]})
    told = tell(ZOHO, notification(Operation.RESOLVE), config, None, found, status("New"), done(), done(200))
    assert told.requests[0].url.params["criteria"] == f"(DW_Alert_ID:equals:{key})"
    assert told.ways[1] == f"GET {AT}"
    assert tell(ZOHO, notification(Operation.RESOLVE), config, None, httpx.Response(204)).kept == Receipt()


def test_any_module_can_take_them() -> None:
    config = zoho_config(
        module="Late_Visits", subject_field="Name", description_field="Details", status_field="Stage",
        new_status="Open", resolved_status="Done", record_fields="", priority_field="Urgency",
    )  # fmt: skip
    told = tell(ZOHO, notification(), config, None, done())
    assert told.ways == ["POST /crm/v8/Late_Visits"]
    assert told.body()["data"][0].keys() == {"Name", "Details", "Stage", "Urgency"}
    resolved = tell(
        ZOHO, notification(Operation.RESOLVE), config, RECORD, json_(200, {"data": [{"Stage": "Open"}]}), done(), done()
    )
    assert resolved.body(1)["data"][0]["Parent_Id"]["module"] == {"api_name": "Late_Visits"}
    assert resolved.body() == {"data": [{"Stage": "Done"}]}


def test_a_note_then_the_status() -> None:
    told = tell(ZOHO, notification(Operation.RESOLVE), zoho_config(), RECORD, status("New"), done(), done(200))
    assert told.ways == [f"GET {AT}", "POST /crm/v8/Notes", f"PUT {AT}"]
    (note,) = told.body(1)["data"]
    assert note["Parent_Id"] == {"id": RECORD.reference, "module": {"api_name": "Cases"}}
    assert note["Note_Title"].startswith("Resolved: ")
    assert told.body() == {"data": [{"Status": "Closed"}]}


def test_a_note_that_was_taken_is_not_written_again() -> None:
    alert = notification(Operation.RESOLVE)
    broken = tell(ZOHO, alert, zoho_config(), RECORD, status("New"), done(), no("INVALID_DATA", api_name="Status"))
    assert isinstance(broken.failure, Refused)
    assert broken.receipt is not None
    again = tell(ZOHO, alert, zoho_config(), broken.receipt, status("New"), done(200))
    assert again.ways == [f"GET {AT}", f"PUT {AT}"]


def test_acknowledging_moves_it_where_the_office_says() -> None:
    told = tell(ZOHO, notification(Operation.ACKNOWLEDGE), zoho_config(), RECORD, status("New"), done())
    assert told.ways[-1] == "POST /crm/v8/Notes"
    config = zoho_config(acknowledged_status="On Hold")
    told = tell(ZOHO, notification(Operation.ACKNOWLEDGE), config, RECORD, status("New"), done(), done(200))
    assert told.body() == {"data": [{"Status": "On Hold"}]}
    assert len(tell(ZOHO, notification(Operation.ACKNOWLEDGE), config, RECORD, status("Closed")).requests) == 1


def test_a_record_that_is_gone_is_resolved() -> None:
    assert tell(ZOHO, notification(Operation.RESOLVE), zoho_config(), RECORD, httpx.Response(204)).kept == RECORD
    told = tell(ZOHO, notification(Operation.ACKNOWLEDGE), zoho_config(), RECORD, httpx.Response(204))
    assert isinstance(told.failure, Refused)


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (no("MANDATORY_NOT_FOUND", api_name="Account_Name"), Refused, "MANDATORY_NOT_FOUND, Account_Name"),
        (no("DUPLICATE_DATA", 200), Refused, "the message of it"),
        (no("NO_PERMISSION", 207), Unauthorised, "rights"),
        (
            json_(200, {"code": "OAUTH_SCOPE_MISMATCH", "status": "error", "message": "x", "details": {}}),
            Unauthorised,
            "scopes",
        ),
        (json_(400, {"code": "INVALID_DATA", "status": "error", "message": "said so"}), Refused, "said so"),
        (json_(429, {"code": "TOO_MANY_REQUESTS", "status": "error"}), Unreachable, "later"),
        (json_(400, {"code": "LIMIT_EXCEEDED", "status": "error"}), Unreachable, "24 hours"),
        (json_(500, {"code": "INTERNAL_ERROR", "message": "oh", "status": "error"}), Unreachable, "oh"),
    ],
)
def test_errors_also_in_good_answers(answer: httpx.Response, kind: type[Failure], words: str) -> None:
    told = tell(ZOHO, notification(), zoho_config(), None, answer)
    assert type(told.failure) is kind
    assert words in told.failure.message


def test_it_waits_where_no_time_is_told() -> None:
    later = ZOHO.classify(json_(429, {}))
    assert isinstance(later, Unreachable)
    assert later.retry_after == timedelta(minutes=1)


@pytest.mark.parametrize("region", REGIONS)
def test_every_region_has_its_hosts(region: str) -> None:
    config = zoho_config(region=region)
    grant, check = ZOHO.auth(config).grant(), ZOHO.check(config)
    accounts, api = (
        ("accounts.zohocloud.ca", "www.zohoapis.ca")
        if region == "ca"
        else (f"accounts.zoho.{region}", f"www.zohoapis.{region}")
    )
    assert (grant.url.host, check.url.host) == (accounts, api)
    assert (grant.url.path, grant.url.query) == ("/oauth/v2/token", b"")
    assert parse_qs(grant.content.decode()) == {
        "grant_type": ["refresh_token"], "client_id": ["1000.ABC"],
        "client_secret": [SECRET], "refresh_token": [REFRESH_TOKEN],
    }  # fmt: skip


def test_a_refusal_with_200_at_the_door_pauses_the_channel() -> None:
    flow = ZOHO.auth(zoho_config()).auth_flow(httpx.Request("GET", "https://www.zohoapis.com/crm/v8/org"))
    next(flow)
    with pytest.raises(Unauthorised, match="invalid_code"):
        flow.send(httpx.Response(200, json={"error": "invalid_code"}))


def test_every_request_is_of_the_documented_form() -> None:
    for config in (
        zoho_config(),
        zoho_config(unique_field="DW_Alert_ID", workflows="skip", acknowledged_status="On Hold"),
    ):
        for _, told in every_notification():
            for receipt in (RECORD, None) if told.operation is not Operation.ACKNOWLEDGE else (RECORD,):
                requests, _ = rehearsed(ZOHO.tell(told, config, receipt), ZOHO.pretended)
                for request in requests:
                    _hold(request)


def _hold(request: httpx.Request) -> None:
    if request.method == "GET":
        assert not request.content
        return
    body: dict[str, Any] = json.loads(request.content)
    assert body.keys() <= {"data", "trigger", "duplicate_check_fields"}
    assert len(body["data"]) == 1
    (record,) = body["data"]
    assert all(isinstance(value, str) for name, value in record.items() if name != "Parent_Id")
    assert len(record.get("Subject", "")) <= 200
    assert max((len(value) for value in record.values() if isinstance(value, str)), default=0) <= 32_000
    assert ("duplicate_check_fields" in body) is request.url.path.endswith("/upsert")


def test_what_people_did_is_heard_with_their_names() -> None:
    held = [Held(f"thread {number}", Receipt("", {"id": str(number)})) for number in (1, 2, 3)]
    when = "2026-11-22T10:52:00+01:00"
    answer = {"data": [
        {"id": "1", "Status": "New", "Modified_By": {"name": "Robot"}},
        {"id": "2", "Status": "On Hold", "Modified_By": {"name": "Dana Lee"}, "Modified_Time": when},
        {"id": "3", "Status": "Closed", "Modified_By": {"name": "Sam Ito"}, "Modified_Time": when},
    ]}  # fmt: skip
    (request,), heard = asked(ZOHO.listen(held, zoho_config(), ""), json_(200, answer))
    assert dict(request.url.params) == {"ids": "1,2,3", "fields": "Status,Modified_By,Modified_Time"}
    at = datetime(2026, 11, 22, 9, 52, tzinfo=UTC)
    assert heard.news == (
        News("thread 2", Operation.ACKNOWLEDGE, "Dana Lee", at),
        News("thread 3", Operation.RESOLVE, "Sam Ito", at),
    )
    assert asked(ZOHO.listen(held, zoho_config(), ""), httpx.Response(204))[1].news == ()
