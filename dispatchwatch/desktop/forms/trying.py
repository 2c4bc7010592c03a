"""Whether a channel works: its credentials tried, a test sent, and what came of it beside the buttons."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dispatchwatch.app.channel_drafts import ChannelDraft, DraftTrial, Outside
from dispatchwatch.app.checking import Finding
from dispatchwatch.app.deeds import Result
from dispatchwatch.desktop import channel_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.flow import FlowLayout
from dispatchwatch.desktop.forms.announcing import announce
from dispatchwatch.desktop.forms.asking import Asking
from dispatchwatch.desktop.forms.said_line import SaidLine
from dispatchwatch.desktop.pieces import button, tight
from dispatchwatch.desktop.tokens import Tone


class Trying(QWidget):
    """`draft` gives the channel as it stands. `refused` carries sentences by field, `arrived` comes after a test that
    the platform took, `renewed` carries secrets that it gave in place of those typed in."""

    refused = Signal(object)
    arrived = Signal()
    renewed = Signal(object)

    def __init__(self, room: DeskRoom, draft: Callable[[], ChannelDraft], outside: Outside) -> None:
        super().__init__()
        self._room, self._draft, self._outside = room, draft, outside
        self.check = button(channel_phrases.CHECK, says=channel_phrases.CHECK_MEANING)
        self.test = button(channel_phrases.SEND_TEST, says=channel_phrases.TEST_MEANING)
        self.stop = button(channel_phrases.STOP)
        self.said = SaidLine(room)
        self._asking = Asking(room.tasks, self)
        buttons = QWidget()
        flow = FlowLayout(buttons, spacing=8)
        for one in (self.check, self.test, self.stop):
            flow.addWidget(one)
        self.stop.hide()
        column = QVBoxLayout(self)
        tight(column, spacing=8)
        column.addWidget(buttons)
        column.addWidget(self.said)
        self._wire()

    def forget(self) -> None:
        """What was tried is not what stands there now."""
        self._asking.call_off()
        self.said.say("")

    def _wire(self) -> None:
        self.check.clicked.connect(self._check)
        self.test.clicked.connect(self._test)
        self.stop.clicked.connect(self._stop)
        self._asking.refused.connect(self._refuse)
        self._asking.ended.connect(lambda: self._busy(is_busy=False))

    def _check(self) -> None:
        trial = self._begin(channel_phrases.CHECKING)
        self._asking.ask(lambda: trial.check(self._room.now()), lambda found: self._checked(trial, found))

    def _test(self) -> None:
        trial = self._begin(channel_phrases.TESTING)
        self._asking.ask(lambda: trial.test(self._room.now()), lambda result: self._tested(trial, result))

    def _begin(self, text: str) -> DraftTrial:
        self._asking.call_off()
        self.refused.emit({})
        self.said.say(text, Tone.MUTED)
        self._busy(is_busy=True)
        return DraftTrial(self._draft(), self._outside)

    def _stop(self) -> None:
        self._asking.call_off()
        self.said.say(channel_phrases.CALLED_OFF, Tone.SOON)
        self.test.setFocus()

    def _checked(self, trial: DraftTrial, found: Finding) -> None:
        self._say(trial, found.text, well=not found.is_problem)

    def _tested(self, trial: DraftTrial, result: Result) -> None:
        self._say(trial, result.text, well=result.done)
        if result.done:
            self.arrived.emit()

    def _say(self, trial: DraftTrial, text: str, *, well: bool) -> None:
        whole = " ".join(channel_phrases.in_a_sentence(one) for one in (text, *trial.said))
        self.said.say(whole, Tone.OK if well and not trial.said else Tone.SOON if well else Tone.LATE)
        announce(self, whole)
        if trial.renewed:
            self.renewed.emit(trial.renewed)

    def _refuse(self, problems: Mapping[str, str]) -> None:
        at_fields = {key: text for key, text in problems.items() if key}
        self.said.say(problems.get("") or channel_phrases.FIX_FIRST)
        announce(self, self.said.text)
        if at_fields:
            self.refused.emit(at_fields)

    def _busy(self, *, is_busy: bool) -> None:
        self.stop.setVisible(is_busy)
        for one in (self.check, self.test):
            one.setEnabled(not is_busy)
