"""What a press on a toast does: the same as the button in the window, noted as from a toast."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from dispatchwatch.app.deeds import Result
from dispatchwatch.app.events import ToastWanted
from dispatchwatch.desktop import results_phrases, toast_phrases
from dispatchwatch.desktop.deeds import Deeds
from dispatchwatch.desktop.toast import Action
from dispatchwatch.domain.alert import Severity

SNOOZE_MINUTES = 15
ORIGIN = "toast"


class Leads(Protocol):
    """The window, as far as a toast leads there."""

    def bring_up(self) -> None: ...

    def show_alerts(self, numbers: tuple[int, ...]) -> None: ...

    def isActiveWindow(self) -> bool: ...  # noqa: N802 - Qt's name


class Presses:
    """`tell` shows a toast: a refusal that nobody would see in a window that is not in front."""

    def __init__(self, deeds: Deeds, window: Leads, tell: Callable[[ToastWanted], None]) -> None:
        self._deeds = deeds
        self._window = window
        self._tell = tell
        deeds.answered.connect(self._answered)
        deeds.failed.connect(self._failed)

    def __call__(self, wanted: ToastWanted, action: Action) -> None:
        match action:
            case Action.ACKNOWLEDGE:
                self._deeds.acknowledge(wanted.alert_ids, origin=ORIGIN)
            case Action.SNOOZE:
                self._deeds.snooze(wanted.alert_ids, SNOOZE_MINUTES, origin=ORIGIN)
            case Action.SHOW:
                self._window.bring_up()
                if wanted.alert_ids:
                    self._window.show_alerts(wanted.alert_ids)

    def _answered(self, results: list[Result]) -> None:
        refused = [one for one in results if not one.done]
        if refused:
            self._failed(results_phrases.summary(refused))

    def _failed(self, text: str) -> None:
        if not self._window.isActiveWindow():
            self._tell(ToastWanted(toast_phrases.ANSWER_NOT_SEEN, text, Severity.WARNING, ()))
