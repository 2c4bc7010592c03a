from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from dispatchwatch.intake.catalog import FEEDS, open_feed, read_once
from dispatchwatch.intake.csv_feed import CsvConfig
from dispatchwatch.intake.feed import Feed, FeedError
from tests.intake.samples import CHICAGO, NOW

DAY = "Visit ID,Start\nA,2026-05-02 09:00\nB,2026-05-03 09:00\n"


def test_the_catalog_opens_and_reads_a_feed(tmp_path: Path) -> None:
    (tmp_path / "day.csv").write_text(DAY, encoding="utf-8")
    config = FEEDS["csv"].model_validate({"name": "today", "kind": "csv", "path": "day.csv", "every": "15s"})
    feed: Feed = open_feed(config, None, office_zone=CHICAGO, base=tmp_path)
    assert (feed.name, feed.interval) == ("today", timedelta(seconds=15))
    snapshot = read_once(config, None, office_zone=CHICAGO, base=tmp_path, now=NOW)
    assert len(snapshot.visits) == 2
    assert snapshot.read_at == NOW


def test_reading_once_tells_what_is_wrong(tmp_path: Path) -> None:
    config = CsvConfig(name="today", path="day.csv")
    with pytest.raises(FeedError, match="is not there"):
        read_once(config, None, office_zone=CHICAGO, base=tmp_path, now=NOW)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"path": " "}, "the path is empty"),
        ({"path": "a\0b"}, "the path is empty"),
        ({"path": "a.csv", "every": "0s"}, "not between 1s and 24h"),
        ({"path": "a.csv", "every": "2d"}, "not between 1s and 24h"),
        ({"path": "a.csv", "every": 30}, "write it as text with a unit"),
        ({"path": "a.csv", "every": "often"}, "such as 90s, 15m, 24h or 2d"),
        ({"path": "a.csv", "paths": "b.csv"}, "Extra inputs are not permitted"),
        ({}, "Field required"),
    ],
)
def test_a_configuration_that_makes_no_sense_says_so(values: dict[str, object], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        CsvConfig.model_validate({"name": "today", **values})


def test_durations_are_written_back_as_they_are_configured() -> None:
    config = CsvConfig(name="today", path="a.csv", rewritten_every=timedelta(minutes=90))
    dumped = config.model_dump()
    assert (dumped["every"], dumped["rewritten_every"]) == ("30s", "90m")
    assert CsvConfig.model_validate(dumped) == config
