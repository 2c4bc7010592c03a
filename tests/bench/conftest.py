"""The window's fixtures, for what is measured of the window."""

from __future__ import annotations

from tests.desktop.conftest import (  # noqa: F401 - fixtures
    assets,
    files,
    keyring,
    loop,
    loops,
    open_window,
    preferences,
    problems,
    pytest_configure,
    room,
    theme,
)
