from __future__ import annotations

import pytest

from dispatchwatch.domain.schedule import Gravity
from dispatchwatch.domain.visit import Status
from dispatchwatch.intake.statuses import Meaning, StatusWords
from tests.intake.samples import as_csv, profile, read_row, read_text, utc

STUDY = {
    "unscheduled": "unscheduled|needs scheduling|draft|new|pending dispatch|to do|offered|published|waiting list",
    "scheduled": "scheduled|booked|confirmed|soft booked|assigned|planned|upcoming|pending|open|rescheduled|690970000"
    "|ncns|no call no show|tech no show",
    "dispatched": "dispatched|notified|accepted|acknowledged|routed|committed|ready to go",
    "en_route": "en route|enroute|on my way|on the way|on route|traveling|travelling|driving|driving to site|690970001",
    "arrived": "arrived|on site|onsite|onsite arrival|on scene|checked in",
    "in_progress": "in progress|in process|working|work in progress|started|running|690970003",
    "paused": "paused|hold|on hold|on break|suspended|awaiting parts|return required|690970002",
    "completed": "completed|complete|complete unrated|complete rated|done|work done|closed|closed complete"
    "|fully completed|finished|approved|invoiced|690970004",
    "incomplete": "cannot complete|closed incomplete|unsuccessful|failed|partially completed|problem"
    "|needs return visit",
    "cancelled": "user canceled|cancelled by customer|customer cancelled|declined by customer|pro canceled|cancelled"
    "|canceled|void|skipped|deleted|rejected|postponed|690970005",
    "customer_no_show": "no show|noshow|customer no show|no access|not home",
}
WORDS = [(word, Status(status)) for status, words in STUDY.items() for word in words.split("|")]


def meaning(word: str, *, has_start: bool = True, **own: str) -> Meaning | None:
    words = {key.replace("_", " "): value for key, value in own.items()}
    return StatusWords(profile(status=words).status).meaning(word, has_start=has_start)


@pytest.mark.parametrize(("word", "status"), WORDS)
@pytest.mark.parametrize(
    "dress", [str, str.upper, lambda word: f" {word.replace(' ', '_')} ", lambda word: word.replace(" ", "-")]
)
def test_every_word_of_the_study_is_known_however_it_is_written(word: str, status: Status, dress: type[str]) -> None:
    found = meaning(dress(word))
    assert found is not None
    assert found.status is status


@pytest.mark.parametrize("word", ["open", "pending", "rescheduled", "Open"])
def test_some_words_depend_on_a_start(word: str) -> None:
    assert meaning(word, has_start=False) == Meaning(Status.UNSCHEDULED)
    assert meaning(word, has_start=True) == Meaning(Status.SCHEDULED)


def test_a_row_without_a_start_shows_it() -> None:
    assert read_row({"Start": "", "Status": "Open"}).status is Status.UNSCHEDULED
    assert read_row({"Start": "2026-05-02 09:00", "Status": "Open"}).status is Status.SCHEDULED


@pytest.mark.parametrize(
    ("word", "who"),
    [
        ("user canceled", "customer"),
        ("User_Cancelled", "customer"),
        ("customer cancelled", "customer"),
        ("cancelled by customer", "customer"),
        ("declined by customer", "customer"),
        ("pro canceled", "company"),
        ("cancelled", ""),
        ("void", ""),
    ],
)
def test_some_words_tell_who_cancelled(word: str, who: str) -> None:
    assert meaning(word) == Meaning(Status.CANCELLED, who)
    assert read_row({"Start": "2026-05-02 09:00", "Status": word}).cancelled_by == who


