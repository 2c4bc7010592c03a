"""The mapping session: from a file that nobody has described to a feed in the configuration."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.mapping import MappingError, MappingSession, Office, start
from dispatchwatch.app.secrets import SecretSource, system_keyring

NOW = datetime(2026, 5, 2, 14, tzinfo=UTC)
CHICAGO = ZoneInfo("America/Chicago")
DAY = "Appointment No,Start,Status,Arrival Window\nA-1,5/2/2026 9:00,Fishing,120\nA-2,5/3/2026 9:00,Done,120\n"


def session(folder: Path, text: str = DAY, *, new_office: bool = False, **values: object) -> MappingSession:
    (folder / "day.csv").write_text(text, encoding="utf-8")
    told = {"kind": "csv", "name": "today", "path": "day.csv", **values}
    first = start(str(told.pop("kind")), str(told.pop("name")), office(folder, is_new=new_office))
    for key, value in told.items():
        first = first.answer(key, str(value))
    return first.look(NOW)


def office(folder: Path, *, is_new: bool = False) -> Office:
    return Office(folder / "office.toml", CHICAGO, secrets(folder), is_new=is_new)


def keys(one: MappingSession) -> list[str]:
    return [question.key for question in one.open_questions]


def secrets(folder: Path) -> SecretSource:
    return SecretSource({}, folder, system_keyring)


def answered(one: MappingSession) -> MappingSession:
    for key, choice in (
        ("column:sched_start", "Start"),
        ("header:Arrival Window", "leave out"),
        ("day_first", "month first"),
        ("status:Fishing", "paused"),
    ):
        one = one.answer(key, choice)
    return one


def test_a_session_asks_what_only_a_person_knows(tmp_path: Path) -> None:
    first = session(tmp_path)
    assert keys(first) == ["column:sched_start", "header:Arrival Window", "day_first", "status:Fishing"]


def test_an_answer_gives_a_new_session_and_leaves_the_old_one(tmp_path: Path) -> None:
    first = session(tmp_path)
    second = first.answer("column:sched_start", "Start")
    assert "column:sched_start" in keys(first)
    assert "column:sched_start" not in keys(second)
    assert (first.profile.columns, second.profile.columns) == ({}, {"sched_start": "Start"})
    assert keys(answered(first)) == []


def test_suggestions_are_taken_only_where_there_are_any(tmp_path: Path) -> None:
    quick = session(tmp_path).with_suggestions()
    assert keys(quick) == ["header:Arrival Window", "day_first"]
    assert quick.profile.columns == {"sched_start": "Start"}


def test_a_new_office_is_asked_where_it_is_and_which_file(tmp_path: Path) -> None:
    first = start("csv", "today", office(tmp_path, is_new=True))
    assert keys(first) == ["timezone", "path"]
    second = first.answer("timezone", "America/Denver")
    assert (keys(second), second.zone.key, second.needs_look) == (["path"], "America/Denver", False)
    assert second.answer("path", "day.csv").needs_look


def test_answers_that_need_the_source_wait_for_it(tmp_path: Path) -> None:
    (tmp_path / "day.csv").write_text(DAY, encoding="utf-8")
    early = start("csv", "today", office(tmp_path)).answer("status:Fishing", "paused").answer("path", "day.csv")
    assert "status:Fishing" not in keys(early.look(NOW))
    late = start("csv", "today", office(tmp_path)).answer("column:sched_start", "Beginning").answer("path", "day.csv")
    with pytest.raises(MappingError, match="no column “Beginning”"):
        late.look(NOW)


def test_the_way_to_the_source_can_be_said_once_more(tmp_path: Path) -> None:
    first = start("csv", "today", office(tmp_path)).answer("path", "away.csv")
    again = first.again()
    assert [(one.key, one.suggestion) for one in again.open_questions] == [("path", "away.csv")]
    assert session(tmp_path).again().answer("path", "day.csv").needs_look


def test_a_header_with_no_meaning_of_its_own_can_be_given_one(tmp_path: Path) -> None:
    one = session(tmp_path).answer("header:Arrival Window", "window_end")
    assert one.profile.columns == {"window_end": "Arrival Window"}
    assert "header:Arrival Window" not in keys(one)


@pytest.mark.parametrize(
    ("key", "choice", "message"),
    [
        ("column:sched_start", "Beginning", "no column “Beginning”; the columns are Appointment No, Start"),
        ("column:beginning", "Start", "'beginning' is not a column this program knows"),
        ("status:Fishing", "angling", "status.Fishing"),
        ("format:sched_start", "soon", "neither a pattern"),
        ("day_first", "year first", "no answer to “day_first”"),
        ("duration_unit", "fortnights", "minutes"),
        ("timezone", "Mars", "not a time zone"),
        ("weather", "fine", "no answer to “weather”"),
    ],
)
def test_an_answer_that_makes_no_sense_says_why(tmp_path: Path, key: str, choice: str, message: str) -> None:
    with pytest.raises(MappingError, match=message):
        session(tmp_path).answer(key, choice)


def test_none_says_that_there_is_no_such_column(tmp_path: Path) -> None:
    one = session(tmp_path).answer("column:status", "none")
    assert one.profile.columns == {"status": ""}
    assert "status:Fishing" not in keys(one)


def test_the_preview_is_what_the_feed_will_read(tmp_path: Path) -> None:
    one = answered(session(tmp_path))
    snapshot, visits = one.preview(NOW)
    assert [watched.visit.status.value for watched in visits] == ["paused", "completed"]
    assert (snapshot.visits[0].sched_start, snapshot.problems) == (datetime(2026, 5, 2, 14, tzinfo=UTC), ())


def test_what_is_saved_reads_as_the_preview_did(tmp_path: Path) -> None:
    path = tmp_path / "office.toml"
    path.write_text('# ours\n[office]\ntimezone = "America/Chicago"\n', encoding="utf-8")
    one = answered(session(tmp_path, every="15s"))
    saved = one.save(profile_name="northside")
    config = read_config(path, secrets(tmp_path))
    (feed,) = config.feeds
    assert feed == one.config().model_copy(update={"profile": "northside"})
    assert config.profile_of(feed) == one.complete_profile()
    assert config.profiles["northside"].columns == {
        "sched_start": "Start",
        "ext_id": "Appointment No",
        "status": "Status",
    }
    assert saved.backup is not None
    assert path.read_text(encoding="utf-8").startswith("# ours\n")


def test_nothing_is_saved_while_questions_are_open(tmp_path: Path) -> None:
    path = tmp_path / "office.toml"
    with pytest.raises(MappingError, match="questions left to answer: column:sched_start"):
        session(tmp_path).save()
    assert not path.exists()


def test_a_name_that_is_taken_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "office.toml"
    one = answered(session(tmp_path, new_office=True).answer("timezone", "America/Chicago"))
    one.save()
    before = path.read_bytes()
    with pytest.raises(MappingError, match="a feed “today” already"):
        one.save(profile_name="other")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"kind": "fax"}, "“fax” is not a kind of feed; those are csv, xlsx, ical"),
        ({"name": "desk"}, "a feed “desk” already"),
        ({"path": "away.csv"}, "away.csv is not there"),
        ({"path": " "}, "path: the path is empty"),
        ({"name": ""}, "needs a name"),
    ],
)
def test_a_source_that_cannot_be_looked_at_says_why(tmp_path: Path, values: dict[str, Any], message: str) -> None:
    with pytest.raises(MappingError, match=message):
        session(tmp_path, **values)
