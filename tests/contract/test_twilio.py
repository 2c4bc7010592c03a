from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs

import pytest
from jsonschema import ValidationError
from openapi_schema_validator import OAS30Validator

from dispatchwatch.dispatch.outgoing import previewed
from dispatchwatch.dispatch.platforms.twilio import Twilio
from dispatchwatch.domain.notification import Notification
from tests.contract.contracts import contract
from tests.dispatch.samples import every_notification, notification
from tests.dispatch.samples_twilio import twilio_config

CASES = [pytest.param(notification, id=label) for label, notification in every_notification()]
MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages.json"


@pytest.fixture(scope="module")
def specification() -> Any:
    return contract("twilio")


@pytest.fixture(scope="module")
def validator(specification: Any) -> Any:
    (form,) = specification["paths"][MESSAGES]["post"]["requestBody"]["content"].values()
    # Fields that are not in the contract are mistakes of ours: Twilio would pass over them.
    schema = {**form["schema"], "additionalProperties": False, "components": specification["components"]}
    return OAS30Validator(schema)


def test_the_contract_has_teeth(validator: Any) -> None:
    for form in ({"Body": "x"}, {"To": "+1", "MessagingServiceSid": "MG1"}, {"To": "+1", "Text": "x"}):
        with pytest.raises(ValidationError):
            validator.validate(form)


@pytest.mark.parametrize("told", CASES)
def test_every_text_is_one_that_twilio_takes(specification: Any, validator: Any, told: Notification) -> None:
    (request,) = previewed(Twilio(), told, twilio_config())
    form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
    validator.validate(form)
    assert form["From"]
    assert 0 < len(form["Body"]) <= 1600
    account = re.fullmatch(MESSAGES.replace("{AccountSid}", "(AC[0-9a-fA-F]{32})"), request.url.path)
    assert account is not None


def test_the_check_and_the_search_are_questions_that_twilio_knows(specification: Any) -> None:
    known = {parameter["name"] for parameter in specification["paths"][MESSAGES]["get"]["parameters"]}
    for request in (Twilio().check(twilio_config()), Twilio().search(notification(), twilio_config())):
        assert set(request.url.params) <= known
