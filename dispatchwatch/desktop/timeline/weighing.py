"""What it would cost to give a visit to somebody else: asked of the engine one by one, and kept while one looks."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Signal

from dispatchwatch.app.view import Weighed
from dispatchwatch.desktop.tasks import Tasks
from dispatchwatch.domain.visit import Technician, VisitKey

logger = logging.getLogger(__name__)

Weigh = Callable[[VisitKey, Technician, datetime], Coroutine[Any, Any, Weighed]]
"""Weighs a visit for a technician as of an instant. Changes nothing."""


class Weigher(QObject):
    """`weighed` is emitted when something more is known."""

    weighed = Signal()

    def __init__(self, tasks: Tasks, now: Callable[[], datetime], weigh: Weigh) -> None:
        super().__init__()
        self._tasks = tasks
        self._now = now
        self._weigh = weigh
        self._key: VisitKey | None = None
        self._known: dict[str, Weighed] = {}
        self._wanted: deque[Technician] = deque()
        self._asking = False

    def about(self, key: VisitKey) -> None:
        """From here on it is about this visit; what was known of another is forgotten."""
        if key == self._key:
            return
        self._key = key
        self._known.clear()
        self._wanted.clear()

    def forget(self) -> None:
        """What was known is old by now."""
        self._key = None
        self._known.clear()
        self._wanted.clear()

    def of(self, technician: Technician) -> Weighed | None:
        return self._known.get(technician.identity)

    def want(self, technicians: Iterable[Technician]) -> None:
        """These and no others are waited for now, the first of them first."""
        self._wanted = deque(one for one in technicians if one.identity not in self._known)
        if self._wanted and not self._asking:
            self._asking = True
            self._tasks.spawn(self._ask())

    async def _ask(self) -> None:
        try:
            while self._wanted and self._key is not None:
                key, technician = self._key, self._wanted.popleft()
                weighed = await self._weigh(key, technician, self._now())
                if key == self._key:
                    self._known[technician.identity] = weighed
                    self.weighed.emit()
        except Exception:
            # Shown as not known; whoever looks after the program finds the reason in the log.
            logger.exception("A move could not be weighed")
            self._wanted.clear()
        finally:
            self._asking = False
