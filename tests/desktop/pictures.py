"""Canned days at a fixed clock: what the fake engine shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dispatchwatch.app.view import (
    AlertLine,
    BoardRow,
    DeliveryLine,
    DeliveryPage,
    FeedLine,
    LaneLine,
    RequestText,
    StoryKind,
    StoryLine,
    Told,
    VisitPage,
)
from dispatchwatch.domain.alert import Alert, AlertKind, AlertState, Operation, Outcome, Severity
from dispatchwatch.domain.alert_search import AlertSearch
from dispatchwatch.domain.schedule import Gravity, RowProblem
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.visit import Customer, Site, Status, Technician, Visit
from dispatchwatch.domain.wording import headline, visit_facts
from dispatchwatch.intake.desk_feed import DESK

NOW = datetime(2026, 11, 24, 15, 35, 20, tzinfo=UTC)
OFFICE = "America/Chicago"
NAMES = (
    "J. Ortiz",
    "M. Lee",
    "S. Whitfield-Okonkwo",
    "A. Novak",
    "R. Banerjee",
    "T. Dufresne",
    "K. Lindqvist",
    "P. Adeyemi",
    "C. Marchetti",
    "H. Yamada",
)
CUSTOMERS = (
    ("Acme Foundry", "Plant 4", "2100 W Pershing Rd, Chicago"),
    ("Borax Chemicals", "Hall 2", "88 Industrial Pkwy, Joliet"),
    ("Lakeside Dairy Cooperative", "Cold store", "14 Harbor Dr, Waukegan"),
    ("Prairie Print", "", "501 S Wells St, Chicago"),
    ("St. Brigid Hospital", "Boiler house", "3 Mercy Ln, Evanston"),
    ("Kestrel Aerospace Components of Northern Illinois", "Test cell 7", "1 Runway Ct, Rockford"),
    ("Vogel Bakery", "Line 1", "77 Mill St, Gary"),
    ("Union Stockyards Logistics", "Gate C", "4100 S Halsted St, Chicago"),
)
WORK = (
    "Compressor PM 2000 h",
    "Dryer fault E17",
    "Annual inspection",
    "Oil analysis",
    "Belt replacement",
    "Leak survey",
)
STANDINGS = (
    (Standing.LATE, Status.SCHEDULED),
    (Standing.SOON, Status.DISPATCHED),
    (Standing.EN_ROUTE, Status.EN_ROUTE),
    (Standing.LATER, Status.SCHEDULED),
    (Standing.LATER, Status.SCHEDULED),
    (Standing.LATER, Status.DISPATCHED),
    (Standing.ON_SITE, Status.IN_PROGRESS),
    (Standing.DONE, Status.COMPLETED),
)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def visit(number: int, deadline: datetime, status: Status, *, feed: str = "today") -> Visit:
    customer, site, address = CUSTOMERS[number % len(CUSTOMERS)]
    start = deadline - minutes(15)
    arrived = start + minutes(3) if status in {Status.IN_PROGRESS, Status.COMPLETED} else None
    return Visit(
        feed=feed,
        ext_id=f"J-{1042 + number}",
        order_ref=f"WO-{7000 + number}",
        title=WORK[number % len(WORK)],
        kind="maintenance",
        priority=str(1 + number % 4),
        contract="Gold, 4 h response",
        status=status,
        technicians=(Technician(NAMES[number % len(NAMES)], f"T-{number % 10:02d}", "+1 312 555 0142"),),
        customer=Customer(customer, f"C-{number % 8}", "+1 312 555 0100"),
        site=Site(site, "America/New_York" if number % 8 == 6 else OFFICE, address),
        sched_start=start,
        sched_end=start + minutes(90),
        window_start=start - minutes(45),
        window_end=start,
        arrived_at=arrived,
        completed_at=arrived + minutes(55) if arrived and status is Status.COMPLETED else None,
        notes="Gate code 4471. Ask for the shift lead." if number % 3 == 0 else "",
    )


def row(number: int, late: int, soon: int) -> BoardRow:
    """The first `late` visits are late, the next `soon` due soon, the others spread over the day."""
    if number < late:
        standing, status, deadline = Standing.LATE, Status.SCHEDULED, NOW - minutes(3.4 + 17 * number)
    elif number < late + soon:
        standing, status, deadline = Standing.SOON, Status.DISPATCHED, NOW + minutes(0.7 + 3.9 * (number - late))
    else:
        standing, status = STANDINGS[2 + number % (len(STANDINGS) - 2)]
        past = standing in {Standing.ON_SITE, Standing.DONE}
        spread = minutes(20 + (number * 7) % 420)
        deadline = (
            NOW - minutes((number * 5) % 60) - minutes(95 if standing is Standing.DONE else 5) if past else NOW + spread
        )
    one = visit(number, deadline, status)
    if number == late + soon + 3:
        one, standing = _unassigned(one), Standing.UNASSIGNED
    told = _told(number) if standing is Standing.LATE else ()
    return BoardRow(
        key=one.key,
        visit=one,
        standing=standing,
        deadline=None if standing is Standing.DONE else deadline,
        severity=SEVERITIES[number % 3] if standing is Standing.LATE else None,
        alert_id=number + 1 if standing is Standing.LATE else None,
        alert_state=(AlertState.ACKNOWLEDGED if number == 1 else AlertState.OPEN)
        if standing is Standing.LATE
        else None,
        acknowledged_by="Ana Ruiz" if number == 1 and standing is Standing.LATE else "",
        acknowledged_at=NOW - minutes(8) if number == 1 and standing is Standing.LATE else None,
        told=told,
        unverified_since=NOW - minutes(23) if number % 17 == 16 else None,
    )


SEVERITIES = (Severity.WARNING, Severity.HIGH, Severity.CRITICAL)


def _unassigned(one: Visit) -> Visit:
    return replace(one, technicians=())


def _told(number: int) -> tuple[Told, ...]:
    pager = ("sent", "waiting", "failed")[number % 3]
    return (
        Told("ops-slack", "slack", "sent", NOW - minutes(2)),
        Told("pager", "pagerduty", pager, NOW - minutes(1)),
    )


def rows(count: int) -> tuple[BoardRow, ...]:
    late, soon = (1, 1) if count <= 5 else (4, 5) if count <= 100 else (25, 60)
    return tuple(row(number, late, soon) for number in range(count))


def alert_of(one: BoardRow, number: int) -> Alert:
    assert one.deadline is not None
    acknowledged = one.alert_state is AlertState.ACKNOWLEDGED
    return Alert(
        id=number,
        key=f"late_check_in|{one.key.feed}|{one.key.ext_id}|x",
        kind=AlertKind.LATE_CHECK_IN,
        severity=one.severity or Severity.WARNING,
        state=one.alert_state or AlertState.OPEN,
        feed=one.key.feed,
        ext_id=one.key.ext_id,
        due_at=one.deadline,
        raised_at=one.deadline,
        updated_at=one.deadline,
        facts=visit_facts(one.visit),
        acknowledged_at=NOW - minutes(8) if acknowledged else None,
        acknowledged_by="Ana Ruiz" if acknowledged else "",
        reason="traffic" if acknowledged else "",
        note="ETA 10:05, customer told" if acknowledged else "",
    )


def alerts(board: tuple[BoardRow, ...]) -> tuple[AlertLine, ...]:
    lines = [AlertLine(alert=alert_of(one, one.alert_id), told=one.told) for one in board if one.alert_id]
    if len(board) > 20:
        lines.append(AlertLine(alert=_over(alert_of(row(0, 1, 0), 900)), told=_told(0)))
    return tuple(lines)


def _over(alert: Alert) -> Alert:
    return replace(
        alert,
        state=AlertState.RESOLVED,
        ext_id="J-1031",
        key="over",
        due_at=NOW - minutes(95),
        raised_at=NOW - minutes(95),
        resolved_at=NOW - minutes(80),
        outcome=Outcome.CHECKED_IN,
        resolution="J. Ortiz checked in at 08:14 CST, 14 min late",
    )


def deliveries(lines: tuple[AlertLine, ...]) -> tuple[DeliveryLine, ...]:
    result = []
    for number, line in enumerate(lines):
        for place, told in enumerate(line.told):
            result.append(delivery(number * 2 + place + 1, line.alert, told))
    return tuple(result)


def delivery(number: int, alert: Alert, told: Told) -> DeliveryLine:
    failed, waiting = told.state == "failed", told.state == "waiting"
    return DeliveryLine(
        id=number,
        alert_id=alert.id,
        channel=told.channel,
        platform=told.platform,
        operation=Operation.RAISE,
        state=told.state,
        attempts=6 if failed else 2 if waiting else 1,
        headline=headline(alert, alert.raised_at + minutes(1)),
        created_at=alert.raised_at,
        next_attempt_at=NOW + timedelta(seconds=42),
        settled_at=None if waiting else alert.raised_at + (minutes(2) if failed else timedelta(seconds=1)),
        waits_for_nobody=False,
        may_have_arrived=number % 5 == 4,
        reference="" if failed else f"1764.{number}",
        error="PagerDuty refused it: routing key is not valid (400)"
        if failed
        else "no answer within 10 s"
        if waiting
        else "",
    )


def feeds(count: int) -> tuple[FeedLine, ...]:
    return (
        FeedLine(
            name="today",
            kind="csv",
            fresh=True,
            last_good_at=NOW - timedelta(seconds=12),
            last_attempt_at=NOW - timedelta(seconds=12),
            source_at=NOW - minutes(2),
            interval=timedelta(seconds=30),
            problem="",
            visits=count,
            bad_rows=2 if count > 20 else 0,
            sources="exports/today.csv",
        ),
    )


def desk(visits: int = 0) -> FeedLine:
    return FeedLine(
        name=DESK,
        kind=DESK,
        fresh=True,
        last_good_at=NOW - timedelta(seconds=28),
        last_attempt_at=NOW - timedelta(seconds=28),
        source_at=None,
        interval=timedelta(seconds=30),
        problem="",
        visits=visits,
        bad_rows=0,
        sources="",
    )


def lanes() -> tuple[LaneLine, ...]:
    return (
        LaneLine(
            channel="ops-slack",
            platform="slack",
            paused="",
            resting_until=None,
            last_success_at=NOW - minutes(2),
            last_error="",
            waiting=0,
            failed=0,
        ),
        LaneLine(
            channel="pager",
            platform="pagerduty",
            paused="",
            resting_until=NOW + timedelta(seconds=42),
            last_success_at=NOW - minutes(31),
            last_error="no answer within 10 s",
            waiting=2,
            waiting_since=NOW - minutes(4),
            failed=0,
        ),
        LaneLine(
            channel="customer-mail",
            platform="sendgrid",
            paused="SendGrid refused the API key (401). Enter a valid key, then resume.",
            resting_until=None,
            last_success_at=NOW - timedelta(hours=20),
            last_error="",
            waiting=1,
            waiting_since=NOW - minutes(34),
            paused_at=NOW - minutes(35),
            failed=1,
        ),
    )


def problems() -> tuple[RowProblem, ...]:
    return (
        RowProblem("exports/today.csv", 17, "Start", "“24:75” is not a time; the row was left out"),
        RowProblem(
            "exports/today.csv",
            31,
            "Tech",
            "Two technicians share the name “Lee”; the first was taken",
            Gravity.DOUBTFUL,
        ),
    )


def page(one: BoardRow, lines: tuple[AlertLine, ...], sent: tuple[DeliveryLine, ...]) -> VisitPage:
    own = tuple(line.alert for line in lines if line.alert.visit_key == one.key)
    numbers = {alert.id for alert in own}
    at_desk, rule = "desk: Ana Ruiz", "rule"
    told = (
        (300, "First seen in the schedule, planned for Tue 24 Nov 09:00 CST", "today", StoryKind.PLANNED),
        (120, "Start: Tue 24 Nov 09:00 CST → Tue 24 Nov 09:15 CST", "today.csv", StoryKind.MOVED),
        (118, "Technician: A. Novak → J. Ortiz", "today.csv", StoryKind.ASSIGNED),
        (50, "Status: Dispatched → On the way", "today.csv", StoryKind.EN_ROUTE),
        (20, "J. Ortiz has not checked in at Acme Foundry, Plant 4 – was due 09:15 CST", rule, StoryKind.RAISED),
        (19, "ops-slack told", "slack", StoryKind.TOLD),
        (18, "pager could not be told: routing key is not valid (400)", "pagerduty", StoryKind.FAILED),
        (8, "Acknowledged by Ana Ruiz · Traffic or weather", "Ana Ruiz", StoryKind.ACKNOWLEDGED),
        (7, "Note: ETA 10:05, the customer knows", at_desk, StoryKind.NOTED),
    )
    story = tuple(StoryLine(at=NOW - minutes(ago), text=text, by=by, kind=kind) for ago, text, by, kind in told)
    return VisitPage(
        row=one,
        promise=one.visit.promise,
        grace=minutes(15),
        story=story,
        alerts=own,
        deliveries=tuple(line for line in sent if line.alert_id in numbers),
        previous=tuple(visit(number, NOW - minutes(1440 * number), Status.COMPLETED) for number in (8, 16)),
    )


def delivery_page(line: DeliveryLine, alerts: Sequence[AlertLine]) -> DeliveryPage:
    own = tuple(one.alert for one in alerts if one.alert.id == line.alert_id)
    body = '{\n  "text": "' + line.headline + '",\n  "channel": "#ops"\n}'
    headers = (("content-type", "application/json"), ("authorization", "Bearer ***"))
    owed = line.created_at
    failures = ((owed + minutes(1), "no answer within 10 s"), (owed + minutes(2), line.error)) if line.error else ()
    return DeliveryPage(
        line=line,
        note="",
        facts=(("Visit", "J-1042 · Compressor PM 2000 h"), ("Technician", "J. Ortiz (+1 312 555 0142)")),
        failures=failures,
        alerts=own,
        requests=(RequestText("POST", "https://hooks.slack.com/services/***", headers, body),),
    )


def past_alerts(search: AlertSearch) -> tuple[AlertLine, ...]:
    """Sixty days of one alert each, of all kinds and severities."""
    kinds = tuple(AlertKind)[:6]
    found = []
    for number in range(1, 61):
        due = NOW - minutes(1440 * number)
        one = _over(alert_of(row(number % 7, 7, 0), 5000 - number))
        kind, severity = kinds[number % len(kinds)], SEVERITIES[number % 3]
        alert = replace(one, kind=kind, severity=severity, due_at=due, raised_at=due, resolved_at=due + minutes(12))
        found.append(AlertLine(alert=replace(alert, ext_id=f"J-{900 - number}"), told=_told(number)))
    wanted = (line for line in found if search.kind in {None, line.alert.kind})
    return tuple(line for line in wanted if search.severity in {None, line.alert.severity})
