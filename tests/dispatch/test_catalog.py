from __future__ import annotations

import pkgutil

import pytest

from dispatchwatch.dispatch import platforms
from dispatchwatch.dispatch.catalog import PLATFORMS, UnknownPlatformError, platform


def test_every_file_in_platforms_is_in_the_catalog() -> None:
    files = {module.name for module in pkgutil.iter_modules(platforms.__path__)}
    assert files == {known.key for known in PLATFORMS}


def test_a_platform_lives_in_the_file_that_bears_its_key() -> None:
    assert all(type(known).__module__.rpartition(".")[2] == known.key for known in PLATFORMS)


def test_a_platform_is_found_by_its_key() -> None:
    assert platform("slack").name == "Slack"


def test_an_unknown_platform_is_told_with_those_that_are_known() -> None:
    with pytest.raises(UnknownPlatformError, match=r"no platform “slak”\. Known are: asana, .*, slack, "):
        platform("slak")
