from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dispatchwatch.domain.schedule import Gravity
from tests.intake.samples import as_csv, problems_of_row, read_row, read_text, unreadable, utc


def test_a_naive_time_is_local_to_the_office() -> None:
    assert read_row({"Start": "2026-05-02 09:00"}).sched_start == utc(2026, 5, 2, 14)


def test_the_profile_zone_wins_over_the_office_and_the_rows_over_both() -> None:
    cells = {"Start": "2026-05-02 09:00", "Time Zone": "America/Denver"}
    assert read_row({"Start": "2026-05-02 09:00"}, timezone="America/New_York").sched_start == utc(2026, 5, 2, 13)
    denver = read_row(cells, timezone="America/New_York")
    assert denver.sched_start == utc(2026, 5, 2, 15)
    assert denver.site.timezone == "America/Denver"


def test_an_offset_in_the_cell_wins_over_every_zone() -> None:
    cells = {"Start": "2026-05-02T09:00+02:00", "Time Zone": "America/Denver"}
    assert read_row(cells).sched_start == utc(2026, 5, 2, 7)


def test_an_export_in_utc_leaves_the_sites_where_the_office_is() -> None:
    visit = read_row({"Start": "2026-05-02 14:00"}, timezone="UTC")
    assert visit.sched_start == utc(2026, 5, 2, 14)
    assert visit.site.timezone == "America/Chicago"


def test_a_zone_that_does_not_exist_is_a_doubt_and_the_profiles_is_used() -> None:
    cells = {"Start": "2026-05-02 09:00", "Time Zone": "Mars/Olympus"}
    (problem,) = problems_of_row(cells, timezone="America/Denver")
    assert (problem.line, problem.column, problem.gravity) == (2, "Time Zone", Gravity.DOUBTFUL)
    assert "'Mars/Olympus' is not a time zone; its times were read as America/Denver" in problem.problem
    assert read_row(cells, timezone="America/Denver").sched_start == utc(2026, 5, 2, 15)


def test_a_time_that_spring_skips_is_an_hour_later_and_marked() -> None:
    visit = read_row({"Start": "2026-03-08 02:30", "End": "2026-03-08 04:00"})
    assert visit.sched_start == utc(2026, 3, 8, 8, 30)
    assert visit.time_adjusted


def test_a_time_that_autumn_repeats_is_the_first_and_marked() -> None:
    visit = read_row({"Start": "2026-11-01 01:30"})
    assert visit.sched_start == utc(2026, 11, 1, 6, 30)
    assert visit.time_adjusted
    assert not read_row({"Start": "2026-11-01 03:30"}).time_adjusted


def test_over_the_spring_gap_a_given_end_is_an_hour_closer_and_a_duration_keeps_its_length() -> None:
    ends = read_row({"Start": "2026-03-08 01:30", "End": "2026-03-08 03:30"})
    assert ends.sched_end is not None
    assert ends.sched_start is not None
    assert ends.sched_end - ends.sched_start == timedelta(minutes=60)
    lasts = read_row({"Start": "2026-03-08 01:30", "Duration": "120"})
    assert lasts.sched_end == utc(2026, 3, 8, 9, 30)  # 04:30 local


@pytest.mark.parametrize(("unit", "cell"), [("minutes", "90"), ("hours", "1.5"), ("seconds", "5400")])
def test_the_unit_of_durations_is_the_profiles(unit: str, cell: str) -> None:
    visit = read_row({"Start": "2026-05-02 09:00", "Duration": cell}, duration_unit=unit)
    assert visit.duration == timedelta(minutes=90)
    assert visit.sched_end == utc(2026, 5, 2, 15, 30)


def test_a_duration_that_is_none_is_a_doubt() -> None:
    (problem,) = problems_of_row({"Start": "2026-05-02 09:00", "Duration": "long"})
    assert (problem.column, problem.gravity) == ("Duration", Gravity.DOUBTFUL)
    assert "'long' is not a length of time in minutes" in problem.problem


def test_a_date_column_dates_the_times_beside_it() -> None:
    cells = {"Date": "5/2/2016", "Start": "9:00", "End": "10:30", "Arrival Time": "9:05"}
    visit = read_row(cells, columns={"date": "Date", "sched_start": "Start"}, day_first=False)
    assert visit.sched_start == utc(2016, 5, 2, 14)
    assert visit.sched_end == utc(2016, 5, 2, 15, 30)
    assert visit.arrived_at == utc(2016, 5, 2, 14, 5)


