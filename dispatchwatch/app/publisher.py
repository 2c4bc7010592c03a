"""Keeps a window's picture up to date: works out what is different and publishes only that, a few times a second."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime

from dispatchwatch.app import garbage, picture
from dispatchwatch.app.bus import Bus
from dispatchwatch.app.clock import Clock
from dispatchwatch.app.events import AlertsChanged, BoardChanged, DeliveriesChanged, StatusChanged
from dispatchwatch.app.outlooks import Outlooks, stay
from dispatchwatch.app.view import BoardRow, FeedLine, LaneLine, Told
from dispatchwatch.app.watch import Watch
from dispatchwatch.domain.alert import Alert
from dispatchwatch.domain.calendars import day_bounds
from dispatchwatch.domain.rules import Facts
from dispatchwatch.domain.visit import VisitKey
from dispatchwatch.domain.watched import Watched
from dispatchwatch.store.deliveries import Delivery
from dispatchwatch.store.store import Store

EVERY = 0.1
SHOWN_DELIVERIES = 500


class Publisher:
    def __init__(
        self, watch: Watch, store: Store, bus: Bus, clock: Clock, channels: Mapping[str, tuple[str, str]]
    ) -> None:
        """`channels` maps a channel to its platform's key and its platform's name."""
        self._watch = watch
        self._store = store
        self._bus = bus
        self._clock = clock
        self._channels = channels
        self._platforms = dict(channels.values())
        self._rows: dict[VisitKey, BoardRow] = {}
        self._told: dict[int, tuple[Told, ...]] = {}
        self._outlooks = Outlooks()
        self._alerts_due: set[int] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._board_due = True
        self._whole_due = False
        self.is_shown = False
        self._upcoming: tuple[datetime, Watched] | None = None
        self.sources: dict[str, str] = {}
        self.kinds: Mapping[str, str] = {}
        self.faults: dict[str, str] = {}

    def mark(self, alerts: Iterable[int] = ()) -> None:
        """Something changed about these alerts; what, is found out at the next flush."""
        if not self.is_shown:
            return
        self._alerts_due.update(alerts)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(EVERY, self.flush)

    def mark_board(self, alerts: Iterable[int] = ()) -> None:
        """Any row of the board may have changed."""
        self._board_due = True
        self.mark(alerts)

    def mark_everything(self) -> None:
        """Somebody begins to look, and knows nothing yet. Before that, nothing is worked out at all."""
        self.is_shown = True
        self._whole_due = True
        self.mark_board()

    def fault(self, door: str, text: str) -> None:
        """What keeps something from working, until it is told of with no text."""
        if self.faults.get(door, "") != text:
            self.faults[door] = text
            self.mark()

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def flush(self) -> None:
        """Publishes what is different from what was published before."""
        self._timer = None
        now = self._clock.now()
        whole, self._whole_due = self._whole_due, False
        if whole:
            self._start_over(now)
        alerts, self._alerts_due = self._alerts_due, set()
        self._publish_alerts(alerts, whole=whole)
        scan, self._board_due = self._board_due, False
        self._publish_board(now, alerts, scan=scan, whole=whole)
        self._publish_status(now)

    def _start_over(self, now: datetime) -> None:
        self._rows.clear()
        self._told.clear()
        start, _ = day_bounds(now.astimezone(self._watch.office.zone).date(), self._watch.office.zone)
        self._alerts_due.update(self._watch.open_alerts)
        self._alerts_due.update(alert.id for alert in self._store.alerts.resolved_since(start))

    def _publish_alerts(self, numbers: set[int], *, whole: bool) -> None:
        deliveries = self._store.outbox.of_alerts(numbers)
        by_alert: dict[int, list[Delivery]] = {}
        for delivery in deliveries:
            for number in delivery.alerts:
                by_alert.setdefault(number, []).append(delivery)
        lines = []
        for number in sorted(numbers):
            alert = self._watch.open_alerts.get(number) or self._store.alerts.get(number)
            if alert is not None:
                line = picture.alert_line(alert, by_alert.get(number, []), self._platforms)
                self._told[number] = line.told
                lines.append(line)
        shown = self._store.outbox.listed(limit=SHOWN_DELIVERIES) if whole else deliveries
        if shown:
            self._bus.publish(DeliveriesChanged(tuple(picture.delivery_line(one, self._platforms) for one in shown)))
        if lines or whole:
            self._bus.publish(AlertsChanged(tuple(lines)))

    def _publish_board(self, now: datetime, alerts: set[int], *, scan: bool, whole: bool) -> None:
        """Looks at every visit where anything may have changed, else at those of the named alerts alone."""
        facts = self._watch.facts(now)
        if scan:
            self._outlooks.renew(facts)
        by_visit = _by_visit(self._watch.open_alerts.values())
        due = {key for key in self._rows if self._row_speaks_of(key, alerts)}
        due |= {key for key, alert in by_visit.items() if alert.id in alerts}
        keys = self._board_keys(facts, by_visit) if scan else [key for key in due if key in self._rows]
        fresh = facts.fresh_feeds()
        rows, changed = ({} if scan else self._rows), []
        for key in keys:
            row, is_new = self._row(key, by_visit.get(key), facts, fresh, is_due=key in due)
            rows[key] = row
            if is_new:
                changed.append(row)
        removed = tuple(key for key in self._rows if key not in rows)
        self._rows = rows
        if scan:
            self._upcoming = picture.next_deadline((self._watch.visits[key] for key in rows), self._watch.policy, now)
        if changed or removed or whole:
            self._bus.publish(BoardChanged(tuple(changed), removed, replaces_all=whole))
        if len(changed) >= garbage.MANY:
            garbage.set_aside()

    def _row_speaks_of(self, key: VisitKey, alerts: set[int]) -> bool:
        return self._rows[key].alert_id in alerts

    def _board_keys(self, facts: Facts, by_visit: Mapping[VisitKey, Alert]) -> list[VisitKey]:
        """What belongs on the board. An appointment that two feeds tell of is one row."""
        zone = self._watch.office.zone
        day = day_bounds(facts.now.astimezone(zone).date(), zone)
        return [
            key
            for key, watched in self._watch.visits.items()
            if key in by_visit or (key not in facts.index.doubles and picture.on_board(watched.visit, day))
        ]

    def _row(
        self, key: VisitKey, alert: Alert | None, facts: Facts, fresh: frozenset[str], *, is_due: bool
    ) -> tuple[BoardRow, bool]:
        """The row of a visit, and whether it differs from the one last published."""
        before = self._rows.get(key)
        watched = self._watch.visits[key]
        expected = stay(watched, facts.now) if watched.visit.checked_in else self._outlooks.expected(key)
        is_due = is_due or before is None or not picture.still_expected(before, expected)
        if before is not None and not is_due and picture.still_true(before, watched, alert, facts, fresh):
            return before, False
        told = self._told.get(alert.id, ()) if alert else ()
        row = picture.board_row(watched, facts, fresh, alert, told, expected)
        return (before, False) if before == row else (row, True)

    def _publish_status(self, now: datetime) -> None:
        status = StatusChanged(
            feeds=self.feed_lines(now),
            lanes=self._lane_lines(),
            next_deadline=self._upcoming[0] if self._upcoming else None,
            next_visit=self._upcoming[1].key if self._upcoming else None,
            faults=tuple(text for text in self.faults.values() if text),
        )
        self._bus.publish(status)

    def feed_lines(self, now: datetime) -> tuple[FeedLine, ...]:
        return tuple(
            picture.feed_line(
                health,
                fresh=health.fresh(now, self._watch.awake_since),
                sources=self.sources.get(name, ""),
                kind=self.kinds.get(name, ""),
            )
            for name, health in self._watch.feeds.items()
        )

    def _lane_lines(self) -> tuple[LaneLine, ...]:
        lanes, loads = self._store.lanes.all(), self._store.outbox.loads()
        zone = self._watch.office.zone.key
        return tuple(
            picture.lane_line(
                lanes.get(name) or self._store.lanes.get(name),
                platform,
                picture.Load(*loads.get(name, (0, 0, None))),
                zone,
            )
            for name, (_, platform) in self._channels.items()
        )


def _by_visit(alerts: Iterable[Alert]) -> dict[VisitKey, Alert]:
    """The open alert of each visit; the worst where there are several, and of equals the latest."""
    found: dict[VisitKey, Alert] = {}
    for alert in alerts:
        key = alert.visit_key
        if key is not None and (key not in found or alert.severity.rank >= found[key].severity.rank):
            found[key] = alert
    return found
