"""Sources that do not say who goes: nobody named there is not nobody assigned."""

from __future__ import annotations

from typing import Any

from dispatchwatch.intake.json_feed import JsonConfig, JsonFeed
from tests.fakes.json_server import JsonServer
from tests.intake.samples import CHICAGO, NOW, profile, read_row, read_text

START = {"Start": "2026-05-02 09:00"}


def test_a_table_without_a_column_for_it_does_not_say_who_goes() -> None:
    assert read_row(START).crew_untold
    assert not read_row({**START, "Tech": ""}).crew_untold
    assert not read_row({**START, "Tech": "Jo Ortiz"}).crew_untold
    assert not read_row({**START, "Technician ID": ""}).crew_untold


def test_one_row_without_a_name_in_a_table_of_names_says_that_nobody_goes() -> None:
    reading = read_text(
        "Visit ID,Start,Tech\n1,2026-05-02 09:00,Jo\n2,2026-05-02 09:00,\n3,2026-05-02 09:00,Unassigned\n"
    )
    assert [(visit.assigned, visit.crew_untold) for visit in reading.visits] == [
        (True, False),
        (False, False),
        (False, False),
    ]


def test_a_column_that_the_profile_denies_is_none() -> None:
    assert read_row({**START, "Tech": "X"}, columns={"technician": ""}).crew_untold


def test_a_json_source_without_a_path_for_it_does_not_say_who_goes() -> None:
    paths = {"ext_id": "id", "sched_start": "start"}
    with JsonServer([{"id": 1, "start": "2026-05-02T14:00:00Z", "tech": "Jo"}]) as server:
        assert crew_untold(server, paths)
        assert not crew_untold(server, {**paths, "technician": "tech"})
        assert not crew_untold(server, {**paths, "technician_id": "nobody"})


def crew_untold(server: JsonServer, paths: dict[str, Any]) -> bool:
    told = {"name": "api", "url": server.url, "records": "data", "paths": paths}
    [visit] = JsonFeed(JsonConfig.model_validate(told), profile(), office_zone=CHICAGO).fetch(NOW).visits
    return visit.crew_untold
