"""Whether this computer reaches anything: the system tells it, and so do all feeds and channels failing at once."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtNetwork import QNetworkInformation

from dispatchwatch.app.events import StatusChanged
from dispatchwatch.desktop import toast_phrases
from dispatchwatch.desktop.bridge import Bridge
from dispatchwatch.desktop.strip import Line, Strip
from dispatchwatch.desktop.tasks import Tasks
from dispatchwatch.desktop.tokens import Tone

TOPIC = "network"
BACK_FOR = 20_000
OUTSIDE = frozenset({"json", "caldav"})
"""Kinds of feeds that need the network always; a folder or a calendar may lie on this computer."""
FEWEST = 2

Reachability = QNetworkInformation.Reachability


class Network(QObject):
    """Says it once when the network goes, has everything tried when it comes back, and says that too."""

    def __init__(self, strip: Strip, bridge: Bridge, tasks: Tasks, log: Callable[[BaseException], None]) -> None:
        super().__init__(strip)
        self._strip = strip
        self._bridge = bridge
        self._tasks = tasks
        self._log = log
        self._is_gone = False
        self._fails = False
        self._reached: frozenset[tuple[str, datetime]] = frozenset()
        self._later = QTimer(self, singleShot=True, interval=BACK_FOR)
        self._later.timeout.connect(self._drop)
        bridge.status_changed.connect(self._take_status)

    def listen(self) -> None:
        """Hears the system from here on, where it tells."""
        if QNetworkInformation.loadBackendByFeatures(QNetworkInformation.Feature.Reachability):
            told = QNetworkInformation.instance()
            told.reachabilityChanged.connect(self.hear)
            self.hear(told.reachability())

    @Slot(object)
    def hear(self, reachability: Reachability) -> None:
        """Unknown is no news. A network that reaches this computer alone is none."""
        if reachability is Reachability.Unknown:
            return
        was_gone, self._is_gone = self._is_gone, reachability is Reachability.Disconnected
        if self._is_gone and not was_gone:
            self._later.stop()
            self._strip.say(TOPIC, Line(toast_phrases.NO_NETWORK, "failed", Tone.LATE))
        elif was_gone and not self._is_gone:
            self._come_back()

    @Slot(object)
    def _take_status(self, status: StatusChanged) -> None:
        failed, self._fails = self._fails, nothing_reached(status)
        before, self._reached = self._reached, what_was_reached(status)
        if self._is_gone or failed == self._fails:
            return
        if self._fails:
            self._later.stop()
            self._strip.say(TOPIC, Line(toast_phrases.NOTHING_REACHED, "failed", Tone.LATE))
        elif self._reached - before:
            self._come_back()
        else:
            self._strip.drop(TOPIC)

    def _come_back(self) -> None:
        self._fails = False
        self._strip.say(TOPIC, Line(toast_phrases.NETWORK_BACK, "done", Tone.OK))
        self._later.start()
        self._tasks.spawn(self._try_everything(self._bridge.ask(lambda engine: engine.network_back())))

    async def _try_everything(self, asked: Coroutine[Any, Any, None]) -> None:
        """Where the engine can't, it tries by itself a little later."""
        try:
            await asked
        except Exception as problem:  # noqa: BLE001 - a person can do nothing about it, and need not
            self._log(problem)

    @Slot()
    def _drop(self) -> None:
        self._strip.drop(TOPIC)


def nothing_reached(status: StatusChanged) -> bool:
    """Whether everything that needs the network fails, and that is more than one thing.

    A channel that has nothing to send tells nothing; one that is paused was reached.
    """
    feeds = [bool(feed.problem) for feed in status.feeds if feed.kind in OUTSIDE]
    lanes = [lane.resting_until is not None for lane in status.lanes if lane.waiting and not lane.paused]
    tried = [*feeds, *lanes]
    return len(tried) >= FEWEST and all(tried)


def what_was_reached(status: StatusChanged) -> frozenset[tuple[str, datetime]]:
    """What outside was last reached, and when: whatever is new here was reached since."""
    feeds = ((feed.name, feed.last_good_at) for feed in status.feeds if feed.kind in OUTSIDE)
    lanes = ((lane.channel, lane.last_success_at) for lane in status.lanes)
    return frozenset((name, at) for name, at in (*feeds, *lanes) if at is not None)
