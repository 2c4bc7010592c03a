from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft7Validator, ValidationError

from dispatchwatch.dispatch.platforms.slack import Slack
from dispatchwatch.domain.notification import Notification
from tests.contract.contracts import contract
from tests.dispatch.samples import every_notification, slack_config

CASES = [pytest.param(notification, id=label) for label, notification in every_notification()]


@pytest.fixture(scope="module")
def validator() -> Any:
    return Draft7Validator(contract("slack"))


def test_the_contract_has_teeth(validator: Any) -> None:
    with pytest.raises(ValidationError):
        validator.validate({"text": "x", "blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]})


@pytest.mark.parametrize("notification", CASES)
def test_every_message_is_one_that_slack_takes(validator: Any, notification: Notification) -> None:
    body = json.loads(Slack().build(notification, slack_config(), None).content)
    validator.validate(body)
    for block in body["blocks"]:
        for field in block.get("fields", []):
            assert 1 <= len(field["text"].encode("utf-16-le")) // 2 <= 2000
