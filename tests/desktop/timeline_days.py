"""Made-up days for the timeline, at the fixed clock of `pictures`: technicians with shifts, visits of every kind."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dispatchwatch.app.view import BoardRow, Outlook, TechnicianLine, Told
from dispatchwatch.domain.alert import AlertKind, AlertState, Severity
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.technician import Absence
from dispatchwatch.domain.visit import Customer, Site, Status, Technician, Visit
from tests.desktop.pictures import CUSTOMERS, NAMES, NOW, OFFICE, WORK, minutes

ZONE = ZoneInfo(OFFICE)
STATUS = {
    Standing.LATE: Status.SCHEDULED,
    Standing.SOON: Status.DISPATCHED,
    Standing.EN_ROUTE: Status.EN_ROUTE,
    Standing.LATER: Status.SCHEDULED,
    Standing.ON_SITE: Status.IN_PROGRESS,
    Standing.DONE: Status.COMPLETED,
    Standing.CANCELLED: Status.CANCELLED,
    Standing.GONE: Status.SCHEDULED,
    Standing.UNASSIGNED: Status.SCHEDULED,
    Standing.UNKNOWN: Status.UNKNOWN,
}


def at(clock: str, day: int = 24) -> datetime:
    """A time of day in the office, on the day of the fixed clock."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


def technician(number: int) -> Technician:
    name = NAMES[number % len(NAMES)]
    return Technician(name if number < len(NAMES) else f"{name} {number // len(NAMES) + 1}", f"T-{number:03d}")


def line(number: int, start: str = "07:00", end: str = "16:00", **more: Any) -> TechnicianLine:
    made = TechnicianLine(technician=technician(number), shifts=((at(start), at(end)),))
    return TechnicianLine(technician=made.technician, shifts=made.shifts, **more)


def row(
    number: int,
    start: datetime | None,
    length: float = 60,
    standing: Standing = Standing.LATER,
    *,
    crew: tuple[Technician, ...] | None = None,
    expected: datetime | None = None,
    drive: float | None = None,
    **facts: Any,
) -> BoardRow:
    """A visit; `expected` is when somebody is predicted to arrive."""
    customer, site, address = CUSTOMERS[number % len(CUSTOMERS)]
    end = start + minutes(length) if start else None
    told: dict[str, Any] = {
        "status": STATUS[standing],
        "technicians": (technician(number),) if crew is None else crew,
        "sched_start": start,
        "sched_end": end,
        "anytime": start is None,
        **facts,
    }
    visit = Visit(
        feed="today",
        ext_id=f"J-{1000 + number}",
        title=WORK[number % len(WORK)],
        customer=Customer(customer),
        site=Site(site, OFFICE, address),
        **told,
    )
    late = standing is Standing.LATE
    return BoardRow(
        key=visit.key,
        visit=visit,
        standing=standing,
        deadline=start + minutes(15) if start and standing not in {Standing.DONE, Standing.CANCELLED} else None,
        severity=Severity.HIGH if late else None,
        alert_id=number + 1 if late else None,
        alert_kind=AlertKind.LATE_CHECK_IN if late else None,
        alert_state=AlertState.OPEN if late else None,
        told=(Told("ops-slack", "slack", "sent", NOW),) if late else (),
        outlook=Outlook(f"at risk, {expected.astimezone(ZONE):%H:%M}", at_risk=True)
        if expected and start and expected > start + minutes(10) and standing is Standing.LATER
        else None,
        predicted_arrival=expected,
        predicted_end=expected + minutes(length) if expected else None,
        drive=minutes(drive) if drive else None,
    )


