"""The alerts that a search in the history found."""

from __future__ import annotations

from dispatchwatch.app.view import AlertLine
from dispatchwatch.desktop.alerts.model import AlertsModel
from dispatchwatch.desktop.placed_model import Place
from dispatchwatch.domain.alert import Alert


class PastModel(AlertsModel):
    """The latest first. Nothing here is new to anybody."""

    def replace_all(self, lines: tuple[AlertLine, ...]) -> None:
        numbers = {line.alert.id for line in lines}
        self.leave(set(self._entries) - numbers)
        for line in lines:
            self.renew(line.alert.id, line)
        self.settle()

    def place_of(self, line: AlertLine) -> Place:
        return -line.alert.raised_at.timestamp(), -line.alert.id, line.alert.id

    def shows(self, line: AlertLine) -> bool:  # noqa: ARG002
        return True

    def is_new(self, alert: Alert) -> bool:  # noqa: ARG002
        return False

    def missed(self, alert: Alert) -> bool:  # noqa: ARG002
        return False
