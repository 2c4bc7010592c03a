from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import ValidationError
from openapi_schema_validator import OAS30Validator

from dispatchwatch.dispatch.outgoing import previewed
from dispatchwatch.dispatch.platforms.clicksend import ClickSend
from dispatchwatch.domain.notification import Notification
from tests.contract.contracts import contract, request_schema
from tests.dispatch.samples import every_notification
from tests.dispatch.samples_clicksend import clicksend_config

EVERY = [pytest.param(notification, id=label) for label, notification in every_notification()]
# With sixty facts a few are enough: all that grows is one text.
CASES = EVERY[::3] + EVERY[1::3] + EVERY[2::3][::4]


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = request_schema(contract("clicksend"), "/v3/sms/send")
    # Fields that are not in the contract are mistakes of ours: ClickSend would pass over them.
    schema["additionalProperties"] = schema["properties"]["messages"]["items"]["additionalProperties"] = False
    return OAS30Validator(schema)


def test_the_contract_has_teeth(validator: Any) -> None:
    wrong: tuple[Any, ...] = (
        {"messages": []},
        {"messages": [{"to": "+1"}]},
        {"messages": [{"body": "x", "text": "x"}]},
    )
    for body in wrong:
        with pytest.raises(ValidationError):
            validator.validate(body)


@pytest.mark.parametrize("told", CASES)
def test_every_text_is_one_that_clicksend_takes(validator: Any, told: Notification) -> None:
    for config in (clicksend_config(), clicksend_config(sender="Dispatch")):
        (request,) = previewed(ClickSend(), told, config)
        assert (request.method, request.url.path) == ("POST", "/v3/sms/send")
        validator.validate(json.loads(request.content))