def every_kind() -> tuple[BoardRow, ...]:
    """Each thing that can be seen, once or twice. Now is 09:35 in the office."""
    ortiz, lee, okonkwo, novak, banerjee, dufresne, *_ = (technician(number) for number in range(10))
    done, on_site, late, soon, later = (
        Standing.DONE,
        Standing.ON_SITE,
        Standing.LATE,
        Standing.SOON,
        Standing.LATER,
    )
    return (
        row(1, at("07:30"), 75, done, crew=(ortiz,), arrived_at=at("07:34"), completed_at=at("08:40")),
        row(2, at("09:00"), 60, late, crew=(ortiz,), expected=at("09:48"), drive=18, window_start=at("08:30"),
            window_end=at("09:00")),
        row(3, at("10:30"), 90, crew=(ortiz,), expected=at("11:06"), drive=18),
        row(4, at("13:00"), 60, crew=(ortiz,), expected=at("13:00"), drive=25),
        row(5, at("08:00"), 60, done, crew=(lee,), arrived_at=at("08:20"), completed_at=at("09:10"),
            en_route_at=at("07:55")),
        row(6, at("09:30"), 45, soon, crew=(lee,), window_start=at("09:00"), window_end=at("10:00"),
            expected=at("09:41"), drive=12),
        row(7, at("11:00"), 120, crew=(lee, okonkwo), expected=at("11:00"), drive=35),
        row(8, at("08:30"), 60, on_site, crew=(okonkwo,), arrived_at=at("08:42")),
        row(9, at("13:30"), 30, crew=(okonkwo,), expected=at("13:30"), drive=10),
        row(10, at("09:15"), 60, on_site, crew=(novak,), arrived_at=at("09:12")),
        row(11, at("10:30"), 60, crew=(novak,), expected=at("10:30"), drive=14),
        row(12, at("11:00"), 60, crew=(novak,)),
        row(13, at("14:00"), 45, Standing.CANCELLED, crew=(novak,)),
        row(14, at("10:00"), 60, Standing.EN_ROUTE, crew=(banerjee,), expected=at("09:58"), drive=22,
            en_route_at=at("09:31")),
        row(15, at("11:05"), 45, crew=(banerjee,), expected=at("11:20"), drive=22),
        row(16, None, standing=later, crew=(dufresne,)),
        row(17, at("12:00"), 90, crew=(dufresne,)),
        row(18, at("11:30"), 60, Standing.UNASSIGNED, crew=()),
        row(19, at("12:00"), 90, Standing.UNASSIGNED, crew=()),
        row(20, at("14:30"), 30, Standing.UNASSIGNED, crew=()),
        row(21, at("08:00"), 30, Standing.UNKNOWN, crew=(dufresne,)),
        row(22, at("22:30"), 180, crew=(technician(6),)),
        row(23, at("15:00"), 60, crew=(), crew_untold=True),
    )  # fmt: skip


def people() -> tuple[TechnicianLine, ...]:
    away = Absence(at("12:00"), at("16:00"), "Dentist")
    return (
        *(line(number) for number in range(5)),
        line(5, absences=(away,)),
        TechnicianLine(technician=technician(6), shifts=((at("22:00"), at("06:00", 25)),)),
        TechnicianLine(technician=technician(7), shifts=()),
        TechnicianLine(technician=technician(8)),
    )


def full_day(technicians: int, visits: int) -> tuple[BoardRow, ...]:
    """So many visits spread evenly over so many technicians and the day, some of them late."""
    rows = []
    each = -(-visits // technicians)
    step = timedelta(minutes=max(1, round(600 / each)))
    for number in range(visits):
        who, place = number % technicians, number // technicians
        start = at("07:00") + step * place + minutes((who * 7) % 40)
        length = max(5.0, step.total_seconds() / 60 * 0.72)
        standing = _stands(start, length, number)
        seen: dict[str, Any] = {}
        if standing in {Standing.DONE, Standing.ON_SITE}:
            seen["arrived_at"] = start + minutes(number % 5)
        if standing is Standing.DONE:
            seen["completed_at"] = start + minutes(length + number % 7)
        expected = start + minutes(number % 13) if standing in {Standing.LATER, Standing.SOON} else None
        crew = () if number % 61 == 60 and standing is Standing.LATER else (technician(who),)
        if not crew:
            standing, expected = Standing.UNASSIGNED, None
        rows.append(row(number, start, length, standing, crew=crew, expected=expected, drive=8, **seen))
    return tuple(rows)


def _stands(start: datetime, length: float, number: int) -> Standing:
    if start + minutes(length) < NOW:
        return Standing.DONE
    if start < NOW - minutes(15) and number % 9 == 0:
        return Standing.LATE
    if start < NOW:
        return Standing.ON_SITE
    return Standing.SOON if start < NOW + minutes(15) else Standing.LATER
