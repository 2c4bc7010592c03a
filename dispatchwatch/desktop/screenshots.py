"""One picture per page, in light and in dark, saved once the board has painted its rows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QImage

from dispatchwatch.desktop import phrases, texts
from dispatchwatch.desktop.main_window import MainWindow
from dispatchwatch.desktop.pages import PLACES
from dispatchwatch.desktop.tasks import aside
from dispatchwatch.desktop.theme import Scheme, Theme

LONGEST_WAIT = 20.0
SETTLES = 0.6
PAGES = {
    "board": texts.BOARD,
    "alerts": texts.ALERTS,
    "sent": texts.SENT,
    "feeds": texts.FEEDS,
    **{place.icon: place.name for place in PLACES},
}


class NothingToShow(Exception):
    """No board came within the time there was."""


async def take_all(window: MainWindow, theme: Theme, folder: Path) -> None:
    await _first_reading(window)
    chosen = theme.scheme
    for scheme, suffix in ((Scheme.LIGHT, ""), (Scheme.DARK, "-dark")):
        theme.choose(scheme)
        for name, page in PAGES.items():
            window.go(page)
            await _save(window, folder / f"{name}{suffix}.png")
        await _take_visit(window, folder / f"visit{suffix}.png")
    theme.choose(chosen)


async def _take_visit(window: MainWindow, path: Path) -> None:
    """The most urgent visit, opened beside the list; a board without visits has none."""
    window.go(texts.BOARD)
    if window.board.model.rowCount():
        window.show_visit(window.board.model.key_at(0))
        await _save(window, path)
        window.visit.close_pane()


async def _first_reading(window: MainWindow) -> None:
    """Until every feed has been read, or tried: before that, a board is empty for no reason of the office's."""
    came = asyncio.Event()
    window.first_read.connect(came.set)
    if window.read:
        return
    try:
        await asyncio.wait_for(came.wait(), LONGEST_WAIT)
    except TimeoutError:
        raise NothingToShow(texts.NOTHING_TO_SHOW) from None


async def _save(window: MainWindow, path: Path) -> None:
    await asyncio.sleep(SETTLES)
    image = window.grab().toImage()
    await aside(_writer(image, path))


def _writer(image: QImage, path: Path) -> Callable[[], None]:
    def write() -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not image.save(str(path)):
            raise OSError(phrases.not_saved(path))

    return write
