"""Secrets that are typed in: kept in the keyring, never in the file, and put back if the feed is not saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from dispatchwatch.app.keeping_secrets import KeepError, can_keep, is_secret, kept
from dispatchwatch.app.mapping import MappingError
from tests.app.mapping_offices import answered, begun, office, secrets_of
from tests.fakes.keyring_box import KeyringBox

TYPED = {"password": SecretStr("s3cret-word")}
ENTRY = "DispatchWatch board.password"


def test_what_is_typed_is_kept_under_feed_and_field(tmp_path: Path) -> None:
    ring = KeyringBox()
    with kept("board", TYPED, secrets_of(tmp_path, ring)):
        assert ring.kept == {ENTRY: "s3cret-word"}
    assert secrets_of(tmp_path, ring).resolve("keyring:", "board", "password") == "s3cret-word"


@pytest.mark.parametrize("before", [{}, {ENTRY: "older"}])
def test_a_feed_that_fails_leaves_the_keyring_as_it_was(tmp_path: Path, before: dict[str, str]) -> None:
    ring = KeyringBox()
    ring.kept |= before
    with pytest.raises(RuntimeError), kept("board", TYPED, secrets_of(tmp_path, ring)):
        raise RuntimeError
    assert ring.kept == before


@pytest.mark.parametrize("ring", [None, KeyringBox(locked=True)])
def test_a_keyring_that_takes_nothing_says_what_else_to_do(tmp_path: Path, ring: KeyringBox | None) -> None:
    with pytest.raises(KeepError, match="env:NAME") as error, kept("board", TYPED, secrets_of(tmp_path, ring)):
        pass
    assert "s3cret-word" not in str(error.value)


def test_a_computer_without_a_keyring_is_known(tmp_path: Path) -> None:
    assert (can_keep(secrets_of(tmp_path, KeyringBox())), can_keep(secrets_of(tmp_path, None))) == (True, False)


def test_without_a_keyring_only_references_are_taken(tmp_path: Path) -> None:
    first = begun("caldav", office(tmp_path, None, PASS="s3cret-word"), url="https://cloud.example", user="ann")
    asked = next(one for one in first.open_questions if one.key == "password")
    assert "This computer has no keyring" in asked.text
    with pytest.raises(MappingError, match=r"no keyring.*env:NAME.*file:PATH") as error:
        first.answer("password", "s3cret-word")
    assert "s3cret-word" not in str(error.value)
    assert answered(first, password="env:PASS").settings["password"] == "env:PASS"


@pytest.mark.parametrize(
    ("key", "secret"),
    [("password", True), ("auth.token", True), ("secrets.app", True), ("signature.secret", True), ("auth.user", False)],
)
def test_secrets_are_known_by_their_names(key: str, secret: bool) -> None:
    assert is_secret(key) is secret