def test_a_column_tells_who_cancelled_and_wins() -> None:
    cells = {"Start": "2026-05-02 09:00", "Status": "pro canceled", "Cancelled By": "Client"}
    assert read_row(cells).cancelled_by == "customer"
    assert read_row(cells | {"Cancelled By": "A. Dispatcher"}).cancelled_by == "A. Dispatcher"
    assert read_row(cells | {"Cancelled By": "-"}).cancelled_by == "company"


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("Completed (unpaid)", Status.COMPLETED),
        ("Tech: En Route", Status.EN_ROUTE),
        ("Work in progress - day 2", Status.IN_PROGRESS),
        ("Closed Incomplete / parts", Status.INCOMPLETE),
        ("Completed - no access", Status.CUSTOMER_NO_SHOW),
        ("Cancelled by customer on phone", Status.CANCELLED),
    ],
)
def test_the_longest_known_word_in_a_phrase_counts(word: str, status: Status) -> None:
    found = meaning(word)
    assert found is not None
    assert found.status is status


@pytest.mark.parametrize(
    "word",
    [
        "Frobnicated",
        "not started",
        "Not Completed",
        "never arrived",
        "Running late",
        "incompletely",
        "New hire",
        "?",
        "0",
    ],
)
def test_what_nobody_has_said_is_not_guessed(word: str) -> None:
    assert meaning(word) is None
    assert read_row({"Start": "2026-05-02 09:00", "Status": word}).status is Status.UNKNOWN


def test_own_words_come_first_alone_and_in_phrases() -> None:
    assert meaning("Tech On Site", tech_on_site="in_progress") == Meaning(Status.IN_PROGRESS)
    assert meaning("Done", done="incomplete") == Meaning(Status.INCOMPLETE)
    assert meaning("open", open="dispatched", has_start=False) == Meaning(Status.DISPATCHED)
    assert meaning("Gate 4: zugesagt, ok", zugesagt="scheduled") == Meaning(Status.SCHEDULED)


def test_an_unknown_word_is_told_once_with_its_number_and_its_remedy() -> None:
    rows = [
        ["1", "2026-05-02 09:00", "Booked"],
        *([str(n), "2026-05-02 09:00", word] for n, word in enumerate(["Zog", "zog", "ZOG", "Blip"], 2)),
    ]
    reading = read_text(as_csv(["Visit ID", "Start", "Status"], rows))
    assert [(p.line, p.column, p.gravity) for p in reading.problems] == [
        (3, "Status", Gravity.DOUBTFUL),
        (6, "Status", Gravity.DOUBTFUL),
    ]
    assert "'Zog' means (3 rows have it)" in reading.problems[0].problem
    assert 'status = { "Zog" = ' in reading.problems[0].problem
    assert "'Blip' means (1 row has it)" in reading.problems[1].problem
    assert len(reading.visits) == 5


FACTS = {
    "Cancelled At": Status.CANCELLED,
    "Completed At": Status.COMPLETED,
    "Arrived At": Status.ARRIVED,
    "En Route": Status.EN_ROUTE,
    "Dispatched At": Status.DISPATCHED,
}


@pytest.mark.parametrize(("header", "status"), FACTS.items())
@pytest.mark.parametrize("blank", ["", "-", "n/a"])
def test_a_blank_status_is_derived_from_the_facts(header: str, status: Status, blank: str) -> None:
    assert read_row({"Start": "2026-05-02 09:00", header: "2026-05-02 09:05", "Status": blank}).status is status


def test_the_furthest_fact_counts() -> None:
    stamps = dict.fromkeys(FACTS, "2026-05-02 09:05")
    cells = {"Start": "2026-05-02 09:00", **stamps}
    for header, status in FACTS.items():
        assert read_row(cells).status is status
        cells[header] = ""
    assert read_row(cells).status is Status.SCHEDULED
    assert read_row(cells | {"Start": ""}).status is Status.UNSCHEDULED


def test_a_told_status_stays_though_an_arrival_is_known() -> None:
    visit = read_row({"Start": "2026-05-02 09:00", "Status": "Dispatched", "Arrived At": "2026-05-02 09:01"})
    assert visit.status is Status.DISPATCHED
    assert visit.checked_in
    assert visit.checked_in_at == utc(2026, 5, 2, 14, 1)


def test_the_sources_own_word_is_kept() -> None:
    assert read_row({"Start": "2026-05-02 09:00", "Status": " On-Site "}).status_raw == "On-Site"
