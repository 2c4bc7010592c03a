"""The help page of a platform, beside its form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextBrowser
from shiboken6 import isValid

from dispatchwatch.desktop import channel_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.tasks import aside

KEY = re.compile(r"`([a-z_]+)`")
GITHUB = QTextDocument.MarkdownFeature.MarkdownDialectGitHub


class HelpPanel(QTextBrowser):
    """Pages are read beside the window; links open in the browser of the system."""

    def __init__(self, room: DeskRoom) -> None:
        super().__init__()
        self._room = room
        self._page = ""
        self._text = ""
        self._labels: Mapping[str, str] = {}
        self.setObjectName("help")
        self.setAccessibleName(channel_phrases.HELP)
        self.setOpenLinks(False)
        self.anchorClicked.connect(self._open)
        room.theme.changed.connect(self._dress)

    def show_platform(self, key: str, labels: Mapping[str, str]) -> None:
        """`labels` are what the form calls the keys that the page speaks of."""
        if key != self._page:
            self._page, self._labels = key, labels
            self._room.tasks.spawn(self._read(key))

    async def _read(self, key: str) -> None:
        try:
            text = await aside(_text_of, self._room.assets.help / "platforms" / f"{key}.md")
        except OSError:
            text = channel_phrases.NO_HELP
        if isValid(self) and key == self._page:
            self._text = KEY.sub(lambda found: f"**{self._labels.get(found[1], found[1])}**", text)
            self._dress()

    @Slot()
    def _dress(self) -> None:
        """Colours of links and sizes are those of the theme at the time a text is set."""
        theme = self._room.theme
        document = self.document()
        document.setDocumentMargin(theme.px(16))
        document.setDefaultFont(theme.font())
        self.setMarkdown("")
        document.setMarkdown(self._text, GITHUB)
        block = document.begin()
        while block.isValid():
            self._space(QTextCursor(block), block.blockFormat())
            block = block.next()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _space(self, cursor: QTextCursor, format: QTextBlockFormat) -> None:  # noqa: A002 - Qt's word for it
        """Headings in our sizes, and room between lines."""
        theme, level = self._room.theme, format.headingLevel()
        format.setTopMargin(theme.px({0: 4, 1: 0}.get(level, 16)))
        format.setBottomMargin(theme.px(4))
        cursor.setBlockFormat(format)
        if level:
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            style = QTextCharFormat()
            style.setFont(theme.font(20 if level == 1 else 13, strong=True))
            cursor.mergeCharFormat(style)

    @Slot(QUrl)
    def _open(self, url: QUrl) -> None:
        if url.scheme() in ("https", "http", "mailto"):
            QDesktopServices.openUrl(url)


def _text_of(path: Path) -> str:
    return path.read_text("utf-8")


async def first_sentences(folder: Path, keys: tuple[str, ...]) -> dict[str, str]:
    """What each platform's page says it does, for a list."""
    return await aside(_first_sentences, folder, keys)


def _first_sentences(folder: Path, keys: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for key in keys:
        try:
            lines = _text_of(folder / f"{key}.md").splitlines()
        except OSError:
            continue
        paragraph = [line for line in lines[1:] if line.strip() and not line.startswith("#")]
        found[key] = paragraph[0] if paragraph else ""
    return found
