"""What a source seems to say, and what is asked because nobody can know it from the file."""

from __future__ import annotations

import pytest

from dispatchwatch.domain.visit import Status
from dispatchwatch.intake.delimited_table import sample_delimited
from dispatchwatch.intake.proposing import ColumnSeen, Confidence, SourceProposal, propose
from dispatchwatch.intake.questions import Question
from dispatchwatch.intake.time_looks import look_of
from dispatchwatch.intake.xlsx_feed import XlsxConfig
from tests.intake.samples import profile, read_text, utc
from tests.intake.workbooks import xlsx

DAY = """Northside Compressor Service
Appointment No,Start,Status,Tech,Job Notes,Arrived At
A-1,2026-05-13 09:00,Tech On Site,J. Ortiz,,2026-05-13 08:55
A-2,2026-05-13 11:00,Gone fishing,Lee,call first,
A-3,2026-05-13 13:00,gone_fishing,Lee,,TBD
"""


def proposed(text: str, **values: object) -> SourceProposal:
    return propose(sample_delimited(text.encode(), profile(**values), "day.csv"), profile(**values))


def seen(found: SourceProposal, header: str) -> ColumnSeen:
    return next(one for one in found.seen if one.header == header)


def question(found: SourceProposal, key: str) -> Question:
    return next(one for one in found.questions if one.key == key)


def keys(found: SourceProposal) -> list[str]:
    return [one.key for one in found.questions]


def test_columns_are_shown_with_their_field_confidence_samples_and_looks() -> None:
    found = proposed(DAY)
    assert (found.file, found.rows) == ("day.csv", 3)
    assert seen(found, "Appointment No") == ColumnSeen(
        "Appointment No", ("A-1", "A-2", "A-3"), "ext_id", Confidence.SURE
    )
    assert seen(found, "Start").looks == "date and time"
    assert seen(found, "Start").confidence is Confidence.LOOSE
    assert seen(found, "Tech").samples == ("J. Ortiz", "Lee")
    assert seen(found, "Arrived At").samples == ("2026-05-13 08:55",)
    assert found.columns["sched_start"] == "Start"


def test_status_words_are_counted_with_what_they_mean() -> None:
    found = proposed(DAY)
    words = [(one.word, one.rows, one.status) for one in found.words]
    assert words == [("Gone fishing", 2, None), ("Tech On Site", 1, Status.ARRIVED)]
    asked = question(found, "status:Gone fishing")
    assert "(seen 2 times)" in asked.text
    assert asked.option == '--status "Gone fishing=…"'
    assert asked.suggestion == "unknown"


def test_only_what_is_open_is_asked() -> None:
    assert keys(proposed(DAY)) == ["column:sched_start", "status:Gone fishing"]
    settled = proposed(DAY, columns={"sched_start": "Start"}, status={"Gone fishing": "paused"})
    assert keys(settled) == []
    assert seen(settled, "Start").confidence is Confidence.CHOSEN


def test_a_name_that_can_mean_several_things_is_asked_with_a_suggestion() -> None:
    asked = question(proposed(DAY), "column:sched_start")
    assert (asked.suggestion, asked.choices) == ("Start", ("Start", "none"))
    assert "such as 2026-05-13 09:00" in asked.text


def test_two_headers_that_compete_are_asked_and_nothing_is_suggested() -> None:
    found = proposed("Visit ID,Scheduled Start,Planned Start\nA,2026-05-13 09:00,2026-05-13 10:00\n")
    asked = question(found, "column:sched_start")
    assert "“Scheduled Start” and “Planned Start” could both be the planned start (sched_start)" in asked.text
    assert (asked.suggestion, set(asked.choices)) == ("", {"Scheduled Start", "Planned Start", "none"})
    assert "sched_start" not in found.columns


def test_columns_are_recognised_by_what_is_in_them_and_confirmed() -> None:
    rows = "".join(
        f"N-{n},2026-05-13 0{n}:00,{word},Ortiz\n" for n, word in enumerate(["Done", "On site", "Done", "Booked"])
    )
    found = proposed("Ref,When,Where it stands,Who\n" + rows)
    for header, field in (("Ref", "ext_id"), ("When", "sched_start"), ("Where it stands", "status")):
        assert (seen(found, header).field, seen(found, header).confidence) == (field, Confidence.BY_VALUE)
        assert question(found, f"column:{field}").suggestion == header
    assert seen(found, "Who").field == ""


def test_what_could_be_two_columns_by_value_is_asked_without_a_suggestion() -> None:
    found = proposed("Ref,When,Then\nN-1,2026-05-13 09:00,2026-05-13 10:00\nN-2,2026-05-13 09:00,2026-05-13 10:00\n")
    asked = question(found, "column:sched_start")
    assert (asked.text, asked.suggestion) == ("Which column says when a visit starts?", "")
    assert {"When", "Then"} <= set(asked.choices)


