"""For how long, and for whom: for oneself, or for the whole office with its reminders and escalations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from PySide6.QtWidgets import QMenu

from dispatchwatch.desktop import alert_phrases, texts
from dispatchwatch.desktop.desk_room import DeskRoom


def fill_snooze_menu(menu: QMenu, room: DeskRoom, numbers: Sequence[int]) -> None:
    """Offers it for alerts with these numbers. For oneself comes first: it takes nothing from anybody else."""
    menu.addAction(alert_phrases.FOR_ME).setEnabled(False)
    for minutes in texts.SNOOZE_MINUTES:
        action = menu.addAction(alert_phrases.snooze_for(minutes))
        action.triggered.connect(lambda _=False, length=minutes: _put_aside(room, numbers, length))
    menu.addSeparator()
    menu.addAction(alert_phrases.FOR_OFFICE).setEnabled(False)
    for minutes in texts.SNOOZE_MINUTES:
        action = menu.addAction(f"{alert_phrases.snooze_for(minutes)}, everybody")
        action.triggered.connect(lambda _=False, length=minutes: room.deeds.snooze(numbers, length))


def _put_aside(room: DeskRoom, numbers: Sequence[int], minutes: int) -> None:
    alerts = [room.picture.alerts[number].alert for number in numbers if number in room.picture.alerts]
    room.snoozes.put_aside(alerts, room.now() + timedelta(minutes=minutes))
