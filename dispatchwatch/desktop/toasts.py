"""Toasts: through whatever the system has, best first, and in the window itself when it has nothing."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count

from dispatchwatch.app.events import ToastWanted
from dispatchwatch.desktop.bridge import Bridge
from dispatchwatch.desktop.toast import Ability, Absent, Action, Closed, Toast, ToastBackend

logger = logging.getLogger(__name__)

RESTS_FOR = 60.0
REMEMBERED = 500
FOR_GOOD = float("inf")

Press = Callable[[ToastWanted, Action], None]


@dataclass(frozen=True, slots=True)
class Shown:
    """A toast that was taken. `open_alerts` are those of its alerts that waited for a person then."""

    toast: Toast
    backend: ToastBackend
    open_alerts: frozenset[int]


class Toaster:
    """Tries one way after the other, and has the desk note what became of each.

    `press` hears of what is pressed. `is_open` says whether an alert waits for a person; one it does not know does.
    `steady` gives seconds of a clock that is never set.
    """

    def __init__(
        self,
        backends: Sequence[ToastBackend],
        bridge: Bridge,
        *,
        press: Press = lambda _wanted, _action: None,
        is_open: Callable[[int], bool] = lambda _number: True,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.backends = tuple(backends)
        self._bridge = bridge
        self._press = press
        self._is_open = is_open
        self._steady = steady
        self._numbers = count(1)
        self._rests_until: dict[str, float] = {}
        self._shown: dict[int, Shown] = {}

    async def show(self, wanted: ToastWanted) -> None:
        toast = self._toast(wanted, partial(self._press, wanted))
        for backend in self.backends:
            if self._rests_until.get(backend.name, 0.0) > self._steady():
                continue
            problem = await self._try(backend, toast)
            await self._note(wanted, backend.name, problem)
            if not problem:
                return

    async def test(self, backend: ToastBackend, wanted: ToastWanted, pressed: Callable[[Action], None]) -> str:
        """Shows a toast through this way, whether it rests or not. The problem, in words; empty if it was taken."""
        problem = await self._try(backend, self._toast(wanted, pressed))
        await self._note(wanted, backend.name, problem)
        return problem

    async def check(self, backend: ToastBackend) -> Ability:
        """What this way can do here. Raises why it can't do anything; otherwise the next toast tries it."""
        ability = await backend.check()
        self._rests_until.pop(backend.name, None)
        return ability

    async def get_ready(self) -> None:
        """Finds out before the first toast which ways there are."""
        for backend in self.backends:
            try:
                await self.check(backend)
            except Exception as problem:  # noqa: BLE001 - whatever it is, the next way is there
                self._rest(backend, problem)
            else:
                return

    async def withdraw_settled(self) -> None:
        """Takes back the toasts all of whose alerts somebody has taken on, or are over."""
        over = [one for one in self._shown.values() if one.open_alerts and not any(map(self._is_open, one.open_alerts))]
        for one in over:
            del self._shown[one.toast.number]
        for one in over:
            try:
                await one.backend.withdraw(one.toast.number)
            except Exception as problem:  # noqa: BLE001 - it stays where it is, and its buttons still say what is true
                logger.info("Toast %s could not be taken back: %s", one.toast.number, problem)

    async def leave(self) -> None:
        for backend in self.backends:
            try:
                await backend.leave()
            except Exception as problem:  # noqa: BLE001 - the program ends all the same
                logger.info("%s did not end well: %s", backend.name, problem)

    def _toast(self, wanted: ToastWanted, pressed: Callable[[Action], None]) -> Toast:
        return Toast(next(self._numbers), wanted, pressed)

    async def _try(self, backend: ToastBackend, toast: Toast) -> str:
        """The problem, in words; empty if the toast was taken."""
        try:
            await backend.show(toast)
        except Exception as problem:  # noqa: BLE001 - a toast is only a hint; whatever broke it, the next way is tried
            self._rest(backend, problem)
            return in_words(problem)
        self._rests_until.pop(backend.name, None)
        open_alerts = frozenset(filter(self._is_open, toast.wanted.alert_ids))
        self._shown[toast.number] = Shown(toast, backend, open_alerts)
        if len(self._shown) > REMEMBERED:
            del self._shown[next(iter(self._shown))]
        return ""

    def _rest(self, backend: ToastBackend, problem: Exception) -> None:
        """What is closed is not asked again at every toast, which would only record the same each time."""
        if isinstance(problem, Absent):
            self._rests_until[backend.name] = self._steady() + RESTS_FOR
        elif isinstance(problem, (Closed, NotImplementedError, ImportError, FileNotFoundError)):
            self._rests_until[backend.name] = FOR_GOOD

    async def _note(self, wanted: ToastWanted, backend: str, problem: str) -> None:
        numbers = wanted.alert_ids
        try:
            await self._bridge.ask(
                lambda engine: engine.perform(lambda desk, now: desk.toast_shown(numbers, backend, problem, now))
            )
        except Exception:
            logger.exception("The toast of alerts %s through %s could not be noted", numbers, backend)


def in_words(problem: BaseException) -> str:
    return str(problem) or type(problem).__name__
