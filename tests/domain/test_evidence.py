"""How well a check-in is known: by a checked place, a stamp, somebody's word, or a status alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dispatchwatch.domain.desk_entry import NAMELESS, DeskAction, DeskEntry, overlay
from dispatchwatch.domain.evidence import Evidence, evidence_of
from dispatchwatch.domain.visit import Status, Technician, Visit

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
VISIT = Visit(feed="today", ext_id="J-1", technicians=(Technician("J. Ortiz"), Technician("M. Lee")), sched_start=NOW)


@pytest.mark.parametrize(
    ("visit", "found"),
    [
        (VISIT, None),
        (replace(VISIT, status=Status.ARRIVED), Evidence.STATUS),
        (replace(VISIT, status=Status.IN_PROGRESS, status_at=NOW), Evidence.STATUS),
        (replace(VISIT, arrived_at=NOW), Evidence.STAMP),
        (replace(VISIT, started_at=NOW), Evidence.STAMP),
        (replace(VISIT, arrived_at=NOW, checkin_method="mobile button"), Evidence.STAMP),
        (replace(VISIT, arrived_at=NOW, checkin_method="Geofence ok"), Evidence.PLACE),
    ],
    ids=["nothing", "status", "status with a time", "arrived", "started", "button", "geofence"],
)
def test_what_a_source_tells_is_as_good_as_its_stamps(visit: Visit, found: Evidence | None) -> None:
    assert evidence_of(visit) is found


@pytest.mark.parametrize(
    ("by", "found"),
    [
        ("Ana Ruiz", Evidence.DESK),
        ("M. Lee", Evidence.TECHNICIAN),
        ("J. Ortiz, M. Lee", Evidence.TECHNICIAN),
        (NAMELESS, Evidence.TECHNICIAN),
    ],
    ids=["the desk", "one of the crew", "the link of the crew", "a link for nobody"],
)
def test_a_technicians_own_word_is_told_from_that_of_the_desk(by: str, found: Evidence) -> None:
    entry = DeskEntry(
        feed="today", ext_id="J-1", action=DeskAction.CHECK_IN, at=NOW, entered_at=NOW, by=by, promise=VISIT.promise
    )
    assert evidence_of(overlay(VISIT, [entry])) is found
