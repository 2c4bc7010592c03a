"""Trying the policy as it stands on the last seven days, beside the window, and what came of it in a table."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget
from shiboken6 import isValid

from dispatchwatch.app.config import Config
from dispatchwatch.app.key_path import Steps
from dispatchwatch.app.settings.trial import Cancelled, Trial, TrialFailure, Tried
from dispatchwatch.desktop import preview_phrases as p
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.said_line import SaidLine
from dispatchwatch.desktop.pieces import button, clear, label, tight
from dispatchwatch.desktop.settings.editing import Editing
from dispatchwatch.desktop.settings.part import Known, Part
from dispatchwatch.desktop.settings.state import State
from dispatchwatch.desktop.tasks import aside
from dispatchwatch.desktop.tokens import Tone

DAYS = 7
TRIAL = "trial"
"""Where it stands instead of a place of the configuration."""


class TrialPart(Part):
    """`progressed` crosses from the thread that works. Held against what the file said before
    anything was edited."""

    progressed = Signal(float)

    def __init__(self, room: DeskRoom, editing: Editing) -> None:
        super().__init__()
        self.base: Steps = (TRIAL,)
        self._room, self._editing = room, editing
        self._edited: Config | None = None
        self._trial: Trial | None = None
        self._task: asyncio.Task[Any] | None = None
        self.start, self.stop = button(p.TRY, says=p.TRY_ON_LAST_WEEK), button(p.STOP)
        self.bar, self.said = QProgressBar(), SaidLine(room)
        self.table = QWidget()
        self.cells = QGridLayout(self.table)
        self._lay_out()
        self._busy(is_busy=False)
        self.start.clicked.connect(self.begin)
        self.stop.clicked.connect(self.cancel)
        self.progressed.connect(self._show_progress)

    def show_state(self, state: State) -> None:
        self._edited = state.config

    def holds(self, rest: Steps) -> bool:
        return not rest

    def lead_to(self, rest: Steps) -> None:
        del rest
        self.start.setFocus()

    def known(self) -> Iterator[Known]:
        yield Known(self.base, p.TRY_ON_LAST_WEEK, p.TRY_WHY)

    def begin(self) -> None:
        before = self._editing.opened_with
        if self._edited is None or before is None:
            self.said.say(p.MEND_FIRST if self._edited is None else p.NOT_IN_FORCE, Tone.SOON)
            return
        self._trial = Trial(self._room.files.database, before, self._edited, days=DAYS, now=self._room.now())
        self.table.hide()
        self._busy(is_busy=True)
        self._task = self._room.tasks.spawn(self._run(self._trial))

    def cancel(self) -> None:
        if self._trial is not None:
            self._trial.cancel()

    async def _run(self, trial: Trial) -> None:
        problem, tried = "", None
        try:
            tried = await aside(trial.run, self._tell)
        except Cancelled:
            problem = p.STOPPED
        except TrialFailure as error:
            problem = str(error)
        except asyncio.CancelledError:
            trial.cancel()
            raise
        if isValid(self):
            self._busy(is_busy=False)
            self.said.say(problem, Tone.SOON)
            if tried is not None:
                self._show(tried)

    def _tell(self, share: float) -> None:
        if isValid(self):
            self.progressed.emit(share)

    def _show_progress(self, share: float) -> None:
        self.bar.setValue(round(share * 100))

    def _show(self, tried: Tried) -> None:
        clear(self.cells)
        rows = [p.COLUMNS]
        for row in tried.rows:
            only_now = p.with_true(row.only_now, row.only_now_true)
            only_then = p.with_true(row.only_with_change, row.only_with_change_true)
            rows.append((row.name, str(row.now), str(row.with_change), only_now, only_then))
        for number, cells in enumerate(rows):
            for column, text in enumerate(cells):
                made = label(text, "small" if number == 0 else "", selectable=True, wraps=column == 0)
                side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
                self.cells.addWidget(made, number, column, side)
        zone = self._edited.office.zone if self._edited else None
        about = p.of_days(tried.since.astimezone(zone), tried.until.astimezone(zone), tried.what)
        lines = [about, *tried.sentences, *tried.notes]
        self.cells.addWidget(label("\n".join(lines), "muted", wraps=True), len(rows), 0, 1, len(p.COLUMNS))
        self.table.show()

    def _busy(self, *, is_busy: bool) -> None:
        self.start.setEnabled(not is_busy)
        self.stop.setVisible(is_busy)
        self.bar.setVisible(is_busy)
        self.bar.setValue(0)
        if is_busy:
            self.said.say(p.TRYING, Tone.MUTED)

    def _lay_out(self) -> None:
        self.bar.setAccessibleName(p.TRYING)
        self.bar.setTextVisible(False)
        tight(self.cells, spacing=12)
        self.cells.setColumnStretch(0, 1)
        line, column = QHBoxLayout(), QVBoxLayout(self)
        tight(line, spacing=8)
        tight(column, spacing=8)
        line.addWidget(self.start)
        line.addWidget(self.stop)
        line.addWidget(self.bar, 1)
        line.addStretch(1)
        column.addLayout(line)
        column.addWidget(self.said)
        column.addWidget(self.table)
        self.table.hide()
