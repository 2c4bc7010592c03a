from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import ValidationError
from openapi_schema_validator import OAS30Validator, oas30_format_checker

from dispatchwatch.dispatch.platforms.pagerduty import PagerDuty
from dispatchwatch.domain.notification import Notification
from tests.contract.contracts import contract, request_schema
from tests.dispatch.samples import every_notification, pagerduty_config

CASES = [pytest.param(notification, id=label) for label, notification in every_notification()]


@pytest.fixture(scope="module")
def validators() -> dict[str, Any]:
    specification = contract("pagerduty")
    return {
        f"/v2{path}": OAS30Validator(request_schema(specification, path), format_checker=oas30_format_checker)
        for path in ("/enqueue", "/change/enqueue")
    }


def test_the_contract_has_teeth(validators: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        validators["/v2/enqueue"].validate({"routing_key": "x" * 32, "event_action": "trigger"})


@pytest.mark.parametrize("notification", CASES)
def test_every_event_is_one_that_pagerduty_takes(validators: dict[str, Any], notification: Notification) -> None:
    request = PagerDuty().build(notification, pagerduty_config(), None)
    validators[request.url.path].validate(json.loads(request.content))
    assert len(request.content) < 512 * 1024


def test_the_credentials_check_is_a_change_event_that_pagerduty_takes(validators: dict[str, Any]) -> None:
    request = PagerDuty().check(pagerduty_config())
    assert request is not None
    validators[request.url.path].validate(json.loads(request.content))
