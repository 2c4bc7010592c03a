"""What the board is told: only what is different, and the right rows for the office's day."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatchwatch.app.bus import Bus
from dispatchwatch.app.events import AlertsChanged, BoardChanged, DeliveriesChanged, Event, StatusChanged
from dispatchwatch.app.publisher import Publisher
from dispatchwatch.app.story import story
from dispatchwatch.app.view import BoardRow
from dispatchwatch.domain.alert import Severity
from dispatchwatch.domain.routing import Route
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.visit import Site, Status
from tests.fakes.office import SAM, Office, at, key, minutes, visit

CHANNELS = {"ops": ("slack", "Slack"), "pager": ("pagerduty", "PagerDuty")}


class Board:
    """A window that keeps what it is told."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.events: list[Event] = []
        self.rows: dict[str, BoardRow] = {}
        bus = Bus()
        bus.subscribe(self._hear)
        self.publisher = Publisher(office.watch, office.store, bus, office.clock, CHANNELS)

    def open(self) -> list[str]:
        """Begins to look."""
        return self.after(Publisher.mark_everything)

    def scan(self, *alerts: int) -> list[str]:
        """After a look, when any row may have changed, and these alerts have."""
        return self.after(lambda publisher: publisher.mark_board(alerts))

    def after(self, mark: Callable[[Publisher], None]) -> list[str]:
        """What was told after this was marked, by its kind; without the status, which is told each time."""

        async def marked() -> None:
            mark(self.publisher)
            self.publisher.close()

        asyncio.run(marked())
        self.events.clear()
        self.publisher.flush()
        return [type(event).__name__ for event in self.events if not isinstance(event, StatusChanged)]

    def _hear(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, BoardChanged):
            if event.replaces_all:
                self.rows.clear()
            self.rows.update((row.key.ext_id, row) for row in event.rows)
            for gone in event.removed:
                del self.rows[gone.ext_id]

    @property
    def status(self) -> StatusChanged:
        (found,) = (event for event in self.events if isinstance(event, StatusChanged))
        return found


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path, at("09:00"), routes=[Route(channels=("ops",))])


def test_a_new_window_is_told_everything(office: Office) -> None:
    office.read(visit("A", start=at("08:30")), visit("B", start=at("15:00")))
    board = Board(office)
    assert board.open() == ["DeliveriesChanged", "AlertsChanged", "BoardChanged"]
    assert {name: row.standing for name, row in board.rows.items()} == {"A": Standing.LATE, "B": Standing.LATER}
    row = board.rows["A"]
    assert (row.deadline, row.severity, row.alert_id) == (at("08:45"), Severity.WARNING, 1)
    assert [(one.channel, one.platform, one.state) for one in row.told] == [("ops", "Slack", "waiting")]


def test_nothing_new_is_told_as_nothing(office: Office) -> None:
    office.read(visit("A", start=at("08:30")), visit("B", start=at("15:00")))
    board = Board(office)
    board.open()
    assert board.scan() == []
    office.poll()
    assert board.scan() == []
    assert board.scan(1) == ["DeliveriesChanged", "AlertsChanged"], "the row is as it was"


def test_one_changed_visit_is_one_row(office: Office) -> None:
    office.read(visit("A", start=at("14:00")), visit("B", start=at("15:00")))
    board = Board(office)
    board.open()
    office.read(visit("A", start=at("14:00")), visit("B", start=at("15:00"), priority="1"))
    assert board.scan() == ["BoardChanged"]
    (event,) = (one for one in board.events if isinstance(one, BoardChanged))
    assert [row.key.ext_id for row in event.rows] == ["B"]
    assert not event.replaces_all


def test_time_alone_turns_rows(office: Office) -> None:
    office.read(visit("A", start=at("09:10")))
    board = Board(office)
    board.open()
    seen = []
    for clock in ("09:09", "09:10", "09:25:01"):
        office.run_until(at(clock))
        board.scan(*office.watch.open_alerts)
        seen.append(board.rows["A"].standing)
    assert seen == [Standing.LATER, Standing.SOON, Standing.LATE]


def test_a_stale_feed_marks_the_rows_a_clock_runs_for(office: Office) -> None:
    office.read(visit("A", start=at("14:00")), visit("B", start=at("08:00"), status=Status.COMPLETED))
    board = Board(office)
    board.open()
    office.fail("gone")
    office.run_until(at("09:06"))
    board.scan()
    assert {name: row.unverified_since for name, row in board.rows.items()} == {"A": at("09:00"), "B": None}
    (feed,) = board.status.feeds
    assert (feed.fresh, feed.problem) == (False, "gone")


