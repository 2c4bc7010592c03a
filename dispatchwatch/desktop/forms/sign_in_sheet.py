"""A person signs in: a code to enter on any device, or a page in the browser of this computer."""

from __future__ import annotations

from pydantic import SecretStr
from PySide6.QtCore import QObject, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from dispatchwatch.app.channel_drafts import ChannelDraft, DraftTrial, Outside
from dispatchwatch.app.signing_in import Asked, Screen
from dispatchwatch.desktop import channel_phrases
from dispatchwatch.desktop.copying import Copying
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.announcing import announce
from dispatchwatch.desktop.forms.asking import Asking
from dispatchwatch.desktop.forms.said_line import SaidLine
from dispatchwatch.desktop.pieces import button, label
from dispatchwatch.desktop.sheet import Sheet
from dispatchwatch.desktop.tokens import Tone

WIDTH = 520


class _FromThere(QObject):
    """What is asked of the person, from the thread that signs in."""

    asked = Signal(object)
    page = Signal(str)


class SignInSheet(Sheet):
    """`brought` carries the field and its secret; `refused` sentences by field. Closing it gives up."""

    brought = Signal(str, object)
    refused = Signal(object)

    def __init__(self, room: DeskRoom, draft: ChannelDraft, outside: Outside, parent: QWidget) -> None:
        name = draft.platform.name if draft.platform else ""
        super().__init__(room.theme, f"{channel_phrases.SIGN_IN.removesuffix('…')} · {name}", WIDTH, parent)
        self._words = label(channel_phrases.BEGINNING, wraps=True)
        self.code = label(role="clock", selectable=True)
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.code.setAccessibleName(channel_phrases.CODE)
        self.copy_code, self.address = Copying(channel_phrases.CODE), Copying(channel_phrases.ADDRESS)
        self._lives = label(role="small", wraps=True)
        self._state = SaidLine(room)
        self.open_page = button(channel_phrases.OPEN_PAGE, "primary")
        self._cancel = button(channel_phrases.CANCEL, key="Esc")
        self._lay_out()
        self._there = _FromThere(self)
        self._there.asked.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self._there.page.connect(_open, Qt.ConnectionType.QueuedConnection)
        self.open_page.clicked.connect(lambda: _open(self.address.field.text()))
        self._cancel.clicked.connect(self.reject)
        self._asking = Asking(room.tasks, self)
        self._asking.refused.connect(self._refuse)
        self.finished.connect(lambda _result: self._asking.call_off())
        there = self._there
        screen = Screen(show=there.asked.emit, open_page=there.page.emit)
        self._asking.ask(lambda: DraftTrial(draft, outside).sign_in(screen), self._signed_in)

    def _lay_out(self) -> None:
        for widget in (self._words, self.code, self.copy_code, self.address, self._lives, self._state):
            self.body.addWidget(widget)
        self._show_what_to_do(shown=False)
        self.foot.addStretch(1)
        self.foot.addWidget(self._cancel)
        self.foot.addWidget(self.open_page)

    def _show_what_to_do(self, *, shown: bool) -> None:
        for one in (self.code, self.copy_code):
            one.setVisible(shown and bool(self.code.text()))
        for other in (self.address, self.open_page):
            other.setVisible(shown)

    @Slot(object)
    def _show(self, asked: Asked) -> None:
        if self.left:
            return
        self._words.setText(channel_phrases.ENTER_CODE if asked.code else channel_phrases.IN_BROWSER)
        self.code.setText(asked.code)
        self.copy_code.show_text(asked.code)
        self.address.show_text(asked.address)
        self._show_what_to_do(shown=True)
        self.open_page.setFocus()
        self._lives.setText(channel_phrases.code_lives(asked.seconds))
        self._state.say(channel_phrases.SIGNING_IN, Tone.MUTED)
        announce(self, f"{self._words.text()} {asked.code}")
        self.fit()

    def _signed_in(self, found: tuple[str, SecretStr]) -> None:
        self.brought.emit(*found)
        self.accept()

    def _refuse(self, problems: dict[str, str]) -> None:
        if any(problems):
            self.refused.emit(problems)
            self.reject()
            return
        self._show_what_to_do(shown=False)
        self._words.hide()
        self._lives.hide()
        self._state.say(problems[""])
        announce(self, problems[""])
        self.fit()


@Slot(str)
def _open(address: str) -> None:
    QDesktopServices.openUrl(QUrl(address))
