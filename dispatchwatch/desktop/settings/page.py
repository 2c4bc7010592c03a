"""The settings: sections on the left, one column of fields, and below what is changed and not saved yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from dispatchwatch.app.key_path import Steps
from dispatchwatch.app.settings.errors import ChangedElsewhere, NotSound
from dispatchwatch.desktop import settings_phrases as p
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.said_line import SaidLine
from dispatchwatch.desktop.forms.step import Step
from dispatchwatch.desktop.page import Page
from dispatchwatch.desktop.pieces import button, on_key, tight
from dispatchwatch.desktop.settings.adding import Adding
from dispatchwatch.desktop.settings.bar import SettingsBar
from dispatchwatch.desktop.settings.broken_file import BrokenFile
from dispatchwatch.desktop.settings.editing import Editing
from dispatchwatch.desktop.settings.entries import FeedPart
from dispatchwatch.desktop.settings.found_settings import FoundSettings
from dispatchwatch.desktop.settings.navigation import Navigation
from dispatchwatch.desktop.settings.section import Section, place_of
from dispatchwatch.desktop.settings.sections import build
from dispatchwatch.desktop.settings.state import State
from dispatchwatch.desktop.tokens import Tone

NAVIGATION, BESIDE_FROM = 232, 720
WIDEST = 16_777_215
LOOK_EVERY = 3


class SettingsPage(Page):
    """Opens the file when it is made. While somebody looks at it, what others write into the file is noticed."""

    def __init__(self, room: DeskRoom, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._room = room
        self._ticks = 0
        self._leads: Steps = ()
        self._shows_text = False
        self.editing = Editing(room, self)
        self.adding = Adding(room, self.editing, self)
        self.sections = build(room, self.editing, self.adding)
        self.navigation, self.bar = Navigation(room, self.sections), SettingsBar(room)
        self.broken, self.found = BrokenFile(room), FoundSettings(room, self.sections)
        self.stack = QStackedWidget()
        self.homeless, self.show_text = SaidLine(room), button(p.SHOW_TEXT, "link")
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()
        self._wire()
        self.setFocusProxy(self.navigation.list)
        self.go(0)
        self.editing.open()

    @property
    def section(self) -> Section:
        """The one that is chosen."""
        return self.sections[max(0, self.navigation.list.currentRow())]

    def tick(self, now: datetime) -> None:
        del now
        self._ticks += 1
        if self.isVisible() and self._ticks % LOOK_EVERY == 0:
            self.editing.look_elsewhere()

    def search(self, text: str) -> None:
        self.navigation.search.setText(text)

    def go(self, place: int) -> None:
        self._shows_text = False
        self.navigation.mark(place)
        self._show(self.editing.state)

    def show_part(self, name: str) -> None:
        """A section by its name; without one the settings as they were left."""
        places = [place for place, one in enumerate(self.sections) if one.title == name]
        if places:
            self.navigation.search.clear()
            self.go(places[0])
            self.section.take_keyboard()

    def lead_to(self, steps: Steps) -> None:
        """Shows the section that has a key, and puts the keyboard into its field."""
        place = self.place_of(steps)
        if place >= 0:
            self.navigation.search.clear()
            self.go(place)
            self.section.lead_to(steps)

    def place_of(self, steps: Steps) -> int:
        """Of the section that has a key; -1 where none has."""
        return place_of(self.sections, steps)

    def _show(self, state: State) -> None:
        self.bar.show_state(state)
        self.navigation.show_state(state)
        self._show_homeless(state)
        self.section.show_state(state)
        if state.fault is not None or self._shows_text:
            self.broken.show_state(state)
            self.stack.setCurrentWidget(self.broken)
        elif self.navigation.search.text().strip():
            self.stack.setCurrentWidget(self.found)
        else:
            self.stack.setCurrentWidget(self.section)
        if self._leads and self.editing.state.edition:
            steps, self._leads = self._leads, ()
            self.lead_to(steps)

    def _show_homeless(self, state: State) -> None:
        """What is wrong with the file and has no place on any page: a section that nobody knows."""
        homeless = [one for one in state.problems if state.fault is None and self.place_of(one.steps) < 0]
        told = " ".join(p.at_place(one.where, one.text) for one in homeless)
        self.homeless.say(told)
        self.show_text.setVisible(bool(told))

    def _open_text(self) -> None:
        self._shows_text = True
        self._show(self.editing.state)

    def _search(self, text: str) -> None:
        self.found.search(text)
        self._show(self.editing.state)

    def _fail(self, text: str) -> None:
        self.broken.show_unreadable(text)
        self.stack.setCurrentWidget(self.broken)

    # saving

    def _stopped(self, text: str, error: Any) -> None:
        editing = self.editing
        match error:
            case ChangedElsewhere():
                self._ask_whose(text)
            case NotSound() if editing.state.fault is None:
                self.bar.say(text, Tone.LATE, ((p.SAVE_UNSOUND, lambda: editing.save(unsound=True)),))
                self._lead_to_first_problem()
            case _:
                self.bar.say(text)

    def _ask_whose(self, text: str) -> None:
        offers = ((p.TAKE_THEIRS, self.editing.open), (p.WRITE_OVER, lambda: self.editing.save(over=True)))
        self.bar.say(text, Tone.SOON, offers)

    def _lead_to_first_problem(self) -> None:
        wrong = [one.steps for one in self.editing.state.problems if not one.is_warning and one.steps]
        if wrong:
            self.lead_to(wrong[0])

    def _saved(self, text: str) -> None:
        self.bar.say(text, Tone.OK if text in {p.SAVED, p.SAVED_ONLY} else Tone.LATE)

    def _discard(self) -> None:
        self.editing.open()
        self.bar.say(p.DISCARDED, Tone.MUTED)

    # what takes the place of a section

    def _show_added(self, section: str, widget: Step) -> None:
        one = self.sections[self.place_of((section,))]
        one.close_entry()
        one.show_page(widget, one.title)
        widget.take_keyboard()

    def _show_done(self, steps: Steps) -> None:
        self._leads = steps

    def _watch_entry(self, section: Section) -> None:
        entry = section.open_entry
        if isinstance(entry, FeedPart):
            entry.mapping_wanted.connect(self.adding.remap)

    def _wire(self) -> None:
        editing = self.editing
        editing.changed.connect(self._show)
        editing.unreadable.connect(self._fail)
        editing.saved.connect(self._saved)
        editing.stopped.connect(self._stopped)
        editing.elsewhere.connect(lambda: self._ask_whose(p.elsewhere(editing.state.change_count)))
        self.adding.page.connect(self._show_added)
        self.adding.done.connect(self._show_done)
        self.adding.said.connect(lambda text: self.bar.say(text, Tone.SOON))
        self.navigation.went.connect(self._went)
        self.navigation.searched.connect(self._search)
        self.found.chosen.connect(self.lead_to)
        self.bar.save_wanted.connect(self._save)
        self.show_text.clicked.connect(self._open_text)
        self.bar.discard_wanted.connect(self._discard)
        self.bar.undo_wanted.connect(editing.undo)
        self.broken.retyped.connect(editing.retype)
        self.broken.again.connect(editing.open)
        for section in self.sections:
            section.opened.connect(self._watch_entry)
        on_key(self, p.SAVE_KEY, self._save)
        on_key(self, p.UNDO_KEY, editing.undo)
        self._room.theme.changed.connect(self._fold)
        self._fold()

    def _went(self, _place: int) -> None:
        self._shows_text = False
        if self.navigation.search.text():
            self.navigation.search.clear()
        self.section.close_entry()
        self._show(self.editing.state)

    def _save(self) -> None:
        if self.editing.state.is_changed:
            self.bar.say(p.SAVING, Tone.MUTED)
            self.editing.save()

    def _lay_out(self) -> None:
        for widget in (self.broken, self.found, *self.sections):
            self.stack.addWidget(widget)
        tight(self._sides)
        self._sides.addWidget(self.navigation)
        self._sides.addWidget(self.stack, 1)
        column = QVBoxLayout(self)
        tight(column)
        strip = QHBoxLayout()
        tight(strip, (24, 0, 24, 0), 8)
        strip.addWidget(self.homeless, 1)
        strip.addWidget(self.show_text)
        column.addLayout(strip)
        column.addLayout(self._sides, 1)
        column.addWidget(self.bar)

    def resizeEvent(self, event: Any) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """Where there is no room beside the fields, the sections stand above them."""
        theme = self._room.theme
        beside = self.width() >= theme.px(BESIDE_FROM)
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._sides.setDirection(way)
        self.navigation.fold(folded=not beside)
        self.navigation.setMinimumWidth(theme.px(NAVIGATION) if beside else 0)
        self.navigation.setMaximumWidth(theme.px(NAVIGATION) if beside else WIDEST)