def test_acknowledged_and_delivered_show_in_the_row(office: Office) -> None:
    office.read(visit("A", start=at("08:30")))
    board = Board(office)
    board.open()
    office.deliver()
    office.desk.acknowledge([1], SAM, office.now)
    told = board.scan(*(alert.id for alert in office.watch.reload()))
    assert set(told) == {"DeliveriesChanged", "AlertsChanged", "BoardChanged"}
    assert (board.rows["A"].acknowledged_by, board.rows["A"].told[0].state) == ("Sam", "waiting")


def test_a_visit_over_midnight_is_on_the_boards_of_both_days(tmp_path: Path) -> None:
    office = Office(tmp_path, at("22:00"))
    night = visit("N", start=at("22:30"), sched_end=at("2026-11-11 01:30"), status=Status.COMPLETED)
    office.read(night, visit("D", start=at("10:00"), status=Status.COMPLETED), visit("M", start=at("2026-11-11 09:00")))
    board = Board(office)
    board.open()
    assert set(board.rows) == {"N", "D"}
    office.clock.advance_to(at("2026-11-11 00:00"))
    board.scan()
    assert set(board.rows) == {"N", "M"}


def test_today_is_the_offices_day_and_not_that_of_utc(tmp_path: Path) -> None:
    """At 18:30 in Chicago it is already tomorrow in UTC."""
    office = Office(tmp_path, at("18:30"))
    office.read(visit("A", start=at("10:00"), status=Status.COMPLETED), visit("B", start=at("2026-11-11 10:00")))
    board = Board(office)
    board.open()
    assert set(board.rows) == {"A"}


def test_a_site_in_denver_is_on_the_offices_day_and_keeps_its_zone(tmp_path: Path) -> None:
    office = Office(tmp_path, at("09:00"))
    late_there = visit("A", start=at("23:30", ZoneInfo("America/Denver")), site=Site("Mile High", "America/Denver"))
    office.read(late_there)
    board = Board(office)
    board.open()
    assert board.rows == {}
    assert office.watched("A").visit.site.timezone == "America/Denver"


def test_an_alert_of_yesterday_keeps_its_row(tmp_path: Path) -> None:
    office = Office(tmp_path, at("17:00"))
    office.read(visit("A", start=at("16:00")))
    office.clock.advance_to(at("2026-11-11 02:00"))
    office.poll()
    board = Board(office)
    board.open()
    assert board.rows["A"].standing is Standing.LATE


def test_the_next_deadline_is_of_somebody_still_awaited(office: Office) -> None:
    office.read(
        visit("A", start=at("09:10"), arrived_at=at("08:59")),
        visit("B", start=at("09:20"), technicians=()),
        visit("C", start=at("09:30")),
        visit("D", start=at("09:25"), anytime=True),
        visit("E", start=at("08:00")),
    )
    board = Board(office)
    board.open()
    assert (board.status.next_deadline, board.status.next_visit) == (at("09:45"), key("C"))


def test_the_story_of_a_visit_is_in_order_and_in_words(office: Office) -> None:
    office.read(visit("A", start=at("08:50")))
    office.run_until(at("09:06"))
    office.deliver()
    office.clock.advance(minutes(5))
    office.desk.acknowledge([1], SAM, office.now, reason="traffic", note="ten minutes")
    office.catch_up()
    office.clock.advance(minutes(5))
    office.read(visit("A", start=at("08:50"), status=Status.ARRIVED, arrived_at=at("09:16")))
    lines = story(
        office.watched("A"),
        office.store.schedules.history(key("A")),
        office.store.alerts.of_visit(key("A")),
        office.deliveries(),
    )
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert [line.text for line in lines] == [
        "First seen in the schedule, planned for Tue 10 Nov 08:50 CST",
        "J. Ortiz has not checked in at Acme Foundry, Plant 4 – was due 09:05 CST",
        "ops told",
        "Acknowledged by Sam · Traffic or weather · ten minutes",
        "Status: Scheduled → Arrived",
        "Arrived at Tue 10 Nov 09:16 CST",
        "J. Ortiz checked in at 09:16 CST, 11 min late",
    ]


def test_a_message_nobody_needed_any_more_is_not_shown_as_told(office: Office) -> None:
    office.read(visit("A", start=at("08:30")))
    office.read(visit("A", start=at("08:30"), arrived_at=at("08:40")))
    board = Board(office)
    board.open()
    (alerts,) = (event for event in board.events if isinstance(event, AlertsChanged))
    assert alerts.lines[0].told == ()
    (deliveries,) = (event for event in board.events if isinstance(event, DeliveriesChanged))
    assert [line.state for line in deliveries.lines] == ["dropped"]
