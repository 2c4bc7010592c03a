from __future__ import annotations

import json
import re
from typing import Any

import pytest
from jsonschema import ValidationError
from openapi_schema_validator import OAS30Validator

from dispatchwatch.dispatch.outgoing import previewed
from dispatchwatch.dispatch.platforms.outlook import Outlook
from dispatchwatch.domain.notification import Notification
from tests.contract.contracts import contract, request_schema
from tests.dispatch.samples import every_notification
from tests.dispatch.samples_outlook import delegated_config, outlook_config

EVERY = [pytest.param(notification, id=label) for label, notification in every_notification()]
# With sixty facts a few are enough: all that grows is one text.
CASES = EVERY[::3] + EVERY[1::3] + EVERY[2::3][::4]
LARGEST = 4 * 1024 * 1024


@pytest.fixture(scope="module")
def specification() -> Any:
    return contract("outlook")


@pytest.fixture(scope="module")
def mail(specification: Any) -> Any:
    return OAS30Validator(request_schema(specification, "/me/sendMail"))


@pytest.fixture(scope="module")
def message(specification: Any) -> Any:
    return OAS30Validator({"$ref": "#/components/schemas/message", "components": specification["components"]})


def test_the_contract_has_teeth(mail: Any, message: Any) -> None:
    messages: tuple[Any, ...] = (
        {"importance": "urgent"},
        {"to": []},
        {"toRecipients": [{}]},
        {"body": {"contentType": "markdown"}},
    )
    for wrong in messages:
        with pytest.raises(ValidationError):
            mail.validate({"message": wrong})
        with pytest.raises(ValidationError):
            message.validate(wrong)
    with pytest.raises(ValidationError):
        mail.validate({"message": {}, "save": True})


@pytest.mark.parametrize("told", CASES)
def test_every_mail_is_one_that_graph_takes(mail: Any, told: Notification) -> None:
    for config, path in (
        (outlook_config(), r"/v1\.0/users/[^/]+/sendMail"),
        (delegated_config(), r"/v1\.0/me/sendMail"),
    ):
        (request,) = previewed(Outlook(), told, config)
        assert request.method == "POST"
        assert re.fullmatch(path, request.url.path)
        mail.validate(json.loads(request.content))
        assert len(request.content) < LARGEST


@pytest.mark.parametrize("told", CASES)
def test_every_draft_and_reply_is_one_that_graph_takes(message: Any, told: Notification) -> None:
    """The contract has no drafts; what is written into them is the same message."""
    draft, send = previewed(Outlook(), told, outlook_config(replies="yes"))
    body = json.loads(draft.content)
    message.validate(body["message"] if draft.url.path.endswith("/createReply") else body)
    assert send.url.path.endswith("/send")
    assert send.content == b""


def test_the_check_is_a_question_that_graph_knows(specification: Any) -> None:
    assert "get" in specification["paths"]["/users/{user-id}"]
    assert "get" in specification["paths"]["/me"]
