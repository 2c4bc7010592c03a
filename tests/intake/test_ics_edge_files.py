"""Real calendars and bug reports that nobody here wrote, and calendars that hypothesis damages."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatchwatch.domain.visit import Status
from dispatchwatch.intake.calendar_window import Window
from dispatchwatch.intake.feed import FeedError
from tests.intake.calendar_samples import END, START, accounted, around, calendar, days, event, faults, read_raw
from tests.intake.samples import CHICAGO, utc
from tests.thorough import times

SHARED = Path(os.environ.get("DISPATCHWATCH_SHARED") or Path(__file__).resolve().parents[3] / "shared")
EDGE = SHARED / "data" / "ics-edge"
real = pytest.mark.skipif(
    not EDGE.is_dir(), reason=f"the calendars are not at {EDGE}; set DISPATCHWATCH_SHARED to the folder that has data"
)
BERLIN = ZoneInfo("Europe/Berlin")


class Counts(NamedTuple):
    """Of one file: the VEVENTs in it, those that gave visits, the visits, those read with a doubt or not at all."""

    events: int
    read: int
    visits: int
    doubtful: int
    unreadable: int


EXPECTED = {
    "bom_calendar.ics": ("2019-01-01", "2019-12-31", Counts(0, 0, 0, 0, 0)),
    "discourse_no_dtend.ics": ("2019-01-01", "2019-12-31", Counts(4, 4, 4, 0, 0)),
    "end_before_start_event.ics": ("2019-03-01", "2019-03-31", Counts(1, 1, 1, 1, 0)),
    "fablab_cottbus.ics": ("2015-01-01", "2019-12-31", Counts(28, 28, 51, 0, 0)),
    "issue_18_cancel_status.ics": ("2020-01-01", "2020-02-28", Counts(2, 2, 3, 0, 0)),
    "issue_201_mixed_datetime_and_date.ics": ("2023-07-01", "2023-07-31", Counts(1, 1, 1, 1, 0)),
    "issue_223_one_event_with_sequence.ics": ("2019-03-01", "2019-03-31", Counts(2, 2, 2, 0, 0)),
    "issue_48_dst.ics": ("2020-09-01", "2020-11-30", Counts(13, 13, 70, 0, 0)),
    "issue_86_x_wr_timezone_without_time_zone_in_dt.ics": ("2021-09-01", "2021-09-30", Counts(1, 1, 1, 0, 0)),
}


def window(name: str) -> Window:
    first, last, _ = EXPECTED[name]
    return Window(date.fromisoformat(first), date.fromisoformat(last), BERLIN)


def events_in(raw: bytes) -> int:
    """Counted by text alone."""
    return len(re.findall(rb"^BEGIN:VEVENT\r?$", raw, re.MULTILINE))


@real
def test_the_list_of_files_is_whole() -> None:
    assert {path.name for path in EDGE.glob("*.ics")} == set(EXPECTED)


@real
@pytest.mark.parametrize("name", EXPECTED)
def test_every_event_is_read_or_told(name: str) -> None:
    raw, (_, _, expected) = (EDGE / name).read_bytes(), EXPECTED[name]
    reading = read_raw(raw, window(name), zone=BERLIN)
    doubtful = len({one.line for one in reading.problems}) - reading.unreadable
    found = Counts(reading.events, reading.read, len(reading.visits), doubtful, reading.unreadable)
    assert found == expected
    assert reading.events == events_in(raw)
    assert accounted(reading)


@real
def test_no_dtend_has_no_end_and_an_end_before_the_start_is_dropped() -> None:
    first = read_raw((EDGE / "discourse_no_dtend.ics").read_bytes(), window("discourse_no_dtend.ics")).visits[0]
    assert (first.sched_start, first.sched_end) == (utc(2019, 1, 17, 17, 0, 25), None)
    swapped = read_raw((EDGE / "end_before_start_event.ics").read_bytes(), window("end_before_start_event.ics"))
    assert (swapped.visits[0].sched_start, swapped.visits[0].sched_end) == (utc(2019, 3, 4, 7, 30), None)


@real
def test_the_cancelled_instance_is_cancelled() -> None:
    name = "issue_18_cancel_status.ics"
    visits = read_raw((EDGE / name).read_bytes(), window(name)).visits
    assert {str(one.sched_start)[:13]: one.status for one in visits} == {
        "2020-01-28 21": Status.SCHEDULED,
        "2020-01-29 21": Status.CANCELLED,
        "2020-01-30 21": Status.SCHEDULED,
    }


@real
def test_an_all_day_event_that_ends_at_a_time_and_a_zone_for_the_whole_calendar() -> None:
    holidays = read_raw((EDGE / "issue_201_mixed_datetime_and_date.ics").read_bytes(), days("2023-07-01", "2023-07-31"))
    assert (holidays.visits[0].anytime, holidays.visits[0].title) == (True, "Congés")
    match = read_raw(
        (EDGE / "issue_86_x_wr_timezone_without_time_zone_in_dt.ics").read_bytes(), days("2021-09-01", "2021-09-30")
    )
    assert match.visits[0].sched_start == utc(2021, 9, 16, 19)


@real
def test_series_keep_their_local_times_across_daylight_saving() -> None:
    reading = read_raw((EDGE / "issue_48_dst.ics").read_bytes(), days("2020-10-15", "2020-11-15"))
    clocks: dict[str, set[str]] = {}
    for visit in reading.visits:
        uid, slash, _ = visit.ext_id.partition("/")
        if slash and visit.sched_start:
            clocks.setdefault(uid, set()).add(f"{visit.sched_start.astimezone(CHICAGO):%H:%M}")
    assert len(clocks) >= 8
    assert {len(times) for times in clocks.values()} == {1}


LINES = st.sampled_from(
    [START, END, "DTSTART:20260502T080000", "DTSTART;VALUE=DATE:20260502", "DTSTART:", "DTSTART:99999999T999999",
     "DTSTART;TZID=Nowhere:20260502T080000", "DTSTART;TZID=Central Standard Time:20260502T080000",
     "DTSTART:00010101", "DTSTART;TZID=Europe/Berlin:99991231T235959", "DTEND:20260502T070000Z",
     "DTEND;VALUE=DATE:20260503", "DTEND:x", "DURATION:PT1H", "DURATION:-P1D", "DURATION:P999999999D", "DURATION:",
     "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY;BYDAY=MO,SA", "RRULE:FREQ=MONTHLY;BYDAY=1SA;COUNT=3",
     "RRULE:FREQ=DAILY;UNTIL=20260505", "RRULE:FREQ=HOURLY;INTERVAL=5",
     "RRULE:FREQ=YEARLY;BYMONTH=5;BYSETPOS=1;BYDAY=SA", "RRULE:FREQ=SECONDLY", "RRULE:", "RRULE:FREQ=DAILY;COUNT=x",
     "RRULE:FREQ=DAILY;INTERVAL=0", "RRULE:FREQ=WEEKLY;WKST=XX", "RRULE:FREQ=MONTHLY;BYMONTHDAY=99",
     "EXDATE:20260503T130000Z", "EXDATE;VALUE=DATE:20260503", "EXDATE:x", "RDATE:20260504T080000,20260505T080000",
     "RDATE;VALUE=PERIOD:20260506T080000/PT1H", "RDATE;VALUE=PERIOD:20260506T080000/20260506T070000", "RDATE:x/y",
     "RECURRENCE-ID:20260503T130000Z", "RECURRENCE-ID;VALUE=DATE:20260503",
     "RECURRENCE-ID;RANGE=THISANDFUTURE:20260503T130000Z", "RECURRENCE-ID:x", "SEQUENCE:2", "SEQUENCE:x",
     "STATUS:CANCELLED", "SUMMARY:Canceled: x", "GEO:1;2", "GEO:x", "ATTENDEE;CN=Ann:mailto:a@example.com",
     "ATTENDEE", "CATEGORIES:On site,x", "CATEGORIES:", "DESCRIPTION:Status: x\\nSite: y", "LAST-MODIFIED:x",
     "LAST-MODIFIED:20260501T000000", "UID:other", "UID:", "BEGIN:VALARM", "END:VALARM", "BEGIN:VEVENT",
     "END:VEVENT", "BEGIN:VCALENDAR", "END:VCALENDAR", "X-A;B=C;D:e", ":", ";", " folded", "\tfolded", "no colon", ""]
)  # fmt: skip
NOISE = st.text(st.characters(codec="utf-8"), max_size=20)
EVENTS = st.lists(st.lists(st.one_of(LINES, LINES, LINES, NOISE), max_size=8), min_size=1, max_size=5)
CLEAN = [event(START, END, "SUMMARY:fine", uid="fine"), event(START, "RRULE:FREQ=DAILY", uid="series")]


@settings(max_examples=times(150))
@given(EVENTS)
def test_whatever_the_events_hold_each_is_accounted_for(events: list[list[str]]) -> None:
    texts = [event(*lines, uid=uid) for lines, uid in zip(events, "ABAB ", strict=False)]
    raw = calendar(*texts, "BEGIN:VCALENDAR\r\n", *CLEAN).encode()
    reading = read_raw(raw, around(back=2, ahead=5))
    assert accounted(reading)
    assert min(reading.outside, reading.overtaken, reading.unreadable) >= 0
    assert {"fine", "series/20260502T130000Z"} <= {one.ext_id for one in reading.visits}
    assert len(faults(reading)) == reading.unreadable
    for visit in reading.visits:
        assert visit.sched_start is not None
        assert visit.sched_end is None or visit.sched_start <= visit.sched_end


@settings(max_examples=times(100))
@given(st.data())
def test_whatever_bytes_are_cut_out_put_in_or_changed_nothing_but_a_feed_error_comes_out(data: st.DataObject) -> None:
    raw = bytearray(calendar(*CLEAN, event("RECURRENCE-ID:20260503T130000Z", START, uid="series")).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, max(0, len(raw) - 1)))
        raw[place : place + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=10))
    if data.draw(st.booleans()):
        del raw[data.draw(st.integers(0, len(raw))) :]
    with suppress(FeedError):
        reading = read_raw(bytes(raw), around(back=2, ahead=5))
        assert accounted(reading)
        assert min(reading.outside, reading.overtaken, reading.unreadable) >= 0
