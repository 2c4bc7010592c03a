from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
from jsonschema import ValidationError

from dispatchwatch.dispatch.conversation import rehearsed
from dispatchwatch.dispatch.platform import json_request
from dispatchwatch.dispatch.platforms.bamboohr import BambooHR
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket_fields import short_key
from tests.contract.book import Book, NotInContractError
from tests.dispatch.samples import every_notification
from tests.dispatch.samples_bamboohr import TABLE, bamboohr_config
from tests.dispatch.telling import asked, json_

API = "https://northside.bamboohr.com/api"
TABLES = [{"alias": TABLE, "fields": [{"alias": "customAlertID"}]}]


@pytest.fixture(scope="module")
def book() -> Book:
    return Book("bamboohr")


def test_the_contract_has_teeth(book: Book) -> None:
    with pytest.raises(ValidationError):
        book.hold(json_request("POST", f"{API}/v1_1/employees/1/tables/t", {"date": ["x"]}))
    with pytest.raises(NotInContractError):
        book.hold(json_request("POST", f"{API}/generic/1/time_off/request", {}))


def test_every_request_is_one_that_bamboohr_takes(book: Book) -> None:
    before = book.held
    for _, told in every_notification():
        named = replace(told, facts=(("Technician", "J. Ortiz"), ("Visit", told.headline)))
        there = [{"id": "9", "customAlertID": short_key(told.alert_key)}]
        for rows in ([], there):
            answer = lambda request, rows=rows: json_(200, TABLES if "meta" in request.url.path else rows)  # noqa: E731
            for request in rehearsed(BambooHR().tell(named, bamboohr_config(), Receipt()), answer)[0]:
                book.hold(request)
                assert "time_off" not in request.url.path
    assert book.held - before > 400


def test_so_are_the_questions(book: Book) -> None:
    questions = [BambooHR().check(bamboohr_config())]
    for field in ("table", "key_field", "employees"):
        questions += asked(BambooHR().look_up(field, bamboohr_config()), httpx.Response(200, json=[]))[0]
    for request in questions:
        book.hold(request)
