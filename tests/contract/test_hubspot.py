from __future__ import annotations

import pytest
from jsonschema import ValidationError

from dispatchwatch.dispatch.platform import json_request
from dispatchwatch.dispatch.platforms.hubspot import HubSpot
from tests.contract.book import Book, NotInContractError, every_request
from tests.dispatch.samples_hubspot import hubspot_config

OBJECTS = "https://api.hubapi.com/crm/objects/2026-03"


@pytest.fixture(scope="module")
def book() -> Book:
    return Book("hubspot")


def test_the_contract_has_teeth(book: Book) -> None:
    for properties in ({"subject": "x"}, {"subject": "x", "hs_pipeline_stage": 1}):
        with pytest.raises(ValidationError):
            book.hold(json_request("POST", f"{OBJECTS}/tickets", {"properties": properties}))
    with pytest.raises(ValidationError):
        book.hold(json_request("POST", f"{OBJECTS}/tickets/batch/upsert", {"inputs": [{"id": "x", "properties": {}}]}))
    with pytest.raises(ValidationError):
        book.hold(json_request("POST", f"{OBJECTS}/notes", {"properties": {"hs_note_body": "x"}}))
    with pytest.raises(NotInContractError):
        book.hold(json_request("POST", f"{OBJECTS}/deals", {}))


def test_every_request_is_one_that_hubspot_takes(book: Book) -> None:
    before = book.held
    more = {"unique_property": "dw_alert_id", "acknowledged_stage": "3", "hubspot_owner_id": "7"}
    for request in every_request(HubSpot(), hubspot_config(), hubspot_config(**more, ticket_properties="own=1")):
        book.hold(request)
    assert book.held - before > 900
