"""How one entry of each list is edited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout
from shiboken6 import isValid

from dispatchwatch.app.channel_drafts import ChannelDraft, Outside
from dispatchwatch.app.key_path import Steps, value_at
from dispatchwatch.app.settings.fields import fields_of
from dispatchwatch.app.settings.kinds import Described
from dispatchwatch.desktop import settings_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.channel_form import ChannelForm
from dispatchwatch.desktop.forms.said_line import SaidLine
from dispatchwatch.desktop.forms.text_editors import LineEditor
from dispatchwatch.desktop.pieces import button, label, tight
from dispatchwatch.desktop.settings.editing import Editing
from dispatchwatch.desktop.settings.form_part import FormPart
from dispatchwatch.desktop.settings.lines import route_words
from dispatchwatch.desktop.settings.part import Known, Part
from dispatchwatch.desktop.settings.state import State
from dispatchwatch.desktop.settings.surroundings import surroundings_of
from dispatchwatch.desktop.tokens import Tone
from dispatchwatch.domain.wording.settings import renaming


class EntryPart(FormPart):
    """An entry whose fields are those of its section."""

    def lead_to(self, rest: Steps) -> None:
        if self.form is not None:
            self.form.show_field(str(rest[0]) if rest and rest[0] in self.form.fields else next(iter(self.form.fields)))


def entry_part(room: DeskRoom, editing: Editing, steps: Steps, state: State) -> Part:
    table = value_at(state.values, steps)
    return EntryPart(room, editing, steps, fields_of(str(steps[0])), quiet_at_first=not table)


def override_part(room: DeskRoom, editing: Editing, steps: Steps, state: State) -> Part:
    """What is not different from all other visits is folded away."""
    fields = next(one.fields for one in fields_of("policy") if one.key == "override")
    table = value_at(state.values, steps) or {}
    folded = {one.key for one in fields if one.key != "when" and one.key not in table}
    return EntryPart(room, editing, steps, fields, folded=folded)


class RoutePart(EntryPart):
    """With the route as a sentence above its fields."""

    def __init__(self, room: DeskRoom, editing: Editing, base: Steps, fields: Sequence[Described]) -> None:
        super().__init__(room, editing, base, fields, quiet_at_first=True)
        self.sentence = label(role="strong", wraps=True)
        self.column.addWidget(self.sentence)

    def show_state(self, state: State) -> None:
        super().show_state(state)
        self.sentence.setText(route_words(value_at(state.values, self.base) or {}))


def route_part(room: DeskRoom, editing: Editing, steps: Steps, _state: State) -> Part:
    return RoutePart(room, editing, steps, fields_of("route"))


class FeedPart(EntryPart):
    """Its fields, and the way to have its columns and words mapped with the own data beside them."""

    mapping_wanted = Signal(object)

    def __init__(self, room: DeskRoom, editing: Editing, base: Steps, fields: Sequence[Described]) -> None:
        super().__init__(room, editing, base, fields)
        self._name = ""
        self.map = button(settings_phrases.MAP, says=settings_phrases.MAP_MEANING)
        self.map.clicked.connect(lambda: self.mapping_wanted.emit(self.base))
        self.notice = SaidLine(room)
        self.column.addWidget(self.map)
        self.column.addWidget(self.notice)

    def show_state(self, state: State) -> None:
        super().show_state(state)
        table = value_at(state.values, self.base) or {}
        name = str(table.get("name", ""))
        self._name = self._name or name
        self.notice.say(renaming("feed", self._name) if name != self._name else "", Tone.SOON)
        self.map.setVisible(table.get("kind") != "desk")


def feed_part(room: DeskRoom, editing: Editing, steps: Steps, state: State) -> Part:
    table = value_at(state.values, steps) or {}
    return FeedPart(room, editing, steps, fields_of("feed", str(table.get("kind", ""))))


class ProfilePart(EntryPart):
    """A profile has its name for a key, so it is no field of it."""

    def __init__(self, room: DeskRoom, editing: Editing, base: Steps, fields: Sequence[Described]) -> None:
        super().__init__(room, editing, base, fields)
        self.name = LineEditor(room)
        self.name.says(settings_phrases.PROFILE_NAME, settings_phrases.PROFILE_NAME_HELP)
        self.name.put(str(base[-1]))
        self.name.edit.editingFinished.connect(self._rename)
        for widget in (
            label(settings_phrases.PROFILE_NAME, "label"),
            label(settings_phrases.PROFILE_NAME_HELP, "small", wraps=True),
            self.name,
        ):
            self.column.addWidget(widget)

    def _rename(self) -> None:
        old, new = str(self.base[-1]), str(self.name.value or "").strip()
        if new and new != old:
            words = settings_phrases.changed(self.base)
            self._editing.do(self.base, lambda session: session.rename("profile", old, new), words)
            self.base = ("profile", new)


def profile_part(room: DeskRoom, editing: Editing, steps: Steps, _state: State) -> Part:
    return ProfilePart(room, editing, steps, fields_of("profile"))


class ChannelPart(Part):
    """The form of the channel's platform, with lookups, signing in, and a test."""

    def __init__(self, room: DeskRoom, editing: Editing, base: Steps, state: State) -> None:
        super().__init__()
        self.base = base
        self.setProperty("scrolls", True)
        self._room, self._editing = room, editing
        self._edition = state.edition
        self._told: Mapping[str, str] = {}
        table = dict(value_at(state.values, base) or {})
        self._first_name = str(table.get("name", ""))
        draft = ChannelDraft(table, known_as=self._first_name)
        outside = Outside(room.files.secrets, state.config.way) if state.config else Outside(room.files.secrets)
        self.form = ChannelForm(room, draft, outside, surroundings_of(room, state))
        self.notice = SaidLine(room)
        column = QVBoxLayout(self)
        tight(column, spacing=8)
        column.addWidget(label(settings_phrases.one_of(self.form.platform.name, self._first_name), "title", wraps=True))
        column.addWidget(self.notice)
        column.addWidget(self.form, 1)
        self.form.edited.connect(self._edited)
        editing.refused.connect(self._refuse)

    def show_state(self, state: State) -> None:
        table = dict(value_at(state.values, self.base) or {})
        if state.edition != self._edition:
            self._edition = state.edition
            self.form.put(ChannelDraft(table, known_as=self._first_name))
        name = str(table.get("name", ""))
        self.notice.say(renaming("channel", self._first_name) if name != self._first_name else "", Tone.SOON)
        told = {str(steps[0]) if steps else "": text for steps, text in state.problems_at(self.base).items()}
        if told != self._told:
            self._told = told
            self.form.set_problems(told, takes_keyboard=False)

    def lead_to(self, rest: Steps) -> None:
        if rest and rest[0] in self.form.form.fields:
            self.form.form.show_field(str(rest[0]))
        else:
            self.form.take_keyboard()

    def known(self) -> Iterator[Known]:
        return iter(())

    def _edited(self, key: str, value: Any) -> None:
        self._editing.set((*self.base, key), value, self.form.form.fields[key].editor.typed)

    def _refuse(self, steps: Steps, text: str) -> None:
        if isValid(self) and steps[: len(self.base)] == self.base and len(steps) > len(self.base):
            self.form.set_problems({str(steps[len(self.base)]): text}, takes_keyboard=False)


def channel_part(room: DeskRoom, editing: Editing, steps: Steps, state: State) -> Part:
    """A platform that there is not can only be chosen anew."""
    known = {one.value for field in fields_of("channel") if field.key == "platform" for one in field.options}
    table = value_at(state.values, steps) or {}
    if table.get("platform") in known:
        return ChannelPart(room, editing, steps, state)
    return EntryPart(room, editing, steps, fields_of("channel"))