def test_the_length_of_an_arrival_window_is_asked_and_never_guessed() -> None:
    found = proposed("Visit ID,Scheduled Start,Arrival Window\nA,2026-05-13 09:00,120\n")
    asked = question(found, "header:Arrival Window")
    assert (asked.choices, asked.suggestion) == (("leave out", "window_start", "window_end", "window_length"), "")
    assert '--leave-out "Arrival Window"' in asked.option
    told = proposed(
        "Visit ID,Scheduled Start,Arrival Window\nA,2026-05-13 09:00,2026-05-13 10:00\n",
        columns={"window_end": "Arrival Window"},
    )
    assert keys(told) == []


@pytest.mark.parametrize(
    ("header", "value", "unit", "asked"),
    [
        ("Scheduled Duration", "90", {}, True),
        ("Scheduled Duration", "1.5", {}, True),
        ("Scheduled Duration", "1:30", {}, False),
        ("Scheduled Duration", "90 min", {}, False),
        ("Duration (min)", "90", {}, False),
        ("Scheduled Duration", "90", {"duration_unit": "minutes"}, False),
    ],
)
def test_the_unit_of_bare_lengths_is_asked(header: str, value: str, unit: dict[str, str], asked: bool) -> None:
    found = proposed(f"Visit ID,Scheduled Start,{header}\nA,2026-05-13 09:00,{value}\n", **unit)
    assert ("duration_unit" in keys(found)) is asked


def test_dates_that_can_be_read_two_ways_are_asked() -> None:
    text = "Visit ID,Scheduled Start\nA,5/2/2026 9:00\nB,6/2/2026 9:00\n"
    asked = question(proposed(text), "day_first")
    assert asked.text == "“Scheduled Start”: dates like 5/2/2026 can be read two ways. Which comes first?"
    assert asked.suggestion == ""
    assert keys(proposed(text, day_first=True)) == []
    assert keys(proposed(text + "C,5/13/2026 9:00\n")) == []


@pytest.mark.parametrize(
    ("values", "text", "formats"),
    [
        (["2026-05-13 09:00"], "date and time", ()),
        (["2026-05-13T09:00Z"], "date and time with a zone", ()),
        (["5/13/2026"], "date", ()),
        (["13/5/2026"], "date", ()),
        (["9:00 AM", "24:00"], "time of day", ()),
        (["2026-05-13", "9:00"], "date or time of day", ()),
        (["1778662800"], "numbers", ("epoch",)),
        (["1778662800000"], "numbers", ("epoch_ms",)),
        (["940", "2400"], "numbers", ("hhmm", "seconds_since_midnight")),
        (["33000"], "numbers", ("seconds_since_midnight",)),
        ([], "", ()),
    ],
)
def test_times_look_like_what_they_are(values: list[str], text: str, formats: tuple[str, ...]) -> None:
    assert look_of(values, None) == (text, formats, "")


def test_numbers_that_may_be_times_are_asked_and_a_format_answers() -> None:
    text = "Visit ID,Visit Date,Start Time\nA,2026-05-13,940\nB,2026-05-13,1715\n"
    asked = question(proposed(text), "format:sched_start")
    assert asked.choices == ("hhmm", "seconds_since_midnight")
    assert asked.option == "--format sched_start=hhmm"
    assert keys(proposed(text, format={"sched_start": "hhmm"})) == []


def test_times_that_nobody_can_read_are_asked_for_their_format() -> None:
    text = "Visit ID,Scheduled Start\nA,13 May 2026 09h00\n"
    asked = question(proposed(text), "format:sched_start")
    assert ("“13 May 2026 09h00”" in asked.text, asked.choices, asked.suggestion) == (True, (), "")
    assert keys(proposed(text, format={"sched_start": "%d %B %Y %Hh%M"})) == []


def test_two_cells_that_are_one_time_are_shown_as_such() -> None:
    found = proposed("Visit ID,Start Date,Start Time\nA,2026-05-13,9:00\n")
    assert found.columns["sched_start"] == "Start Date + Start Time"
    assert (seen(found, "Start Date").field, seen(found, "Start Time").field) == ("sched_start", "sched_start")


def test_a_workbook_is_proposed_from_the_sheet_that_says_most() -> None:
    config = XlsxConfig(name="today", path="day.xlsx")
    found = propose(
        config.sample(xlsx([("Board",), ("No.", "Tech", "Start"), ("A", "Ortiz", None)]), profile(), "b"), profile()
    )
    assert [one.header for one in found.seen] == ["No.", "Tech", "Start"]
    assert "column:ext_id" in keys(found)


def test_a_column_that_a_reader_would_find_besides_is_said_to_be_absent() -> None:
    text = "Visit ID,Service Date,Date\nA,2026-05-13,2026-04-01\nB,2026-05-14,2026-04-01\n"
    found = proposed(text)
    assert (found.columns["sched_start"], found.columns["date"]) == ("Service Date", "")
    assert seen(found, "Date").field == ""
    visits = read_text(text, columns=found.columns).visits
    assert [visit.sched_start for visit in visits] == [utc(2026, 5, 13, 5), utc(2026, 5, 14, 5)]


def test_numbers_in_a_column_of_dates_are_no_times_of_day() -> None:
    asked = question(proposed("Visit ID,Visit Date,Scheduled Start\nA,30,9:00\n"), "format:date")
    assert ("holds “30”" in asked.text, asked.choices) == (True, ())
