"""Files and calendars that hold more than a schedule can: refused before they fill the memory."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from dispatchwatch.intake.calendar_fields import Places
from dispatchwatch.intake.calendar_reading import CalendarReader
from dispatchwatch.intake.calendar_text import MOST_EVENTS, MOST_LINES_OF_AN_EVENT
from dispatchwatch.intake.calendar_text import read_text as read_calendar
from dispatchwatch.intake.delimited_table import MOST_CELLS, MOST_LINES
from dispatchwatch.intake.feed import Feed, FeedError
from dispatchwatch.intake.ical_feed import IcalConfig
from tests.intake.calendar_samples import START, around, calendar, event, faults, read, read_raw
from tests.intake.samples import CHICAGO, NOW, csv_feed, profile, read_text
from tests.intake.workbooks import xlsx_feed

GIGABYTE = 1_000_000_000
MEGABYTE = 1_000_000


def feeds_of(folder: Path, file: str) -> Feed:
    if file.endswith(".ics"):
        config = IcalConfig.model_validate({"name": "today", "path": file})
        return config.open(profile(), office_zone=CHICAGO, base=folder)
    return xlsx_feed(folder, file) if file.endswith(".xlsx") else csv_feed(folder, file)


@pytest.mark.parametrize("file", ["day.csv", "day.xlsx", "day.ics"])
def test_a_file_of_a_gigabyte_is_not_opened(tmp_path: Path, file: str) -> None:
    with (tmp_path / file).open("wb") as huge:
        huge.truncate(GIGABYTE)
    feed = feeds_of(tmp_path, file)
    tracemalloc.start()
    text = str(_failure(feed))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "has 1,000,000,000 bytes, more than the" in text
    assert text.endswith("Check whether it is the right file.")
    assert peak < MEGABYTE


def _failure(feed: Feed) -> FeedError:
    """The first look at a file only takes note of it."""
    with pytest.raises(Exception, match="still being written"):
        feed.fetch(NOW)
    with pytest.raises(FeedError) as failure:
        feed.fetch(NOW)
    return failure.value


@pytest.mark.parametrize(
    "rows", ["\n" * (MOST_LINES + 1), "A,2026-05-02 09:00" + "," * (MOST_CELLS + 1)], ids=["lines", "cells"]
)
def test_a_text_of_nothing_but_lines_or_cells_is_refused(rows: str) -> None:
    with pytest.raises(FeedError, match=r"day\.csv holds more than a schedule can\. Export fewer days or columns\."):
        read_text("Visit ID,Start\n" + rows)


def test_a_calendar_of_nothing_but_events_is_refused() -> None:
    with pytest.raises(FeedError, match=r"day\.ics holds more events than a schedule can\. Take old ones out"):
        read_raw(b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * (MOST_EVENTS + 1))


def test_an_event_of_endless_lines_costs_itself_alone() -> None:
    reading = read(event(START, uid="A"), event(START, *["X-A:1"] * MOST_LINES_OF_AN_EVENT, uid="B"))
    assert [one.ext_id for one in reading.visits] == ["A"]
    assert faults(reading) == ["8 : event B: it has more than 10,000 lines, which no event needs"]


def test_series_that_never_stop_repeating_are_not_followed_without_end() -> None:
    reader = CalendarReader("today", Places({}, "", profile()), profile(), CHICAGO, most_visits=1000)
    often = [event(START, "RRULE:FREQ=HOURLY", uid=f"U{n}") for n in range(10)]
    with pytest.raises(FeedError, match=r"day\.ics gives more than 1,000 visits\. Read fewer days of it: days_back"):
        reader.read({"day.ics": read_calendar(calendar(*often).encode(), None, "day.ics")}, around())
    one = {"day.ics": read_calendar(calendar(*often[:1]).encode(), None, "day.ics")}
    assert len(reader.read(one, around()).visits) > 300
