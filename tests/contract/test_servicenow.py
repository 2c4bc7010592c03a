from __future__ import annotations

import pytest
from jsonschema import ValidationError

from dispatchwatch.dispatch.platform import json_request
from dispatchwatch.dispatch.platforms.servicenow import ServiceNow
from tests.contract.book import Book, NotInContractError, every_request
from tests.dispatch.samples_servicenow import servicenow_config, servicenow_oauth

INCIDENT = "https://acme.service-now.com/api/now/table/incident"


@pytest.fixture(scope="module")
def book() -> Book:
    return Book("servicenow")


def test_the_contract_has_teeth(book: Book) -> None:
    for body in ({"short_description": "x" * 161}, {"short_description": "x", "urgency": "4"}, {}):
        with pytest.raises(ValidationError):
            book.hold(json_request("POST", INCIDENT, body))
    with pytest.raises(ValidationError):
        book.hold(json_request("PATCH", f"{INCIDENT}/not-a-sys-id", {}))
    with pytest.raises(NotInContractError):
        book.hold(json_request("PUT", INCIDENT, {}))


def test_every_request_is_one_that_servicenow_takes(book: Book) -> None:
    before = book.held
    more = {"assignment_group": "0" * 32, "resolve_fields": "cause=1", "incident_fields": "category=inquiry; impact=1"}
    for request in every_request(ServiceNow(), servicenow_config(), servicenow_oauth(comment_field="comments", **more)):
        book.hold(request)
    assert book.held - before > 900
