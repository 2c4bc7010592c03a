"""The alerts in one of the centre's lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from dispatchwatch.app.view import AlertLine
from dispatchwatch.desktop import alert_phrases, texts
from dispatchwatch.desktop.alert_phrases import Gathering
from dispatchwatch.desktop.alerts.seen import Seen
from dispatchwatch.desktop.grouped_model import Group, GroupedModel, Tag
from dispatchwatch.desktop.my_snoozes import MySnoozes
from dispatchwatch.desktop.placed_model import Index, Place
from dispatchwatch.domain.alert import Alert, AlertState, Severity
from dispatchwatch.domain.wording import headline, zone

OPEN, ACKNOWLEDGED, SNOOZED, RESOLVED = texts.ALERT_TABS
OVER = len(Severity)


class AlertsModel(GroupedModel[int, AlertLine]):
    """What came and went while nobody looked stays in the open list, marked as new, until it was seen.

    An alert is snoozed if it is for the office, or for whoever sits here.
    """

    counted = Signal()

    def __init__(
        self, seen: Seen, snoozes: MySnoozes, now: datetime, zone_name: str, parent: QObject | None = None
    ) -> None:
        super().__init__((texts.ALERTS,), parent)
        self._seen = seen
        self._snoozes = snoozes
        self._zone = zone(zone_name)
        self._now = now
        self._next_waking: datetime | None = None
        self.tab = OPEN
        self.gathering = Gathering.NOTHING
        seen.changed.connect(self._look_again)
        snoozes.changed.connect(self._find_places)

    def take(self, lines: tuple[AlertLine, ...]) -> None:
        self._seen.meet(line.alert for line in lines)
        for line in lines:
            self.renew(line.alert.id, line)
            self._note_waking(line.alert)
        self.settle()
        self.counted.emit()

    def show_tab(self, tab: str) -> None:
        if tab != self.tab:
            self.tab = tab
            self.rebuild()

    def gather(self, by: Gathering) -> None:
        if by is not self.gathering:
            self.gathering = by
            self.gather_anew()
            self.rebuild()

    def tick(self, now: datetime) -> None:
        """A snooze ends with time alone."""
        self._now = now
        if self._next_waking is not None and now >= self._next_waking:
            self._find_places()

    def counts(self) -> Counter[str]:
        return Counter(self.tab_of(line.alert) for line in self.lines())

    def is_open(self, number: int) -> bool:
        """Whether nobody is on it yet; an alert that is not known here yet is."""
        line = self.line_of(number)
        return line is None or line.alert.state is AlertState.OPEN

    def tab_of(self, alert: Alert) -> str:
        if alert.state is AlertState.RESOLVED:
            today = self._now.astimezone(self._zone).date()
            ended = alert.resolved_at
            return RESOLVED if ended is None or ended.astimezone(self._zone).date() == today else ""
        if alert.snoozed(self._now) or self.mine_until(alert) is not None:
            return SNOOZED
        return OPEN if alert.state is AlertState.OPEN else ACKNOWLEDGED

    def mine_until(self, alert: Alert) -> datetime | None:
        """Until when whoever sits here has put it aside for himself."""
        return self._snoozes.until(alert, self._now)

    def missed(self, alert: Alert) -> bool:
        return alert.state is AlertState.RESOLVED and not self._seen.has(alert.id)

    def is_new(self, alert: Alert) -> bool:
        return not self._seen.has(alert.id)

    def place_of(self, line: AlertLine) -> Place:
        """The worst first, then the newest; what is over comes last."""
        alert = line.alert
        over = alert.state is AlertState.RESOLVED
        when = alert.resolved_at if over and alert.resolved_at else alert.raised_at
        return over, 0 if over else -alert.severity.rank, -when.timestamp(), alert.id

    @property
    def gathers(self) -> bool:
        return self.gathering is not Gathering.NOTHING

    def tag_of(self, line: AlertLine) -> Tag:
        alert = line.alert
        over = alert.state is AlertState.RESOLVED
        name = group_name(alert, self.gathering)
        return Group(name.casefold(), name), (OVER if over else OVER - 1 - alert.severity.rank, alert.severity.value)

    def words_of(self, line: AlertLine) -> str:
        alert = line.alert
        return "\n".join((alert.ext_id, alert.feed, alert.note, *alert.facts.values())).casefold()

    def shows(self, line: AlertLine) -> bool:
        tab = self.tab_of(line.alert)
        return tab == self.tab or (self.tab == OPEN and self.missed(line.alert))

    def data(self, index: Index, role: int = 0) -> Any:
        if not index.isValid():
            return None
        heading = self.heading_at(index.row())
        if heading is not None:
            wanted = {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}
            return alert_phrases.heading(heading.group.name, heading.count) if role in wanted else None
        line = self.line_at(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return headline(line.alert, self._now)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return alert_phrases.alert_sentence(line)
        return None

    def _note_waking(self, alert: Alert) -> None:
        for until in (alert.snoozed_until, self.mine_until(alert)):
            if until is not None and until > self._now:
                self._next_waking = until if self._next_waking is None else min(until, self._next_waking)

    def _find_places(self) -> None:
        """Somebody put something aside, or something comes back."""
        self._next_waking = None
        for line in self.lines():
            self._note_waking(line.alert)
        self.rebuild()
        self.counted.emit()

    def _look_again(self) -> None:
        self._dirty |= {line.alert.id for line in self.lines() if line.alert.state is AlertState.RESOLVED}
        self.settle()
        self.counted.emit()


def group_name(alert: Alert, by: Gathering) -> str:
    """What an alert is gathered under."""
    facts: Mapping[str, str] = alert.facts
    if not alert.ext_id:
        return alert_phrases.ABOUT_FEEDS
    if by is Gathering.TECHNICIAN:
        return facts.get("technician", "") or alert_phrases.NO_TECHNICIAN
    return " · ".join(part for part in (alert.ext_id, facts.get("customer", "")) if part)
