"""The parts about this computer: the look, what is heard, the wallboard, and starting with the system."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout
from shiboken6 import isValid

from dispatchwatch.app.key_path import Steps
from dispatchwatch.app.settings.kinds import Described, Kind, Option
from dispatchwatch.desktop import computer_phrases as p
from dispatchwatch.desktop import texts
from dispatchwatch.desktop.autostart import Autostart, RunKey, autostart_of, own_command
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.editor import Surroundings
from dispatchwatch.desktop.forms.form import Form
from dispatchwatch.desktop.pieces import button, tight
from dispatchwatch.desktop.preferences import PREFERENCES
from dispatchwatch.desktop.preferences import QUIET_HOURS as IN_QUIET
from dispatchwatch.desktop.preferences import SOUNDS as IN_SOUNDS
from dispatchwatch.desktop.settings.part import Known, Part
from dispatchwatch.desktop.settings.preference_part import COMPUTER, PreferencePart
from dispatchwatch.desktop.settings.state import State
from dispatchwatch.desktop.tasks import aside
from dispatchwatch.desktop.theme import SCALES, Density, Scheme
from dispatchwatch.desktop.wallboard.door import SCREEN

Headed = tuple[str, str, Part]


def computer_parts(room: DeskRoom) -> Sequence[Headed]:
    command = own_command(sys.executable, room.files.config, is_frozen=getattr(sys, "frozen", False))
    autostart = autostart_of(sys.platform, Path.home(), os.environ, RunKey(), command)
    sounds = [one for one in PREFERENCES if one.section == IN_SOUNDS]
    quiet = [one for one in PREFERENCES if one.section == IN_QUIET]
    return [
        (*p.LOOK, LookPart(room)),
        (*p.SOUNDS, PreferencePart(room, sounds)),
        (*p.QUIET_HOURS, PreferencePart(room, quiet)),
        (*p.TOASTS, DeedPart(p.CHECK_TOASTS, "", room.wishes.check_toasts.emit)),
        (*p.WALLBOARD, PreferencePart(room, [SCREEN])),
        ("", "", DeedPart(p.OPEN_WALLBOARD, "F11", room.wishes.wallboard.emit)),
        (*p.STARTING, StartingPart(room, autostart)),
        ("", p.SET_UP_HELP, DeedPart(p.SET_UP, "", room.wishes.set_up.emit)),
    ]


class FieldsPart(Part):
    """Fields that are told and asked one by one."""

    def __init__(self, room: DeskRoom, fields: Sequence[Described]) -> None:
        super().__init__()
        self.base: Steps = (COMPUTER,)
        self._fields = tuple(fields)
        self.form = Form(room, fields, Surroundings())
        column = QVBoxLayout(self)
        tight(column)
        column.addWidget(self.form)

    def show_state(self, state: State) -> None:
        """The file knows nothing of it."""

    def holds(self, rest: Steps) -> bool:
        return bool(rest) and rest[0] in self.form.fields

    def lead_to(self, rest: Steps) -> None:
        self.form.show_field(str(rest[0]) if rest else next(iter(self.form.fields)))

    def known(self) -> Iterator[Known]:
        for one in self._fields:
            yield Known((*self.base, one.key), one.label, one.help)


class LookPart(FieldsPart):
    """Counts at once; the window keeps what was chosen."""

    def __init__(self, room: DeskRoom) -> None:
        scales = tuple(Option(str(one), f"{one:.0%}") for one in SCALES)
        schemes = tuple(Option(one.value, texts.SCHEME_NAMES[one.value]) for one in Scheme)
        densities = (Option("comfortable", texts.COMFORTABLE), Option("compact", texts.COMPACT))
        super().__init__(
            room,
            (
                _choice("scheme", p.SCHEME, schemes, Scheme.SYSTEM.value),
                _choice("scale", p.SCALE, scales, str(SCALES[0])),
                _choice("density", p.DENSITY, densities, Density.COMFORTABLE.value),
            ),
        )
        self._theme = room.theme
        self.form.value_changed.connect(self._choose)
        room.theme.changed.connect(self._show)
        self._show()

    def _choose(self, key: str, told: Any) -> None:
        match key:
            case "scheme":
                self._theme.choose(Scheme(told or Scheme.SYSTEM.value))
            case "scale":
                self._theme.enlarge(float(told or SCALES[0]))
            case "density":
                self._theme.pack(Density(told or Density.COMFORTABLE.value))

    def _show(self) -> None:
        theme = self._theme
        nearest = min(SCALES, key=lambda one: abs(one - theme.scale))
        self.form.put({"scheme": theme.scheme.value, "scale": str(nearest), "density": theme.density.value})


class StartingPart(FieldsPart):
    """Asks the system whether the program starts with it, and tells it so."""

    def __init__(self, room: DeskRoom, autostart: Autostart) -> None:
        described = Described(
            key="autostart", label=p.WITH_SYSTEM, help=p.WITH_SYSTEM_HELP, kind=Kind.SWITCH, default=False
        )
        super().__init__(room, (described,))
        self._room, self._autostart = room, autostart
        self.form.value_changed.connect(lambda _key, value: room.tasks.spawn(self._turn(is_on=bool(value))))
        room.tasks.spawn(self._ask())

    async def _ask(self, problem: str = "") -> None:
        try:
            is_on = await aside(lambda: self._autostart.is_on)
        except OSError as error:
            is_on, problem = False, p.not_allowed(str(error.strerror or error))
        if isValid(self):
            self.form.put({"autostart": is_on})
            self.form.set_problems({("autostart",): problem} if problem else {}, takes_keyboard=False)

    async def _turn(self, *, is_on: bool) -> None:
        problem = ""
        try:
            await aside(self._autostart.put if is_on else self._autostart.take)
        except OSError as error:
            problem = p.not_allowed(str(error.strerror or error))
        await self._ask(problem)


class DeedPart(Part):
    """Something to do rather than to set."""

    def __init__(self, text: str, key: str, deed: Callable[[], object]) -> None:
        super().__init__()
        self.base: Steps = (COMPUTER,)
        self.button: QPushButton = button(text, key=key)
        self._text = text
        column = QVBoxLayout(self)
        tight(column)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.button.clicked.connect(lambda _checked: deed())

    def show_state(self, state: State) -> None:
        """Nothing depends on the file."""

    def holds(self, rest: Steps) -> bool:
        return rest == (self._text,)

    def lead_to(self, rest: Steps) -> None:
        del rest
        self.button.setFocus()

    def known(self) -> Iterator[Known]:
        yield Known((*self.base, self._text), self._text.removesuffix("…"), "")


def _choice(key: str, words: tuple[str, str], options: tuple[Option, ...], default: str) -> Described:
    return Described(key=key, label=words[0], help=words[1], kind=Kind.CHOICE, options=options, default=default)