@pytest.mark.parametrize("day", ["5/13/2016", "5/13/2016 00:00:00", "5/13/2016 12:00:00 AM"])
def test_start_date_and_start_time_are_joined(day: str) -> None:
    visit = read_row({"Start Date": day, "Start Time": "9:00", "End Time": "10:00"})
    assert visit.sched_start == utc(2016, 5, 13, 14)
    assert visit.sched_end == utc(2016, 5, 13, 15)


def test_a_time_to_be_determined_leaves_a_day() -> None:
    visit = read_row({"Start Date": "5/13/2016", "Start Time": "TBD"})
    assert visit.anytime
    assert visit.sched_start == utc(2016, 5, 13, 5)


def test_a_day_without_a_time_is_an_anytime_visit_from_midnight() -> None:
    visit = read_row({"Start": "2026-05-02", "Duration": "60"})
    assert visit.anytime
    assert visit.promise is None
    assert visit.sched_start == utc(2026, 5, 2, 5)
    assert visit.sched_end is None


def test_a_timed_window_on_a_bare_day_is_no_anytime_visit() -> None:
    visit = read_row({"Visit Date": "2026-05-02", "Window Start": "8:00", "Window End": "12:00"})
    assert not visit.anytime
    assert visit.sched_start == visit.window_start == utc(2026, 5, 2, 13)
    assert visit.promise == utc(2026, 5, 2, 17)


def test_an_anytime_column_is_believed() -> None:
    assert read_row({"Start": "2026-05-02 09:00", "Anytime": "Yes"}).anytime
    assert not read_row({"Start": "2026-05-02 09:00", "Anytime": "No"}).anytime


def test_the_end_of_a_window_that_is_a_bare_day_is_the_next_midnight() -> None:
    visit = read_row({"Start": "2026-05-02 09:00", "Window End": "2026-05-03"})
    assert visit.window_end == utc(2026, 5, 4, 5)


def test_a_window_start_stands_in_for_a_missing_start() -> None:
    visit = read_row({"Window Start": "2026-05-02 08:00", "Window End": "2026-05-02 12:00"})
    assert visit.sched_start == utc(2026, 5, 2, 13)


@pytest.mark.parametrize(
    ("start", "field", "told", "expected"),
    [
        ("22:30", "End", "1:30", utc(2026, 5, 3, 6, 30)),
        ("23:50", "Arrival Time", "0:10", utc(2026, 5, 3, 5, 10)),
        ("0:10", "Arrival Time", "23:50", utc(2026, 5, 2, 4, 50)),
        ("6:00", "Completed At", "19:00", utc(2026, 5, 3, 0)),
        ("14:00", "Arrival Time", "6:00", utc(2026, 5, 2, 11)),
    ],
)
def test_a_time_without_a_day_is_on_the_side_of_midnight_that_makes_sense(
    start: str, field: str, told: str, expected: datetime
) -> None:
    visit = read_row({"Date": "2026-05-02", "Start": start, field: told})
    assert expected in {visit.sched_end, visit.arrived_at, visit.completed_at}


def test_hhmm_2400_is_the_next_midnight() -> None:
    visit = read_row(
        {"Date": "2013-01-05", "Start": "2235", "End": "2400"}, format={"sched_start": "hhmm", "sched_end": "hhmm"}
    )
    assert visit.sched_start == utc(2013, 1, 6, 4, 35)
    assert visit.sched_end == utc(2013, 1, 6, 6)


def test_an_end_before_the_start_is_a_doubt_and_left_out() -> None:
    cells = {"Start": "2026-05-02 09:00", "End": "2026-05-02 08:00"}
    (problem,) = problems_of_row(cells)
    assert (problem.column, problem.gravity) == ("End", Gravity.DOUBTFUL)
    assert "before the start" in problem.problem
    assert read_row(cells).sched_end is None


def test_a_window_that_ends_before_it_starts_is_a_doubt_and_left_out() -> None:
    cells = {"Window Start": "2026-05-02 09:00", "Window End": "2026-05-02 08:00"}
    assert [problem.column for problem in problems_of_row(cells)] == ["Window End"]
    assert read_row(cells).window_end is None


