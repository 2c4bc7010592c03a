"""An example sent through the routes as they stand: who would be told what, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, QTime, QTimer
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QTimeEdit, QVBoxLayout, QWidget

from dispatchwatch.app.config import Config
from dispatchwatch.app.key_path import Steps
from dispatchwatch.app.settings.routing_preview import Example, preview_sentences
from dispatchwatch.desktop import preview_phrases as p
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.pieces import Choice, label, panel, tight
from dispatchwatch.desktop.settings.part import Known, Part
from dispatchwatch.desktop.settings.state import State
from dispatchwatch.domain.alert import AlertKind, Severity
from dispatchwatch.domain.wording import KIND_NAMES, SEVERITY_NAMES

PAUSE = 120
PREVIEW = "preview"
"""Where it stands instead of a place of the configuration."""


class RoutePreview(Part):
    """Nothing but pickers and sentences; the very code that tells people answers."""

    def __init__(self, room: DeskRoom) -> None:
        super().__init__()
        self.base: Steps = (PREVIEW,)
        self._room = room
        self._config: Config | None = None
        self.kind, self.severity = Choice(room.theme, room.assets), Choice(room.theme, room.assets)
        for kind in AlertKind:
            self.kind.addItem(KIND_NAMES[kind], kind.value)
        for severity in Severity:
            self.severity.addItem(SEVERITY_NAMES[severity], severity.value)
        self.severity.setCurrentIndex(1)
        self.customer, self.priority, self.technician = QLineEdit(), QLineEdit(), QLineEdit()
        self.at = QTimeEdit(QTime(9, 15))
        self.at.setDisplayFormat("HH:mm")
        self.at.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.answer = label(wraps=True, selectable=True)
        self._soon = QTimer(self, singleShot=True, interval=PAUSE)
        self._soon.timeout.connect(self._preview)
        self._lay_out()
        for box in (self.kind, self.severity):
            box.currentIndexChanged.connect(self._soon.start)
        for edit in (self.customer, self.priority, self.technician):
            edit.textChanged.connect(self._soon.start)
        self.at.timeChanged.connect(self._soon.start)

    @property
    def example(self) -> Example:
        """Today, at the time that was chosen, by the office's clock."""
        zone = ZoneInfo(self._room.timezone) if self._config is None else self._config.office.zone
        clock = time.fromisoformat(self.at.time().toString("HH:mm"))
        return Example(
            kind=AlertKind(self.kind.currentData()),
            severity=Severity(self.severity.currentData()),
            at=datetime.combine(self._room.now().astimezone(zone).date(), clock, zone),
            customer=self.customer.text().strip(),
            technician=self.technician.text().strip(),
            priority=self.priority.text().strip(),
        )

    def show_state(self, state: State) -> None:
        self._config = state.config
        self._preview()

    def holds(self, rest: Steps) -> bool:
        return not rest

    def lead_to(self, rest: Steps) -> None:
        del rest
        self.kind.setFocus()

    def known(self) -> Iterator[Known]:
        yield Known(self.base, p.PREVIEW, p.PREVIEW_WHY)

    def _preview(self) -> None:
        if self._config is None:
            self.answer.setText(p.NOT_NOW)
        else:
            self.answer.setText("\n".join(f"{one}." for one in preview_sentences(self._config, self.example)))

    def _lay_out(self) -> None:
        box = panel("preview")
        grid = QGridLayout()
        tight(grid, spacing=8)
        fields: tuple[tuple[str, QComboBox | QLineEdit | QTimeEdit], ...] = (
            (p.KIND, self.kind),
            (p.SEVERITY, self.severity),
            (p.CUSTOMER, self.customer),
            (p.PRIORITY, self.priority),
            (p.TECHNICIAN, self.technician),
            (p.RAISED_AT, self.at),
        )
        for number, (name, widget) in enumerate(fields):
            cell = QWidget()
            column = QVBoxLayout(cell)
            tight(column, spacing=4)
            column.addWidget(label(name, "small"))
            column.addWidget(widget)
            widget.setAccessibleName(name)
            grid.addWidget(cell, number // 2, number % 2)
        inner, whole = QVBoxLayout(box), QVBoxLayout(self)
        tight(inner, (16, 16, 16, 16), 12)
        tight(whole)
        inner.addLayout(grid)
        inner.addWidget(self.answer)
        whole.addWidget(box)
