"""What every page is given: the look, the icons, the clock's now, what is known, and what a person may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dispatchwatch.desktop.assets import Assets
from dispatchwatch.desktop.bridge import Bridge
from dispatchwatch.desktop.deeds import Deeds
from dispatchwatch.desktop.my_snoozes import MySnoozes
from dispatchwatch.desktop.office_files import OfficeFiles
from dispatchwatch.desktop.people import People
from dispatchwatch.desktop.picture import Picture
from dispatchwatch.desktop.preferences import Preferences
from dispatchwatch.desktop.tasks import Tasks
from dispatchwatch.desktop.theme import Theme
from dispatchwatch.desktop.wishes import Wishes


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRoom:
    """`timezone` is the office's. `snoozes` are what whoever sits here has put aside for himself."""

    theme: Theme
    assets: Assets
    bridge: Bridge
    picture: Picture
    wishes: Wishes
    deeds: Deeds
    tasks: Tasks
    now: Callable[[], datetime]
    office_name: str
    timezone: str
    people: People
    snoozes: MySnoozes
    preferences: Preferences
    files: OfficeFiles

    @property
    def user(self) -> str:
        """Who sits here now, and signs what is done."""
        return self.people.name