@pytest.mark.parametrize(
    "cell", ["1900-01-01", "1/1/1900 00:00", "0001-01-01T00:00:00", "9999-12-31 23:59:59", "0000-00-00", "TBD", ""]
)
def test_no_time_under_another_name_is_none_and_no_problem(cell: str) -> None:
    cells = {"Start": "2026-05-02 09:00", "Arrived At": cell}
    assert read_row(cells).arrived_at is None
    assert problems_of_row(cells) == ()


def test_a_visit_without_a_start_is_read() -> None:
    visit = read_row({"Start": "TBD", "Customer": "Acme"})
    assert (visit.sched_start, visit.status) == (None, "unscheduled")


def test_a_start_that_cannot_be_read_costs_the_row_and_names_column_value_and_remedy() -> None:
    (problem,) = problems_of_row({"Start": "after lunch"})
    assert (problem.line, problem.column, problem.gravity) == (2, "Start", Gravity.UNREADABLE)
    assert "'after lunch' cannot be read as a time; expected is for example 2026-05-02 09:00" in problem.problem


def test_another_time_that_cannot_be_read_costs_only_itself() -> None:
    cells = {"Start": "2026-05-02 09:00", "Arrived At": "around nine"}
    (problem,) = problems_of_row(cells)
    assert (problem.column, problem.gravity) == ("Arrived At", Gravity.DOUBTFUL)
    assert read_row(cells).arrived_at is None


def test_a_time_without_any_date_says_which_column_is_wanted() -> None:
    (problem,) = problems_of_row({"Start": "9:00"})
    assert problem.gravity is Gravity.UNREADABLE
    assert "a time without a date" in problem.problem


def test_a_profile_for_one_day_dates_the_times_that_have_no_date() -> None:
    assert read_row({"Start": "9:00"}, days=["2026-05-02"]).sched_start == utc(2026, 5, 2, 14)


def test_a_time_in_the_date_column_is_a_doubt() -> None:
    (problem,) = problems_of_row({"Date": "7:00", "Start": "2026-05-02 09:00"})
    assert (problem.column, problem.gravity) == ("Date", Gravity.DOUBTFUL)


def days(*starts: str, header: str = "Start", **values: object) -> tuple[list[str], list[str]]:
    """The UTC days of the visits that start so, and the doubts."""
    rows = [[f"A-{number}", start] for number, start in enumerate(starts)]
    reading = read_text(as_csv(["Visit ID", header], rows), **values)
    assert not unreadable(reading)
    found = [f"{visit.sched_start:%m-%d}" for visit in reading.visits]
    return found, [problem.problem for problem in reading.problems]


def test_one_date_above_twelve_decides_the_order_for_its_whole_column() -> None:
    assert days("5/2/2026 9:00", "13/2/2026 9:00") == (["02-05", "02-13"], [])
    assert days("5/2/2026 9:00", "2/13/2026 9:00") == (["05-02", "02-13"], [])


def test_without_evidence_the_month_is_read_first_and_a_person_is_asked_once() -> None:
    found, (doubt,) = days("5/2/2026 9:00", "5/3/2026 9:00")
    assert found == ["05-02", "05-03"]
    assert "dates like 5/2/2026 can be read two ways; set day_first or format" in doubt


def test_a_date_that_reads_the_same_both_ways_asks_nothing() -> None:
    assert days("5/5/2026 9:00") == (["05-05"], [])


def test_the_profile_settles_the_order() -> None:
    assert days("5/2/2026 9:00", day_first=True) == (["02-05"], [])
    assert days("5/2/2026 9:00", day_first=False) == (["05-02"], [])
    assert days("5/2/2026 9:00", format={"sched_start": "%d/%m/%Y %H:%M"}) == (["02-05"], [])


def test_another_column_of_the_file_is_evidence_too() -> None:
    reading = read_text("Visit ID,Start,Booked At\nA-1,5/2/2026 9:00,28/1/2026 8:00\n")
    assert reading.visits[0].sched_start == utc(2026, 2, 5, 15)
    assert reading.problems == ()


def test_a_column_of_both_orders_is_a_doubt_and_what_fits_neither_is_unreadable() -> None:
    rows = [["1", "13/2/2026 9:00"], ["2", "14/2/2026 9:00"], ["3", "2/15/2026 9:00"]]
    reading = read_text(as_csv(["Visit ID", "Start"], rows))
    assert [visit.ext_id for visit in reading.visits] == ["1", "2"]
    assert [problem.line for problem in unreadable(reading)] == [4]
    assert any("day first and others with the month first" in problem.problem for problem in reading.problems)
