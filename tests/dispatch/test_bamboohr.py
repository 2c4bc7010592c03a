from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from dispatchwatch.dispatch.accounts.bamboohr import BambooHRConfig
from dispatchwatch.dispatch.conversation import Choice
from dispatchwatch.dispatch.errors import Refused, Unauthorised, Unreachable
from dispatchwatch.dispatch.fields import ConfigError, load
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.platforms.bamboohr import BambooHR
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket_fields import short_key
from dispatchwatch.domain.alert import AlertKind, Operation
from dispatchwatch.domain.notification import Notification
from tests.dispatch.samples import every_notification, notification
from tests.dispatch.samples_bamboohr import SECRET, TABLE, bamboohr_config
from tests.dispatch.telling import asked, json_, tell

BAMBOO = BambooHR()
PATH = f"/employees/123/tables/{TABLE}"
KEY = short_key(notification().alert_key)
TOLD = Receipt("employee 123", {"employee": "123"})
NO_ROWS, TAKEN = json_(200, []), httpx.Response(200)
ROW = json_(200, [{"id": "8", "customAlertID": "dw-x"}, {"id": "9", "customAlertID": KEY}])


def about(
    operation: Operation = Operation.RAISE, technician: str = "J. Ortiz (+1 312 555 0142)", **more: Any
) -> Notification:
    facts = (("Visit", "J-1042 · Dryer inspection"), ("Technician", technician), ("Customer", "Smith & Sons"))
    return replace(notification(operation), facts=facts, **more)


def test_a_late_arrival_is_a_row_of_that_employee() -> None:
    told = tell(BAMBOO, about(), bamboohr_config(), None, NO_ROWS, TAKEN)
    assert told.ways == [f"GET /api/v1{PATH}", f"POST /api/v1_1{PATH}"]
    request = told.requests[-1]
    assert request.url.host == "northside.bamboohr.com"
    assert request.headers["Authorization"] == f"Basic {b64encode(f'{SECRET}:x'.encode()).decode()}"
    assert {one.headers["Accept"] for one in told.requests} == {"application/json"}
    assert told.body() == {
        "customAlertID": KEY, "date": "2026-11-22", "customJob": "J-1042 · Dryer inspection",
        "customStatus": "Open", "customMinuteslate": "11",
    }  # fmt: skip
    assert told.kept == TOLD


def test_the_date_is_the_offices() -> None:
    late = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
    told = tell(
        BAMBOO, about(due_at=late, written_at=late + timedelta(minutes=5)), bamboohr_config(), None, NO_ROWS, TAKEN
    )
    assert told.body()["date"] == "2026-11-22"


@pytest.mark.parametrize(
    ("operation", "written"),
    [
        (Operation.UPDATE, {"customMinuteslate": "11"}),
        (Operation.ACKNOWLEDGE, {"customStatus": "Acknowledged"}),
        (Operation.RESOLVE, {"customStatus": "Resolved"}),
        (Operation.RAISE, {"customMinuteslate": "11"}),
    ],
)
def test_the_row_is_found_by_our_key_and_changed(operation: Operation, written: object) -> None:
    for receipt in (TOLD, None):
        told = tell(BAMBOO, about(operation), bamboohr_config(), receipt, ROW, TAKEN)
        assert told.ways[-1] == f"POST /api/v1_1{PATH}/9"
        assert told.body() == written
    assert BAMBOO.repeat is Repeat.HARMLESS


def test_a_row_stays_with_the_employee_it_was_written_for() -> None:
    told = tell(BAMBOO, about(Operation.RESOLVE, "A. Smith"), bamboohr_config(), TOLD, ROW, TAKEN)
    assert told.ways[-1] == f"POST /api/v1_1{PATH}/9"


def test_a_resolve_without_a_row_writes_none() -> None:
    assert tell(BAMBOO, about(Operation.RESOLVE), bamboohr_config(), None, NO_ROWS).ways == [f"GET /api/v1{PATH}"]


def test_columns_that_are_not_set_are_left_alone() -> None:
    config = bamboohr_config(minutes_field="", job_field="", status_field="")
    assert tell(BAMBOO, about(), config, None, NO_ROWS, TAKEN).body() == {"customAlertID": KEY, "date": "2026-11-22"}
    assert tell(BAMBOO, about(Operation.RESOLVE), config, TOLD, ROW).ways == [f"GET /api/v1{PATH}"]


