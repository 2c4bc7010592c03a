from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytestqt.qtbot import QtBot

from dispatchwatch.app.events import AlertsChanged
from dispatchwatch.desktop import preferences as kept
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.muting import Muting
from dispatchwatch.desktop.open_alerts import OpenAlerts
from dispatchwatch.desktop.preferences import PREFERENCES, Preferences
from dispatchwatch.desktop.ringing import Ringing
from dispatchwatch.desktop.silence import QuietHours, Silence
from dispatchwatch.desktop.sounds import FILES, Sounds, find_player
from dispatchwatch.domain.alert import AlertState, Severity
from tests.desktop import pictures
from tests.desktop.conftest import RESOURCES

CHICAGO = ZoneInfo("America/Chicago")
NOON = datetime(2026, 11, 10, 18, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 11, 6, tzinfo=UTC)


class Heard:
    """The sounds of a room, as a test hears them. `plays` says whether this computer can play any."""

    def __init__(self, room: DeskRoom, preferences: Preferences, *, plays: bool = True) -> None:
        self.files: list[str] = []
        self.bells = 0
        self.plays = plays
        self.silence = Silence(preferences, CHICAGO)
        self.sounds = Sounds(Path("sounds"), room.tasks, self.silence, self._ring, self._play)

    def _play(self, path: Path) -> bool:
        if self.plays:
            self.files.append(path.name)
        return self.plays

    def _ring(self) -> None:
        self.bells += 1


@pytest.fixture
def heard(room: DeskRoom, preferences: Preferences) -> Heard:
    return Heard(room, preferences)


@pytest.fixture
def settle(qtbot: QtBot) -> Callable[[Coroutine[Any, Any, Any]], Any]:
    def one(work: Coroutine[Any, Any, Any]) -> Any:
        task = asyncio.get_running_loop().create_task(work)
        qtbot.waitUntil(task.done)
        return task.result()

    return one


@pytest.mark.parametrize(
    ("there", "player"),
    [({"paplay", "aplay"}, "paplay"), ({"aplay"}, "aplay"), (set(), None)],
    ids=["two", "one", "none"],
)
def test_the_first_player_that_is_there_plays(there: set[str], player: str | None) -> None:
    found = find_player("linux", lambda name: name if name in there else None)
    assert (found[0] if found else None) == player


def test_every_severity_has_a_small_sound() -> None:
    for severity in Severity:
        path = RESOURCES / "sounds" / FILES[severity]
        assert path.stat().st_size < 40_000


def test_without_a_player_the_bell_rings_and_says_so(
    room: DeskRoom, preferences: Preferences, qtbot: QtBot, settle: Callable[..., Any]
) -> None:
    heard = Heard(room, preferences, plays=False)
    heard.sounds.play(Severity.HIGH, NOON)
    qtbot.waitUntil(lambda: heard.bells == 1)
    said = settle(heard.sounds.try_out(Severity.CRITICAL))
    assert said.startswith("Nothing on this computer plays sounds: ")
    assert said.endswith("The system’s bell was rung instead.")


def test_what_is_as_grave_waits_until_the_other_was_heard(heard: Heard, qtbot: QtBot) -> None:
    for severity in (Severity.HIGH, Severity.HIGH, Severity.WARNING, Severity.CRITICAL):
        heard.sounds.play(severity, NOON)
    qtbot.waitUntil(lambda: len(heard.files) == 2)
    assert sorted(heard.files) == ["critical.wav", "warning.wav"]
    qtbot.waitUntil(lambda: heard.sounds._playing is None)
    heard.sounds.play(Severity.WARNING, NOON)
    qtbot.waitUntil(lambda: len(heard.files) == 3)


def test_a_test_is_heard_even_while_muted(heard: Heard, preferences: Preferences, settle: Callable[..., Any]) -> None:
    preferences.choose(kept.MUTED, True)
    assert heard.silence.holds_back(Severity.CRITICAL, NOON)
    assert settle(heard.sounds.try_out(Severity.WARNING)) == "Played."
    assert heard.files == ["warning.wav"]


@pytest.mark.parametrize(
    ("start", "end", "at", "holds"),
    [
        (time(22), time(6), MIDNIGHT, True),
        (time(22), time(6), NOON, False),
        (time(11), time(13), NOON, True),
        (time(12), time(13), NOON, True),
        (time(11), time(12), NOON, False),
        (time(8), time(8), NOON, False),
    ],
    ids=["over midnight", "the day", "within", "from", "to", "empty"],
)
def test_quiet_hours_are_those_of_the_office(start: time, end: time, at: datetime, holds: bool) -> None:
    assert QuietHours(start, end, CHICAGO).hold(at) is holds


