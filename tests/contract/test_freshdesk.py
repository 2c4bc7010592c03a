from __future__ import annotations

import pytest
from jsonschema import ValidationError

from dispatchwatch.dispatch.platform import json_request
from dispatchwatch.dispatch.platforms.freshdesk import Freshdesk
from tests.contract.book import Book, NotInContractError, every_request
from tests.dispatch.samples_freshdesk import freshdesk_config

TICKETS = "https://acme.freshdesk.com/api/v2/tickets"


@pytest.fixture(scope="module")
def book() -> Book:
    return Book("freshdesk")


def test_the_contract_has_teeth(book: Book) -> None:
    good = {"email": "office@acme.example", "subject": "x"}
    for bad in ({"status": "2"}, {"tags": ["x" * 33]}, {"made_up": 1}, {"email": "nobody"}):
        with pytest.raises(ValidationError):
            book.hold(json_request("POST", TICKETS, good | bad))
    with pytest.raises(ValidationError):
        book.hold(json_request("POST", TICKETS, {"subject": "nobody asked"}))
    with pytest.raises(NotInContractError):
        book.hold(json_request("PATCH", TICKETS, {}))


def test_every_request_is_one_that_freshdesk_takes(book: Book) -> None:
    before = book.held
    more = {"group_id": "42", "visibility": "public", "custom_fields": "cf_job=1042", "acknowledged_status": "6"}
    for request in every_request(Freshdesk(), freshdesk_config(), freshdesk_config(**more)):
        book.hold(request)
    assert book.held - before > 900
