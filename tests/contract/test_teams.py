from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft6Validator, ValidationError

from dispatchwatch.dispatch.outgoing import previewed
from dispatchwatch.dispatch.platforms.teams import Teams
from dispatchwatch.domain.notification import Notification
from tests.contract.contracts import contract
from tests.dispatch.samples import every_notification
from tests.dispatch.samples_teams import teams_config

EVERY = [pytest.param(notification, id=label) for label, notification in every_notification()]
# The schema is large, and each further fact is like the one before.
CASES = EVERY[::3] + EVERY[1::6] + EVERY[2::3][::8]


@pytest.fixture(scope="module")
def validator() -> Any:
    return Draft6Validator(contract("teams"))


def message(**card: Any) -> dict[str, Any]:
    content = {"type": "AdaptiveCard", "version": "1.4", **card}
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": content}
    return {"type": "message", "attachments": [attachment]}


def test_the_contract_has_teeth(validator: Any) -> None:
    validator.validate(message(body=[{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "x"}]}]))
    for wrong in (
        {"text": "x"},
        message(version="1.6"),
        message(body=[{"type": "RichTextBlock"}]),
        message(body=[{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "x", "bold": True}]}]),
        message(actions=[{"type": "Action.OpenUrl"}]),
        message(colour="red"),
    ):
        with pytest.raises(ValidationError):
            validator.validate(wrong)


@pytest.mark.parametrize("told", CASES)
def test_every_card_is_one_that_teams_takes(validator: Any, told: Notification) -> None:
    (request,) = previewed(Teams(), told, teams_config())
    validator.validate(json.loads(request.content))
