from __future__ import annotations

import httpx
import pytest
from jsonschema import ValidationError

from dispatchwatch.dispatch.platform import json_request
from dispatchwatch.dispatch.platforms.intercom import Intercom
from tests.contract.book import Book, NotInContractError, every_request
from tests.dispatch.samples_intercom import intercom_config, intercom_conversation
from tests.dispatch.telling import asked, json_

API = "https://api.intercom.io"


@pytest.fixture(scope="module")
def book() -> Book:
    return Book("intercom")


def test_the_contract_has_teeth(book: Book) -> None:
    for path, body in (
        ("tickets", {"ticket_type_id": "1"}),
        ("tickets/1/reply", {"message_type": "note", "type": "admin"}),
        ("conversations", {"from": {"type": "user", "id": "short"}, "body": "x"}),
    ):
        with pytest.raises(ValidationError):
            book.hold(json_request("POST", f"{API}/{path}", body))
    with pytest.raises(NotInContractError):
        book.hold(httpx.Request("DELETE", f"{API}/tickets/1"))


def is_reading_a_ticket(request: httpx.Request) -> bool:
    """The document was cut to what is written; reading a ticket by its id is left out of it."""
    return request.method == "GET" and request.url.path.startswith("/tickets/")


def test_every_request_is_one_that_intercom_takes(book: Book) -> None:
    before = book.held
    for request in every_request(Intercom(), intercom_config(), intercom_conversation(region="au")):
        if not is_reading_a_ticket(request):
            book.hold(request)
    assert book.held - before > 700


def test_so_are_the_questions(book: Book) -> None:
    for field in ("ticket_type_id", "admin_id", "state_resolved"):
        requests, _ = asked(Intercom().look_up(field, intercom_config()), json_(200, {}))
        book.hold(requests[0])
