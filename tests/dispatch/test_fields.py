from __future__ import annotations

import json

import pytest

from dispatchwatch.dispatch.accounts.pagerduty import PagerDutyConfig
from dispatchwatch.dispatch.accounts.slack import SlackConfig
from dispatchwatch.dispatch.fields import ConfigError, is_loopback, load, secret_fields
from tests.dispatch.samples import ROUTING_KEY

PAGER = {"name": "pager", "platform": "pagerduty", "routing_key": ROUTING_KEY}
SLACK = {"name": "ops", "platform": "slack", "webhook_url": "https://hooks.slack.com/services/T/B/x"}


def problems(model: type[PagerDutyConfig | SlackConfig], values: dict[str, object]) -> dict[str, str]:
    with pytest.raises(ConfigError) as caught:
        load(model, values)
    assert caught.value.__context__ is None
    return caught.value.problems


def test_a_right_configuration_is_typed_and_frozen() -> None:
    config = load(PagerDutyConfig, {**PAGER, "routing_key": f" {ROUTING_KEY}\n"})
    assert config.routing_key.get_secret_value() == ROUTING_KEY
    assert (config.region, config.source, config.enabled, config.timeout) == ("us", "DispatchWatch", True, 10.0)
    with pytest.raises(ValueError, match="frozen"):
        setattr(config, "name", "other")  # noqa: B010 - mypy would not let it pass otherwise


def test_every_problem_is_named_in_plain_words_and_none_shows_the_secret() -> None:
    found = problems(PagerDutyConfig, {"name": "p", "routing_key": "short-s3cret", "region": "mars", "colour": "red"})
    assert found["platform"].startswith("Platform is missing.")
    assert found["routing_key"].startswith("Integration key does not have the right form. 32 letters and digits")
    assert found["region"] == "Region must be one of us, eu."
    assert found["colour"].startswith("This is not a setting of the channel. Known are: name, platform")
    assert "s3cret" not in json.dumps(found)


def test_wrong_types_are_told_without_their_value() -> None:
    found = problems(PagerDutyConfig, {**PAGER, "timeout": "s3cret", "routing_key": ["s3cret"]})
    assert found.keys() == {"timeout", "routing_key"}
    assert "s3cret" not in str(found)


@pytest.mark.parametrize(
    "webhook",
    [
        "xoxb-s3cret",
        "http://hooks.slack.com/services/T/B/s3cret",
        "https://webhooks.slack.com/services/T/B/s3cret",
        "https://user:s3cret@hooks.slack.com/services/T/B/x",
        "https://hooks.slack.com/triggers/T/1/s3cret",
        "https://hooks.slack.com/services/T/B/s3cret?x=1",
        "https://hooks.slack.com/services/",
        "https://hooks.slack.com/services/T/s3cret",
        "http://127.0.0.1",
        "https://[s3cret",
        "",
        "https://hooks.slack.com.evil.example/services/T/B/s3cret",
    ],
)
def test_a_webhook_that_does_not_lead_to_slack_is_told_so(webhook: str) -> None:
    found = problems(SlackConfig, {**SLACK, "webhook_url": webhook})
    assert found["webhook_url"].startswith("Webhook URL ")
    assert "s3cret" not in found["webhook_url"]


@pytest.mark.parametrize(
    "webhook",
    ["https://hooks.slack-gov.com/services/T/B/x", "http://127.0.0.1:8080/services/T/B/x", "http://[::1]:1/x"],
)
def test_other_webhooks_that_are_right(webhook: str) -> None:
    assert load(SlackConfig, {**SLACK, "webhook_url": webhook}).webhook_url.get_secret_value() == webhook


@pytest.mark.parametrize(
    "base_url", ["https://proxy.example:8443", "http://127.0.0.9:80", "http://localhost/", "http://[::1]:9"]
)
def test_base_urls_that_are_right(base_url: str) -> None:
    assert load(SlackConfig, {**SLACK, "base_url": base_url}).base_url == base_url


@pytest.mark.parametrize(
    "base_url",
    [
        "http://proxy.example",
        "ftp://x",
        "https://",
        "x",
        "https://p.example/path",
        "https://u:p@p.example",
        "https://p?q",
        "",
    ],
)
def test_base_urls_that_are_wrong(base_url: str) -> None:
    assert "base_url" in problems(SlackConfig, {**SLACK, "base_url": base_url})


def test_loopback_is_this_computer_and_nothing_else() -> None:
    assert all(map(is_loopback, ["127.0.0.1", "127.255.0.3", "::1", "[::1]", "localhost", "LOCALHOST"]))
    assert not any(map(is_loopback, ["128.0.0.1", "localhost.example", "0.0.0.0", "example.com", ""]))  # noqa: S104


def test_a_configuration_never_shows_its_secrets() -> None:
    config = load(PagerDutyConfig, PAGER)
    shown = [repr(config), str(config), config.model_dump_json(), repr(config.model_dump())]
    assert not any(ROUTING_KEY in text for text in shown)
    assert secret_fields(PagerDutyConfig) == ("proxy", "routing_key", "api_token")
    assert secret_fields(SlackConfig) == ("proxy", "webhook_url")


def test_the_schema_holds_what_a_form_needs() -> None:
    schema = PagerDutyConfig.model_json_schema()
    key, region = schema["properties"]["routing_key"], schema["properties"]["region"]
    assert key["title"] == "Integration key"
    assert key["writeOnly"] is True
    assert key["pattern"] == "[0-9a-zA-Z]{32}"
    assert region["enum"] == ["us", "eu"]
    assert region["labels"]["eu"] == "Europe"
    assert schema["required"] == ["name", "platform", "routing_key"]
    assert schema["additionalProperties"] is False
