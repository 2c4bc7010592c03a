"""Editing the configuration: values, problems at their keys, names, secrets, saving, what others do meanwhile."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from dispatchwatch.app.config import ConfigError
from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.keeping_secrets import KeepError
from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.app.settings.errors import ChangedElsewhere, NotSound, SettingsError
from dispatchwatch.app.settings.session import SettingsSession
from tests.fakes.keyring_box import KeyringBox

OFFICE = """\
# Northside
[office]
timezone = "America/Chicago"  # the shop

[policy]
check_in_grace = "15m"
[[policy.override]]
when = { feed = "today" }
check_in_grace = "5m"

[[feed]]
name = "today"
kind = "csv"
path = "day.csv"
profile = "north"

[profile.north]
timezone = "America/Chicago"

[[channel]]
name = "ops"
platform = "pagerduty"
routing_key = "keyring:"

[[channel]]
name = "desk-slack"
platform = "slack"
webhook_url = "env:HOOK"

[[route]]
channels = ["ops", "desk-slack"]
when = { feed = ["today", "late*"] }

[[quiet]]
channels = "ops"
hours = { mon-fri = "22:00-06:00" }
"""
KEY = "a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6"
ENVIRONMENT = {"HOOK": "https://hooks.slack.com/services/T0/B0/x"}


@pytest.fixture
def box() -> KeyringBox:
    found = KeyringBox()
    found.kept["DispatchWatch ops.routing_key"] = KEY
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "office.toml"
    found.write_text(OFFICE, encoding="utf-8")
    return found


def opened(path: Path, box: KeyringBox) -> SettingsSession:
    return SettingsSession(path, SecretSource(ENVIRONMENT, path.parent, lambda: box))


def on_disk(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def test_values_are_plain_data_and_a_change_is_saved_to_the_letter(path: Path, box: KeyringBox) -> None:
    session = opened(path, box)
    assert session.get(("office", "timezone")) == "America/Chicago"
    assert session.problems() == ()
    assert not session.is_changed
    session.set(("office", "timezone"), "America/Denver")
    assert session.is_changed
    backup = session.save()
    assert path.read_text() == OFFICE.replace('"America/Chicago"  # the shop', '"America/Denver"  # the shop')
    assert backup is not None
    assert backup.read_text() == OFFICE
    assert not session.is_changed
    assert session.save() == backup


def test_what_is_saved_is_private(path: Path, box: KeyringBox) -> None:
    session = opened(path, box)
    session.set(("office", "name"), "Northside")
    backup = session.save()
    assert backup is not None
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path, backup)] == [0o600, 0o600]
    assert sorted(one.name for one in path.parent.iterdir()) == ["office.toml", "office.toml.bak"]


def test_a_file_that_is_not_there_is_begun(tmp_path: Path, box: KeyringBox) -> None:
    path = tmp_path / "new" / "office.toml"
    session = opened(path, box)
    assert session.values == {}
    assert session.fault is None
    assert [one.where for one in session.problems()] == ["feed"]
    session.set(("office", "timezone"), "America/Chicago")
    assert session.add(("feed",), {"name": "today", "kind": "csv", "path": "day.csv"}) == ("feed", 0)
    assert session.save() is None
    assert read_config(path, SecretSource({}, tmp_path, lambda: box)).feeds[0].name == "today"


@pytest.mark.parametrize(
    ("text", "line"),
    [("[office\n", 1), ('[office]\nname = "x\n', 2), ("a = 1\n\na = 2\n", 3), ("[office]\nname = [", 2)],
)
def test_text_that_is_no_toml_is_shown_with_its_line(path: Path, box: KeyringBox, text: str, line: int) -> None:
    path.write_text(text)
    session = opened(path, box)
    assert session.text == text
    assert session.fault is not None
    assert session.fault_line == line
    assert session.values == {}
    assert session.problems() == (session.fault,)
    with pytest.raises(SettingsError, match="put right first"):
        session.set(("office", "name"), "x")
    with pytest.raises(NotSound):
        session.save(unsound=True)
    session.retype(OFFICE)
    assert session.fault is None
    session.save()
    assert path.read_text() == OFFICE


def test_bytes_that_are_no_text_are_not_lost_by_accident(path: Path, box: KeyringBox) -> None:
    path.write_bytes(b'[office]\nname = "\xff"\n')
    session = opened(path, box)
    assert session.fault is not None
    with pytest.raises(NotSound):
        session.save()
    session.retype('[office]\nname = "y"\n')
    session.revert()
    assert session.fault is not None
    assert path.read_bytes() == b'[office]\nname = "\xff"\n'


def test_an_invalid_file_opens_with_its_problems_at_their_keys(path: Path, box: KeyringBox) -> None:
    path.write_text(OFFICE.replace('"15m"', '"soon"').replace('profile = "north"', 'profile = "south"'))
    session = opened(path, box)
    assert {one.where: one.steps for one in session.problems()} == {
        "policy.check_in_grace": ("policy", "check_in_grace"),
        "feed “today”.profile": ("feed", 0, "profile"),
    }
    session.set(("policy", "check_in_grace"), "20m")
    with pytest.raises(NotSound, match=r"feed “today”\.profile: there is no \[profile\.south\]"):
        session.save()
    session.save(unsound=True)
    assert on_disk(path)["policy"]["check_in_grace"] == "20m"


@pytest.mark.parametrize(
    ("steps", "value", "where"),
    [
        (("channel", 1, "webhook_url"), "http://x", ("channel", 1, "webhook_url")),
        (("channel", 0, "colour"), "red", ("channel", 0, "colour")),
        (("policy", "override", 0, "late_high_after"), "x", ("policy", "override", 0, "late_high_after")),
        (("policy", "override", 0, "check_in_grace"), "9d", ("policy", "override", 0, "check_in_grace")),
        (("route", 0, "channels"), ["nobody"], ("route", 0, "channels")),
        (("route", 0, "when", "severity"), "loud", ("route", 0, "when", "severity")),
        (("office", "hours"), {"mon.": "7-8"}, ("office", "hours", "mon.")),
        (("channel", 0, "templates"), {"raise": "{{ a"}, ("channel", 0, "templates", "raise")),
        (("profile", "north", "status"), {"On. Site": "gone"}, ("profile", "north", "status", "On. Site")),
        (("profile", "north", "days"), ["x"], ("profile", "north", "days")),
        (("feed", 0, "kind"), "fax", ("feed", 0, "kind")),
        (("listener", "port"), 99999, ("listener", "port")),
        (("heartbeat", "url"), "http://x", ("heartbeat", "url")),
        (("network", "ca_file"), "none.pem", ("network", "ca_file")),
        (("travel", "speeds"), [[5, -1]], ("travel", "speeds", 0, 1)),
        (("quiet", 0, "until"), "x", ("quiet", 0, "until")),
        (("technician",), [{"id": "T-1"}], ("technician", 0, "name")),
        (("nonsense", "x"), 1, ("nonsense",)),
    ],
)
def test_every_problem_has_the_steps_to_its_key(
    path: Path, box: KeyringBox, steps: Any, value: Any, where: tuple[Any, ...]
) -> None:
    session = opened(path, box)
    session.set(steps, value)
    assert where in {one.steps for one in session.problems() if not one.is_warning or steps[0] == "channel"}


def test_a_problem_among_the_kinds_of_signing_in_is_at_its_key(path: Path, box: KeyringBox) -> None:
    session = opened(path, box)
    feed = {"name": "web", "kind": "json", "url": "https://x.example", "auth": {"kind": "basic", "user": "me"}}
    session.add(("feed",), feed)
    found = {one.where: one.steps for one in session.problems()}
    assert found["feed “web”.auth.basic.password"] == ("feed", 1, "auth", "password")


def test_a_channel_is_renamed_wherever_it_is_named_and_in_the_keyring(path: Path, box: KeyringBox) -> None:
    session = opened(path, box)
    session.set(("channel", 0, "name"), "pager")
    assert session.get(("route", 0, "channels")) == ["pager", "desk-slack"]
    assert session.get(("quiet", 0, "channels")) == "pager"
    assert session.problems() == ()
    assert set(box.kept) == {"DispatchWatch ops.routing_key"}
    session.rename("channel", "pager", "night-pager")
    session.save()
    assert box.kept == {"DispatchWatch night-pager.routing_key": KEY}
    assert on_disk(path)["channel"][0]["name"] == "night-pager"
    assert opened(path, box).problems() == ()


def test_a_feed_is_renamed_wherever_it_is_named(path: Path, box: KeyringBox) -> None:
    session = opened(path, box)
    signature = {"header": "X-Sig", "secret": "env:HOOK"}
    session.add(("feed",), {"name": "hook", "kind": "webhook", "polls": "today", "signature": signature})
    session.set(("listener", "port"), 0)
    session.rename("feed", "today", "day")
    assert session.get(("policy", "override", 0, "when", "feed")) == "day"
    assert session.get(("route", 0, "when", "feed")) == ["day", "late*"]
    assert session.get(("feed", 1, "polls")) == "day"
    assert session.problems() == ()


def test_a_profile_is_renamed_wherever_it_is_named(path: Path, box: KeyringBox) -> None:
    session = opened(path, box)
    session.rename("profile", "north", "the north")
    assert session.get(("feed", 0, "profile")) == "the north"
    assert session.problems() == ()


@pytest.mark.parametrize("name", ["desk-slack", "", "  "])
def test_a_name_that_is_taken_or_empty_is_refused(path: Path, box: KeyringBox, name: str) -> None:
    session = opened(path, box)
    with pytest.raises(SettingsError):
        session.set(("channel", 0, "name"), name)
    assert not session.is_changed


def test_of_two_with_one_name_the_other_keeps_what_names_it(path: Path, box: KeyringBox) -> None:
    session = opened(path, box)
    session.add(("channel",), {"name": "ops", "platform": "slack", "webhook_url": "env:HOOK"})
    session.set(("channel", 2, "name"), "ops-2")
    assert session.get(("route", 0, "channels")) == ["ops", "desk-slack"]


def test_a_secret_goes_to_the_keyring_when_all_is_saved(path: Path, box: KeyringBox) -> None:
    session = opened(path, box)
    other = KEY[::-1]
    session.type_secret(("channel", 0, "routing_key"), SecretStr(other))
    assert session.is_changed
    assert box.kept["DispatchWatch ops.routing_key"] == KEY
    assert session.problems() == ()
    session.save()
    assert box.kept["DispatchWatch ops.routing_key"] == other
    assert other not in path.read_text()
    assert not session.is_changed


def test_a_secret_that_is_wrong_is_told_of_before_it_is_saved(path: Path, box: KeyringBox) -> None:
    session = opened(path, box)
    session.type_secret(("channel", 0, "routing_key"), SecretStr("too short"))
    (found,) = session.problems()
    assert found.steps == ("channel", 0, "routing_key")
    assert "too short" not in f"{found} {session!r} {session._secrets!r}"
    session.revert()
    assert session.problems() == ()


def test_a_secret_follows_its_channel_to_a_new_name(path: Path, box: KeyringBox) -> None:
    session = opened(path, box)
    session.type_secret(("channel", 0, "routing_key"), SecretStr(KEY[::-1]))
    session.set(("channel", 0, "name"), "pager")
    assert session.problems() == ()
    session.save()
    assert box.kept["DispatchWatch pager.routing_key"] == KEY[::-1]


def test_a_secret_of_a_new_channel_needs_its_name_first(path: Path, box: KeyringBox) -> None:
    session = opened(path, box)
    steps = session.add(("channel",), {"platform": "slack"})
    with pytest.raises(KeepError, match="Give it a name first"):
        session.type_secret((*steps, "webhook_url"), SecretStr(ENVIRONMENT["HOOK"]))
    session.set((*steps, "name"), "new")
    session.type_secret((*steps, "webhook_url"), SecretStr(ENVIRONMENT["HOOK"]))
    session.save()
    assert box.kept["DispatchWatch new.webhook_url"] == ENVIRONMENT["HOOK"]


def test_without_a_keyring_the_other_ways_are_offered(path: Path) -> None:
    def none() -> KeyringBox:
        raise RuntimeError("no keyring")

    session = SettingsSession(path, SecretSource(ENVIRONMENT, path.parent, none))
    with pytest.raises(KeepError, match=r"env:NAME.*file:PATH"):
        session.type_secret(("channel", 0, "routing_key"), SecretStr(KEY))
    assert not session.is_changed
    session.set(("channel", 0, "routing_key"), "env:PD_KEY")
    assert "PD_KEY is not set" in session.problems()[0].text


def test_a_keyring_that_takes_nothing_leaves_all_as_it_was(path: Path, box: KeyringBox) -> None:
    session = opened(path, box)
    session.type_secret(("channel", 0, "routing_key"), SecretStr(KEY[::-1]))
    box.locked = True
    with pytest.raises(KeepError):
        session.save()
    assert path.read_text() == OFFICE
    assert session.is_changed
    box.locked = False
    session.save()
    assert box.kept["DispatchWatch ops.routing_key"] == KEY[::-1]


def test_what_somebody_else_wrote_is_not_lost(path: Path, box: KeyringBox) -> None:
    session = opened(path, box)
    session.type_secret(("channel", 0, "routing_key"), SecretStr(KEY[::-1]))
    session.set(("office", "name"), "Mine")
    path.write_text(OFFICE + "# theirs\n")
    assert session.changed_elsewhere
    with pytest.raises(ChangedElsewhere, match="take over what is there, or write over it"):
        session.save()
    assert path.read_text().endswith("# theirs\n")
    assert box.kept["DispatchWatch ops.routing_key"] == KEY
    backup = session.save(over=True)
    assert on_disk(path)["office"]["name"] == "Mine"
    assert backup is not None
    assert backup.read_text().endswith("# theirs\n")


def test_what_somebody_else_wrote_can_be_taken_over(path: Path, box: KeyringBox) -> None:
    session = opened(path, box)
    session.set(("office", "name"), "Mine")
    path.write_text(OFFICE.replace("15m", "25m"))
    session.reload()
    assert not session.is_changed
    assert session.get(("policy", "check_in_grace")) == "25m"
    session.save()


def test_a_file_that_was_made_meanwhile_counts_as_changed(tmp_path: Path, box: KeyringBox) -> None:
    path = tmp_path / "office.toml"
    session = opened(path, box)
    session.set(("office", "name"), "Mine")
    path.write_text("")
    with pytest.raises(ChangedElsewhere):
        session.save()


def test_everything_since_the_last_save_can_be_taken_back(path: Path, box: KeyringBox) -> None:
    session = opened(path, box)
    session.set(("office", "name"), "Northside")
    session.save()
    saved = session.text
    session.remove(("channel", 0))
    session.move(("channel", 0), 0)
    session.unset(("quiet",))
    session.revert()
    assert session.text == saved
    assert not session.is_changed


def test_a_configuration_of_what_is_typed_is_there_for_previews(path: Path, box: KeyringBox) -> None:
    session = opened(path, box)
    session.set(("policy", "check_in_grace"), "7m")
    assert session.config().policy.base.check_in_grace.total_seconds() == 7 * 60
    session.set(("policy", "check_in_grace"), "never")
    with pytest.raises(ConfigError):
        session.config()


@pytest.mark.parametrize("text", ["channel = 5\n", "route = [1]\n", "policy = []\n", "profile = 1\n", "feed = [{}]\n"])
def test_a_file_of_the_wrong_shape_opens_with_problems(path: Path, box: KeyringBox, text: str) -> None:
    path.write_text(text)
    session = opened(path, box)
    assert any(not one.is_warning for one in session.problems())
    with pytest.raises(SettingsError):
        session.rename("channel", "ops", "pager")
    if text.startswith("channel"):
        with pytest.raises(SettingsError):
            session.add(("channel",), {"name": "ops"})
