"""The pages that are made when somebody first goes there: each a line here, and a package of its own.

Such a page reads what has been told so far from `room.picture`, hears what follows from it, and asks of the window
through `room.wishes`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dispatchwatch.desktop import settings_phrases, timeline_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.page import Page
from dispatchwatch.desktop.timeline.page import TimelinePage


@dataclass(frozen=True, slots=True)
class Place:
    """Where one can go: what it is called, its icon, what makes it, and where it stands in the rail."""

    name: str
    icon: str
    make: Callable[[DeskRoom], Page]
    at: int


def _settings(room: DeskRoom) -> Page:
    """The forms of twenty platforms are loaded only where somebody wants to see them."""
    from dispatchwatch.desktop.settings.page import SettingsPage

    return SettingsPage(room)


PLACES: tuple[Place, ...] = (
    Place(timeline_phrases.TIMELINE, "timeline", TimelinePage, at=1),
    Place(settings_phrases.SETTINGS, "settings", _settings, at=99),
)
