"""What this computer remembers of the window, with the same fields as the configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout

from dispatchwatch.app.key_path import Steps
from dispatchwatch.app.settings.kinds import Described, Kind, Option
from dispatchwatch.desktop import computer_phrases as p
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.editor import Surroundings
from dispatchwatch.desktop.forms.form import Form
from dispatchwatch.desktop.pieces import tight
from dispatchwatch.desktop.preference_kinds import Amount, Flag, Name, Preference, Severities, TimeOfDay
from dispatchwatch.desktop.settings.part import Known, Part
from dispatchwatch.desktop.settings.state import State
from dispatchwatch.domain.alert import Severity
from dispatchwatch.domain.wording import SEVERITY_NAMES

COMPUTER = "this computer"
"""Where preferences stand instead of a place of the configuration."""


class PreferencePart(Part):
    """The preferences of one section. They count at once; nothing has to be saved."""

    def __init__(self, room: DeskRoom, preferences: Sequence[Preference[Any]]) -> None:
        super().__init__()
        self.base: Steps = (COMPUTER,)
        self._room = room
        self._preferences = {one.key: one for one in preferences}
        self.form = Form(room, [described(one) for one in preferences], Surroundings())
        column = QVBoxLayout(self)
        tight(column)
        column.addWidget(self.form)
        self.form.value_changed.connect(self._choose)
        room.preferences.changed.connect(self._show)
        self._show()

    def show_state(self, state: State) -> None:
        """The file knows nothing of it."""

    def holds(self, rest: Steps) -> bool:
        return bool(rest) and rest[0] in self.form.fields

    def lead_to(self, rest: Steps) -> None:
        wanted = str(rest[0]) if rest else next(iter(self.form.fields))
        self.form.show_field(wanted)

    def known(self) -> Iterator[Known]:
        for one in self._preferences.values():
            yield Known((*self.base, one.key), one.label, one.help)

    def _choose(self, key: str, told: Any) -> None:
        preference = self._preferences[key]
        try:
            value = preference.default if told is None else understood(preference, told)
        except ValueError:
            self.form.set_problems({(key,): p.NOT_UNDERSTOOD[type(preference)]}, takes_keyboard=False)
            return
        self.form.set_problems({}, takes_keyboard=False)
        self._room.preferences.choose(preference, value)

    def _show(self) -> None:
        """Also what was chosen elsewhere; what somebody is typing into stays as it is."""
        for key, one in self._preferences.items():
            editor = self.form.fields[key].editor
            if not any(part.hasFocus() for part in editor.parts):
                editor.put(written(one, self._room.preferences.get(one)))


def described(one: Preference[Any]) -> Described:
    """A preference as a field of a form."""
    told: Mapping[str, Any] = {"kind": Kind.TEXT}
    match one:
        case Flag():
            told = {"kind": Kind.SWITCH}
        case Amount():
            told = {"kind": Kind.NUMBER, "least": one.least, "most": one.most}
        case Severities():
            options = tuple(Option(severity.value, SEVERITY_NAMES[severity]) for severity in Severity)
            told = {"kind": Kind.SEVERITIES, "options": options}
        case Name():
            screens = tuple(Option(screen.name(), screen.name()) for screen in QGuiApplication.screens())
            told = {"kind": Kind.CHOICE, "options": screens}
    help_text = f"{one.help} {p.in_units(one.unit)}" if isinstance(one, Amount) else one.help
    return Described(key=one.key, label=one.label, help=help_text, default=written(one, one.default), **told)


def written(one: Preference[Any], value: Any) -> Any:
    """As an editor shows it."""
    if isinstance(one, Severities):
        return [severity.value for severity in Severity if severity in value]
    if isinstance(one, TimeOfDay):
        return f"{value:%H:%M}"
    return (value or None) if isinstance(one, Name) else value


def understood(one: Preference[Any], told: Any) -> Any:
    """What an editor says. Raises ValueError."""
    if isinstance(one, Severities):
        return frozenset(Severity(word) for word in told)
    if isinstance(one, TimeOfDay):
        return time.fromisoformat(str(told).zfill(5))
    if isinstance(one, Amount) and (not isinstance(told, int) or not one.least <= told <= one.most):
        raise ValueError(told)
    return told
