from __future__ import annotations

import pytest
from jsonschema import ValidationError

from dispatchwatch.dispatch.platform import json_request
from dispatchwatch.dispatch.platforms.salesforce import Salesforce
from tests.contract.book import Book, NotInContractError, every_request
from tests.dispatch.samples_salesforce import salesforce_config

DATA = "https://acme.my.salesforce.com/services/data"


@pytest.fixture(scope="module")
def book() -> Book:
    return Book("salesforce")


def test_the_contract_has_teeth(book: Book) -> None:
    with pytest.raises(ValidationError):
        book.hold(json_request("POST", f"{DATA}/v67.0/sobjects/Case", {"Subject": "x" * 256}))
    with pytest.raises(ValidationError):
        book.hold(json_request("POST", f"{DATA}/67/sobjects/Case", {"Subject": "x"}))
    with pytest.raises(ValidationError):
        book.hold(json_request("POST", f"{DATA}/v67.0/sobjects/CaseComment", {"ParentId": "7", "CommentBody": "x"}))
    with pytest.raises(NotInContractError):
        book.hold(json_request("POST", f"{DATA}/v67.0/sobjects/Lead", {}))


def test_every_request_is_one_that_salesforce_takes(book: Book) -> None:
    before = book.held
    more = {"external_id_field": "DW_Key__c", "owner_id": "005000000000000AAA", "case_fields": "Type=Problem"}
    for request in every_request(Salesforce(), salesforce_config(), salesforce_config(**more)):
        # How a case is read, to look at it or to find it, is not in the document.
        if request.method != "GET" or request.url.path.endswith("/limits"):
            book.hold(request)
    assert book.held - before > 800
