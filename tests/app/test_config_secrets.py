"""Secrets: where they come from, what their absence costs, and that no message shows one."""

from __future__ import annotations

from pathlib import Path

import pytest

from dispatchwatch.app.config import ConfigError, Problem
from dispatchwatch.app.secrets import SecretError, is_reference
from tests.app.test_config_reader import (
    FULL_KEYRING,
    PAGER,
    ROUTING_KEY,
    WEBHOOK,
    FakeKeyring,
    problems,
    read,
    secrets,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.mark.parametrize(
    ("reference", "keyring", "says"),
    [
        ("env:PD_KEY", FULL_KEYRING, "the environment variable PD_KEY is not set"),
        ("file:pd.key", FULL_KEYRING, "can’t be read"),
        ("file:empty.key", FULL_KEYRING, "is empty"),
        ("keyring:", FULL_KEYRING, "no entry “pager.routing_key”"),
        ("keyring:", FakeKeyring(fault=OSError("no D-Bus")), "the system keyring can’t be read (no D-Bus)"),
    ],
)
def test_a_channel_whose_secret_is_missing_is_kept_as_unusable_and_the_rest_works(
    folder: Path, reference: str, keyring: FakeKeyring, says: str
) -> None:
    (folder / "empty.key").write_text("\n")
    config = read(folder, PAGER.replace("env:PD_KEY", reference), keyring, OTHER="x")
    (pager,) = config.channels
    assert (pager.name, pager.platform, pager.config) == ("pager", "pagerduty", None)
    assert says.casefold() in pager.problem.casefold()
    assert pager.problem[0].isupper()
    assert pager.problem.endswith(".")
    (warning,) = config.warnings
    assert (warning.where, warning.is_warning, warning.needs_action) == ("channel “pager”.routing_key", True, True)
    assert warning.text.casefold() == f"{pager.problem[:-1]}; until then nothing is sent to it".casefold()
    assert [feed.name for feed in config.feeds] == ["today"]
    assert config.routes[0].channels == ("pager",)


def test_a_missing_secret_hides_no_other_problem_of_its_channel(folder: Path) -> None:
    text = PAGER.replace('routing_key = "env:PD_KEY"', 'routing_key = "env:PD_KEY"\nregoin = "eu"\nregion = "mars"')
    found = problems(folder, text, OTHER="x")
    assert set(found) == {"channel “pager”.regoin", "channel “pager”.region"}


def test_a_channel_needs_a_name_also_while_its_secret_is_missing(folder: Path) -> None:
    text = PAGER.replace('name = "pager"\n', "")
    assert "channel 1.name" in problems(folder, text, OTHER="x")


def test_secrets_come_from_the_environment_a_file_or_the_keyring(folder: Path) -> None:
    (folder / "pd.key").write_text(f"  {ROUTING_KEY}\n")
    keyring = FakeKeyring({("DispatchWatch", "pager.routing_key"): "from the keyring"})
    source = secrets(folder, keyring, PD_KEY="from the environment")
    assert source.resolve("env:PD_KEY", "pager", "routing_key") == "from the environment"
    assert source.resolve("file:pd.key", "pager", "routing_key") == ROUTING_KEY
    assert source.resolve(f"file:{folder / 'pd.key'}", "pager", "routing_key") == ROUTING_KEY
    assert source.resolve("keyring:", "pager", "routing_key") == "from the keyring"
    assert source.resolve(WEBHOOK, "ops", "webhook_url") == WEBHOOK
    with pytest.raises(SecretError):
        source.resolve("env:", "pager", "routing_key")


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("keyring:", True),
        ("env:A", True),
        ("file:/a", True),
        (WEBHOOK, False),
        ("keyring", False),
        (ROUTING_KEY, False),
    ],
)
def test_a_reference_is_told_from_a_secret(text: str, reference: bool) -> None:
    assert is_reference(text) is reference


def test_a_secret_typed_into_the_file_works_and_is_warned_of(folder: Path) -> None:
    config = read(folder, PAGER.replace("env:PD_KEY", ROUTING_KEY))
    assert config.channels[0].config is not None
    assert config.warnings == (
        Problem(
            "channel “pager”.routing_key",
            "a secret stands here as plain text; keep it out with keyring:, env:NAME or file:PATH",
            is_warning=True,
            steps=("channel", 0, "routing_key"),
        ),
    )


@pytest.mark.parametrize(
    "secret", ["not-a-routing-key-but-secret", "a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6-too-long", "with space 1234567890"]
)
@pytest.mark.parametrize("how", ["literal", "env", "file", "keyring"])
def test_no_value_of_a_secret_is_in_any_message(folder: Path, secret: str, how: str) -> None:
    (folder / "pd.key").write_text(secret)
    keyring = FakeKeyring({("DispatchWatch", "pager.routing_key"): secret})
    reference = {"literal": secret, "env": "env:PD_KEY", "file": "file:pd.key", "keyring": "keyring:"}[how]
    with pytest.raises(ConfigError) as caught:
        read(folder, PAGER.replace("env:PD_KEY", reference), keyring, PD_KEY=secret)
    error: BaseException | None = caught.value
    assert any(one.where == "channel “pager”.routing_key" for one in caught.value.problems)
    while error is not None:
        assert secret not in f"{error} {error!r}"
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("value", ["5", "true", '["a1B2c3D4"]', '{ a = "a1B2c3D4" }'])
def test_a_secret_of_another_type_is_a_problem_without_its_value(folder: Path, value: str) -> None:
    found = problems(folder, PAGER.replace('"env:PD_KEY"', value))
    assert list(found) == ["channel “pager”.routing_key"]
    assert "a1B2c3D4" not in found["channel “pager”.routing_key"]
