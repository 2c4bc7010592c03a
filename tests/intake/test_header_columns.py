from __future__ import annotations

import pytest

from dispatchwatch.intake.columns import proposal, resolve
from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.synonyms import DECISIVE, FIELDS, LOOSE, SURE, TIME_FIELDS, UNMAPPED
from tests.intake.samples import profile, read_text


@pytest.mark.parametrize(("field", "name"), [(field, name) for field in FIELDS for name in SURE[field]])
def test_every_sure_synonym_is_taken_at_its_word(field: str, name: str) -> None:
    assert proposal([name.upper()]).columns == {"sched_start" if field == "date" else field: name.upper()}


@pytest.mark.parametrize(
    ("field", "name"),
    [(field, name) for field in LOOSE for name in LOOSE[field] if (field, name) not in {("window_end", "duedate")}],
)
def test_a_loose_synonym_is_taken_when_it_is_alone_and_shown_for_confirmation(field: str, name: str) -> None:
    found = proposal([name])
    expected = "arrived_at" if field == "started_at" else field
    assert found.columns == {expected: name}
    assert found.ambiguous == (name,)


def test_the_tables_of_synonyms_agree_with_the_fields() -> None:
    assert set(LOOSE) | set(TIME_FIELDS) | DECISIVE <= set(FIELDS)
    sure = [name for names in SURE.values() for name in names]
    assert len(sure) == len(set(sure))
    assert not UNMAPPED & {*sure, *(name for names in LOOSE.values() for name in names)}


def test_headers_are_compared_by_letters_and_digits_only() -> None:
    found = proposal(["  Appointment_No. ", "SCHEDULED-START (local)", "Scheduled  Start", "Assigned To:"])
    assert found.columns["ext_id"] == "Appointment_No."
    assert found.columns["sched_start"] == "Scheduled  Start"
    assert found.columns["technician"] == "Assigned To:"


@pytest.mark.parametrize(
    "header",
    [
        ["Appointment Number", "Id", "Scheduled Start"],
        ["Visit ID", "Name", "Start", "Due Date", "Planned Start"],
    ],
)
def test_a_sure_name_wins_over_loose_ones(header: list[str]) -> None:
    columns = resolve(header, {}, "day.csv")
    assert columns.headers["ext_id"] == header[0]
    assert columns.headers["sched_start"] == header[-1]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        (["Id", "Number", "Scheduled Start"], "ext_id"),
        (["Visit ID", "Start", "Time"], "sched_start"),
        (["Visit ID", "Scheduled Start", "Planned Start"], "sched_start"),
        (["Visit ID", "Start", "Status", "Job Status"], "status"),
        (["Visit ID", "Start", "Start"], "sched_start"),
    ],
)
def test_headers_that_compete_for_what_alerts_depend_on_are_a_question(header: list[str], field: str) -> None:
    with pytest.raises(FeedError, match=rf"both could be {field}\. Name the right one .*columns = {{ {field} = "):
        resolve(header, {}, "day.csv")


def test_competing_descriptions_cost_nothing() -> None:
    header = ["Visit ID", "Start", "Client", "Customer"]
    assert resolve(header, {}, "day.csv").headers["customer"] == "Customer"
    assert set(proposal(header).ambiguous) == {"Start", "Client", "Customer"}


def test_a_choice_settles_the_competition() -> None:
    header = ["Id", "Number", "Start", "Time"]
    columns = resolve(header, {"ext_id": "number", "sched_start": "Time"}, "day.csv")
    assert columns.places["ext_id"] == (1,)
    assert columns.places["sched_start"] == (3,)


def test_a_chosen_header_that_is_missing_is_named_with_those_found() -> None:
    with pytest.raises(FeedError, match=r"'Termin', which the profile names for sched_start.*Visit ID, Start"):
        resolve(["Visit ID", "Start"], {"sched_start": "Termin"}, "day.csv")


def test_a_chosen_header_that_stands_twice_is_a_question() -> None:
    with pytest.raises(FeedError, match="both could be technician"):
        resolve(["Visit ID", "Scheduled Start", "Who", "Who"], {"technician": "Who"}, "day.csv")


