"""A time zone, searched for by city, with the time that it is there now."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

from shiboken6 import isValid

from dispatchwatch.desktop import form_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.offers import Offers
from dispatchwatch.desktop.forms.text_editors import LineEditor
from dispatchwatch.desktop.pieces import label
from dispatchwatch.desktop.tasks import aside

WIDTH = 280


class ZoneEditor(LineEditor):
    """The zones of this computer are read beside the window; until then any name can be typed."""

    def __init__(self, room: DeskRoom, default: str = "") -> None:
        super().__init__(room, default, WIDTH)
        self._known: frozenset[str] = frozenset()
        self.echo = label(role="small")
        self.line.insertWidget(1, self.echo)
        self._offers = Offers(self.edit)
        self._offers.activated.connect(lambda _text: self.changed.emit())
        self.edit.textChanged.connect(lambda _text: self._say())
        room.tasks.spawn(self._learn())

    async def _learn(self) -> None:
        names = await aside(_zone_names)
        if not isValid(self):
            return
        self._known = frozenset(names)
        self._offers.offer(names)
        self._say()

    def _say(self) -> None:
        name = self.edit.text().strip()
        if name in self._known:
            self.echo.setText(form_phrases.clock_there(self.room.now().astimezone(ZoneInfo(name))))
        else:
            is_typing = not name or any(name.casefold() in one.casefold() for one in self._known)
            self.echo.setText("" if is_typing or not self._known else form_phrases.no_such_zone(name))


def _zone_names() -> list[str]:
    """Those with a city; older names of the same zones only lengthen the list."""
    regions = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    return sorted({"UTC", *(name for name in available_timezones() if name.partition("/")[0] in regions)})