@pytest.mark.parametrize(
    "told",
    [about(technician="B. Nobody"), about(technician="J. Ortiza"), about(kind=AlertKind.CANCELLED), notification()],
)
def test_whoever_is_not_known_and_other_alerts_are_refused_before_anything_is_asked(told: Notification) -> None:
    found = tell(BAMBOO, told, bamboohr_config(), None)
    assert isinstance(found.failure, Refused)
    assert found.requests == []


def test_nothing_but_the_job_comes_from_a_text_and_it_is_no_formula() -> None:
    for label, told in every_notification():
        job = dict(told.facts).get("Label 0", told.headline)
        written = replace(
            told, is_test=False, operation=Operation.RAISE, facts=(("Technician", "A. Smith"), ("Visit", job))
        )
        body = tell(BAMBOO, written, bamboohr_config(), None, json_(200, []), httpx.Response(200)).body()
        assert set(body) <= {"customAlertID", "date", "customJob", "customStatus", "customMinuteslate"}, label
        assert len(body.get("customJob", "x")) in range(1, 101), label
        assert not body.get("customJob", "x").startswith(("=", "+", "-", "@")), label
    formula = replace(about(), facts=(("Technician", "A. Smith"), ("Visit", "=HYPERLINK(1)")))
    assert tell(BAMBOO, formula, bamboohr_config(), None, NO_ROWS, TAKEN).body()["customJob"] == "'=HYPERLINK(1)"


def test_a_test_writes_nothing_and_looks_whether_the_table_is_there() -> None:
    def tables(alias: str, *columns: str) -> httpx.Response:
        return json_(200, [{"alias": alias, "fields": [{"alias": column} for column in columns]}])

    told = about(is_test=True)
    good = tell(BAMBOO, told, bamboohr_config(), None, tables(TABLE, "date", "customAlertID"))
    assert (good.ways, good.kept) == (["GET /api/v1/meta/tables"], Receipt("nothing was written"))
    for answer, words in ((tables("other"), "no table"), (tables(TABLE, "date"), "no column")):
        failure = tell(BAMBOO, told, bamboohr_config(), None, answer).failure
        assert isinstance(failure, Refused)
        assert words in failure.message


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, Unauthorised), (403, Unauthorised), (404, Refused), (406, Refused), (409, Refused), (429, Unreachable),
     (503, Unreachable), (598, Unreachable)],
)  # fmt: skip
def test_its_errors_stand_in_a_header(status: int, kind: type[Exception]) -> None:
    answer = httpx.Response(status, headers={"X-BambooHR-Error-Message": "Table not found"})
    failure = tell(BAMBOO, about(), bamboohr_config(), None, answer).failure
    assert type(failure) is kind
    assert "Table not found" in failure.message


def test_tables_columns_and_people_are_chosen_from_the_account() -> None:
    tables = json_(200, [{"alias": TABLE, "fields": [{"alias": "customAlertID", "name": "Alert"}]}])
    assert asked(BAMBOO.look_up("table", bamboohr_config()), tables)[1] == (Choice(TABLE, TABLE),)
    assert asked(BAMBOO.look_up("key_field", bamboohr_config()), tables)[1] == (Choice("customAlertID", "Alert"),)
    people = json_(200, {"employees": [{"id": "123", "displayName": "Jo Ortiz"}]})
    assert asked(BAMBOO.look_up("employees", bamboohr_config()), people)[1] == (Choice("Jo Ortiz = 123", "Jo Ortiz"),)
    assert BAMBOO.look_up("company", bamboohr_config()) is None


def test_key_and_header_are_secrets_and_the_settings_are_checked() -> None:
    assert BAMBOO.secrets(bamboohr_config()) == (SECRET, b64encode(f"{SECRET}:x".encode()).decode())
    values = bamboohr_config().model_dump() | {"api_key": SECRET}
    for wrong in ({"timezone": "Mars/Base"}, {"timezone": "../x"}, {"employees": "J. Ortiz"}, {"employees": "J = x"}):
        with pytest.raises(ConfigError):
            load(BambooHRConfig, values | wrong)
