"""Adding what takes more than an empty entry: a channel begins with its platform, a feed with being mapped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from dispatchwatch.app.key_path import Steps, value_at
from dispatchwatch.app.mapping import Office, office_of
from dispatchwatch.app.mapping_stages import Stage, changing
from dispatchwatch.app.settings.session import SettingsSession
from dispatchwatch.desktop import settings_phrases
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.platform_list import PlatformList
from dispatchwatch.desktop.mapping.wizard import MappingWizard
from dispatchwatch.desktop.settings.editing import Editing
from dispatchwatch.desktop.settings.lines import platform_name
from dispatchwatch.desktop.settings.surroundings import named
from dispatchwatch.desktop.tasks import aside


class Adding(QObject):
    """`page` carries a widget to be shown in place of the section of the same name, which comes first. `done` the steps
    of what is there now; `said` a sentence: why it can’t be done."""

    page = Signal(str, object)
    done = Signal(object)
    said = Signal(str)

    def __init__(self, room: DeskRoom, editing: Editing, parent: QObject) -> None:
        super().__init__(parent)
        self._room, self._editing = room, editing

    def channel(self) -> None:
        platforms = PlatformList(self._room)
        platforms.setProperty("scrolls", True)
        platforms.chosen.connect(self._add_channel)
        self.page.emit("channel", platforms)

    def feed(self) -> None:
        """The wizard writes the file itself, so nothing else may be waiting to be written."""
        if self._editing.state.is_changed:
            self.said.emit(settings_phrases.SAVE_FIRST)
        else:
            self._room.tasks.spawn(self._open_wizard())

    def remap(self, steps: Steps) -> None:
        self._room.tasks.spawn(self._open_again(steps))

    def _add_channel(self, platform: str) -> None:
        state = self._editing.state
        steps: Steps = ("channel", len(state.values.get("channel", ())))
        name = settings_phrases.free_name(platform, set(named(state.values, "channel")))
        words = settings_phrases.added(platform_name(platform))
        entry = {"name": name, "platform": platform}
        self._editing.do(steps, lambda session: session.add(("channel",), entry), words)
        self.done.emit(steps)

    async def _open_wizard(self) -> None:
        office = await aside(self._office)
        if isValid(self):
            wizard = MappingWizard(self._room, office)
            wizard.finished.connect(self._take_feed)
            self._show(wizard)

    async def _open_again(self, steps: Steps) -> None:
        stage = await aside(self._stage, steps)
        if isValid(self):
            wizard = MappingWizard(self._room, stage.session.office, stage=stage)
            wizard.mapped.connect(lambda entry, profile: self._take_mapping(steps, entry, profile))
            self._show(wizard)

    def _show(self, wizard: QWidget) -> None:
        wizard.setProperty("scrolls", True)
        self.page.emit("feed", wizard)

    def _take_feed(self, _name: str) -> None:
        self._editing.look_elsewhere()

    def _take_mapping(self, steps: Steps, entry: Mapping[str, Any], profile: Mapping[str, Any]) -> None:
        name = str(value_at(self._editing.state.values, (*steps, "profile")) or entry.get("name", ""))

        def deed(session: SettingsSession) -> None:
            session.set(steps, {**entry, "profile": name} if profile else entry)
            if profile:
                session.set(("profile", name), profile)

        self._editing.do(steps, deed, settings_phrases.changed(steps[:1]))
        self.done.emit(steps)

    def _office(self) -> Office:
        files, config = self._room.files, self._editing.state.config
        if config is None:
            raise RuntimeError("no feed is added to a configuration that can’t be read")
        return office_of(config, files.secrets, is_new=not files.config.exists())

    def _stage(self, steps: Steps) -> Stage:
        config = self._editing.state.config
        entry = dict(value_at(self._editing.state.values, steps) or {})
        office = self._office()
        profile = config.profiles.get(str(entry.get("profile"))) if config else None
        feed = config.feeds[int(steps[1])] if config else None
        found = profile or (config.profile_of(feed) if config and feed else None)
        if found is None:
            raise RuntimeError("no feed is mapped in a configuration that can’t be read")
        return changing(entry, found, office)
