"""One channel at a glance: whether it works, when it last did, what waits, and tests with their result beside them."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dispatchwatch.app.deeds import Result
from dispatchwatch.app.view import LaneLine
from dispatchwatch.desktop import delivery_phrases, phrases, texts
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.flow import FlowLayout
from dispatchwatch.desktop.marks import Mark
from dispatchwatch.desktop.pieces import MarkLabel, button, label, tight, wear
from dispatchwatch.desktop.tokens import Tone

WIDTH = 320


class ChannelCard(QFrame):
    resumed = Signal(str)
    paused = Signal(str)

    def __init__(self, room: DeskRoom, channel: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self._room = room
        self._channel = channel
        self._lane: LaneLine | None = None
        self._mark = MarkLabel(room.theme, room.assets, "sent", Tone.OK, 16)
        self._name, self._platform = label(channel, "strong"), label(role="small")
        self._state, self._problem = label(wraps=True), label(role="problem", wraps=True)
        self._result = label(role="small", wraps=True)
        self._resume = button(texts.RESUME, "primary", says=f"Lets {channel} send again")
        self._pause = button(delivery_phrases.PAUSE, says=delivery_phrases.pauses(channel))
        self._try = button(delivery_phrases.TRY, says=delivery_phrases.tries(channel))
        self._test = button(texts.SEND_TEST, says=f"Sends one marked test message to {channel}")
        self._lay_out()
        self._resume.clicked.connect(lambda: self.resumed.emit(channel))
        self._pause.clicked.connect(lambda: self.paused.emit(channel))
        self._try.clicked.connect(self._start_trial)
        self._test.clicked.connect(self._start_test)
        room.theme.changed.connect(self._dress)
        self._dress()

    def show_lane(self, lane: LaneLine, now: datetime) -> None:
        self._lane = lane
        mark = _mark(lane)
        self._mark.wear(mark.icon, mark.tone)
        self._platform.setText(lane.platform)
        self._problem.setText(lane.paused or lane.last_error)
        self._problem.setVisible(bool(lane.paused or lane.last_error))
        self._resume.setVisible(bool(lane.paused))
        self._pause.setVisible(not lane.paused)
        self.tick(now)

    def tick(self, now: datetime) -> None:
        if self._lane is not None:
            text = f"{_mark(self._lane).word} · {phrases.lane_state(self._lane, now)}"
            if text != self._state.text():
                self._state.setText(text)

    @Slot(object)
    def show_result(self, result: Result) -> None:
        self._wait(waits=False)
        self._result.setText(f"{'✓' if result.done else '✕'} {result.text}")
        wear(self._result, Tone.OK if result.done else Tone.LATE)

    def _start_test(self) -> None:
        self._begin(texts.TESTING)
        self._room.deeds.test_channel(self._channel, self.show_result)

    def _start_trial(self) -> None:
        self._begin(delivery_phrases.TRYING)
        self._room.deeds.try_channel(self._channel, self.show_result)

    def _begin(self, text: str) -> None:
        self._wait(waits=True)
        wear(self._result, Tone.MUTED)
        self._result.setText(text)
        self._result.show()

    def _wait(self, *, waits: bool) -> None:
        for one in (self._test, self._try):
            one.setEnabled(not waits)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        tight(top, spacing=8)
        for widget in (self._mark, self._name, self._platform):
            top.addWidget(widget)
        top.addStretch(1)
        buttons = QWidget()
        flow = FlowLayout(buttons, spacing=8)
        for one in (self._resume, self._test, self._try, self._pause):
            flow.addWidget(one)
        layout = QVBoxLayout(self)
        tight(layout, (16, 12, 16, 12), 6)
        layout.addLayout(top)
        layout.addWidget(self._state)
        layout.addWidget(self._problem)
        layout.addStretch(1)
        layout.addWidget(buttons)
        layout.addWidget(self._result)
        self._result.hide()

    @Slot()
    def _dress(self) -> None:
        self.setFixedWidth(self._room.theme.px(WIDTH))


def _mark(lane: LaneLine) -> Mark:
    if lane.paused:
        return Mark("pause", Tone.LATE, texts.LANE_PAUSED)
    if lane.failed:
        return Mark("failed", Tone.LATE, texts.LANE_FAILING)
    if lane.waiting:
        return Mark("waiting", Tone.SOON, texts.LANE_WAITING)
    return Mark("sent", Tone.OK, texts.LANE_WELL)
