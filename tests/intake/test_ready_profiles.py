"""Every ready profile reads an answer shaped as the study describes it (sections 1.1, 2.3, 2.4, 3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from pydantic import ValidationError

from dispatchwatch.domain.visit import Status
from dispatchwatch.intake.catalog import read_once
from dispatchwatch.intake.json_asking import placeholders
from dispatchwatch.intake.json_feed import JsonConfig
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.ready import profile_for, ready, ready_names, shipped
from tests.fakes.receiver import Answer, Received, Receiver
from tests.intake.samples import CHICAGO, NOW, profile, utc

FROM, TO = "2026-05-01T05:00:00Z", "2026-05-17T05:00:00Z"
SQL_FROM, SQL_TO = "2026-05-01 05:00:00", "2026-05-17 05:00:00"
OAUTH = {"client_id": "me", "client_secret": "s3cret"}


@dataclass(frozen=True)
class Sample:
    """What a user fills in, what the source answers, what it must have been asked, and what the first visit is."""

    own: Mapping[str, Any]
    answer: object
    asked: Mapping[str, Any]
    visit: Mapping[str, object]
    statuses: tuple[Status, ...]
    header: tuple[str, str] = ("accept", "application/json")
    technicians: tuple[tuple[str, str], ...] = ()


def fsm_order(**more: object) -> dict[str, object]:
    return {
        "id": 12,
        "name": "FSM-0012",
        "stage_id": [4, "En Route"],
        "priority": "1",
        "scheduled_date_start": "2026-05-02 14:00:00",
        "scheduled_date_end": "2026-05-02 15:30:00",
        "scheduled_duration": 1.5,
        "request_early": False,
        "request_late": "2026-05-02 15:00:00",
        "date_start": False,
        "date_end": False,
        "person_id": [7, "Jo Ortiz"],
        "location_id": [3, "Plant 2"],
        "description": "Compressor down",
        "create_date": "2026-05-01 10:00:00",
        "write_date": "2026-05-02 13:00:00",
        **more,
    }


FSM_VISIT = {
    "ext_id": "FSM-0012",
    "sched_start": utc(2026, 5, 2, 14),
    "sched_end": utc(2026, 5, 2, 15, 30),
    "duration": timedelta(hours=1.5),
    "window_start": None,
    "window_end": utc(2026, 5, 2, 15),
    "arrived_at": None,
    "modified_at": utc(2026, 5, 2, 13),
    "title": "Compressor down",
}
FSM_ORDERS = [fsm_order(), fsm_order(name="FSM-0013", stage_id=[9, "Cancelled"]), fsm_order(name="X", person_id=False)]
FSM_DOMAIN = [["scheduled_date_start", ">=", SQL_FROM], ["scheduled_date_start", "<", SQL_TO]]
TASK = {
    "id": 31,
    "name": "Annual service",
    "stage_id": [2, "In Progress"],
    "priority": "0",
    "planned_date_begin": "2026-05-02 14:00:00",
    "date_deadline": "2026-05-02 16:00:00",
    "user_ids": [7, 8],
    "partner_id": [5, "Acme"],
    "write_date": "2026-05-02 13:00:00",
}
TASK_VISIT = {"ext_id": "31", "sched_start": utc(2026, 5, 2, 14), "title": "Annual service"}
TASK_DOMAIN = [["planned_date_begin", ">=", SQL_FROM], ["planned_date_begin", "<", SQL_TO]]
RPC = {"values": {"host": "o", "database": "prod", "uid": 7}, "secrets": {"key": "k3y"}}
JSON2 = {"values": {"host": "o"}, "auth": {"token": "k3y"}}


def booking(number: int, status: int, **more: object) -> dict[str, object]:
    return {
        "bookableresourcebookingid": f"b{number}",
        "name": "Jo Ortiz",
        "starttime": "2026-05-02T14:00:00Z",
        "endtime": "2026-05-02T15:00:00Z",
        "duration": 60,
        "BookingStatus": {"name": "Whatever", "msdyn_fieldservicestatus": status},
        "Resource": {"name": "Jo Ortiz"},
        "_resource_value": "r7",
        "msdyn_workorder": {"msdyn_name": "WO-9"},
        "modifiedon": "2026-05-02T13:00:00Z",
        **more,
    }


def both(value: str, display: str | None = None) -> dict[str, str]:
    return {"value": value, "display_value": value if display is None else display}


def wm_task(number: str, state: str, sub: str = "") -> dict[str, object]:
    return {
        "number": both(number),
        "parent": both("x1", "WO0001"),
        "state": both("16", state),
        "sub_state": both("", sub),
        "priority": both("1", "1 - Critical"),
        # the display value is in the zone of the asking user
        "expected_start": both("2026-05-02 14:00:00", "2026-05-02 09:00:00"),
        "estimated_end": both("2026-05-02 15:00:00", "2026-05-02 10:00:00"),
        "window_end": both(""),
        "assigned_to": both("u7", "Jo Ortiz"),
        "sys_updated_on": both("2026-05-02 13:00:00", "2026-05-02 08:00:00"),
    }


SAMPLES: dict[str, Sample] = {
    "odoo_json2_fsm": Sample(
        JSON2,
        FSM_ORDERS,
        {"domain": FSM_DOMAIN, "limit": 200, "offset": 0},
        FSM_VISIT,
        (Status.EN_ROUTE, Status.CANCELLED, Status.EN_ROUTE),
        ("authorization", "Bearer k3y"),
        (("Jo Ortiz", "7"),),
    ),
    "odoo_json2_project": Sample(
        JSON2,
        [TASK],
        {"domain": TASK_DOMAIN, "limit": 200, "offset": 0},
        TASK_VISIT,
        (Status.IN_PROGRESS,),
        technicians=(("7", "7"), ("8", "8")),
    ),
    "odoo_jsonrpc_fsm": Sample(
        RPC,
        {"jsonrpc": "2.0", "id": 1, "result": FSM_ORDERS},
        {"jsonrpc": "2.0", "method": "call"},
        FSM_VISIT,
        (Status.EN_ROUTE, Status.CANCELLED, Status.EN_ROUTE),
        technicians=(("Jo Ortiz", "7"),),
    ),
    "odoo_jsonrpc_project": Sample(
        RPC,
        {"jsonrpc": "2.0", "id": 1, "result": [TASK]},
        {"jsonrpc": "2.0", "method": "call"},
        TASK_VISIT,
        (Status.IN_PROGRESS,),
        technicians=(("7", "7"), ("8", "8")),
    ),
    "servicetitan": Sample(
        {"values": {"tenant": 42}, "secrets": {"app_key": "ak"}, "auth": OAUTH},
        {
            "page": 1,
            "hasMore": False,
            "data": [
                {
                    "id": 9007199254740993,
                    "jobId": 77,
                    "appointmentNumber": "77-1",
                    "start": "2026-05-02T14:00:00Z",
                    "end": "2026-05-02T16:00:00Z",
                    "arrivalWindowStart": "2026-05-02T13:00:00Z",
                    "arrivalWindowEnd": "2026-05-02T15:00:00Z",
                    "status": "Working",
                    "modifiedOn": "2026-05-02T13:59:00.123Z",
                },
                *[
                    {"id": number, "start": "2026-05-02T14:00:00Z", "status": status}
                    for number, status in enumerate(("InProgress", "Hold", "Done", "Canceled", "Scheduled"))
                ],
            ],
        },
        {"startsOnOrAfter": FROM, "startsBefore": TO, "page": "1", "pageSize": "200"},
        {
            "ext_id": "9007199254740993",
            "order_ref": "77",
            "sched_start": utc(2026, 5, 2, 14),
            "window_end": utc(2026, 5, 2, 15),
        },
        (
            Status.IN_PROGRESS,
            Status.IN_PROGRESS,
            Status.PAUSED,
            Status.COMPLETED,
            Status.CANCELLED,
            Status.SCHEDULED,
        ),
        ("st-app-key", "ak"),
    ),
    "housecall_pro": Sample(
        {"secrets": {"key": "k3y"}},
        {
            "page": 1,
            "total_items": 3,
            "jobs": [
                {
                    "id": "job_1",
                    "invoice_number": "1001",
                    "work_status": "in progress",
                    "schedule": {"scheduled_start": "2026-05-02T14:00:00Z", "scheduled_end": "2026-05-02T15:00:00Z"},
                    "work_timestamps": {"on_my_way_at": "2026-05-02T13:40:00Z", "started_at": "2026-05-02T14:05:00Z"},
                    "assigned_employees": [
                        {"id": "p1", "first_name": "Jo", "last_name": "Ortiz"},
                        {"id": "p2", "first_name": "Al", "last_name": None},
                    ],
                    "customer": {"first_name": "Ann", "last_name": "Lee"},
                    "updated_at": "2026-05-02T14:06:00Z",
                },
                {"id": "job_2", "work_status": "user canceled", "schedule": {"scheduled_start": None}},
                {"id": "job_3", "work_status": "completed_unrated", "schedule": {}},
            ],
        },
        {"scheduled_start_min": FROM, "scheduled_start_max": TO, "page": "1", "page_size": "100"},
        {"ext_id": "job_1", "started_at": utc(2026, 5, 2, 14, 5), "en_route_at": utc(2026, 5, 2, 13, 40)},
        (Status.IN_PROGRESS, Status.CANCELLED, Status.COMPLETED),
        ("authorization", "Token k3y"),
        (("Jo Ortiz", "p1"), ("Al", "p2")),
    ),
    "servicem8": Sample(
        {"values": {"timezone": "America/Chicago"}, "auth": {"key": "k3y"}},
        [
            {
                "uuid": f"a{number}",
                "job_uuid": "j1",
                "staff_uuid": "s7",
                "active": active,
                "activity_was_scheduled": 1,
                "activity_was_recorded": recorded,
                "start_date": "2026-05-02 09:00:00",
                "end_date": "2026-05-02 10:00:00",
                "edit_date": "2026-05-02 08:00:00",
            }
            for number, (active, recorded) in enumerate(((1, 0), (1, "1"), (0, 0)))
        ],
        {"$filter": "start_date ge '2026-05-01 00:00:00' and start_date lt '2026-05-17 00:00:00'"},
        {"ext_id": "a0", "order_ref": "j1", "sched_start": utc(2026, 5, 2, 14), "modified_at": utc(2026, 5, 2, 13)},
        (Status.SCHEDULED, Status.ARRIVED, Status.CANCELLED),
        ("x-api-key", "k3y"),
        (("s7", "s7"),),
    ),
    "servicenow": Sample(
        {"values": {"instance": "acme"}, "auth": {"user": "u", "password": "p"}},
        {
            "result": [
                wm_task("WOT1", "Work In Progress"),
                wm_task("WOT2", "Accepted", "On Route"),
                wm_task("WOT3", "Work In Progress", "Onsite Arrival"),
                wm_task("WOT4", "Pending Dispatch"),
                wm_task("WOT5", "Closed Incomplete"),
            ]
        },
        {
            "sysparm_query": f"expected_start>={SQL_FROM}^expected_start<{SQL_TO}^ORDERBYsys_id",
            "sysparm_display_value": "all",
            "sysparm_offset": "0",
            "sysparm_limit": "500",
        },
        {"ext_id": "WOT1", "order_ref": "WO0001", "sched_start": utc(2026, 5, 2, 14), "priority": "1"},
        (Status.IN_PROGRESS, Status.EN_ROUTE, Status.ARRIVED, Status.UNSCHEDULED, Status.INCOMPLETE),
        ("authorization", "Basic dTpw"),
        (("Jo Ortiz", "u7"),),
    ),
    "erpnext": Sample(
        {"values": {"host": "e", "timezone": "America/Chicago"}, "secrets": {"token": "k:s"}},
        {
            "data": [
                {
                    "name": "MAT-MVS-1",
                    "mntc_date": "2026-05-02",
                    "mntc_time": "9:00:00",
                    "status": "Submitted",
                    "completion_status": None,
                    "maintenance_type": "Breakdown",
                    "customer_name": "Acme",
                    "modified": "2026-05-02 08:00:00.123456",
                },
                {"name": "2", "mntc_date": "2026-05-02", "status": "Submitted", "completion_status": "Fully Completed"},
                {"name": "3", "mntc_date": "2026-05-02", "status": "Cancelled", "completion_status": "Fully Completed"},
                {"name": "4", "mntc_date": "2026-05-02", "mntc_time": None, "status": "Draft"},
            ]
        },
        {"filters": '[["mntc_date",">=","2026-05-01"],["mntc_date","<","2026-05-17"]]', "limit_page_length": "200"},
        {"ext_id": "MAT-MVS-1", "kind": "Breakdown", "sched_start": utc(2026, 5, 2, 14), "anytime": False},
        (Status.SCHEDULED, Status.COMPLETED, Status.CANCELLED, Status.UNSCHEDULED),
        ("authorization", "token k:s"),
    ),
    "salesforce": Sample(
        {"values": {"instance": "acme"}, "auth": OAUTH},
        {
            "totalSize": 3,
            "done": True,
            "records": [
                {
                    "AppointmentNumber": "SA-1",
                    "ParentRecordId": "0WO1",
                    "Status": "Our own word",
                    "StatusCategory": category,
                    "SchedStartTime": "2026-05-02T14:00:00.000+0000",
                    "ArrivalWindowEndTime": "2026-05-02T15:00:00.000+0000",
                    "Duration": 2.0,
                    "DurationType": "Hours",
                    "ServiceResources": {
                        "records": [{"ServiceResourceId": "0Hn1", "ServiceResource": {"Name": "Jo Ortiz"}}]
                    },
                    "Account": None,
                }
                | ({} if number == 0 else {"AppointmentNumber": f"SA-{number + 1}"})
                for number, category in enumerate(("InProgress", "CannotComplete", "None"))
            ],
        },
        {},
        {
            "ext_id": "SA-1",
            "sched_start": utc(2026, 5, 2, 14),
            "window_end": utc(2026, 5, 2, 15),
            "duration": timedelta(hours=2),
        },
        (Status.IN_PROGRESS, Status.INCOMPLETE, Status.SCHEDULED),
        ("authorization", "Bearer t0ken"),
        (("Jo Ortiz", "0Hn1"),),
    ),
    "dynamics365": Sample(
        {"values": {"host": "x", "tenant": "t"}, "auth": OAUTH},
        {"value": [booking(number, 690970000 + number) for number in range(6)]},
        {"$filter": f"starttime ge {FROM} and starttime lt {TO}"},
        {
            "ext_id": "b0",
            "order_ref": "WO-9",
            "sched_start": utc(2026, 5, 2, 14),
            "duration": timedelta(hours=1),
        },
        (
            Status.SCHEDULED,
            Status.EN_ROUTE,
            Status.PAUSED,
            Status.IN_PROGRESS,
            Status.COMPLETED,
            Status.CANCELLED,
        ),
        ("prefer", "odata.maxpagesize=500"),
        (("Jo Ortiz", "r7"),),
    ),
}


def settings(name: str, server: Receiver, **more: object) -> dict[str, Any]:
    own = {"name": "api", "kind": "json", "ready": name, **SAMPLES[name].own, "url": f"{server.url}/visits", **more}
    if "client_id" in own.get("auth", {}):
        own["auth"] = {**own["auth"], "token_url": f"{server.url}/token"}
    return own


def asked_of(request: Received) -> dict[str, Any]:
    query = dict(parse_qsl(urlsplit(request.target).query))
    return {**query, **(request.json if request.body else {})}


def test_there_is_a_sample_for_every_ready_profile() -> None:
    assert set(ready_names()) == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_ready_profile_reads_its_source(name: str, tmp_path: Path) -> None:
    sample = SAMPLES[name]
    with Receiver() as server:
        server.script("/visits", Answer(body=sample.answer))
        server.script("/token", Answer(body={"access_token": "t0ken"}))
        config = JsonConfig.model_validate(settings(name, server))
        snapshot = read_once(config, None, office_zone=CHICAGO, base=tmp_path, now=NOW)
        request = next(request for request in server.received if request.path == "/visits")
    assert (snapshot.problems, snapshot.lacking, snapshot.complete) == ((), "", True)
    first = snapshot.visits[0]
    assert {key: getattr(first, key) for key in sample.visit} == sample.visit
    assert tuple(visit.status for visit in snapshot.visits) == sample.statuses
    assert tuple((one.name, one.ext_id) for one in first.technicians) == sample.technicians
    asked = asked_of(request)
    assert {key: asked.get(key) for key in sample.asked} == sample.asked
    assert request.headers[sample.header[0]] == sample.header[1]


def test_who_cancelled_is_told_where_the_word_tells(tmp_path: Path) -> None:
    with Receiver() as server:
        server.script("/visits", Answer(body=SAMPLES["housecall_pro"].answer))
        config = JsonConfig.model_validate(settings("housecall_pro", server))
        visits = read_once(config, None, office_zone=CHICAGO, base=tmp_path, now=NOW).visits
    assert visits[1].cancelled_by == "customer"


@pytest.mark.parametrize(
    ("name", "since"),
    [
        ("servicetitan", ("modifiedOnOrAfter", "2026-05-02T13:55:00Z")),
        ("servicem8", ("$filter", "edit gt '2026-05-02 08:55:00'")),
        ("servicenow", ("sysparm_query", "sys_updated_on>=2026-05-02 13:55:00^ORDERBYsys_id")),
        ("erpnext", ("filters", '[["modified",">=","2026-05-02 08:55:00"]]')),
        ("dynamics365", ("$filter", "modifiedon ge 2026-05-02T13:55:00Z")),
        ("odoo_json2_fsm", ("domain", [["write_date", ">=", "2026-05-02 13:55:00"]])),
        ("odoo_json2_project", ("domain", [["write_date", ">=", "2026-05-02 13:55:00"]])),
    ],
)
def test_the_second_reading_asks_for_what_has_changed(name: str, since: tuple[str, object], tmp_path: Path) -> None:
    with Receiver() as server:
        server.script("/visits", Answer(body=SAMPLES[name].answer))
        server.script("/token", Answer(body={"access_token": "t0ken"}))
        feed = JsonConfig.model_validate(settings(name, server)).open(
            ProfileConfig(), office_zone=CHICAGO, base=tmp_path
        )
        first = feed.fetch(NOW)
        again = feed.fetch(NOW)
        asked = asked_of([request for request in server.received if request.path == "/visits"][-1])
    assert asked[since[0]] == since[1]
    assert again.visits is first.visits
    assert not again.complete


def test_the_key_of_json_rpc_stands_among_the_arguments(tmp_path: Path) -> None:
    with Receiver() as server:
        server.script("/visits", Answer(body=SAMPLES["odoo_jsonrpc_fsm"].answer))
        config = JsonConfig.model_validate(settings("odoo_jsonrpc_fsm", server))
        read_once(config, None, office_zone=CHICAGO, base=tmp_path, now=NOW)
        params = server.received[0].json["params"]
    assert params["args"][:6] == ["prod", 7, "k3y", "fsm.order", "search_read", [FSM_DOMAIN]]
    assert params["args"][6] | {"fields": []} == {"fields": [], "limit": 200, "offset": 0, "order": "id"}
    assert "k3y" not in repr(config)


def test_an_error_of_json_rpc_is_told_in_its_own_words_without_the_key(tmp_path: Path) -> None:
    error = {"code": 200, "message": "Odoo Server Error", "data": {"message": "Access Denied for k3y"}}
    with Receiver() as server:
        server.script("/visits", Answer(body={"jsonrpc": "2.0", "error": error}))
        config = JsonConfig.model_validate(settings("odoo_jsonrpc_fsm", server))
        with pytest.raises(Exception, match=r"Access Denied for \*\*\*"):
            read_once(config, None, office_zone=CHICAGO, base=tmp_path, now=NOW)


def test_salesforce_asks_in_one_sentence() -> None:
    with Receiver() as server:
        server.script("/visits", Answer(body=SAMPLES["salesforce"].answer))
        server.script("/token", Answer(body={"access_token": "t0ken"}))
        feed = JsonConfig.model_validate(settings("salesforce", server)).open(
            ProfileConfig(), office_zone=CHICAGO, base=shipped()
        )
        feed.fetch(NOW)
        feed.fetch(NOW)
        asked = [asked_of(request)["q"] for request in server.received if request.path == "/visits"]
    assert f"WHERE SchedStartTime >= {FROM} AND SchedStartTime < {TO} ORDER BY Id" in asked[0]
    assert "WHERE SystemModstamp >= 2026-05-02T13:55:00Z ORDER BY Id" in asked[1]
    assert "\n" not in asked[0]


@pytest.mark.parametrize("name", ready_names())
def test_a_ready_profile_says_what_it_is_and_what_is_not_sure(name: str) -> None:
    chosen = ready(name)
    assert chosen.about.endswith(".")
    assert chosen.cannot
    assert chosen.unconfirmed
    assert all(text.strip() == text and text for text in (*chosen.cannot, *chosen.unconfirmed, *chosen.needs.values()))


@pytest.mark.parametrize("name", ready_names())
def test_every_value_is_used_and_every_placeholder_known(name: str) -> None:
    chosen = ready(name)
    used = placeholders(chosen.feed) | placeholders(chosen.profile)
    ours = {"from", "to", "since", "filter", "page", "offset", "cursor", "size"}
    assert used - ours == {*chosen.needs, *chosen.needs_secret, *chosen.defaults}


@pytest.mark.parametrize("name", ready_names())
def test_a_filled_profile_leads_to_its_own_server(name: str) -> None:
    own = {"name": "api", "ready": name, **SAMPLES[name].own}
    config = JsonConfig.model_validate(own)
    assert config.url.startswith("https://")
    assert not placeholders(config.url)
    assert not placeholders(config.auth.model_dump(exclude={"client_secret"}))


def test_what_only_the_user_knows_is_asked_for() -> None:
    own = {"name": "api", "ready": "servicetitan", "auth": OAUTH}
    with pytest.raises(ValidationError, match="values lacks tenant: the number of your company"):
        JsonConfig.model_validate(own)
    with pytest.raises(ValidationError, match="secrets lacks app_key"):
        JsonConfig.model_validate({**own, "values": {"tenant": 7}})
    with pytest.raises(ValidationError, match="values has tennant"):
        JsonConfig.model_validate(
            {**own, "values": {"tenant": 7, "tennant": 8}, "secrets": {"app_key": "x"}},
        )
    with pytest.raises(ValidationError, match="client_id"):
        JsonConfig.model_validate({**own, "auth": {}, "values": {"tenant": 7}, "secrets": {"app_key": "x"}})


def test_the_user_s_own_keys_win() -> None:
    own = {
        "name": "api",
        "ready": "servicenow",
        "values": {"instance": "acme"},
        "every": "5m",
        "auth": {"kind": "bearer", "token": "t"},
        "paths": {"site": "cmdb_ci.display_value"},
        "covers": {"days_ahead": 3},
        "params": {"sysparm_view": "mobile"},
    }
    config = JsonConfig.model_validate(own)
    assert config.every == timedelta(minutes=5)
    assert config.auth.kind == "bearer"
    assert (config.paths["site"], config.paths["ext_id"]) == ("cmdb_ci.display_value", "number.value")
    assert config.covers is not None
    assert (config.covers.days_back, config.covers.days_ahead) == (1, 3)
    assert set(config.params) == {"sysparm_query", "sysparm_display_value", "sysparm_view"}


def test_another_kind_of_auth_or_paging_replaces_the_whole_table() -> None:
    own = {
        "name": "api",
        "ready": "servicetitan",
        "values": {"tenant": 7},
        "secrets": {"app_key": "x"},
        "auth": {"kind": "basic", "user": "u", "password": "p"},
        "paging": {"kind": "continuation", "parameter": "from", "next": "continueFrom", "more": "hasMore"},
    }
    config = JsonConfig.model_validate(own)
    assert set(config.auth.model_dump()) == {"kind", "user", "password"}
    assert (config.paging.kind, config.paging.size) == ("continuation", None)


def test_the_user_s_own_profile_wins_over_the_ready_one() -> None:
    values = {"timezone": "America/Chicago"}
    told = profile_for("erpnext", values, ProfileConfig())
    assert (told.timezone, told.status["Submitted"]) == ("America/Chicago", Status.SCHEDULED)
    mine = profile_for(
        "erpnext", values, profile(timezone="UTC", status={"Submitted": "dispatched", "Mine": "arrived"})
    )
    assert (mine.timezone, mine.status["Submitted"], mine.status["Mine"]) == (
        "UTC",
        Status.DISPATCHED,
        Status.ARRIVED,
    )
    assert mine.status["Draft"] is Status.UNSCHEDULED


def test_profiles_of_another_folder(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('about = "Mine."\ncannot = []\nunconfirmed = []\n[feed]\nurl = "https://x"\n')
    assert ready_names(tmp_path) == ("own",)
    assert ready("own", tmp_path).feed == {"url": "https://x"}
    with pytest.raises(ValueError, match="there are own"):
        ready("other", tmp_path)
