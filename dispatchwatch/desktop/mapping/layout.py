"""How the pages of connecting a feed are laid out: the question, the own data beside or below it, and the buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from dispatchwatch.app.mapping_stages import Reading, Stage
from dispatchwatch.desktop import mapping_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.announcing import announce
from dispatchwatch.desktop.forms.said_line import SaidLine
from dispatchwatch.desktop.mapping.answers import Answers
from dispatchwatch.desktop.mapping.preview_panel import PreviewPanel
from dispatchwatch.desktop.pieces import button, label, tight
from dispatchwatch.desktop.tokens import Tone

BESIDE_FROM, QUESTION, LEAST = 1080, 440, 200


class WizardLayout(QObject):
    """`entered` when a person is done with the question. `question` is what is asked now, None where nothing is."""

    entered = Signal()

    def __init__(self, room: DeskRoom, owner: QWidget) -> None:
        super().__init__(owner)
        self._room, self._owner = room, owner
        self.question: Answers | None = None
        self.heading, self.why = label(role="title", wraps=True), label(role="muted", wraps=True)
        self.said = SaidLine(room)
        self.preview = PreviewPanel(room)
        self.next, self.back = button("", "primary", "Enter"), button(mapping_phrases.BACK, key="Alt+←")
        self.stop, self.cancel = button(mapping_phrases.STOP), button(mapping_phrases.CANCEL, "link")
        self.added = button(mapping_phrases.WILL_BE_ADDED, "link")
        self._asked, self._sides = QVBoxLayout(), QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._left = QWidget()
        self._lay_out()
        self.show_busy(is_busy=False)
        owner.installEventFilter(self)
        room.theme.changed.connect(self._fold)

    def show_question(self, title: str, why: str, question: Answers) -> None:
        self._show(title, why, question)
        question.changed.connect(self._may_go_on)
        question.entered.connect(self.entered)
        self.offer(mapping_phrases.NEXT)
        self._may_go_on()
        self.take_keyboard()

    def show_waiting(self, title: str, why: str, offer: str = "") -> None:
        """A page without a question."""
        self._show(title, why, None)
        self.offer(offer)

    def show_done(self, title: str, advice: Sequence[str]) -> None:
        self._show(title, "\n".join(advice), None)
        self.offer("")
        self.say("")
        for one in (self.back, self.cancel):
            one.hide()
        announce(self._owner, title)

    def show_data(self, stage: Stage | None, found: Reading | None) -> None:
        self.preview.setVisible(stage is not None)
        if stage is not None:
            self.preview.show_stage(stage, found)
        self._fold()

    def show_busy(self, *, is_busy: bool) -> None:
        self.stop.setVisible(is_busy)
        self.next.setEnabled(not is_busy)
        self._left.setEnabled(not is_busy)
        if not is_busy:
            self._may_go_on()

    def say(self, text: str, tone: Tone = Tone.LATE) -> None:
        self.said.say(text, tone)
        announce(self._owner, text)
        if text and tone is Tone.LATE and self.question is not None:
            self.take_keyboard()

    def offer(self, text: str, *, also_added: bool = False) -> None:
        """What the first button does; nothing without words."""
        self.next.setText(text)
        self.next.setAccessibleName(text)
        self.next.setVisible(bool(text))
        self.added.setVisible(also_added)

    def take_keyboard(self) -> None:
        if self.question is not None:
            self.question.take_keyboard()
        elif not self.next.isHidden():
            self.next.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Resize:
            self._fold()
        return super().eventFilter(watched, event)

    def _show(self, title: str, why: str, question: Answers | None) -> None:
        if self.question is not None:
            self._asked.removeWidget(self.question)
            self.question.hide()
            self.question.deleteLater()
        self.question = question
        self.heading.setText(title)
        self.why.setText(why)
        self.why.setVisible(bool(why))
        self.said.say("")
        if question is not None:
            self._asked.insertWidget(2, question)
        self._fold()

    def _may_go_on(self) -> None:
        self.next.setEnabled(self.stop.isHidden() and (self.question is None or bool(self.question.answer)))

    def _lay_out(self) -> None:
        tight(self._asked, spacing=12)
        for widget in (self.heading, self.why, self.said, self.added):
            self._asked.addWidget(widget)
        self._asked.setAlignment(self.added, Qt.AlignmentFlag.AlignLeft)
        self._asked.addStretch(1)
        self._left.setLayout(self._asked)
        tight(self._sides, (0, 0, 0, 0), 24)
        self._sides.addWidget(self._left)
        self._sides.addWidget(self.preview, 1)
        inner, scroll = QWidget(), QScrollArea()
        inner.setLayout(self._sides)
        scroll.setObjectName("sheet")
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        foot, whole = QHBoxLayout(), QVBoxLayout(self._owner)
        tight(foot, spacing=8)
        foot.addWidget(self.cancel)
        foot.addStretch(1)
        for widget in (self.stop, self.back, self.next):
            foot.addWidget(widget)
        tight(whole, spacing=16)
        whole.addWidget(scroll, 1)
        whole.addLayout(foot)

    def _fold(self) -> None:
        """Side by side where there is room; the question above the data where there is not."""
        theme, has_data = self._room.theme, not self.preview.isHidden()
        beside = self._owner.width() >= theme.px(BESIDE_FROM) and has_data
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._sides.setDirection(direction)
        self._left.setMaximumWidth(theme.px(QUESTION) if beside else 16_777_215)
        self._left.setMinimumWidth(theme.px(QUESTION) if beside else 0)
        self.preview.setMinimumHeight(theme.px(LEAST))
