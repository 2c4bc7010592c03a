"""What a technician is given so that he can check in by himself: a link to a visit, and a code for the office's bot."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from dispatchwatch.app.check_in_links import Issued
from dispatchwatch.app.deeds import Actor
from dispatchwatch.app.invitations import NotPossible
from dispatchwatch.desktop import phrases, texts
from dispatchwatch.desktop.copying import Copying
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.flow import FlowLayout
from dispatchwatch.desktop.pieces import button, label, repaint_style, tight, wear
from dispatchwatch.desktop.sheet import Sheet
from dispatchwatch.desktop.tasks import aside
from dispatchwatch.desktop.tokens import Tone
from dispatchwatch.desktop.visit.qr import QrPicture
from dispatchwatch.domain.visit import Technician, Visit

WIDTH = 600
PICTURE = 248


class CheckInLink(Sheet):
    """Has a new link made when it opens. What can't be given out is said in its place."""

    def __init__(self, room: DeskRoom, visit: Visit, parent: QWidget) -> None:
        super().__init__(room.theme, texts.CHECK_IN_LINK, WIDTH, parent)
        self._room = room
        self._visit = visit
        self._said = label(texts.MAKING_LINK, "muted", wraps=True)
        self.link, self.code = Copying(texts.CHECK_IN_LINK), Copying(texts.TELEGRAM_CODE)
        self._code_said = label(wraps=True)
        self.codes = [button(phrases.code_for(one.name)) for one in visit.technicians]
        self._close = button(texts.CLOSE, "primary", "Esc")
        self._close.clicked.connect(self.accept)
        self._link_part = QVBoxLayout()
        self._lay_out()
        room.tasks.spawn(self._make_link())

    def _lay_out(self) -> None:
        self.body.addWidget(label(phrases.given_to(self._visit), "muted", wraps=True))
        self.body.addSpacing(8)
        tight(self._link_part, spacing=12)
        self._link_part.addWidget(self._said)
        self._link_part.addWidget(self.link)
        self.link.hide()
        self.body.addLayout(self._link_part)
        self.body.addSpacing(16)
        self.body.addWidget(label(texts.TELEGRAM, "strong"))
        self.body.addWidget(label(texts.TELEGRAM_MEANING, "muted", wraps=True))
        self.body.addWidget(self._code_buttons())
        for one in (self.code, self._code_said):
            self.body.addWidget(one)
            one.hide()
        self.body.addStretch(1)
        self.foot.addStretch(1)
        self.foot.addWidget(self._close)

    def _code_buttons(self) -> QWidget:
        if not self.codes:
            return label(texts.NOBODY_FOR_A_CODE, wraps=True)
        made = QWidget()
        flow = FlowLayout(made, spacing=8)
        for technician, one in zip(self._visit.technicians, self.codes, strict=True):
            one.clicked.connect(partial(self._want_code, technician))
            flow.addWidget(one)
        return made

    async def _make_link(self) -> None:
        """Drawing the picture takes longer than a window may stand still."""
        key, actor = self._visit.key, self._actor
        try:
            issued = await self._room.bridge.ask(lambda engine: engine.link(key, actor))
            picture = await aside(picture_of, issued)
        except Exception as problem:  # noqa: BLE001 - whatever stopped it is said where the link would stand
            self._say(self._said, _sentence(problem))
            return
        if not self.left:
            self._show_link(issued, picture)

    def _show_link(self, issued: Issued, picture: str) -> None:
        self._said.hide()
        self.link.show_text(issued.url)
        words, below = QVBoxLayout(), QHBoxLayout()
        tight(words, spacing=8)
        tight(below, spacing=16)
        words.addWidget(label(issued.said, wraps=True, selectable=True))
        if warning := phrases.reach(issued.url):
            said = label(warning, wraps=True)
            wear(said, Tone.SOON)
            words.addWidget(said)
        words.addWidget(label(texts.WHO_HAS_IT, "muted", wraps=True))
        words.addStretch(1)
        below.addWidget(QrPicture(picture, self._room.theme.px(PICTURE)), 0, Qt.AlignmentFlag.AlignTop)
        below.addLayout(words, 1)
        self._link_part.addLayout(below)
        self.link.show()
        self.link.copy.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _want_code(self, technician: Technician) -> None:
        for one in self.codes:
            one.setEnabled(False)
        self._room.tasks.spawn(self._make_code(technician))

    async def _make_code(self, technician: Technician) -> None:
        actor = self._actor
        try:
            code = await self._room.bridge.ask(lambda engine: engine.telegram_code(technician, actor))
        except Exception as problem:  # noqa: BLE001 - as above
            code, said = "", _sentence(problem)
        else:
            said = phrases.code_made(technician.name)
        if self.left:
            return
        self.code.show_text(f"/start {code}")
        self.code.setVisible(bool(code))
        for one in self.codes:
            one.setEnabled(True)
        self._say(self._code_said, said)
        (self.code.copy if code else self._close).setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, where: QLabel, text: str) -> None:
        if not self.left:
            where.setText(text)
            where.setProperty("role", "")
            repaint_style(where)
            where.show()
            self.reveal(where)

    @property
    def _actor(self) -> Actor:
        return self._room.deeds.actor()


def picture_of(issued: Issued) -> str:
    """Called in a worker thread."""
    return issued.qr


def _sentence(problem: Exception) -> str:
    return str(problem) if isinstance(problem, NotPossible) else phrases.not_asked(problem)
