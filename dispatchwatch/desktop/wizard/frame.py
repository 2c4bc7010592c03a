"""What stands around every page of the first start: which step it is, the question, and the buttons."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from dispatchwatch.desktop import set_up_phrases as p
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.flow import FlowLayout
from dispatchwatch.desktop.forms.announcing import announce
from dispatchwatch.desktop.forms.said_line import SaidLine
from dispatchwatch.desktop.forms.step import Step
from dispatchwatch.desktop.pieces import button, label, tight
from dispatchwatch.desktop.tokens import Tone

STEPS = 3


class Frame:
    """The parts are laid out in `owner`."""

    def __init__(self, room: DeskRoom, owner: QWidget) -> None:
        self._owner = owner
        self.number, self.title = label(role="small"), label(role="title", wraps=True)
        self.why, self.said = label(role="muted", wraps=True), SaidLine(room)
        self.stack = QStackedWidget()
        self.next, self.back = button(p.GO_ON, "primary", p.NEXT_KEY), button(p.BACK, key=p.BACK_KEY)
        self.skip, self.later = button(p.SKIP), button(p.LATER, "link", "Esc")
        self.sample = button(p.SAMPLE, "link", says=p.SAMPLE_MEANING)
        for one in (self.next, self.back, self.skip, self.later, self.sample):
            one.setAutoDefault(False)
            one.hide()
        foot, left = QWidget(), QHBoxLayout()
        flow = FlowLayout(foot, spacing=8)
        for one in (self.back, self.skip, self.sample, self.later):
            flow.addWidget(one)
        tight(left, spacing=8)
        left.addWidget(foot, 1)
        left.addWidget(self.next)
        column = QVBoxLayout(owner)
        tight(column, (24, 16, 24, 16), 8)
        for widget in (self.number, self.title, self.why, self.said):
            column.addWidget(widget)
        column.addWidget(self.stack, 1)
        column.addLayout(left)

    def show_step(self, step: Step, at: int, *, has_head: bool) -> None:
        """`has_head`: the step does not say itself what is asked."""
        if self.stack.indexOf(step) < 0:
            self.stack.addWidget(step)
        self.stack.setCurrentWidget(step)
        self.number.setText(p.step(min(at + 1, STEPS), STEPS))
        self.title.setText(step.title)
        self.why.setText(step.why)
        self.title.setVisible(has_head)
        self.why.setVisible(has_head and bool(step.why))
        step.take_keyboard()
        announce(self._owner, step.title)

    def say(self, text: str, tone: Tone = Tone.LATE) -> None:
        self.said.say(text, tone)
        announce(self._owner, text)

    def next_as(self, text: str) -> None:
        self.next.setText(text)
        self.next.setAccessibleName(text)

    def skip_as(self, text: str) -> None:
        self.skip.setText(text)
        self.skip.setAccessibleName(text)
