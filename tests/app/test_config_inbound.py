"""Secrets of feeds, `[listener]` and `[telegram_check_in]`: what is missing costs its own part and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dispatchwatch.app.config import Config, ConfigError, Problem
from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.intake.caldav_feed import CaldavConfig
from dispatchwatch.intake.catalog import read_once
from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.json_feed import JsonConfig
from dispatchwatch.intake.unavailable import UnavailableConfig
from dispatchwatch.intake.web_auth import BearerAuth
from dispatchwatch.intake.webhook import WebhookConfig

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
CSV = '[[feed]]\nname = "good"\nkind = "csv"\npath = "*.csv"\n'
CALDAV = """
[[feed]]
name = "calendar"
kind = "caldav"
url = "https://calendar.example.com/office"
user = "desk"
password = "{password}"
"""
JSON = """
[[feed]]
name = "software"
kind = "json"
url = "https://fsm.example.com/visits?key={{api}}"
secrets = {{ api = "{api}" }}
auth = {{ kind = "bearer", token = "{token}" }}
paths = {{ ext_id = "id", sched_start = "start" }}
"""
WEBHOOK = """
[[feed]]
name = "hook"
kind = "webhook"
polls = "good"
signature = {{ header = "X-Signature", secret = "{secret}" }}
"""
LISTENER = "[listener]\nport = 8460\n"


class Keyring:
    def __init__(self, **entries: str) -> None:
        self._entries = entries

    def get_password(self, service_name: str, username: str) -> str | None:
        return self._entries.get(username.replace(".", "_")) if service_name == "DispatchWatch" else None


def read(folder: Path, text: str, keyring: Keyring | None = None, **environment: str) -> Config:
    path = folder / "dispatchwatch.toml"
    path.write_text(text, encoding="utf-8")
    return read_config(path, SecretSource(environment, folder, lambda: keyring or Keyring()))


def problems(folder: Path, text: str) -> dict[str, Problem]:
    try:
        found = read(folder, text).warnings
    except ConfigError as error:
        found = error.problems
    return {one.where: one for one in found}


def test_secrets_come_from_keyring_environment_and_file_wherever_they_stand(tmp_path: Path) -> None:
    (tmp_path / "token.txt").write_text("the-token\n", encoding="utf-8")
    text = CALDAV.format(password="keyring:") + JSON.format(api="env:API", token="file:token.txt")
    config = read(tmp_path, text, Keyring(calendar_password=PASSWORD), API="the-key")
    calendar, software = config.feeds
    assert isinstance(calendar, CaldavConfig)
    assert calendar.password.get_secret_value() == PASSWORD
    assert isinstance(software, JsonConfig)
    assert software.secrets["api"].get_secret_value() == "the-key"
    assert isinstance(software.auth, BearerAuth)
    assert software.auth.token.get_secret_value() == "the-token"
    assert not any(secret in repr(config) for secret in (PASSWORD, "the-key", "the-token"))


def test_several_secrets_of_one_feed_have_entries_of_their_own_in_the_keyring(tmp_path: Path) -> None:
    keyring = Keyring(software_api="one", software_token="two")
    software = read(tmp_path, JSON.format(api="keyring:", token="keyring:"), keyring).feeds[0]
    assert isinstance(software, JsonConfig)
    assert isinstance(software.auth, BearerAuth)
    assert (software.secrets["api"].get_secret_value(), software.auth.token.get_secret_value()) == ("one", "two")


def test_a_secret_that_is_missing_costs_its_feed_alone_and_the_feed_says_why(tmp_path: Path) -> None:
    (tmp_path / "day.csv").write_text("id,start\nA,2026-05-04 14:00\n", encoding="utf-8")
    config = read(tmp_path, CSV + CALDAV.format(password="env:NOT_SET"))
    good, calendar = config.feeds
    assert read_once(good, None, office_zone=config.office.zone, base=tmp_path, now=NOW).visits
    assert isinstance(calendar, UnavailableConfig)
    with pytest.raises(FeedError, match=r"The environment variable NOT_SET is not set.*Then start the program again"):
        read_once(calendar, None, office_zone=config.office.zone, base=tmp_path, now=NOW)
    warning = {one.where: one for one in config.warnings}["feed “calendar”.password"]
    assert warning.needs_action
    assert "until then nothing is read from it" in warning.text


def test_what_is_wrong_beside_a_missing_secret_is_told_as_well(tmp_path: Path) -> None:
    found = problems(tmp_path, CALDAV.format(password="env:NOT_SET") + 'misspelt = "x"\n')
    assert not found["feed “calendar”.misspelt"].is_warning
    assert found["feed “calendar”.password"].is_warning


def test_a_secret_in_the_file_is_warned_of_and_never_repeated(tmp_path: Path) -> None:
    found = problems(tmp_path, CALDAV.format(password=PASSWORD) + JSON.format(api="api-key", token="a-token"))
    assert set(found) == {"feed “calendar”.password", "feed “software”.api", "feed “software”.token"}
    assert not any(PASSWORD in one.text or "a-token" in one.text for one in found.values())


def test_an_address_may_stand_in_the_file_or_be_a_secret(tmp_path: Path) -> None:
    calendar = '[[feed]]\nname = "shared"\nkind = "ical"\nurl = "{url}"\n'
    assert problems(tmp_path, calendar.format(url="https://example.com/a.ics")) == {}
    config = read(tmp_path, calendar.format(url="env:URL"), URL="https://example.com/private/a.ics")
    assert "private" not in repr(config)
    assert not config.warnings


def test_a_webhook_without_a_listener_says_what_is_missing(tmp_path: Path) -> None:
    text = CSV + WEBHOOK.format(secret="file:secret.txt")
    (tmp_path / "secret.txt").write_text("0123456789abcdef0123456789abcdef", encoding="utf-8")
    assert "add [listener]" in problems(tmp_path, text)["feed “hook”"].text
    config = read(tmp_path, text + LISTENER)
    assert not config.warnings
    assert isinstance(config.feeds[1], WebhookConfig)
    assert config.listener is not None
    assert config.listener.only_this_computer
    assert not config.listener.check_in_links


def test_a_webhook_that_reads_a_feed_which_is_not_there_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("0123456789abcdef0123456789abcdef", encoding="utf-8")
    found = problems(tmp_path, WEBHOOK.format(secret="file:secret.txt") + LISTENER)
    assert found["feed “hook”.polls"].text == "there is no feed “good”"


def test_two_webhooks_need_two_addresses(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("0123456789abcdef0123456789abcdef", encoding="utf-8")
    hook = WEBHOOK.format(secret="file:secret.txt")
    text = CSV + hook + hook.replace('"hook"', '"other"') + 'address = "hook"\n' + LISTENER
    assert "two webhooks have the address “hook”" in problems(tmp_path, text)["feed"].text


def test_check_in_links_that_only_this_computer_can_open_are_warned_of(tmp_path: Path) -> None:
    assert "base_url" in problems(tmp_path, CSV + LISTENER + "check_in_links = true\n")["listener.host"].text
    reachable = 'check_in_links = true\nhost = "192.168.1.10"\n'
    assert "listener.host" not in problems(tmp_path, CSV + LISTENER + reachable)
    proxied = 'check_in_links = true\nbase_url = "https://checkin.example.com"\n'
    assert "listener.host" not in problems(tmp_path, CSV + LISTENER + proxied)


def test_nothing_listens_and_nothing_is_asked_unless_the_file_says_so(tmp_path: Path) -> None:
    config = read(tmp_path, CSV)
    assert config.listener is None
    assert config.telegram_check_in is None


def test_the_bot_has_its_token_from_the_keyring_and_does_without_where_it_is_missing(tmp_path: Path) -> None:
    section = '[telegram_check_in]\ntoken = "keyring:"\n'
    config = read(tmp_path, CSV + section, Keyring(telegram_check_in_token="123:abc"))
    assert config.telegram_check_in is not None
    assert config.telegram_check_in.token.get_secret_value() == "123:abc"
    lacking = read(tmp_path, CSV + section)
    assert lacking.telegram_check_in is None
    assert [one.where for one in lacking.warnings] == ["telegram_check_in.token"]


def test_telegram_is_asked_over_https_only(tmp_path: Path) -> None:
    section = '[telegram_check_in]\ntoken = "env:T"\nbase_url = "http://proxy.example.com"\n'
    with pytest.raises(ConfigError, match="must begin with https://"):
        read(tmp_path, CSV + section, T="123:abc")
