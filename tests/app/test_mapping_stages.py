"""What a window is shown of a session: one question at a time, what was found, and what is read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dispatchwatch.app.mapping import MappingError
from dispatchwatch.app.mapping_stages import MappingDraft, Stage, answered, begun, changed, changing, looked, reading
from dispatchwatch.intake.profile import ProfileConfig
from tests.app.mapping_offices import office

NOW = datetime(2026, 5, 2, 14, tzinfo=UTC)
DAY = "Appointment No,Start,Status\nA-1,2026-05-02 9:00,Fishing\nA-2,2026-05-03 9:00,Done\nA-3,noon,Done\n"


def at_questions(folder: Path) -> Stage:
    (folder / "day.csv").write_text(DAY, encoding="utf-8")
    stage = begun(MappingDraft("csv", "today", (("path", "day.csv"),)), office(folder))
    assert (stage.needs_look, stage.asks, stage.is_ready) == (True, None, False)
    return looked(stage, NOW)


def test_one_question_is_asked_after_the_other_and_then_it_is_ready(tmp_path: Path) -> None:
    stage, asked = at_questions(tmp_path), list[str]()
    assert stage.reads_cheaply
    while stage.asks is not None:
        asked.append(stage.asks.key)
        answers = {"column:sched_start": "Start", "status:Fishing": "paused", "format:sched_start": "%Y-%m-%d %H:%M"}
        stage = answered(stage, stage.asks.key, answers[stage.asks.key])
    assert asked == ["column:sched_start", "format:sched_start", "status:Fishing"]
    assert stage.is_ready
    found = reading(stage, NOW)
    assert len(found.visits) == 2
    assert [one.line for one in found.problems] == [4]


def test_a_draft_is_taken_up_and_what_makes_no_sense_any_more_is_asked_again(tmp_path: Path) -> None:
    stage = begun(MappingDraft("csv", "today", (("nonsense.at", "x"), ("path", "day.csv"))), office(tmp_path))
    assert stage.asks is None or stage.asks.key == "path"
    with pytest.raises(MappingError, match="already"):
        begun(MappingDraft("csv", "desk"), office(tmp_path))


def test_a_feed_of_the_file_is_changed_without_being_saved(tmp_path: Path) -> None:
    (tmp_path / "day.csv").write_text(DAY, encoding="utf-8")
    entry = {"name": "today", "kind": "csv", "path": "day.csv", "profile": "today"}
    profile = ProfileConfig(columns={"sched_start": "Start", "ext_id": "Appointment No"}, status={"Fishing": "paused"})
    where = office(tmp_path, text='[[feed]]\nname = "today"\nkind = "csv"\npath = "day.csv"\n')
    stage = looked(changing(entry, profile, where), NOW)
    stage = answered(stage, "status:Fishing", "cancelled")
    told, how = changed(stage.session)
    assert told == {"name": "today", "kind": "csv", "path": "day.csv"}
    assert how["status"] == {"Fishing": "cancelled"}
    assert how["columns"]["sched_start"] == "Start"