def test_only_what_is_critical_breaks_through_quiet_hours_if_chosen(heard: Heard, preferences: Preferences) -> None:
    preferences.choose(kept.QUIET, True)
    held = {one for one in Severity if heard.silence.holds_back(one, MIDNIGHT)}
    assert held == set(Severity) - {Severity.CRITICAL}
    preferences.choose(kept.CRITICAL_IN_QUIET, False)
    assert heard.silence.holds_back(Severity.CRITICAL, MIDNIGHT)
    assert not heard.silence.holds_back(Severity.HIGH, NOON)


def test_a_mute_for_a_while_ends_by_itself_and_is_shown(heard: Heard, preferences: Preferences, qtbot: QtBot) -> None:
    moment = [NOON]
    muting = Muting(heard.silence, preferences, "America/Chicago", lambda: moment[0])
    with qtbot.waitSignal(muting.changed) as told:
        muting.mute_for(15)
    assert told.args == [True, "Sounds are muted until 12:15. Click to hear them."]
    moment[0] += timedelta(minutes=15)
    with qtbot.waitSignal(muting.changed) as told:
        muting.tell()
    assert told.args == [False, ""]
    muting.choose(True)
    assert preferences.get(kept.MUTED)
    muting.mute_for(0)
    assert not heard.silence.is_muted(moment[0])
    muting.stop()


def test_a_grave_alert_rings_again_until_somebody_takes_it_on(
    heard: Heard, preferences: Preferences, room: DeskRoom, qtbot: QtBot
) -> None:
    alerts = OpenAlerts(room.bridge, lambda: pictures.NOW)
    ringing = Ringing(alerts, heard.sounds, preferences, lambda: pictures.NOW)
    line = pictures.alerts(pictures.rows(40))[0]
    waiting = replace(line, alert=replace(line.alert, state=AlertState.OPEN, severity=Severity.CRITICAL))
    room.bridge.alerts_changed.emit(AlertsChanged((waiting,)))
    qtbot.waitUntil(ringing._timer.isActive)
    assert ringing._timer.interval() == 60_000
    ringing.ring()
    qtbot.waitUntil(lambda: heard.files == ["critical.wav"])
    preferences.choose(kept.REPEAT_EVERY, 30)
    assert ringing._timer.interval() == 30_000
    taken = replace(waiting, alert=replace(waiting.alert, state=AlertState.ACKNOWLEDGED))
    room.bridge.alerts_changed.emit(AlertsChanged((taken,)))
    qtbot.waitUntil(lambda: not ringing._timer.isActive())
    ringing.stop()


def test_what_is_not_grave_enough_rings_once(
    heard: Heard, preferences: Preferences, room: DeskRoom, qtbot: QtBot
) -> None:
    alerts = OpenAlerts(room.bridge, lambda: pictures.NOW)
    ringing = Ringing(alerts, heard.sounds, preferences, lambda: pictures.NOW)
    line = pictures.alerts(pictures.rows(40))[0]
    mild = replace(line, alert=replace(line.alert, state=AlertState.OPEN, severity=Severity.WARNING))
    with qtbot.waitSignal(alerts.changed):
        room.bridge.alerts_changed.emit(AlertsChanged((mild,)))
    assert not ringing._timer.isActive()
    preferences.choose(kept.REPEAT_FOR, frozenset(Severity))
    assert ringing._timer.isActive()
    ringing.stop()


def test_what_was_chosen_is_kept_and_nonsense_is_the_default(tmp_path: Path) -> None:
    first = Preferences(tmp_path)
    chosen: list[object] = []
    first.changed.connect(chosen.append)
    first.choose(kept.REPEAT_EVERY, 90)
    first.choose(kept.REPEAT_EVERY, 90)
    first.choose(kept.QUIET_FROM, time(21, 30))
    first.choose(kept.SOUND_FOR, frozenset())
    assert chosen == [kept.REPEAT_EVERY, kept.QUIET_FROM, kept.SOUND_FOR]
    again = Preferences(tmp_path)
    assert (again.get(kept.REPEAT_EVERY), again.get(kept.QUIET_FROM)) == (90, time(21, 30))
    assert again.get(kept.SOUND_FOR) == frozenset()
    for one in PREFERENCES:
        again._settings.setValue(one.key, "nonsense")
        assert again.get(one) == one.default
    again._settings.setValue(kept.REPEAT_EVERY.key, "1")
    assert again.get(kept.REPEAT_EVERY) == 10


def test_every_preference_can_be_drawn() -> None:
    assert len({one.key for one in PREFERENCES}) == len(PREFERENCES)
    for one in PREFERENCES:
        assert one.label
        assert one.help.endswith(".")
        assert one.read(one.write(one.default)) == one.default
