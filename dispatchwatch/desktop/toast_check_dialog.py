"""The self-test: every way to show a toast, what it can do here, and a test of it; and the sounds."""

from __future__ import annotations

from collections.abc import Coroutine
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QLayout, QVBoxLayout, QWidget

from dispatchwatch.app.events import ToastWanted
from dispatchwatch.desktop import texts, toast_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.marks import SEVERITIES
from dispatchwatch.desktop.pieces import MarkLabel, button, label, panel, tight, wear
from dispatchwatch.desktop.sounds import Sounds
from dispatchwatch.desktop.toast import ACTION_NAMES, Action, ToastBackend
from dispatchwatch.desktop.toast_check import Found, look
from dispatchwatch.desktop.toasts import Toaster
from dispatchwatch.desktop.tokens import Tone
from dispatchwatch.domain.alert import Severity

TEST = ToastWanted(toast_phrases.TEST_TITLE, toast_phrases.TEST_BODY, Severity.WARNING, ())
WIDTH = 620


class ToastCheckDialog(QDialog):
    """Asks every way anew when it opens."""

    def __init__(self, room: DeskRoom, toaster: Toaster, sounds: Sounds, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(toast_phrases.CHECK_TOASTS)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(room.theme.px(WIDTH))
        self.ways = [WayRow(room, toaster, backend) for backend in toaster.backends]
        self.sounds = [SoundRow(room, sounds, severity) for severity in Severity]
        closes = button(texts.CLOSE, "primary", "Esc")
        closes.clicked.connect(self.accept)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(closes)
        layout = self._words = QVBoxLayout(self)
        # Words that wrap ask for the height that they would need in the narrowest of dialogs.
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        tight(layout, (24, 24, 24, 24), 8)
        layout.addWidget(label(toast_phrases.CHECK_TOASTS, "title"))
        layout.addWidget(label(toast_phrases.CHECK_MEANING, "muted", wraps=True))
        layout.addWidget(_card(self.ways))
        layout.addWidget(label(toast_phrases.SOUNDS, "strong"))
        layout.addWidget(_card(self.sounds))
        layout.addStretch(1)
        layout.addLayout(line)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """As high as its words need, also those that come later."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        width = self.minimumWidth()
        self.resize(width, self._words.totalHeightForWidth(width))


class CheckRow(QWidget):
    """A mark, a name and what is known of it, a button that tries it, and what came of that."""

    def __init__(self, room: DeskRoom, name: str, tries: str) -> None:
        super().__init__()
        self._room = room
        self._lives = True
        self._mark = MarkLabel(room.theme, room.assets, "waiting", Tone.IDLE)
        self.name, self.words = label(name), label(role="muted", wraps=True)
        self.result = label(wraps=True)
        self.tries = button(tries, says=f"{tries}: {name}")
        self.destroyed.connect(partial(setattr, self, "_lives", False))
        self.words.hide()
        self.result.hide()
        words, line = QVBoxLayout(), QHBoxLayout(self)
        tight(words, spacing=2)
        for one in (self.name, self.words, self.result):
            words.addWidget(one)
        words.addStretch(1)
        tight(line, (12, 8, 12, 8), 12)
        line.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        line.addWidget(self.tries, 0, Qt.AlignmentFlag.AlignTop)

    def _tell(self, text: str, tone: Tone) -> None:
        self.result.setText(text)
        wear(self.result, tone)
        self.result.show()

    def _have_done(self, work: Coroutine[Any, Any, None]) -> None:
        self._room.tasks.spawn(work)


class WayRow(CheckRow):
    def __init__(self, room: DeskRoom, toaster: Toaster, backend: ToastBackend) -> None:
        super().__init__(room, toast_phrases.BACKEND_NAMES[backend.name], toast_phrases.SEND_TEST)
        self._toaster = toaster
        self._backend = backend
        self.tries.clicked.connect(self._send)
        self._have_done(self._look())

    async def _look(self) -> None:
        found = await look(partial(self._toaster.check, self._backend))
        if self._lives:
            self._show(found)

    def _show(self, found: Found) -> None:
        self._mark.wear("done" if found.ability else "failed", Tone.OK if found.ability else Tone.LATE)
        _say(self.words, found.in_words())

    @Slot()
    def _send(self) -> None:
        self._tell(toast_phrases.TRYING, Tone.IDLE)
        self._have_done(self._try())

    async def _try(self) -> None:
        problem = await self._toaster.test(self._backend, TEST, self._pressed)
        if self._lives:
            self._tell(toast_phrases.went_through(problem), Tone.LATE if problem else Tone.OK)
            self._have_done(self._look())

    def _pressed(self, action: Action) -> None:
        if self._lives:
            self._tell(toast_phrases.pressed(ACTION_NAMES[action]), Tone.OK)


class SoundRow(CheckRow):
    def __init__(self, room: DeskRoom, sounds: Sounds, severity: Severity) -> None:
        mark = SEVERITIES[severity]
        super().__init__(room, mark.word, toast_phrases.PLAY)
        self._sounds = sounds
        self._severity = severity
        self._mark.wear(mark.icon, mark.tone)
        self.tries.clicked.connect(self._play)

    @Slot()
    def _play(self) -> None:
        self._have_done(self._try())

    async def _try(self) -> None:
        said = await self._sounds.try_out(self._severity)
        if self._lives:
            self._tell(said, Tone.OK if said == toast_phrases.PLAYED else Tone.SOON)


def _say(words: QLabel, text: str) -> None:
    words.setText(text)
    words.setVisible(bool(text))


def _card(rows: list[WayRow] | list[SoundRow]) -> QFrame:
    card = panel("card")
    layout = QVBoxLayout(card)
    tight(layout, (0, 4, 0, 4))
    for row in rows:
        layout.addWidget(row)
    return card
