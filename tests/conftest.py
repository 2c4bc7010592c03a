"""What holds for every test: how properties are tried, and which files begin first.

With DISPATCHWATCH_THOROUGH=1 each property is tried ten times as often (tests/thorough.py).
"""

from __future__ import annotations

import gc
from collections.abc import Generator

import pytest
from hypothesis import settings

# The same examples on every computer, however slow it is.
settings.register_profile("house", deadline=None, derandomize=True, database=None)
settings.load_profile("house")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays to the end: Python need not look through it for garbage again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that start the program begin first: they are the longest, and one that begins last is waited for."""
    long = {item.path for item in items if item.get_closest_marker("process")}
    items.sort(key=lambda item: item.path not in long)
