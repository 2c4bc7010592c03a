"""`[network]`, `[heartbeat]` and `[self_audit]` as the file says them, and what a channel says of its own."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import trustme

from dispatchwatch.app.compose import open_channels
from dispatchwatch.dispatch.transport import STRAIGHT
from tests.app.test_quiet_config import problems, read

PAGER = '[[channel]]\nname = "own"\nplatform = "pagerduty"\nrouting_key = "a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6"\n'
PING = "https://hc.example.com/s3cret-ping"


def test_left_out_requests_go_straight_nothing_beats_and_the_record_is_checked_hourly(tmp_path: Path) -> None:
    config = read(tmp_path, "")
    assert (config.way, config.heartbeat) == (STRAIGHT, None)
    assert (config.self_audit.enabled, config.self_audit.every) == (True, timedelta(hours=1))


def test_one_proxy_for_all_and_one_of_a_channel_s_own(tmp_path: Path) -> None:
    more = (
        '[network]\nproxy = "http://user:s3cret@proxy.example:3128"\n' + PAGER + 'proxy = "http://other.example:8080"\n'
    )
    config = read(tmp_path, more)
    ways = {name: channel.way.proxy for name, channel in open_channels(config).items()}
    assert ways == {"pager": "http://user:s3cret@proxy.example:3128", "own": "http://other.example:8080"}
    assert "s3cret" not in repr(config)
    assert [one.where for one in config.warnings if "proxy" in one.where] == []


def test_a_proxy_by_reference(tmp_path: Path) -> None:
    (tmp_path / "proxy").write_text("http://user:s3cret@proxy.example:3128\n", encoding="utf-8")
    config = read(tmp_path, '[network]\nproxy = "file:proxy"\n' + PAGER + 'proxy = "file:proxy"\n')
    assert {channel.way.proxy for channel in open_channels(config).values()} == {
        "http://user:s3cret@proxy.example:3128"
    }


def test_a_password_in_a_channel_s_proxy_is_better_kept_out_of_the_file(tmp_path: Path) -> None:
    config = read(tmp_path, PAGER + 'proxy = "http://user:s3cret@proxy.example:3128"\n')
    assert "channel “own”.proxy" in [one.where for one in config.warnings]


def test_certificates_of_the_office_s_own(tmp_path: Path) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "office.pem"))
    config = read(tmp_path, '[network]\nca_file = "office.pem"\n')
    assert config.way.ca_file == tmp_path / "office.pem"
    assert open_channels(config)["pager"].way.ca_file == tmp_path / "office.pem"


@pytest.mark.parametrize(
    ("more", "where", "text"),
    [
        ('[network]\nca_file = "nowhere.pem"\n', "network.ca_file", "can’t be read: No such file"),
        ('[network]\nca_file = "dispatchwatch.toml"\n', "network.ca_file", "it holds no certificate"),
        ('[network]\nproxy = "https://s3cret.example"\n', "network.proxy", "must be an address such as http://proxy"),
        ('[network]\nproxy = "env:NOWHERE"\n', "network.proxy", "NOWHERE is not set"),
        ('[network]\nproxies = "x"\n', "network.proxies", "there is no such key"),
        (PAGER + 'proxy = "socks5://s3cret"\n', "channel “own”.proxy", "must be an address such as http://proxy"),
        (PAGER + 'rate = "fast"\n', "channel “own”.rate", "does not have the right form"),
        (PAGER + 'rate = "0/1m"\n', "channel “own”.rate", "does not have the right form"),
        ("[heartbeat]\n", "heartbeat.url", "this key is missing"),
        ('[heartbeat]\nurl = "http://s3cret.example/x"\n', "heartbeat.url", "https:// address"),
        ('[heartbeat]\nurl = "s3cret"\n', "heartbeat.url", "https:// address"),
        (f'[heartbeat]\nurl = "{PING}"\nevery = "0s"\n', "heartbeat.every", "not between 1s and 24h"),
        ('[self_audit]\nevery = "hourly"\n', "self_audit.every", "not a duration"),
    ],
)
def test_what_can_not_be_used_is_told_at_its_key_without_what_was_written(
    tmp_path: Path, more: str, where: str, text: str
) -> None:
    found = problems(tmp_path, more)
    assert text in found[where]
    assert "s3cret" not in str(found)


def test_the_address_of_the_dead_man_s_switch_is_a_secret(tmp_path: Path) -> None:
    config = read(tmp_path, f'[heartbeat]\nurl = "{PING}"\nevery = "5m"\nmethod = "POST"\n')
    assert config.heartbeat is not None
    assert config.heartbeat.url.get_secret_value() == PING
    assert PING not in repr(config)
    assert "heartbeat.url" in [one.where for one in config.warnings], "it stands in the file as it is"


def test_without_its_address_the_day_is_watched_all_the_same(tmp_path: Path) -> None:
    config = read(tmp_path, '[heartbeat]\nurl = "env:NOWHERE"\n')
    assert config.heartbeat is None
    (told,) = [one for one in config.warnings if one.where == "heartbeat.url"]
    assert told.needs_action
    assert "until then nobody hears whether the program works" in told.text
