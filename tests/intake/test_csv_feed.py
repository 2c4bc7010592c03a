from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from dispatchwatch.domain.schedule import Gravity, Snapshot
from dispatchwatch.intake.csv_feed import CsvFeed
from dispatchwatch.intake.feed import FeedError, Unsettled
from dispatchwatch.intake.files import Sighting, files_at, read_whole
from tests.intake.samples import NOW, csv_feed, utc

DAY = "Visit ID,Start\nA,2026-05-02 09:00\nB,2026-05-03 09:00\n"


def write(path: Path, text: str = DAY, at: datetime = NOW) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def settled(feed: CsvFeed, now: datetime = NOW) -> Snapshot:
    with pytest.raises(Unsettled):
        feed.fetch(now)
    return feed.fetch(now)


def test_a_file_becomes_a_snapshot(tmp_path: Path) -> None:
    path = write(tmp_path / "day.csv")
    snapshot = settled(csv_feed(tmp_path))
    assert [visit.ext_id for visit in snapshot.visits] == ["A", "B"]
    assert {visit.feed for visit in snapshot.visits} == {snapshot.feed} == {"today"}
    assert (snapshot.read_at, snapshot.source_at, snapshot.complete) == (NOW, NOW, True)
    assert snapshot.covered == {date(2026, 5, 2), date(2026, 5, 3)}
    assert snapshot.sources == (str(path),)
    assert snapshot.problems == ()


def test_a_file_counts_once_it_is_the_same_at_two_looks(tmp_path: Path) -> None:
    path = write(tmp_path / "day.csv")
    feed = csv_feed(tmp_path)
    with pytest.raises(Unsettled) as unsettled:
        feed.fetch(NOW)
    assert unsettled.value.again_in == timedelta(seconds=1)
    write(path, DAY + "C,2026-05-02 11:00\n")
    with pytest.raises(Unsettled):
        feed.fetch(NOW)
    assert len(feed.fetch(NOW).visits) == 3


def test_a_growing_file_is_not_read_until_it_rests(tmp_path: Path) -> None:
    feed = csv_feed(tmp_path)
    for size in range(1, 6):
        write(tmp_path / "day.csv", DAY + "C,2026-05-02 11:00\n" * size, NOW + timedelta(seconds=size))
        with pytest.raises(Unsettled):
            feed.fetch(NOW)
    assert len(feed.fetch(NOW).visits) == 3


def test_an_unchanged_file_gives_the_very_same_visits(tmp_path: Path) -> None:
    path = write(tmp_path / "day.csv")
    feed = csv_feed(tmp_path)
    first = settled(feed)
    write(path, DAY.replace("A", "C"))  # by its size and time of writing it is the same file
    again = feed.fetch(NOW + timedelta(seconds=30))
    assert again.visits is first.visits
    assert again.digest == first.digest
    assert again.read_at == NOW + timedelta(seconds=30)


def test_a_file_rewritten_with_the_same_text_gives_the_very_same_visits(tmp_path: Path) -> None:
    path = write(tmp_path / "day.csv")
    feed = csv_feed(tmp_path)
    first = settled(feed)
    write(path, at=NOW + timedelta(minutes=5))
    again = settled(feed)
    assert again.visits is first.visits
    assert again.digest == first.digest
    assert again.source_at == NOW + timedelta(minutes=5)


def test_a_changed_file_gives_another_digest(tmp_path: Path) -> None:
    path = write(tmp_path / "day.csv")
    feed = csv_feed(tmp_path)
    first = settled(feed)
    write(path, DAY.replace("09:00", "10:00"), NOW + timedelta(minutes=5))
    again = settled(feed)
    assert again.digest != first.digest
    assert again.visits[0].sched_start == utc(2026, 5, 2, 15)


def test_a_failure_does_not_lose_what_is_held(tmp_path: Path) -> None:
    path = write(tmp_path / "day.csv")
    feed = csv_feed(tmp_path)
    first = settled(feed)
    path.rename(tmp_path / "away")
    with pytest.raises(FeedError):
        feed.fetch(NOW)
    (tmp_path / "away").rename(path)
    assert feed.fetch(NOW).visits is first.visits


def fails(feed: CsvFeed, message: str) -> None:
    with pytest.raises((FeedError, Unsettled)) as first:
        feed.fetch(NOW)
    if first.type is Unsettled:
        with pytest.raises(FeedError) as first:
            feed.fetch(NOW)
    assert message in str(first.value)


def test_a_missing_file_or_folder_is_named(tmp_path: Path) -> None:
    fails(csv_feed(tmp_path), f"{tmp_path / 'day.csv'} is not there. Check the path")
    fails(csv_feed(tmp_path, "exports/*.csv"), f"{tmp_path / 'exports/*.csv'} is not there")
    fails(csv_feed(tmp_path, "*.csv"), f"no file matches {tmp_path / '*.csv'}")


