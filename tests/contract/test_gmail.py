from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest
from jsonschema import ValidationError
from openapi_schema_validator import OAS30Validator

from dispatchwatch.dispatch.outgoing import previewed
from dispatchwatch.dispatch.platforms.gmail import Gmail
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification
from tests.contract.contracts import contract, request_schema
from tests.dispatch.samples import every_notification
from tests.dispatch.samples_gmail import gmail_config

EVERY = [pytest.param(notification, id=label) for label, notification in every_notification()]
# With sixty facts a few are enough: all that grows is one text.
CASES = EVERY[::3] + EVERY[1::3] + EVERY[2::3][::4]
SEND = "/gmail/v1/users/{userId}/messages/send"
LARGEST = 5 * 1024 * 1024


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = request_schema(contract("gmail"), SEND)
    schema["components"]["schemas"]["Message"]["additionalProperties"] = False
    return OAS30Validator(schema)


def test_the_contract_has_teeth(validator: Any) -> None:
    for body in ({"threadId": "1"}, {"raw": "with/slash+plus"}, {"raw": "eA", "thread": "1"}):
        with pytest.raises(ValidationError):
            validator.validate(body)


@pytest.mark.parametrize("told", CASES)
def test_every_mail_is_one_that_gmail_takes(validator: Any, told: Notification) -> None:
    (request,) = previewed(Gmail(), told, gmail_config())
    assert (request.method, request.url.path) == ("POST", SEND.replace("{userId}", "me"))
    body = json.loads(request.content)
    validator.validate(body)
    assert ("threadId" in body) is (told.operation is not Operation.RAISE and not told.is_test)
    assert len(request.content) < LARGEST
    lines = urlsafe_b64decode(body["raw"]).split(b"\r\n")
    assert all(len(line) <= 998 and b"\n" not in line and line.isascii() for line in lines)


def test_the_check_is_a_question_that_gmail_knows() -> None:
    assert "get" in contract("gmail")["paths"]["/gmail/v1/users/{userId}/profile"]
    assert Gmail().check(gmail_config()).url.path == "/gmail/v1/users/me/profile"
