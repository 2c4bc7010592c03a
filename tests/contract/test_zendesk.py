from __future__ import annotations

import pytest
from jsonschema import ValidationError

from dispatchwatch.dispatch.platform import json_request
from dispatchwatch.dispatch.platforms.zendesk import Zendesk
from tests.contract.book import Book, NotInContractError, every_request
from tests.dispatch.samples_zendesk import zendesk_config, zendesk_token

TICKETS = "https://acme.zendesk.com/api/v2/tickets"


@pytest.fixture(scope="module")
def book() -> Book:
    return Book("zendesk")


def test_the_contract_has_teeth(book: Book) -> None:
    for ticket in ({}, {"comment": {"body": 7}}, {"comment": {}, "priority": "High"}, {"comment": {}, "group_id": "7"}):
        with pytest.raises(ValidationError):
            book.hold(json_request("POST", TICKETS, {"ticket": ticket}))
    with pytest.raises(NotInContractError):
        book.hold(json_request("PATCH", TICKETS, {}))


def test_every_request_is_one_that_zendesk_takes(book: Book) -> None:
    before = book.held
    more = {"group_id": "42", "requester_email": "office@acme.example", "custom_fields": "360001234567=1042"}
    for request in every_request(Zendesk(), zendesk_config(), zendesk_token(visibility="public", **more)):
        # The document knows the own account alone as a way to try the credentials.
        if not request.url.path.endswith("/count"):
            book.hold(request)
    assert book.held - before > 900
