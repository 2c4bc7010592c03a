"""From nothing to a board that fills: the schedule, then who is told; one question a page, back at any time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QWidget
from shiboken6 import isValid

from dispatchwatch.app.channel_drafts import ChannelDraft, DraftError, Outside
from dispatchwatch.app.config import Config, ConfigError
from dispatchwatch.app.deeds import Actor
from dispatchwatch.app.keeping_secrets import KeepError
from dispatchwatch.app.mapping import Office, office_of
from dispatchwatch.app.settings.errors import SettingsError
from dispatchwatch.app.settings.session import SettingsSession
from dispatchwatch.desktop import set_up_phrases as p
from dispatchwatch.desktop.bridge import EngineNotThere
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.channel_form import ChannelForm
from dispatchwatch.desktop.forms.editor import Surroundings
from dispatchwatch.desktop.forms.platform_list import PlatformList
from dispatchwatch.desktop.mapping.wizard import MappingWizard
from dispatchwatch.desktop.pieces import on_key
from dispatchwatch.desktop.tasks import aside
from dispatchwatch.desktop.tokens import Tone
from dispatchwatch.desktop.wizard.channel_adding import with_channel
from dispatchwatch.desktop.wizard.done_step import DoneStep
from dispatchwatch.desktop.wizard.frame import Frame
from dispatchwatch.desktop.wizard.kept_draft import FIRST_START

SOURCE, PLATFORM, ACCOUNT, DONE = range(4)
WIDE, HIGH, EDGE = 1120, 760, 24


class FirstStart(QDialog):
    """`start_sample` opens the sample day, and says whether it could. `ended` after it was gone through to the end."""

    ended = Signal()

    def __init__(self, room: DeskRoom, start_sample: Callable[[], bool], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(p.SET_UP)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._room, self._start_sample, self._over = room, start_sample, parent
        self.frame = Frame(room, self)
        self.at = SOURCE
        self.mapping: MappingWizard | None = None
        self.platforms = PlatformList(room)
        self.account: ChannelForm | None = None
        self.done_step = DoneStep(room)
        self._config: Config | None = None
        self._office: Office | None = None
        self._channel = ""
        self._has_feed = False
        self._wire()
        self.frame.say(p.READING, Tone.MUTED)
        room.tasks.spawn(self._begin())

    def open(self) -> None:
        theme, over = self._room.theme, self._over
        wide, high = theme.px(WIDE), theme.px(HIGH)
        self.resize(min(wide, over.width() - 2 * EDGE), min(high, over.height() - 2 * EDGE))
        super().open()

    def reject(self) -> None:
        """It can be gone on with later."""
        self._keep(is_left=True)
        super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter belongs to the page: a dialog would press the first button it finds."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    # where it stands

    async def _begin(self) -> None:
        try:
            config, office = await aside(self._read)
        except (ConfigError, SettingsError):
            if isValid(self):
                self.frame.say(p.MEND_FIRST)
            return
        if not isValid(self):
            return
        self._config, self._office = config, office
        self._has_feed = bool([one for one in config.feeds if one.kind != "desk"])
        draft = self._room.preferences.get(FIRST_START)
        self.platforms.mark(str(draft.values.get("platform", "")))
        self.frame.say("")
        if self._has_feed and draft.values:
            self._go(PLATFORM)
        else:
            self._make_mapping()
            self._go(SOURCE)

    def _make_mapping(self) -> None:
        if self._office is not None and self.mapping is None:
            draft = self._room.preferences.get(FIRST_START)
            self.mapping = MappingWizard(self._room, self._office, draft=draft.mapping if draft.kind else None)
            self.mapping.finished.connect(self._take_feed)
            self.mapping.cancelled.connect(self.reject)
            # Leaving it is “Go on later” here: one button for one deed.
            self.mapping.page.cancel.hide()

    def _go(self, at: int) -> None:
        self.at = at
        if at == SOURCE:
            self._make_mapping()
        steps = {SOURCE: self.mapping, PLATFORM: self.platforms, ACCOUNT: self.account, DONE: self.done_step}
        step = steps[at]
        if step is not None:
            self.frame.show_step(step, at, has_head=at != SOURCE)
        self._show_buttons()
        self._keep(is_left=False)

    def _show_buttons(self) -> None:
        """The mapping has buttons of its own until the feed is saved."""
        frame, has_feed = self.frame, self._has_feed
        is_mapped = self.mapping is not None and self.mapping.is_complete
        frame.back.setVisible(self.at in (PLATFORM, ACCOUNT))
        frame.sample.setVisible(self.at == SOURCE and not is_mapped)
        frame.skip.setVisible(self.at in (SOURCE, PLATFORM, ACCOUNT) and not (self.at == SOURCE and is_mapped))
        frame.skip_as(p.HAS_FEED if self.at == SOURCE and has_feed else p.SKIP)
        frame.later.setVisible(self.at != DONE)
        frame.next.setVisible(self.at != SOURCE or is_mapped)
        frame.next_as({ACCOUNT: p.SAVE, DONE: p.CLOSE}.get(self.at, p.GO_ON))
        self._may_go_on()

    def _may_go_on(self) -> None:
        complete = {
            PLATFORM: self.platforms.is_complete,
            ACCOUNT: self.account is not None and self.account.is_complete,
        }
        self.frame.next.setEnabled(complete.get(self.at, True))

    # what a person does

    def _next(self) -> None:
        if not self.frame.next.isVisible() or not self.frame.next.isEnabled():
            return
        match self.at:
            case n if n == SOURCE:
                self._go(PLATFORM)
            case n if n == PLATFORM:
                self._choose(self.platforms.key)
            case n if n == ACCOUNT:
                self.frame.say(p.SAVING, Tone.MUTED)
                self.frame.next.setEnabled(False)
                self._room.tasks.spawn(self._save())
            case _:
                self._finish()

    def _back(self) -> None:
        if self.at in (PLATFORM, ACCOUNT):
            self.frame.say("")
            self._go(self.at - 1)

    def _skip(self) -> None:
        self.frame.say("")
        self._go(PLATFORM if self.at == SOURCE else DONE)
        if self.at == DONE:
            self._say_what_is_missing()

    def _choose(self, platform: str) -> None:
        if self.account is None or self.account.platform.key != platform:
            kept = self._room.preferences.get(FIRST_START).values
            values = kept if kept.get("platform") == platform else {"platform": platform, "name": platform}
            way = Outside(self._room.files.secrets, self._config.way) if self._config else None
            surroundings = Surroundings(
                base=self._room.files.config.parent, can_keep=self._office is not None and self._office.can_keep
            )
            outside = way or Outside(self._room.files.secrets)
            self.account = ChannelForm(self._room, ChannelDraft(values), outside, surroundings)
            self.account.changed.connect(self._may_go_on)
        self._go(ACCOUNT)

    def _sample(self) -> None:
        opened = self._start_sample()
        self.frame.say(p.SAMPLE_OPENED if opened else p.SAMPLE_FAILED, Tone.OK if opened else Tone.LATE)

    def _take_feed(self, _name: str) -> None:
        """What the source still has to be told stays to be read; else the next question comes at once."""
        self._has_feed = True
        self._room.tasks.spawn(self._have_taken(lambda: None))
        stage = self.mapping.stage if self.mapping is not None else None
        if stage is None or not stage.session.advice():
            self._go(PLATFORM)
        else:
            self._show_buttons()

    async def _save(self) -> None:
        form = self.account
        if form is None:
            return
        try:
            session, name = await aside(with_channel, self._room.files, form.draft)
            await self._have_taken(session.save)
        except DraftError as error:
            self._refuse("", error)
        except (SettingsError, KeepError) as error:
            self._refuse(str(error), None)
        else:
            if isValid(self):
                self._channel = name
                self.frame.say("")
                self._go(DONE)
                self._say_what_is_missing()

    async def _have_taken(self, save: Callable[[], Any]) -> None:
        """Through the engine, which goes on with it at once; without one, it is read when one starts."""
        actor = Actor(self._room.user, "settings")
        try:
            await self._room.bridge.ask(lambda engine: engine.reconfigure(save, actor))
        except EngineNotThere:
            await aside(save)

    def _refuse(self, text: str, error: DraftError | None) -> None:
        if not isValid(self):
            return
        self.frame.say(text)
        self._may_go_on()
        if error is not None and self.account is not None:
            self.account.set_problems(error.problems)

    def _say_what_is_missing(self) -> None:
        schedule = p.FILLS if self._has_feed else p.NO_SCHEDULE
        self.done_step.say(schedule, p.done_with(self._channel) if self._channel else p.NOBODY_TOLD)
        self.frame.next.setFocus()

    def _finish(self) -> None:
        self._room.preferences.choose(FIRST_START, replace(FIRST_START.default, is_left=True))
        self.ended.emit()
        self.accept()

    def _keep(self, *, is_left: bool) -> None:
        """What was typed as a secret is not kept."""
        mapping = self.mapping.draft if self.mapping is not None and not self.mapping.is_complete else None
        told = replace(FIRST_START.default, values=self._open_values(), is_left=is_left)
        if mapping is not None:
            told = replace(told, kind=mapping.kind, name=mapping.name, answers=tuple(mapping.answers))
        self._room.preferences.choose(FIRST_START, told)

    def _open_values(self) -> Mapping[str, Any]:
        """Those of the channel that anybody may see; as long as its form was not opened, what was kept of it."""
        if self.account is None:
            return self._room.preferences.get(FIRST_START).values
        fields = self.account.form.fields
        told = self.account.draft.values.items()
        return {key: one for key, one in told if key not in fields or not fields[key].described.is_private}

    def _read(self) -> tuple[Config, Office]:
        files = self._room.files
        config = SettingsSession(files.config, files.secrets).config()
        return config, office_of(config, files.secrets, is_new=not files.config.exists())

    def _wire(self) -> None:
        frame = self.frame
        frame.next.clicked.connect(self._next)
        frame.back.clicked.connect(self._back)
        frame.skip.clicked.connect(self._skip)
        frame.later.clicked.connect(self.reject)
        frame.sample.clicked.connect(self._sample)
        self.platforms.chosen.connect(self._choose)
        self.platforms.changed.connect(self._may_go_on)
        on_key(self, p.NEXT_KEY, self._next)
        on_key(self, p.BACK_KEY, self._back)
