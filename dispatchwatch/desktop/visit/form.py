"""The small form below the desk's buttons: a time, a note, and what the button will do."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from PySide6.QtCore import QTime, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QTimeEdit, QVBoxLayout

from dispatchwatch.desktop import texts
from dispatchwatch.desktop.pieces import button, label, tight
from dispatchwatch.domain.calendars import instant
from dispatchwatch.domain.wording import zone

HALF_A_DAY = timedelta(hours=12)


class Entry(StrEnum):
    CHECK_IN = "check_in"
    ETA = "eta"
    CANCEL = "cancel"
    NOTE = "note"


TIME_LABELS = {Entry.CHECK_IN: texts.ARRIVED_AT, Entry.ETA: texts.EXPECTED_AT}
DOES = {
    Entry.CHECK_IN: texts.CHECK_IN,
    Entry.ETA: texts.SAVE,
    Entry.CANCEL: texts.CANCEL_VISIT,
    Entry.NOTE: texts.ADD_NOTE,
}
AHEAD = {Entry.ETA: timedelta(minutes=15)}


class EntryForm(QFrame):
    """`entered` carries the kind of entry, the instant (UTC) and the note."""

    entered = Signal(object, object, str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("form")
        self._entry = Entry.CHECK_IN
        self._zone_name = "UTC"
        self._opened_at = datetime.now(UTC)
        self._time_label, self._zone_label = label(role="small"), label(role="small")
        self._time, self._note = QTimeEdit(), QLineEdit()
        self._time.setDisplayFormat("HH:mm")
        self._note.setAccessibleName(texts.NOTE)
        self._note.setPlaceholderText(texts.NOTE)
        self._does, self._back = button("", "primary", "Enter"), button(texts.BACK, "quiet", "Esc")
        self._lay_out()
        self._does.clicked.connect(self._enter)
        self._note.returnPressed.connect(self._enter)
        self._back.clicked.connect(self.left)
        self.hide()

    def ask(self, entry: Entry, now: datetime, zone_name: str) -> None:
        """Opens the form with the likeliest time already in it."""
        self._entry, self._zone_name, self._opened_at = entry, zone_name, now
        local = (now + AHEAD.get(entry, timedelta(0))).astimezone(zone(zone_name))
        timed = entry in TIME_LABELS
        for widget in (self._time_label, self._time, self._zone_label):
            widget.setVisible(timed)
        self._time_label.setText(TIME_LABELS.get(entry, ""))
        self._time.setAccessibleName(TIME_LABELS.get(entry, ""))
        self._zone_label.setText(f"{local:%Z}")
        self._time.setTime(QTime(local.hour, local.minute))
        self._note.clear()
        self._note.setPlaceholderText(texts.VISIT_NOTE_HINT if entry is Entry.NOTE else texts.NOTE)
        self._does.setText(DOES[entry])
        self._does.setAccessibleName(DOES[entry])
        self.show()
        (self._time if timed else self._note).setFocus()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        tight(layout, (12, 12, 12, 12), 8)
        times = QHBoxLayout()
        times.addWidget(self._time_label)
        times.addWidget(self._time)
        times.addWidget(self._zone_label)
        times.addStretch(1)
        layout.addLayout(times)
        layout.addWidget(self._note)
        line = QHBoxLayout()
        line.addWidget(self._does)
        line.addWidget(self._back)
        line.addStretch(1)
        layout.addLayout(line)

    @Slot()
    def _enter(self) -> None:
        if self._entry is Entry.NOTE and not self._note.text().strip():
            self._note.setFocus()
            return
        chosen = self._time.time()
        at = nearest(time(chosen.hour(), chosen.minute()), self._opened_at, self._zone_name)
        self.entered.emit(self._entry, at, self._note.text().strip())


def nearest(wanted: time, now: datetime, zone_name: str) -> datetime:
    """The instant with this time of day, at the site, that is nearest to now: a night shift crosses midnight."""
    local_zone = zone(zone_name)
    today = now.astimezone(local_zone).date()
    days = (today - timedelta(days=1), today, today + timedelta(days=1))
    return min((instant(datetime.combine(day, wanted), local_zone)[0] for day in days), key=lambda at: abs(at - now))
