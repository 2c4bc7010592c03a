"""No secret of the boards, the bot and the people’s platforms gets out: in no repr, no preview, no failure."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import replace
from typing import Any

import httpx
import pytest

from dispatchwatch.dispatch.outgoing import previewed
from dispatchwatch.dispatch.platforms.asana import Asana
from dispatchwatch.dispatch.platforms.bamboohr import BambooHR
from dispatchwatch.dispatch.platforms.intercom import Intercom
from dispatchwatch.dispatch.platforms.monday import Monday
from dispatchwatch.dispatch.platforms.telegram import Telegram
from dispatchwatch.dispatch.platforms.trello import Trello
from dispatchwatch.dispatch.redact import preview
from dispatchwatch.domain.alert import Operation
from tests.dispatch import (
    samples_asana,
    samples_bamboohr,
    samples_intercom,
    samples_monday,
    samples_telegram,
    samples_trello,
)  # fmt: skip
from tests.dispatch.samples import notification
from tests.dispatch.telling import tell

BASIC = b64encode(f"{samples_bamboohr.SECRET}:x".encode()).decode()
CHANNELS: dict[str, tuple[Any, Any, tuple[str, ...]]] = {
    "asana": (Asana(), samples_asana.asana_config(), (samples_asana.SECRET,)),
    "trello": (Trello(), samples_trello.trello_config(), (samples_trello.KEY, samples_trello.SECRET)),
    "monday": (Monday(), samples_monday.monday_config(), (samples_monday.SECRET,)),
    "intercom": (Intercom(), samples_intercom.intercom_config(), (samples_intercom.SECRET,)),
    "telegram": (Telegram(), samples_telegram.telegram_config(), (samples_telegram.TOKEN, samples_telegram.SECRET)),
    "bamboohr": (BambooHR(), samples_bamboohr.bamboohr_config(), (samples_bamboohr.SECRET, BASIC)),
}
TOLD = replace(notification(), facts=(("Technician", "J. Ortiz"),))


@pytest.mark.parametrize("key", CHANNELS)
def test_not_in_what_is_shown_of_a_channel(key: str) -> None:
    platform, config, secrets = CHANNELS[key]
    shown = repr(config) + str(config.model_dump()) + config.model_dump_json()
    for operation in Operation:
        requests = previewed(platform, replace(TOLD, operation=operation), config)
        assert requests
        shown += json.dumps([preview(request, platform.secrets(config)) for request in requests])
    assert "***" in shown
    assert not [secret for secret in secrets if secret in shown]


@pytest.mark.parametrize("key", CHANNELS)
@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 409, 422, 429, 500])
def test_not_in_a_failure_that_repeats_what_was_sent(key: str, status: int) -> None:
    platform, config, secrets = CHANNELS[key]
    sent = platform.check(config)
    said = f"{sent.url} {sent.headers} {' '.join(secrets)}"
    answer = httpx.Response(status, json={"message": said, "description": said, "errors": [{"message": said}]})
    failure = tell(platform, TOLD, config, None, answer).failure
    assert failure is not None
    assert not [secret for secret in secrets if secret in failure.message + repr(failure)]


@pytest.mark.parametrize("key", CHANNELS)
def test_every_field_has_a_label_and_every_address_is_encrypted(key: str) -> None:
    platform, config, _ = CHANNELS[key]
    assert all(field.title for field in type(config).model_fields.values())
    for operation in Operation:
        for request in previewed(platform, replace(TOLD, operation=operation), config):
            assert request.url.scheme == "https"