def test_a_path_through_a_file_cannot_be_looked_at(tmp_path: Path) -> None:
    write(tmp_path / "exports")
    with pytest.raises(FeedError, match=r"cannot be looked at: Not a directory|is not there"):
        csv_feed(tmp_path, "exports/day.csv").fetch(NOW)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may open everything")
def test_a_locked_file_is_named(tmp_path: Path) -> None:
    write(tmp_path / "day.csv").chmod(0o000)
    fails(csv_feed(tmp_path), "cannot be opened: Permission denied. Close it in other programs")


def test_what_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match=r"cannot be opened: .* Close it in other programs"):
        read_whole(Sighting(tmp_path, 10, 0), max_bytes=100)


def test_a_file_that_is_not_as_it_was_seen_is_still_being_written(tmp_path: Path) -> None:
    (seen,) = files_at(write(tmp_path / "day.csv"), ".csv")
    write(tmp_path / "day.csv", DAY + "C,")
    with pytest.raises(Unsettled):
        read_whole(seen, max_bytes=1000)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        (" \n \n", "is empty"),
        ("Visit ID,Start\nA,2026-05-02 09:00\nB", "looks half-written"),
        ('Visit ID,Start\nA,"2026-05', "looks half-written"),
        ("Tech,Start\n", "no column that identifies a visit"),
    ],
)
def test_a_file_that_is_no_schedule_fails_the_reading(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path / "day.csv", text)
    fails(csv_feed(tmp_path), f"{path} {message}" if message.startswith(("is", "looks")) else message)


def test_a_file_that_recovers_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "day.csv", "")
    feed = csv_feed(tmp_path)
    fails(feed, "is empty")
    write(path)
    assert len(settled(feed).visits) == 2


def test_a_file_too_large_is_not_opened(tmp_path: Path) -> None:
    write(tmp_path / "day.csv")
    fails(csv_feed(tmp_path, max_bytes=10), "more than the 10 that max_bytes allows")


def test_a_header_alone_is_an_empty_day_that_covers_nothing(tmp_path: Path) -> None:
    write(tmp_path / "day.csv", "Visit ID,Start\n")
    snapshot = settled(csv_feed(tmp_path))
    assert (snapshot.visits, snapshot.covered, snapshot.complete) == ((), frozenset(), True)


def test_an_export_that_stopped_is_told_in_the_offices_time(tmp_path: Path) -> None:
    write(tmp_path / "day.csv", at=NOW - timedelta(minutes=40))
    feed = csv_feed(tmp_path, rewritten_every="30m")
    fails(feed, "was not rewritten since 08:20.")
    write(tmp_path / "day.csv", at=NOW - timedelta(days=1))
    fails(feed, "was not rewritten since 2026-05-01 09:00.")
    write(tmp_path / "day.csv", at=NOW - timedelta(minutes=29))
    assert len(settled(feed).visits) == 2


def test_a_pattern_takes_all_its_files_and_the_newest_word_on_a_visit(tmp_path: Path) -> None:
    header = "Visit ID,Start\n"
    newer = write(tmp_path / "exports/a.csv", header + "A,2026-05-02 09:00\nB,2026-05-02 10:00\n", NOW)
    older = write(
        tmp_path / "exports/b.csv", header + "B,2026-05-02 08:00\nC,2026-05-04 08:00\n", NOW - timedelta(hours=1)
    )
    write(tmp_path / "exports/.hidden.csv")
    write(tmp_path / "exports/~$a.csv")
    write(tmp_path / "exports/notes.txt")
    (tmp_path / "exports/folder.csv").mkdir()
    snapshot = settled(csv_feed(tmp_path, "exports/*.csv"))
    starts = {visit.ext_id: visit.sched_start for visit in snapshot.visits}
    assert starts == {"A": utc(2026, 5, 2, 14), "B": utc(2026, 5, 2, 15), "C": utc(2026, 5, 4, 13)}
    assert snapshot.sources == (str(newer), str(older))
    assert snapshot.covered == {date(2026, 5, 2), date(2026, 5, 4)}
    assert snapshot.source_at == NOW


def test_a_folder_stands_for_its_csv_files(tmp_path: Path) -> None:
    write(tmp_path / "exports/a.csv")
    write(tmp_path / "exports/notes.txt", "hello")
    assert len(settled(csv_feed(tmp_path, "exports")).visits) == 2


