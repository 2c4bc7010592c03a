"""Many toasts in a short time become one: forty on top of each other are read by nobody."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from dispatchwatch.app.events import ToastWanted
from dispatchwatch.app.view import AlertLine
from dispatchwatch.desktop import toast_phrases
from dispatchwatch.domain.wording.many import how_many

AT_ONCE = 4
SPAN = 20.0
GATHERS_FOR = 4000


class ToastStorm(QObject):
    """Lets `AT_ONCE` toasts within `SPAN` seconds through, and gathers what comes beyond that into one every so often.

    `due` carries the toast to show. `known` are the alerts by their id.
    """

    due = Signal(object)

    def __init__(
        self, known: Callable[[], Mapping[int, AlertLine]], steady: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__()
        self._known = known
        self._steady = steady
        self._recent: deque[float] = deque()
        self._held: list[ToastWanted] = []
        self._timer = QTimer(self, singleShot=True, interval=GATHERS_FOR)
        self._timer.timeout.connect(self.let_out)

    def take(self, wanted: ToastWanted) -> None:
        now = self._steady()
        while self._recent and now - self._recent[0] >= SPAN:
            self._recent.popleft()
        if self._held or len(self._recent) >= AT_ONCE:
            self._held.append(wanted)
            if not self._timer.isActive():
                self._timer.start()
            return
        self._recent.append(now)
        self.due.emit(wanted)

    @Slot()
    def let_out(self) -> None:
        """Shows what was gathered, as one."""
        held, self._held = self._held, []
        if held:
            self._recent.append(self._steady())
            self.due.emit(gathered(held, self._known()))

    def stop(self) -> None:
        self._timer.stop()
        self._held.clear()


def gathered(held: Sequence[ToastWanted], known: Mapping[int, AlertLine]) -> ToastWanted:
    """One toast instead of these, as grave as the worst of them."""
    if len(held) == 1:
        return held[0]
    numbers = tuple(dict.fromkeys(number for one in held for number in one.alert_ids))
    kinds = {known[number].alert.kind for number in numbers if number in known}
    in_order = sorted(held, key=lambda one: -one.severity.rank)
    all_known = len(numbers) > 1 and all(number in known for number in numbers)
    title = how_many(len(numbers), kinds) if all_known else toast_phrases.many_toasts(len(held))
    body = toast_phrases.and_more(list(dict.fromkeys(one.title for one in in_order)))
    return ToastWanted(title, body, in_order[0].severity, numbers)
