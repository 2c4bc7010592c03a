from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import ValidationError
from openapi_schema_validator import OAS30Validator

from dispatchwatch.dispatch.outgoing import previewed
from dispatchwatch.dispatch.platforms.sendgrid import SendGrid
from dispatchwatch.domain.notification import Notification
from tests.contract.contracts import contract
from tests.dispatch.samples import every_notification
from tests.dispatch.samples_sendgrid import TEMPLATE, sendgrid_config

EVERY = [pytest.param(notification, id=label) for label, notification in every_notification()]
# With sixty facts a few are enough: all that grows is one text.
CASES = EVERY[::3] + EVERY[1::3] + EVERY[2::3][::4]


@pytest.fixture(scope="module")
def validator() -> Any:
    specification = contract("sendgrid")
    body = specification["components"]["requestBodies"]["PostMailSend"]["content"]["application/json"]["schema"]
    return OAS30Validator({**body, "additionalProperties": False, "components": specification["components"]})


def test_the_contract_has_teeth(validator: Any) -> None:
    person = {"to": [{"email": "a@acme.example"}]}
    for body in (
        {"personalizations": [person]},
        {"personalizations": [{}], "from": {"email": "d@acme.example"}},
        {"personalizations": [person], "from": {"email": "d@acme.example"}, "subject": ""},
        {"personalizations": [person], "from": {"email": "d@acme.example"}, "custom_args": {"alert": 1}},
    ):
        with pytest.raises(ValidationError):
            validator.validate(body)


@pytest.mark.parametrize("told", CASES)
def test_every_mail_is_one_that_sendgrid_takes(validator: Any, told: Notification) -> None:
    for config in (sendgrid_config(), sendgrid_config(template_id=TEMPLATE)):
        (request,) = previewed(SendGrid(), told, config)
        assert (request.method, request.url.path) == ("POST", "/v3/mail/send")
        mail = json.loads(request.content)
        validator.validate(mail)
        assert ("template_id" in mail) is not ("content" in mail)
        assert len(json.dumps(mail["custom_args"])) <= 10_000
        assert len(request.content) < 30 * 1024 * 1024


def test_the_check_is_a_mail_that_sendgrid_takes(validator: Any) -> None:
    validator.validate(json.loads(SendGrid().check(sendgrid_config()).content))
