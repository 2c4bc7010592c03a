"""A JSON source watched from its answer to the alert: clocks that lie, ids that change, crews that are not told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.app.looking import Reading
from dispatchwatch.domain.alert import Alert, AlertKind, AlertState, Severity
from dispatchwatch.intake.json_feed import JsonConfig, JsonFeed
from dispatchwatch.intake.profile import ProfileConfig
from tests.fakes.json_server import JsonServer
from tests.fakes.office import ALL_KINDS, CHICAGO, FEED, Office, at, minutes
from tests.fakes.receiver import Answer

PATHS = {
    "ext_id": "id",
    "order_ref": "order",
    "sched_start": "start",
    "technician": "tech",
    "status": "status",
}
NINE_FIFTY = "2026-11-10T09:50:00-06:00"


def record(number: int, start: str = NINE_FIFTY, **more: object) -> dict[str, Any]:
    return {"id": number, "order": f"WO-{number % 10}", "start": start, "tech": f"Tech {number % 10}", **more}


@pytest.fixture
def server() -> Iterator[JsonServer]:
    with JsonServer([record(1), record(2, "2026-11-10T15:00:00-06:00")]) as running:
        yield running


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Office(tmp_path, at("09:00"), kinds=ALL_KINDS) as running:
        yield running


def source(server: JsonServer, **more: Any) -> JsonFeed:
    told = {"name": FEED, "url": server.url, "records": "data", "paths": PATHS, "covers": {"days_back": 1}, **more}
    return JsonFeed(JsonConfig.model_validate(told), ProfileConfig(), office_zone=CHICAGO)


def watch(office: Office, feed: JsonFeed, end: datetime) -> None:
    """Polls every minute, as the engine does."""
    while True:
        office.look(Reading(FEED, office.now, feed.fetch(office.now)))
        if office.now >= end:
            return
        office.clock.advance_to(office.now + minutes(1))


def of(office: Office, kind: AlertKind) -> list[Alert]:
    return [alert for alert in office.alerts() if alert.kind is kind]


def test_a_clock_that_lies_becomes_an_alert_and_one_put_right_ends_it(server: JsonServer, office: Office) -> None:
    feed = source(server)
    server.date = office.now + minutes(7)
    watch(office, feed, office.now)
    [alert] = of(office, AlertKind.CLOCK_SKEW)
    assert (alert.state, alert.severity, alert.feed) == (AlertState.OPEN, Severity.INFO, FEED)
    server.date = office.now
    watch(office, feed, office.now)
    [alert] = of(office, AlertKind.CLOCK_SKEW)
    assert alert.state is AlertState.RESOLVED


def test_ids_issued_anew_are_neither_missing_visits_nor_new_ones(server: JsonServer, office: Office) -> None:
    feed = source(server)
    watch(office, feed, at("09:10"))
    server.records = [record(11), record(12, "2026-11-10T15:00:00-06:00")]
    watch(office, feed, at("09:30"))
    assert of(office, AlertKind.JOB_MISSING) == []
    watch(office, feed, at("10:30"))
    assert [alert.ext_id for alert in of(office, AlertKind.LATE_CHECK_IN)] == ["11"]


def test_a_late_visit_whose_id_is_issued_anew_is_late_under_one_id_in_the_end(
    server: JsonServer, office: Office
) -> None:
    feed = source(server)
    watch(office, feed, at("10:10"))
    server.records[0] = record(11)
    watch(office, feed, at("10:25"))
    assert [alert.ext_id for alert in office.open_alerts()] == ["11"]
    assert of(office, AlertKind.JOB_MISSING) == []


def test_a_source_that_does_not_say_who_goes_is_late_and_never_unassigned(server: JsonServer, office: Office) -> None:
    paths = {name: path for name, path in PATHS.items() if name != "technician"}
    watch(office, source(server, paths=paths), at("10:10"))
    assert of(office, AlertKind.UNASSIGNED) == []
    assert [alert.ext_id for alert in of(office, AlertKind.LATE_CHECK_IN)] == ["1"]


def test_a_source_that_names_nobody_is_unassigned_and_never_late(server: JsonServer, office: Office) -> None:
    server.records[0]["tech"] = None
    watch(office, source(server), at("10:10"))
    assert [alert.ext_id for alert in of(office, AlertKind.UNASSIGNED)] == ["1"]
    assert of(office, AlertKind.LATE_CHECK_IN) == []


CREWS = {**PATHS, "technician": "crew[*].name"}


def crewed(server: JsonServer) -> JsonFeed:
    join = {"url": f"{server.where}/crew", "key": "id", "match": "visit", "many": True, "every": "1m"}
    return source(server, paths=CREWS, joins={"crew": join})


def test_a_crew_that_cannot_be_looked_up_after_a_restart_stays_as_it_was(server: JsonServer, office: Office) -> None:
    server.lists["/crew"] = [{"id": 1, "visit": 1, "name": "Jo"}, {"id": 2, "visit": 2, "name": "Al"}]
    watch(office, crewed(server), at("09:05"))
    server.list_troubles["/crew"] = Answer(503)
    office.restart()
    watch(office, crewed(server), at("09:40"))
    assert [office.watched(ext_id).visit.technician for ext_id in "12"] == ["Jo", "Al"]
    assert of(office, AlertKind.UNASSIGNED) == []
    assert office.watched("1").unassignments == 0
    server.list_troubles.clear()
    server.lists["/crew"] = []
    watch(office, crewed(server), at("09:42"))
    assert [alert.ext_id for alert in of(office, AlertKind.UNASSIGNED)] == ["1"]


def test_nobody_called_unassigned_stays_so_while_it_cannot_be_looked_up(server: JsonServer, office: Office) -> None:
    server.lists["/crew"] = []
    feed = crewed(server)
    watch(office, feed, at("09:05"))
    assert [alert.state for alert in of(office, AlertKind.UNASSIGNED)] == [AlertState.OPEN]
    server.list_troubles["/crew"] = Answer(503)
    office.restart()
    watch(office, crewed(server), at("09:20"))
    assert [alert.state for alert in of(office, AlertKind.UNASSIGNED)] == [AlertState.OPEN]
    server.list_troubles.clear()
    server.lists["/crew"] = [{"id": 1, "visit": 1, "name": "Jo"}]
    watch(office, crewed(server), at("09:22"))
    assert [alert.state for alert in of(office, AlertKind.UNASSIGNED)] == [AlertState.RESOLVED]


def test_a_page_that_changes_under_the_reader_ends_in_no_alarm(server: JsonServer, office: Office) -> None:
    """Between two pages a record moves up, so that one is told twice and one not at all; the next reading has all."""
    server.records = [record(number, "2026-11-10T15:00:00-06:00") for number in (1, 2, 3, 4)]
    server.style = "page"
    feed = source(server, paging={"kind": "page", "parameter": "page"})
    watch(office, feed, at("09:02"))
    whole = list(server.records)
    server.forget()
    server.troubles[2] = Answer(body={"data": [whole[3]]})
    watch(office, feed, office.now)
    server.forget()
    office.clock.advance_to(office.now + timedelta(minutes=6))
    watch(office, feed, office.now + minutes(6))
    assert of(office, AlertKind.JOB_MISSING) == []
    assert office.watched("3").missing_since is None


def test_a_late_visit_whose_id_is_issued_anew_is_late_once(server: JsonServer, office: Office) -> None:
    feed = source(server)
    watch(office, feed, at("10:10"))
    assert [alert.ext_id for alert in of(office, AlertKind.LATE_CHECK_IN)] == ["1"]
    server.records[0] = record(11)
    watch(office, feed, at("10:25"))
    told = [(alert.ext_id, alert.state.value) for alert in of(office, AlertKind.LATE_CHECK_IN)]
    assert told == [("11", "open")]
    assert of(office, AlertKind.JOB_MISSING) == []
