"""What each vendor is asked by its ready profile, to the letter, and what it answers (study, sections 1.1, 2.3, 3.1).

The answers are shaped as the profiles' sources describe them; no vendor has been asked. Every vendor hands out its
records in two pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from dispatchwatch.domain.visit import Status
from dispatchwatch.intake.ready import ready
from tests.fakes.receiver import Answer
from tests.fakes.vendors import TOKEN, Asked, token
from tests.intake.samples import utc

FROM, TO, SINCE = "2026-05-01T05:00:00Z", "2026-05-17T05:00:00Z", "2026-05-02T13:55:00Z"
SQL_FROM, SQL_TO, SQL_SINCE = "2026-05-01 05:00:00", "2026-05-17 05:00:00", "2026-05-02 13:55:00"
OAUTH = {"client_id": "me", "client_secret": "s3cret"}
GRANT = {"grant_type": "client_credentials", **OAUTH}
BEARER = {"authorization": f"Bearer {TOKEN}"}


@dataclass(frozen=True)
class Sample:
    """What a user fills in, every request of the first reading, that for the news after it (None: whole again), what
    the first visit is, and the statuses of all."""

    own: Mapping[str, Any]
    asked: tuple[Asked, ...]
    news: Asked | None
    visit: Mapping[str, object]
    statuses: tuple[Status, ...]
    technicians: tuple[tuple[str, str], ...] = ()
    customer: str = ""
    site: str = ""
    refusal: object = None
    says: str = ""
    more: Mapping[str, object] = field(default_factory=dict)


# Odoo


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


def task(number: int, stage: str) -> dict[str, object]:
    return {
        "id": number,
        "name": "Annual service",
        "stage_id": [2, stage],
        "priority": "0",
        "planned_date_begin": "2026-05-02 14:00:00",
        "date_deadline": "2026-05-02 16:00:00",
        "user_ids": [7, 8],
        "partner_id": [5, "Acme"],
        "write_date": "2026-05-02 13:00:00",
    }


FSM_FIELDS = (
    "name description stage_id priority scheduled_date_start scheduled_date_end scheduled_duration request_early"
    " request_late date_start date_end person_id location_id create_date write_date"
)
TASK_FIELDS = "id name stage_id priority planned_date_begin date_deadline user_ids partner_id create_date write_date"
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
TASK_VISIT = {"ext_id": "31", "sched_start": utc(2026, 5, 2, 14), "title": "Annual service"}
FSM_ORDERS = [
    fsm_order(),
    fsm_order(name="FSM-0013", stage_id=[9, "Cancelled"]),
    fsm_order(name="X", person_id=False, stage_id=[1, "Requested"]),
]
FSM_STATUSES = (Status.EN_ROUTE, Status.CANCELLED, Status.UNSCHEDULED)
TASKS = [task(31, "In Progress"), task(32, "Done"), task(33, "Planned")]
TASK_STATUSES = (Status.IN_PROGRESS, Status.COMPLETED, Status.SCHEDULED)
USERS = [{"id": 7, "name": "Jo Ortiz"}, {"id": 8, "name": "Al Lind"}]
CREW = (("Jo Ortiz", "7"), ("Al Lind", "8"))
KEY = {"authorization": "Bearer k3y"}
RPC = {"values": {"host": "o", "database": "prod", "uid": 7}, "secrets": {"key": "k3y"}, "paging": {"size": 2}}
JSON2 = {"values": {"host": "o"}, "auth": {"token": "k3y"}, "paging": {"size": 2}}


def days(name: str) -> list[list[str]]:
    return [[name, ">=", SQL_FROM], [name, "<", SQL_TO]]


def json2(model: str, domain: object, fields: str, answer: object, offset: int = 0) -> Asked:
    body = {"domain": domain, "fields": fields.split(), "limit": 2, "offset": offset, "order": "id"}
    headers = {**KEY, "content-type": "application/json"}
    return Asked(f"/json/2/{model}/search_read", body=body, headers=headers, answer=answer)


def rpc(model: str, domain: object, fields: str, answer: object, offset: int = 0) -> Asked:
    options = {"fields": fields.split(), "limit": 2, "offset": offset, "order": "id"}
    args = ["prod", 7, "k3y", model, "search_read", [domain], options]
    body = {
        "jsonrpc": "2.0",
        "method": "call",
        "id": 1,
        "params": {"service": "object", "method": "execute_kw", "args": args},
    }
    return Asked("/jsonrpc", body=body, answer={"jsonrpc": "2.0", "id": 1, "result": answer})


def odoo(call: Any, own: Mapping[str, Any], refusal: object, *, tasks: bool) -> Sample:
    model, fields, held = ("project.task", TASK_FIELDS, TASKS) if tasks else ("fsm.order", FSM_FIELDS, FSM_ORDERS)
    covered = days("planned_date_begin" if tasks else "scheduled_date_start")
    asked = (call(model, covered, fields, held[:2]), call(model, covered, fields, held[2:], offset=2))
    users = (
        call("res.users", [["id", "in", [7, 8]]], "name", USERS),
        call("res.users", [["id", "in", [7, 8]]], "name", [], offset=2),
    )
    return Sample(
        own,
        (*asked, *(users if tasks else ())),
        call(model, [["write_date", ">=", SQL_SINCE]], fields, []),
        TASK_VISIT if tasks else FSM_VISIT,
        TASK_STATUSES if tasks else FSM_STATUSES,
        technicians=CREW if tasks else (("Jo Ortiz", "7"),),
        customer="Acme" if tasks else "",
        site="" if tasks else "Plant 2",
        refusal=refusal,
        says="Access Denied",
    )


RPC_ERROR = {
    "jsonrpc": "2.0",
    "error": {"code": 200, "message": "Odoo Server Error", "data": {"message": "Access Denied for k3y"}},
}
JSON2_ERROR = Answer(401, body={"name": "AccessDenied", "message": "Access Denied"})

# ServiceTitan

ST = {"st-app-key": "ak", **BEARER}
APPOINTMENT = {
    "id": 9007199254740993,
    "jobId": 77,
    "appointmentNumber": "77-1",
    "start": "2026-05-02T14:00:00Z",
    "end": "2026-05-02T16:00:00Z",
    "arrivalWindowStart": "2026-05-02T13:00:00Z",
    "arrivalWindowEnd": "2026-05-02T15:00:00Z",
    "status": "Working",
    "customerId": 5,
    "modifiedOn": "2026-05-02T13:59:00.123Z",
}
APPOINTMENTS = [
    {**APPOINTMENT, "id": number, "jobId": 77, "status": status}
    for number, status in enumerate(("InProgress", "Hold", "Done", "Canceled", "Scheduled", "Dispatched"), 1)
]
ASSIGNMENTS = [
    {"id": 1, "technicianId": 7, "technicianName": "Jo Ortiz", "appointmentId": 9007199254740993, "active": True},
    {"id": 2, "technicianId": 8, "technicianName": "Al Lind", "appointmentId": 9007199254740993, "active": True},
    {"id": 3, "technicianId": 9, "technicianName": "Ex Pert", "appointmentId": 9007199254740993, "active": False},
    {"id": 4, "technicianId": 7, "technicianName": "Jo Ortiz", "appointmentId": 5, "active": True},
]
LOCATION = {
    "id": 6,
    "name": "Plant 2",
    "address": {
        "street": "1 Mill Rd",
        "unit": None,
        "city": "Joliet",
        "state": "IL",
        "zip": "60431",
        "latitude": 41.5,
        "longitude": -88.1,
    },
}


def st(path: str, query: Mapping[str, str], data: list[Any], page: int = 1, *, more: bool = False) -> Asked:
    answer = {"page": page, "pageSize": 200, "hasMore": more, "totalCount": None, "data": data}
    return Asked(path, {**query, "page": str(page), "pageSize": "200"}, headers=ST, answer=answer)


def st_appointments(query: Mapping[str, str], data: list[Any], page: int = 1, *, more: bool = False) -> Asked:
    return st("/jpm/v2/tenant/42/appointments", query, data, page, more=more)


# The others


def hcp(page: int, jobs: list[Any]) -> Asked:
    query = {"scheduled_start_min": FROM, "scheduled_start_max": TO, "page": str(page), "page_size": "100"}
    answer = {"page": page, "page_size": 100, "total_pages": 2, "total_items": 4, "jobs": jobs}
    return Asked("/jobs", query, headers={"authorization": "Token k3y"}, answer=answer)


HCP_JOB = {
    "id": "job_1",
    "invoice_number": "1001",
    "work_status": "in progress",
    "schedule": {
        "scheduled_start": "2026-05-02T14:00:00Z",
        "scheduled_end": "2026-05-02T15:00:00Z",
        "arrival_window": 60,
    },
    "work_timestamps": {"on_my_way_at": "2026-05-02T13:40:00Z", "started_at": "2026-05-02T14:05:00Z"},
    "assigned_employees": [
        {"id": "p1", "first_name": "Jo", "last_name": "Ortiz"},
        {"id": "p2", "first_name": "Al", "last_name": None},
    ],
    "customer": {"first_name": "Ann", "last_name": "Lee"},
    "notes": [{"id": "n1", "content": "Ring twice"}],
    "updated_at": "2026-05-02T14:06:00Z",
}


def activity(number: int, active: object = 1, recorded: object = 0, job: str = "j1") -> dict[str, object]:
    return {
        "uuid": f"a{number}",
        "job_uuid": job,
        "staff_uuid": "s7",
        "active": active,
        "activity_was_scheduled": 1,
        "activity_was_recorded": recorded,
        "start_date": "2026-05-02 09:00:00",
        "end_date": "2026-05-02 10:00:00",
        "edit_date": "2026-05-02 08:00:00",
    }


M8 = {"x-api-key": "k3y"}
M8_DAYS = "start_date gt '2026-04-30 23:59:59' and start_date lt '2026-05-17 00:00:00'"


def m8(path: str, query: Mapping[str, str], answer: object) -> Asked:
    return Asked(f"/api_1.0/{path}.json", query, headers=M8, answer=answer)


def m8_job(uuid: str, status: str) -> dict[str, object]:
    return {
        "uuid": uuid,
        "generated_job_id": "1042",
        "status": status,
        "company_uuid": "c1",
        "job_address": "1 Mill Rd, Joliet",
        "job_description": "Compressor down",
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
        "company": both("c1", "Acme"),
        "location": both("l1", "Plant 2"),
        "sys_updated_on": both("2026-05-02 13:00:00", "2026-05-02 08:00:00"),
    }


def snow(query: str, tasks: list[Any], offset: int = 0) -> Asked:
    asked = {
        "sysparm_query": f"{query}^ORDERBYsys_id",
        "sysparm_display_value": "all",
        "sysparm_offset": str(offset),
        "sysparm_limit": "4",
    }
    headers = {"authorization": "Basic dTpw"}
    return Asked("/api/now/table/wm_task", asked, headers=headers, answer={"result": tasks})


ERP_FIELDS = (
    '["name","mntc_date","mntc_time","status","completion_status","maintenance_type","customer","customer_name",'
    '"address_display","creation","modified"]'
)
ERP = {"authorization": "token k:s"}


def erp(filters: str, held: list[Any], start: int = 0) -> Asked:
    query = {"filters": filters, "fields": ERP_FIELDS, "order_by": "name"}
    paged = {"limit_start": str(start), "limit_page_length": "2"}
    return Asked("/api/resource/Maintenance Visit", {**query, **paged}, headers=ERP, answer={"data": held})


def erp_document(name: str, *people: str) -> Asked:
    purposes = [{"service_person": person} for person in people]
    answer = {"data": {"name": name, "purposes": purposes}}
    return Asked(f"/api/resource/Maintenance Visit/{name}", headers=ERP, answer=answer)


ERP_DAYS = '[["mntc_date",">=","2026-05-01"],["mntc_date","<","2026-05-17"]]'


def soql(where: str) -> str:
    query = str(ready("salesforce").feed["params"]["q"])
    return query.replace("{filter}", where)


def appointment(number: int, category: str) -> dict[str, object]:
    resource = {"ServiceResourceId": "0Hn1", "ServiceResource": {"Name": "Jo Ortiz"}}
    return {
        "AppointmentNumber": f"SA-{number}",
        "ParentRecordId": "0WO1",
        "Status": "Our own word",
        "StatusCategory": category,
        "SchedStartTime": "2026-05-02T14:00:00.000+0000",
        "ArrivalWindowEndTime": "2026-05-02T10:00:00.000-0500",
        "Duration": 2.0,
        "DurationType": "Hours",
        "ServiceResources": {"records": [resource]},
        "Account": {"Name": "Acme"},
    }


def sf(query: Mapping[str, str], held: list[Any], **more: object) -> Asked:
    path = "/services/data/v60.0/query"
    return Asked(path, query, headers=BEARER, answer={"totalSize": 3, "done": True, "records": held, **more})


def booking(number: int) -> dict[str, object]:
    return {
        "bookableresourcebookingid": f"b{number}",
        "name": "Jo Ortiz",
        "starttime": "2026-05-02T14:00:00Z",
        "endtime": "2026-05-02T15:00:00Z",
        "duration": 60,
        "BookingStatus": {"name": "Whatever", "msdyn_fieldservicestatus": 690970000 + number},
        "Resource": {"name": "Jo Ortiz"},
        "_resource_value": "r7",
        "msdyn_workorder": {"msdyn_name": "WO-9"},
        "modifiedon": "2026-05-02T13:00:00Z",
    }


D365_EXPAND = (
    "BookingStatus($select=name,msdyn_fieldservicestatus),Resource($select=name),msdyn_workorder($select=msdyn_name)"
)
D365 = {**BEARER, "prefer": "odata.maxpagesize=500", "odata-version": "4.0"}


def d365(query: Mapping[str, str], answer: object) -> Asked:
    return Asked("/api/data/v9.2/bookableresourcebookings", query, headers=D365, answer=answer)


SAMPLES: dict[str, Sample] = {
    "odoo_json2_fsm": odoo(json2, JSON2, JSON2_ERROR, tasks=False),
    "odoo_json2_project": odoo(json2, JSON2, JSON2_ERROR, tasks=True),
    "odoo_jsonrpc_fsm": odoo(rpc, RPC, RPC_ERROR, tasks=False),
    "odoo_jsonrpc_project": odoo(rpc, RPC, RPC_ERROR, tasks=True),
    "servicetitan": Sample(
        {"values": {"tenant": 42}, "secrets": {"app_key": "ak"}, "auth": OAUTH},
        (
            token("/connect/token", GRANT),
            st_appointments({"startsOnOrAfter": FROM, "startsBefore": TO}, [APPOINTMENT, *APPOINTMENTS[:3]], more=True),
            st_appointments({"startsOnOrAfter": FROM, "startsBefore": TO}, APPOINTMENTS[3:], 2),
            st(
                "/dispatch/v2/tenant/42/appointment-assignments",
                {"appointmentIds": "9007199254740993,1,2,3,4,5,6"},
                ASSIGNMENTS,
            ),
            st("/jpm/v2/tenant/42/jobs", {"ids": "77"}, [{"id": 77, "summary": "Compressor down", "locationId": 6}]),
            st("/crm/v2/tenant/42/customers", {"ids": "5"}, [{"id": 5, "name": "Acme"}]),
            st("/crm/v2/tenant/42/locations", {"ids": "6"}, [LOCATION]),
        ),
        st_appointments({"modifiedOnOrAfter": SINCE}, []),
        {
            "ext_id": "9007199254740993",
            "order_ref": "77",
            "title": "Compressor down",
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
            Status.DISPATCHED,
        ),
        technicians=(("Jo Ortiz", "7"), ("Al Lind", "8")),
        customer="Acme",
        site="Plant 2",
        refusal=Answer(400, body={"title": "The value 'x' is not valid.", "status": 400}),
        says="The value 'x' is not valid",
        more={"site.address": "1 Mill Rd Joliet IL 60431", "site.position": (41.5, -88.1)},
    ),
    "housecall_pro": Sample(
        {"secrets": {"key": "k3y"}},
        (
            hcp(
                1,
                [
                    HCP_JOB,
                    {"id": "job_2", "work_status": "user canceled", "schedule": {"scheduled_start": None}},
                    {"id": "job_3", "work_status": "complete_unrated", "schedule": {}},
                ],
            ),
            hcp(2, [{"id": "job_4", "work_status": "pro_canceled", "schedule": {}}]),
        ),
        None,
        {
            "ext_id": "job_1",
            "started_at": utc(2026, 5, 2, 14, 5),
            "en_route_at": utc(2026, 5, 2, 13, 40),
            "window_start": utc(2026, 5, 2, 14),
            "window_end": utc(2026, 5, 2, 15),
            "notes": "Ring twice",
        },
        (Status.IN_PROGRESS, Status.CANCELLED, Status.COMPLETED, Status.CANCELLED),
        technicians=(("Jo Ortiz", "p1"), ("Al", "p2")),
        customer="Ann Lee",
        refusal=Answer(400, body={"error": {"message": "bad filter"}}),
        says="bad filter",
    ),
    "servicem8": Sample(
        {"values": {"timezone": "America/Chicago"}, "auth": {"key": "k3y"}},
        (
            m8(
                "jobactivity",
                {"$filter": M8_DAYS, "cursor": "-1"},
                Answer(200, {"x-next-cursor": "u2"}, [activity(0), activity(1, recorded="1")]),
            ),
            m8(
                "jobactivity",
                {"$filter": M8_DAYS, "cursor": "u2"},
                [activity(2, active=0), activity(3, job="j2"), activity(4, job="j3")],
            ),
            m8("staff", {"cursor": "-1"}, [{"uuid": "s7", "first": "Jo", "last": "Ortiz", "mobile": "+1 555"}]),
            m8("job/j1", {}, m8_job("j1", "Work Order")),
            m8("job/j2", {}, m8_job("j2", "Completed")),
            m8("job/j3", {}, m8_job("j3", "Unsuccessful")),
            m8("company/c1", {}, {"uuid": "c1", "name": "Acme"}),
        ),
        m8("jobactivity", {"$filter": "edit_date gt '2026-05-02 08:55:00'", "cursor": "-1"}, []),
        {
            "ext_id": "a0",
            "order_ref": "1042",
            "title": "Compressor down",
            "sched_start": utc(2026, 5, 2, 14),
            "modified_at": utc(2026, 5, 2, 13),
        },
        (Status.SCHEDULED, Status.ARRIVED, Status.CANCELLED, Status.COMPLETED, Status.INCOMPLETE),
        technicians=(("Jo Ortiz", "s7"),),
        customer="Acme",
        site="1 Mill Rd, Joliet",
        refusal=Answer(400, body={"errorCode": 400, "message": "Invalid filter"}),
        says="Invalid filter",
    ),
    "servicenow": Sample(
        {"values": {"instance": "acme"}, "auth": {"user": "u", "password": "p"}, "paging": {"size": 4}},
        (
            snow(
                f"expected_start>={SQL_FROM}^expected_start<{SQL_TO}",
                [
                    wm_task("WOT1", "Work In Progress"),
                    wm_task("WOT2", "Accepted", "On Route"),
                    wm_task("WOT3", "Work In Progress", "Onsite Arrival"),
                    wm_task("WOT4", "Pending Dispatch"),
                ],
            ),
            snow(
                f"expected_start>={SQL_FROM}^expected_start<{SQL_TO}",
                [wm_task("WOT5", "Closed Incomplete"), wm_task("WOT6", "Assigned")],
                4,
            ),
        ),
        snow(f"sys_updated_on>={SQL_SINCE}", []),
        {"ext_id": "WOT1", "order_ref": "WO0001", "sched_start": utc(2026, 5, 2, 14), "priority": "1"},
        (
            Status.IN_PROGRESS,
            Status.EN_ROUTE,
            Status.ARRIVED,
            Status.UNSCHEDULED,
            Status.INCOMPLETE,
            Status.SCHEDULED,
        ),
        technicians=(("Jo Ortiz", "u7"),),
        customer="Acme",
        site="Plant 2",
        refusal={"error": {"message": "Transaction cancelled", "detail": "too long"}, "result": []},
        says="Transaction cancelled",
    ),
    "erpnext": Sample(
        {
            "values": {"host": "e", "timezone": "America/Chicago"},
            "secrets": {"token": "k:s"},
            "paging": {"size": 2},
        },
        (
            erp(
                ERP_DAYS,
                [
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
                    {
                        "name": "2",
                        "mntc_date": "2026-05-02",
                        "status": "Submitted",
                        "completion_status": "Fully Completed",
                    },
                ],
            ),
            erp(
                ERP_DAYS,
                [
                    {
                        "name": "3",
                        "mntc_date": "2026-05-02",
                        "status": "Cancelled",
                        "completion_status": "Fully Completed",
                    },
                ],
                2,
            ),
            erp_document("MAT-MVS-1", "Jo Ortiz", "Jo Ortiz", "Al Lind"),
            erp_document("2"),
            erp_document("3", "Jo Ortiz"),
        ),
        erp('[["modified",">=","2026-05-02 08:55:00"]]', []),
        {"ext_id": "MAT-MVS-1", "kind": "Breakdown", "sched_start": utc(2026, 5, 2, 14), "anytime": False},
        (Status.SCHEDULED, Status.COMPLETED, Status.CANCELLED),
        technicians=(("Jo Ortiz", ""), ("Al Lind", "")),
        customer="Acme",
        refusal=Answer(403, body={"exc_type": "PermissionError", "exception": "frappe.exceptions.PermissionError"}),
        says="frappe.exceptions.PermissionError",
    ),
    "salesforce": Sample(
        {"values": {"instance": "acme"}, "auth": OAUTH},
        (
            token("/services/oauth2/token", GRANT),
            sf(
                {"q": soql(f"SchedStartTime >= {FROM} AND SchedStartTime < {TO}")},
                [appointment(1, "InProgress"), appointment(2, "CannotComplete")],
                done=False,
                nextRecordsUrl="/services/data/v60.0/query/01g-2000",
            ),
            Asked(
                "/services/data/v60.0/query/01g-2000",
                headers=BEARER,
                answer={"totalSize": 3, "done": True, "records": [appointment(3, "None")]},
            ),
        ),
        sf({"q": soql(f"SystemModstamp >= {SINCE}")}, [], totalSize=0),
        {
            "ext_id": "SA-1",
            "sched_start": utc(2026, 5, 2, 14),
            "window_end": utc(2026, 5, 2, 15),
            "duration": timedelta(hours=2),
        },
        (Status.IN_PROGRESS, Status.INCOMPLETE, Status.SCHEDULED),
        technicians=(("Jo Ortiz", "0Hn1"),),
        customer="Acme",
        refusal=Answer(400, body=[{"message": "unexpected token: 'x'", "errorCode": "MALFORMED_QUERY"}]),
        says="unexpected token",
    ),
    "dynamics365": Sample(
        {"values": {"host": "x", "tenant": "t"}, "auth": OAUTH},
        (
            token("/t/oauth2/v2.0/token", {**GRANT, "scope": "https://x/.default"}),
            d365(
                {"$filter": f"starttime ge {FROM} and starttime lt {TO}", "$expand": D365_EXPAND},
                {
                    "value": [booking(number) for number in range(4)],
                    "@odata.nextLink": "/api/data/v9.2/bookableresourcebookings?$skiptoken=2",
                },
            ),
            d365({"$skiptoken": "2"}, {"value": [booking(4), booking(5)]}),
        ),
        d365({"$filter": f"modifiedon ge {SINCE}", "$expand": D365_EXPAND}, {"value": []}),
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
        technicians=(("Jo Ortiz", "r7"),),
        refusal=Answer(400, body={"error": {"code": "0x0", "message": "Could not find a property"}}),
        says="Could not find a property",
    ),
}
