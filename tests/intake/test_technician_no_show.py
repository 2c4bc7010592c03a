"""A source's own word that the technician neither came nor called (study 2.4)."""

from __future__ import annotations

import pytest

from dispatchwatch.domain.visit import Status
from dispatchwatch.intake.statuses import Meaning, StatusWords
from tests.intake.samples import read_row

START = "2026-05-02 09:00"


@pytest.mark.parametrize(
    "word", ["NCNS", "Tech No-Show", "technician_no_show", "No Call No Show", "Job failed: tech no show, rebook"]
)
def test_the_visit_stays_scheduled_and_bears_the_flag(word: str) -> None:
    visit = read_row({"Start": START, "Status": word})
    assert (visit.status, visit.technician_no_show) == (Status.SCHEDULED, True)


@pytest.mark.parametrize(
    ("word", "status"),
    [("Scheduled", Status.SCHEDULED), ("No Show", Status.CUSTOMER_NO_SHOW), ("", Status.SCHEDULED)],
)
def test_other_words_do_not_set_it(word: str, status: Status) -> None:
    visit = read_row({"Start": START, "Status": word})
    assert (visit.status, visit.technician_no_show) == (status, False)


def test_an_office_that_means_something_else_by_the_word_has_the_last_word() -> None:
    assert StatusWords({"NCNS": Status.CUSTOMER_NO_SHOW}).meaning("ncns", has_start=True) == Meaning(
        Status.CUSTOMER_NO_SHOW
    )