def test_a_name_with_brackets_is_a_name_where_it_exists(tmp_path: Path) -> None:
    write(tmp_path / "day [1].csv")
    assert len(settled(csv_feed(tmp_path, "day [1].csv")).visits) == 2


def test_an_absolute_path_needs_no_base(tmp_path: Path) -> None:
    path = write(tmp_path / "day.csv")
    assert len(settled(csv_feed(Path("/nowhere"), str(path))).visits) == 2


def test_one_bad_file_of_several_is_a_problem_and_absence_means_nothing(tmp_path: Path) -> None:
    write(tmp_path / "a.csv")
    bad = write(tmp_path / "b.csv", "Visit ID,Start\nC")
    feed = csv_feed(tmp_path, "*.csv")
    snapshot = settled(feed)
    assert len(snapshot.visits) == 2
    assert (snapshot.complete, snapshot.covered) == (False, frozenset())
    (problem,) = snapshot.problems
    assert (problem.file, problem.gravity) == (str(bad), Gravity.UNREADABLE)
    assert "looks half-written" in problem.problem
    assert "looks half-written" in snapshot.lacking
    assert feed.fetch(NOW).visits is snapshot.visits
    write(bad, "Visit ID,Start\nC,2026-05-02 08:00\n", NOW + timedelta(seconds=5))
    mended = settled(feed)
    assert (len(mended.visits), mended.complete, mended.problems, mended.lacking) == (3, True, (), "")


def test_a_bad_file_of_several_is_tried_again_though_it_looks_the_same(tmp_path: Path) -> None:
    write(tmp_path / "a.csv")
    bad = write(tmp_path / "b.csv", "Visit ID,Start\nC 2026-05-02 08:00")
    feed = csv_feed(tmp_path, "*.csv")
    assert len(settled(feed).visits) == len(feed.fetch(NOW).visits) == 2
    write(bad, "Visit ID,Start\nC,2026-05-02 08:00")
    assert len(feed.fetch(NOW).visits) == 3


def test_when_all_files_are_bad_the_reading_fails(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "")
    write(tmp_path / "b.csv", "")
    fails(csv_feed(tmp_path, "*.csv"), f"{tmp_path / 'a.csv'} is empty")


@pytest.mark.parametrize(
    ("values", "covered"),
    [
        ({}, {date(2026, 5, 2), date(2026, 5, 3)}),
        ({"days": "today"}, {date(2026, 5, 2), date(2026, 5, 3), date(2026, 7, 1)}),
        ({"days": ["2026-05-02", "2026-05-09"]}, {date(2026, 5, 2), date(2026, 5, 9)}),
        ({"complete": False}, set()),
        ({"complete": False, "days": "today"}, set()),
    ],
)
def test_the_profile_says_which_days_are_covered(tmp_path: Path, values: dict[str, object], covered: set[date]) -> None:
    write(tmp_path / "day.csv")
    snapshot = settled(csv_feed(tmp_path, profile_values=values), utc(2026, 7, 2, 4))
    assert snapshot.covered == covered
    assert snapshot.complete is values.get("complete", True)


def test_today_moves_on_though_the_file_does_not(tmp_path: Path) -> None:
    write(tmp_path / "day.csv", "Visit ID,Start\n")
    feed = csv_feed(tmp_path, profile_values={"days": "today"})
    assert settled(feed, utc(2026, 5, 3, 4)).covered == {date(2026, 5, 2)}
    assert feed.fetch(utc(2026, 5, 3, 5)).covered == {date(2026, 5, 3)}


def test_a_visit_near_midnight_is_on_the_offices_day(tmp_path: Path) -> None:
    write(tmp_path / "day.csv", "Visit ID,Start\nA,2026-05-03T04:30Z\n")
    assert settled(csv_feed(tmp_path)).covered == {date(2026, 5, 2)}


def test_an_anytime_visit_farther_east_does_not_cover_the_day_before(tmp_path: Path) -> None:
    write(tmp_path / "day.csv", "Visit ID,Start,Time Zone\nA,2026-05-02,America/New_York\n")
    assert settled(csv_feed(tmp_path)).covered == {date(2026, 5, 2)}


def test_the_digest_depends_on_the_bytes_alone(tmp_path: Path) -> None:
    write(tmp_path / "a/day.csv")
    write(tmp_path / "b/day.csv", at=NOW - timedelta(days=3))
    first, second = (settled(csv_feed(tmp_path / folder)) for folder in "ab")
    assert first.digest == second.digest == sha256(sha256(DAY.encode()).digest()).hexdigest()


def test_source_time_is_utc(tmp_path: Path) -> None:
    write(tmp_path / "day.csv")
    source_at = settled(csv_feed(tmp_path)).source_at
    assert source_at is not None
    assert source_at.tzinfo is UTC
