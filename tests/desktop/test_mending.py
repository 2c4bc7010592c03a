"""A configuration that can’t be used at the start: nobody watches, that is said, and it is tried again later."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from dispatchwatch.app.config import ConfigError, Problem
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.mending import Mending
from dispatchwatch.desktop.strip import Strip

WRONG = "office.timezone: 'Mars/Base' is not a time zone"


class Starting:
    """An engine that starts once the file says "sound"."""

    def __init__(self, config: Path) -> None:
        self.config = config
        self.tries = 0

    async def __call__(self) -> str:
        self.tries += 1
        if self.config.read_text("utf-8") != "sound":
            raise ConfigError(
                [Problem("office.timezone", "'Mars/Base' is not a time zone"), Problem("feed", "no path")]
            )
        return "the engine"


@pytest.fixture
def strip(room: DeskRoom, qtbot: QtBot) -> Strip:
    made = Strip(room.theme, room.assets)
    qtbot.addWidget(made)
    return made


def test_it_is_said_shown_and_tried_again_once_the_file_changes(
    strip: Strip, loop: asyncio.AbstractEventLoop, qtbot: QtBot, tmp_path: Path
) -> None:
    config, shown = tmp_path / "office.toml", list[str]()
    config.write_text("broken", "utf-8")
    start = Starting(config)
    mending = Mending(config, strip, lambda: shown.append("settings"), every=0.01)
    begun = loop.create_task(mending.until_sound(start))
    qtbot.waitUntil(lambda: bool(shown))
    assert strip.texts == [f"The settings can’t be used as they are, and nobody watches: {WRONG} – and 1 more."]
    assert start.tries == 1
    config.write_text("sound", "utf-8")
    qtbot.waitUntil(begun.done)
    assert (begun.result(), start.tries, strip.texts) == ("the engine", 2, [])


def test_whatever_else_goes_wrong_is_not_waited_for(
    strip: Strip, loop: asyncio.AbstractEventLoop, qtbot: QtBot, tmp_path: Path
) -> None:
    async def fail() -> None:
        raise OSError("the disk is gone")

    begun = loop.create_task(Mending(tmp_path / "none.toml", strip, lambda: None).until_sound(fail))
    qtbot.waitUntil(begun.done)
    assert isinstance(begun.exception(), OSError)
    assert strip.texts == []
