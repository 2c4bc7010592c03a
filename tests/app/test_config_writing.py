"""Adding a feed to the configuration: nothing that was in it changes, nothing that can't be read is written."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.config_writing import Addition, ConfigWriteError, add_feed, with_feed
from dispatchwatch.app.secrets import Keyring, SecretSource, system_keyring

OFFICE = """# Our office
[office]
timezone = "America/Chicago"   # Central

[[feed]]
name = "today"   # the board
kind = "csv"
path = "a.csv"
profile = "northside"

[profile.northside]
status = { "Tech On Site" = "arrived" }  # theirs

# the end
"""
ADDED = Addition(
    {"name": "tomorrow", "kind": "csv", "path": "b*.csv", "profile": "south 1"},
    {"columns": {"ext_id": 'No. "1"', "sched_start": "Start"}, "status": {"Là": "arrived"}, "day_first": True},
    {"timezone": "America/Denver"},
)


def secrets(folder: Path) -> SecretSource:
    return SecretSource({}, folder, system_keyring)


def office(folder: Path, text: str = OFFICE) -> Path:
    path = folder / "office.toml"
    path.write_bytes(text.encode())
    return path


def test_a_feed_is_added_behind_what_stays_to_the_letter(tmp_path: Path) -> None:
    path = office(tmp_path)
    backup = add_feed(path, ADDED, secrets(tmp_path))
    text = path.read_text(encoding="utf-8")
    assert text.startswith(OFFICE)
    config = read_config(path, secrets(tmp_path))
    assert [feed.name for feed in config.feeds] == ["today", "tomorrow"]
    profile = config.profile_of(config.feeds[1])
    assert profile.columns == {"ext_id": 'No. "1"', "sched_start": "Start"}
    assert (profile.status, profile.day_first) == ({"Là": "arrived"}, True)
    assert config.office.zone.key == "America/Chicago"
    assert backup is not None
    assert backup.read_bytes() == OFFICE.encode()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["office.toml", "office.toml.bak"]


def test_tables_of_a_profile_are_written_in_one_line() -> None:
    added = with_feed(OFFICE, ADDED)[len(OFFICE) :]
    assert '[[feed]]\nname = "tomorrow"' in added
    assert '[profile."south 1"]\ncolumns = {ext_id = ' in added
    assert "[profile]" not in added


def test_a_file_that_is_not_there_is_made_with_the_offices_zone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "office.toml"
    assert add_feed(path, ADDED, secrets(tmp_path)) is None
    config = read_config(path, secrets(tmp_path))
    assert (config.office.zone.key, [feed.name for feed in config.feeds]) == ("America/Denver", ["tomorrow"])


def test_windows_line_ends_and_a_byte_order_mark_are_kept(tmp_path: Path) -> None:
    before = "\ufeff" + OFFICE.replace("\n", "\r\n")
    path = office(tmp_path, before)
    add_feed(path, ADDED, secrets(tmp_path))
    text = path.read_bytes().decode()
    assert text.startswith(before.rstrip())
    assert text.count("\n") == text.count("\r\n")
    assert len(read_config(path, secrets(tmp_path)).feeds) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (OFFICE.replace('"today"', '"tomorrow"'), "There is a feed “tomorrow” already"),
        (OFFICE.replace('"northside"', '"south 1"').replace("[profile.northside]", '[profile."south 1"]'), "already"),
        ("[office\n", "not valid TOML"),
        (OFFICE + "[chanel]\n", "could not be read: chanel: there is no such section"),
        ('feed = [{ name = "a", kind = "csv", path = "a.csv" }]\n', "could not be read"),
        ("profile = {}\n", "could not be read"),
    ],
)
def test_what_cannot_be_added_leaves_the_file_as_it_was(tmp_path: Path, text: str, message: str) -> None:
    path = office(tmp_path, text)
    with pytest.raises(ConfigWriteError, match=message):
        add_feed(path, ADDED, secrets(tmp_path))
    assert path.read_bytes() == text.encode()
    assert [one.name for one in tmp_path.iterdir()] == ["office.toml"]


def test_a_feed_that_makes_no_sense_is_not_written(tmp_path: Path) -> None:
    path = office(tmp_path)
    wrong = Addition({**ADDED.feed, "every": "never"}, ADDED.profile, {})
    with pytest.raises(ConfigWriteError, match="every"):
        add_feed(path, wrong, secrets(tmp_path))
    assert path.read_text(encoding="utf-8") == OFFICE


def test_a_link_to_the_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    real = office(tmp_path / "kept")
    link = tmp_path / "office.toml"
    link.symlink_to(real)
    add_feed(link, ADDED, secrets(tmp_path))
    assert link.is_symlink()
    assert len(tomllib.loads(real.read_text(encoding="utf-8"))["feed"]) == 2


def test_what_somebody_else_writes_meanwhile_is_not_lost(tmp_path: Path) -> None:
    channel = '[[channel]]\nname = "ops"\nplatform = "slack"\nwebhook_url = "keyring:"\n'
    path = office(tmp_path, OFFICE + channel)

    def somebody_writes() -> Keyring:
        path.write_text(OFFICE, encoding="utf-8")
        raise RuntimeError("locked")

    with pytest.raises(ConfigWriteError, match="was changed by somebody else"):
        add_feed(path, ADDED, SecretSource({}, tmp_path, somebody_writes))
    assert path.read_text(encoding="utf-8") == OFFICE
    assert [one.name for one in tmp_path.iterdir()] == ["office.toml"]