def test_an_empty_choice_says_that_there_is_no_such_column() -> None:
    header = ["Visit ID", "Scheduled Start", "Status", "Job Status"]
    assert "status" not in resolve(header, {"status": ""}, "day.csv").places


@pytest.mark.parametrize(
    ("header", "field"), [(["Start"], "ext_id"), (["Visit ID", "Technician", "Date"], "sched_start")]
)
def test_without_an_id_or_a_start_there_is_no_reading(header: list[str], field: str) -> None:
    with pytest.raises(FeedError, match=rf"columns = {{ {field} = .*headers found are: {header[0]}"):
        resolve(header, {}, "day.csv")


def test_a_window_will_do_for_a_start() -> None:
    assert "sched_start" not in resolve(["Visit ID", "Arrival Window End"], {}, "day.csv").places


def test_a_visit_date_will_do_for_a_start_but_a_mere_date_will_not() -> None:
    assert resolve(["Visit ID", "Service Date"], {}, "day.csv").headers["sched_start"] == "Service Date"


def test_date_and_time_in_two_columns_are_one_start() -> None:
    header = ["Visit ID", "Start Time", "Start Date", "End Date", "End Time"]
    found = proposal(header).columns
    assert found["sched_start"] == "Start Date + Start Time"
    assert found["sched_end"] == "End Date + End Time"
    assert resolve(header, found, "day.csv").places == resolve(header, {}, "day.csv").places


def test_the_due_date_is_the_end_only_where_there_is_no_other() -> None:
    assert proposal(["Due Date"]).columns == {"sched_end": "Due Date"}
    salesforce = proposal(["EarliestStartTime", "DueDate", "SchedStartTime", "SchedEndTime"]).columns
    assert salesforce["window_end"] == "DueDate"


@pytest.mark.parametrize("name", ["Arrival Window", "arrival_window_minutes", "arrivalWindowInMinutes"])
def test_the_length_of_a_window_is_not_mapped_but_asked_about(name: str) -> None:
    assert proposal([name]).columns == {}
    assert proposal([name]).ambiguous == (name,)


def test_what_compete_is_shown_as_a_conflict() -> None:
    found = proposal(["Visit ID", "Start", "Time"])
    assert found.conflicts == {"sched_start": ("Start", "Time")}
    assert set(found.ambiguous) == {"Start", "Time"}


def test_the_sample_profile_of_the_interface_reads() -> None:
    reading = read_text(
        "Appointment No,Start,Tech,Status\nA-1,05/02/2026 09:00,J. Ortiz,Tech On Site\n",
        timezone="America/Chicago",
        columns={"ext_id": "Appointment No", "sched_start": "Start", "technician": "Tech"},
        format={"sched_start": "%m/%d/%Y %H:%M"},
        status={"Tech On Site": "arrived"},
    )
    assert reading.problems == ()
    assert (reading.visits[0].ext_id, reading.visits[0].technician) == ("A-1", "J. Ortiz")
    assert reading.visits[0].status == "arrived"


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"columns": {"tecnician": "Tech"}}, "'tecnician' is not a column this program knows"),
        ({"format": {"technician": "%H"}}, "'technician' is not a column of times"),
        ({"format": {"eta": "HH:MM"}}, "neither a pattern such as"),
        ({"format": {"eta": "%d.%m. %H:%M"}}, "which has no year"),
        ({"format": {"eta": "%Q"}}, "not a pattern of Python's strptime"),
        ({"status": {"There": "on_site"}}, "'arrived'"),
        ({"timezone": "Chicago"}, "not a time zone; use an IANA name"),
        ({"timezone": "America"}, "not a time zone"),
        ({"encoding": "klingon"}, "not a text encoding"),
        ({"encoding": "base64"}, "not a text encoding"),
        ({"delimiter": ";;"}, "cannot separate cells"),
        ({"delimiter": '"'}, "cannot separate cells"),
        ({"days": "tomorrow"}, "'rows' or 'today'"),
        ({"zone": "UTC"}, "Extra inputs are not permitted"),
    ],
)
def test_a_profile_that_makes_no_sense_says_so(values: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        profile(**values)
