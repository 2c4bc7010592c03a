"""One editing of the configuration, seen from the window: everything that blocks is done in a thread, in its order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr
from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from dispatchwatch.app.config import Config, ConfigError, Problem
from dispatchwatch.app.deeds import Actor
from dispatchwatch.app.keeping_secrets import KeepError, can_keep
from dispatchwatch.app.key_path import Steps
from dispatchwatch.app.settings.changes import changes
from dispatchwatch.app.settings.errors import SettingsError
from dispatchwatch.app.settings.session import SettingsSession
from dispatchwatch.desktop import settings_phrases
from dispatchwatch.desktop.bridge import EngineNotThere
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.settings.state import State
from dispatchwatch.desktop.tasks import aside

PAUSE = 150
MOST_UNDONE = 100


@dataclass(frozen=True, slots=True)
class Edit:
    """`deed` is what is done at `steps`; `words` say what undoing it takes back. One that `is_structural` makes the
    forms show anew what stands in the file."""

    steps: Steps
    deed: Callable[[SettingsSession], object]
    words: str
    is_structural: bool = True


class Editing(QObject):
    """`changed` carries a State, `refused` the steps and why nothing was changed there, `unreadable` why the file can't
    be read at all. `saved` carries a sentence; `stopped` one that says why nothing was saved, and its error.
    `opened_with` is what the file said before anything was edited, None where nothing could run with it.
    `elsewhere`: somebody else has changed the file while something here is not saved.
    """

    changed = Signal(object)
    refused = Signal(object, str)
    unreadable = Signal(str)
    saved = Signal(str)
    stopped = Signal(str, object)
    elsewhere = Signal()

    def __init__(self, room: DeskRoom, parent: QObject) -> None:
        super().__init__(parent)
        self._room = room
        self.state = State()
        self._session: SettingsSession | None = None
        self.opened_with: Config | None = None
        self._before: Mapping[str, Any] = {}
        self._past: list[tuple[str, Edit]] = []
        self._waiting: list[Edit] = []
        self._edition = 0
        self._can_keep = True
        self._one_by_one = asyncio.Lock()
        self._soon = QTimer(self, singleShot=True, interval=PAUSE)
        self._soon.timeout.connect(self._begin)

    # asking

    def open(self) -> None:
        """Reads the file, or reads it anew; what was not saved is lost."""
        self._waiting.clear()
        self._spawn(self._open)

    def set(self, steps: Steps, value: Any, typed: Mapping[Steps, SecretStr] | None = None) -> None:
        """Puts a value there, None to take it out. `typed` are secrets by the steps that lead to them from there."""
        secrets = {(*steps, *rest): secret for rest, secret in (typed or {}).items()}

        def deed(session: SettingsSession) -> None:
            session.set(steps, value)
            for place, secret in secrets.items():
                session.type_secret(place, secret)

        # Whoever types changes the same key again and again: what counts is the last of it.
        self._waiting = [one for one in self._waiting if one.is_structural or one.steps != steps]
        self._waiting.append(Edit(steps, deed, settings_phrases.changed(steps), is_structural=False))
        self._soon.start()

    def do(self, steps: Steps, deed: Callable[[SettingsSession], object], words: str) -> None:
        """Changes more than one key: an entry that comes, goes or moves."""
        self._waiting.append(Edit(steps, deed, words))
        self._begin()

    def undo(self) -> None:
        self._spawn(self._undo)

    def retype(self, text: str) -> None:
        """Puts another text in place of the whole file."""
        self._waiting = [Edit((), lambda session: session.retype(text), settings_phrases.TEXT_EDITED)]
        self._soon.start()

    def save(self, *, over: bool = False, unsound: bool = False) -> None:
        self._spawn(lambda: self._save(over=over, unsound=unsound))

    def look_elsewhere(self) -> None:
        """Takes what somebody else has written into the file; says so where something here would be lost by it."""
        if self._session is not None and not self._one_by_one.locked():
            self._spawn(self._look_elsewhere)

    # in their order

    def _begin(self) -> None:
        self._soon.stop()
        self._spawn(self._work)

    def _spawn(self, make: Callable[[], Any]) -> None:
        self._room.tasks.spawn(self._alone(make))

    async def _alone(self, make: Callable[[], Any]) -> None:
        async with self._one_by_one:
            if isValid(self):
                await make()

    async def _open(self) -> None:
        try:
            self._show(await aside(self._opened))
        except SettingsError as error:
            self.unreadable.emit(str(error))

    async def _work(self) -> None:
        edits, self._waiting = self._waiting, []
        if not edits or self._session is None:
            return
        state, refused = await aside(self._edited, self._session, edits)
        self._show(state)
        for steps, text in refused:
            self.refused.emit(steps, text)

    async def _undo(self) -> None:
        await self._work()
        if self._past and self._session is not None:
            self._show(await aside(self._undone, self._session))

    async def _save(self, *, over: bool, unsound: bool) -> None:
        await self._work()
        session = self._session
        if session is None:
            return
        actor = Actor(self._room.user, "settings")

        def save() -> None:
            session.save(over=over, unsound=unsound)

        try:
            said = await self._saved(save, actor)
        except (SettingsError, KeepError) as error:
            self.stopped.emit(str(error), error)
            return
        self._past.clear()
        self._before = session.values
        self._show(await aside(self._look, session))
        self.opened_with = self.state.config
        self.saved.emit(said)

    async def _saved(self, save: Callable[[], None], actor: Actor) -> str:
        try:
            problems = await self._room.bridge.ask(lambda engine: engine.reconfigure(save, actor))
        except EngineNotThere:
            await aside(save)
            return settings_phrases.SAVED_ONLY
        wrong = [one for one in problems if not one.is_warning]
        return settings_phrases.saved_in_vain(wrong[0].where, wrong[0].text) if wrong else settings_phrases.SAVED

    async def _look_elsewhere(self) -> None:
        session = self._session
        if session is None or not await aside(lambda: session.changed_elsewhere):
            return
        if self.state.is_changed or self._waiting:
            self.elsewhere.emit()
        else:
            await self._open()

    def _show(self, state: State) -> None:
        if isValid(self):
            self.state = state
            self.changed.emit(state)

    # in a thread

    def _opened(self) -> State:
        files = self._room.files
        if self._session is None:
            self._session = SettingsSession(files.config, files.secrets)
            self._can_keep = can_keep(files.secrets)
        else:
            self._session.reload()
        self._before = self._session.values
        self._past.clear()
        self._edition += 1
        state = self._look(self._session)
        self.opened_with = state.config
        return state

    def _edited(self, session: SettingsSession, edits: list[Edit]) -> tuple[State, list[tuple[Steps, str]]]:
        refused = []
        for edit in edits:
            before = session.text
            try:
                edit.deed(session)
            except (SettingsError, KeepError) as error:
                refused.append((edit.steps, str(error)))
            self._edition += edit.is_structural
            if session.text != before:
                self._remember(before, edit)
        return self._look(session), refused

    def _remember(self, before: str, edit: Edit) -> None:
        """Several changes of one key in a row are undone as one."""
        last = self._past[-1][1] if self._past else None
        if last is None or last.is_structural or edit.is_structural or last.steps != edit.steps:
            self._past = [*self._past[-MOST_UNDONE:], (before, edit)]

    def _undone(self, session: SettingsSession) -> State:
        text, _ = self._past.pop()
        session.retype(text)
        self._edition += 1
        return self._look(session)

    def _look(self, session: SettingsSession) -> State:
        config, problems = _read(session)
        return State(
            values=session.values,
            text=session.text,
            problems=problems,
            changes=changes(self._before, session.values) if session.fault is None else (),
            fault=session.fault,
            fault_line=session.fault_line,
            is_changed=session.is_changed,
            can_keep=self._can_keep,
            undoes=self._past[-1][1].words if self._past else "",
            edition=self._edition,
            config=config,
        )


def _read(session: SettingsSession) -> tuple[Config | None, tuple[Problem, ...]]:
    try:
        config = session.config()
    except ConfigError as error:
        return None, error.problems
    return config, config.warnings
