"""What another address of a source adds to its records: names for ids, crews for visits, one problem where it fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from dispatchwatch.domain.schedule import Gravity, Snapshot
from dispatchwatch.intake.json_feed import JsonConfig, JsonFeed
from tests.fakes.json_server import JsonServer
from tests.fakes.receiver import Answer
from tests.intake.samples import CHICAGO, NOW, profile

PATHS = {
    "ext_id": "id",
    "sched_start": "start",
    "technician": "staff.name || person",
    "technician_id": "person",
}
STAFF = {"key": "person", "match": "id"}
MINUTE = timedelta(minutes=1)


def record(number: int, person: object = 7, **more: object) -> dict[str, Any]:
    return {"id": number, "start": "2026-05-02T09:00:00-05:00", "person": person, **more}


@pytest.fixture
def server() -> Iterator[JsonServer]:
    with JsonServer([record(1), record(2, 8), record(3, 9)]) as running:
        running.lists["/staff"] = [{"id": 7, "name": "Jo Ortiz"}, {"id": 8, "name": "Al Lind"}]
        yield running


def feed(server: JsonServer, join: dict[str, Any] | None = None, **more: Any) -> JsonFeed:
    joins = {"staff": {"url": f"{server.where}/staff", **STAFF, **(join or {})}}
    told = {"name": "api", "url": server.url, "records": "data", "paths": PATHS, "joins": joins, **more}
    return JsonFeed(JsonConfig.model_validate(told), profile(), office_zone=CHICAGO)


def crews(snapshot: Snapshot) -> list[str]:
    return [visit.technician for visit in snapshot.visits]


def test_a_name_takes_the_place_of_an_id_and_the_id_stays_where_there_is_none(server: JsonServer) -> None:
    snapshot = feed(server).fetch(NOW)
    assert crews(snapshot) == ["Jo Ortiz", "Al Lind", "9"]
    assert [visit.technicians[0].ext_id for visit in snapshot.visits] == ["7", "8", "9"]
    assert snapshot.problems == ()


def test_the_other_list_is_asked_for_no_more_often_than_it_is_due(server: JsonServer) -> None:
    reader = feed(server, {"every": "10m"})
    first = reader.fetch(NOW)
    server.lists["/staff"][0]["name"] = "Jo Ortiz-Hale"
    early = reader.fetch(NOW + 9 * MINUTE)
    assert early.visits is first.visits
    assert len(server.asked_of("/staff")) == 1
    assert crews(reader.fetch(NOW + 10 * MINUTE))[0] == "Jo Ortiz-Hale"


def test_a_list_that_stayed_as_it_was_changes_nothing_and_is_asked_whether_it_has_changed(server: JsonServer) -> None:
    server.tags = True
    reader = feed(server, {"every": "10m"})
    first = reader.fetch(NOW)
    again = reader.fetch(NOW + 10 * MINUTE)
    assert (again.visits is first.visits, again.digest) == (True, first.digest)
    assert "if-none-match" in server.asked_of("/staff")[1].headers
    reader.fetch(NOW + 70 * MINUTE)
    assert "if-none-match" not in server.asked_of("/staff")[2].headers


def test_the_other_list_is_asked_with_the_same_proof_and_headers_and_paged_alike(server: JsonServer) -> None:
    server.user = ("u", "p")
    server.style, server.size = "page", 2
    own = {"params": {"of": "{company}"}, "headers": {"X-More": "y"}}
    auth = {"kind": "basic", "user": "u", "password": "p"}
    paging = {"kind": "page", "parameter": "page", "size_parameter": "limit", "size": 2}
    reader = feed(server, own, auth=auth, headers={"X-Own": "x"}, values={"company": 42}, paging=paging)
    assert crews(reader.fetch(NOW))[:2] == ["Jo Ortiz", "Al Lind"]
    asked = server.asked_of("/staff")[0]
    assert (asked.headers["x-own"], asked.headers["x-more"]) == ("x", "y")
    assert asked.target == "/staff?of=42&page=1&limit=2"


@pytest.mark.parametrize("trouble", [Answer(500), Answer(403), Answer(404), Answer(body="<html>"), Answer(body={})])
def test_a_list_that_fails_leaves_the_ids_and_one_problem(server: JsonServer, trouble: Answer) -> None:
    server.list_troubles["/staff"] = trouble
    reader = feed(server, covers={"days_back": 1, "days_ahead": 1})
    snapshot = reader.fetch(NOW)
    assert crews(snapshot) == ["7", "8", "9"]
    assert (snapshot.lacking, snapshot.complete) == ("", True)
    [problem] = snapshot.problems
    assert (problem.gravity, problem.column, problem.line) == (Gravity.DOUBTFUL, "joins.staff", 1)
    assert problem.problem.startswith(f"not everything could be looked up: {server.where}")
    server.list_troubles.clear()
    assert crews(reader.fetch(NOW + 59 * timedelta(seconds=1))) == ["7", "8", "9"]
    mended = reader.fetch(NOW + MINUTE)
    assert (crews(mended)[0], mended.problems) == ("Jo Ortiz", ())
    assert mended.digest != snapshot.digest


def test_what_was_known_counts_on_when_the_list_fails_later(server: JsonServer) -> None:
    reader = feed(server, {"every": "5m"})
    first = reader.fetch(NOW)
    server.list_troubles["/staff"] = Answer(500)
    later = reader.fetch(NOW + 5 * MINUTE)
    assert crews(later) == crews(first)
    assert len(later.problems) == 1
    assert later.digest != first.digest


def test_a_list_that_wants_peace_gets_it_and_costs_the_visits_nothing(server: JsonServer) -> None:
    server.list_troubles["/staff"] = Answer(429, {"Retry-After": "300"})
    reader = feed(server)
    for minute in range(5):
        assert len(reader.fetch(NOW + minute * MINUTE).visits) == 3
    assert len(server.asked_of("/staff")) == 1
    reader.fetch(NOW + 6 * MINUTE)
    assert len(server.asked_of("/staff")) == 2


def test_a_list_is_not_asked_for_when_the_time_is_up(server: JsonServer) -> None:
    ticks = iter(range(0, 1000, 8))
    config = feed(server)._config.model_copy(update={"within": timedelta(seconds=30)})
    reader = JsonFeed(config, profile(), office_zone=CHICAGO, steady=lambda: float(next(ticks)))
    snapshot = reader.fetch(NOW)
    assert (crews(snapshot), server.asked_of("/staff")) == (["7", "8", "9"], [])
    assert "no time left" in snapshot.problems[0].problem


ASSIGNED = {
    "technician": "assigned[?active != `false`].name",
    "technician_id": "assigned[?active != `false`].person",
}


def assigned(server: JsonServer, **more: Any) -> JsonFeed:
    """Assignments that point at visits: several rows, several technicians."""
    join = {"url": f"{server.where}/assigned", "key": "id", "match": "visit", "many": True, **more}
    return feed(server, paths={**PATHS, **ASSIGNED}, joins={"assigned": join})


def test_several_rows_that_point_at_a_visit_are_its_crew(server: JsonServer) -> None:
    server.lists["/assigned"] = [
        {"id": 31, "visit": 1, "person": 7, "name": "Jo Ortiz"},
        {"id": 32, "visit": 1, "person": 8, "name": "Al Lind", "active": True},
        {"id": 33, "visit": 2, "person": 8, "name": "Al Lind", "active": False},
        {"id": 34, "visit": 1, "person": 7, "name": "Jo Ortiz"},
    ]
    snapshot = assigned(server).fetch(NOW)
    assert crews(snapshot) == ["Jo Ortiz, Al Lind", "", ""]
    assert [one.ext_id for one in snapshot.visits[0].technicians] == ["7", "8"]
    assert not any(visit.crew_untold for visit in snapshot.visits)


def test_crews_that_could_not_be_looked_up_are_untold_not_absent(server: JsonServer) -> None:
    server.lists["/assigned"] = []
    server.list_troubles["/assigned"] = Answer(500)
    reader = assigned(server)
    untold = reader.fetch(NOW)
    assert [visit.crew_untold for visit in untold.visits] == [True, True, True]
    server.list_troubles.clear()
    told = reader.fetch(NOW + MINUTE)
    assert [visit.crew_untold for visit in told.visits] == [False, False, False]
    assert told.digest != untold.digest


def test_only_the_ids_that_are_needed_are_asked_for_in_batches(server: JsonServer) -> None:
    server.records.append(record(4, 7))
    snapshot = feed(server, {"params": {"ids": "{ids}"}, "batch": 2}).fetch(NOW)
    assert crews(snapshot) == ["Jo Ortiz", "Al Lind", "9", "Jo Ortiz"]
    assert [asked.target for asked in server.asked_of("/staff")] == ["/staff?ids=7%2C8", "/staff?ids=9"]


def test_between_its_turns_only_new_ids_are_asked_for(server: JsonServer) -> None:
    reader = feed(server, {"params": {"ids": "{ids}"}, "batch": 10, "every": "10m"})
    reader.fetch(NOW)
    server.records = [record(1), record(5, 6)]
    server.lists["/staff"].append({"id": 6, "name": "New Hand"})
    assert crews(reader.fetch(NOW + MINUTE)) == ["Jo Ortiz", "New Hand"]
    reader.fetch(NOW + 10 * MINUTE)
    assert [asked.target.partition("=")[2] for asked in server.asked_of("/staff")] == ["7%2C8%2C9", "6", "7"]


def test_single_objects_are_asked_for_one_by_one_and_no_more_than_is_allowed(server: JsonServer) -> None:
    single = {"url": f"{server.where}/staff/{{ids}}", "records": "[@]", "batch": 1, "most": 2}
    reader = feed(server, single)
    first = reader.fetch(NOW)
    assert crews(first) == ["Jo Ortiz", "Al Lind", "9"]
    assert "1 of 3 were not looked up yet; each reading asks for 2 more" in first.problems[0].problem
    second = reader.fetch(NOW + MINUTE)
    assert second.problems == ()
    assert [asked.path for asked in server.asked_of("/staff")] == ["/staff/7", "/staff/8", "/staff/9"]


def test_crews_become_known_one_by_one_though_some_are_still_to_be_asked_for(server: JsonServer) -> None:
    server.lists["/assigned"] = []
    single = {"url": f"{server.where}/assigned/{{ids}}", "records": "[@]", "batch": 1, "most": 1}
    reader = assigned(server, **single)
    untold = [[visit.crew_untold for visit in reader.fetch(NOW + n * MINUTE).visits] for n in range(3)]
    assert untold == [[False, True, True], [False, False, True], [False, False, False]]


def test_an_object_that_is_gone_is_known_to_be_gone(server: JsonServer) -> None:
    reader = feed(server, {"url": f"{server.where}/staff/{{ids}}", "records": "[@]", "batch": 1})
    assert reader.fetch(NOW).problems == ()
    reader.fetch(NOW + MINUTE)
    assert len(server.asked_of("/staff")) == 3


def test_a_batch_that_fails_keeps_what_the_others_brought(server: JsonServer) -> None:
    reader = feed(server, {"url": f"{server.where}/staff/{{ids}}", "records": "[@]", "batch": 1, "every": "10m"})
    reader.fetch(NOW)
    server.records.append(record(4, 10))
    server.list_troubles["/staff"] = Answer(500)
    later = reader.fetch(NOW + MINUTE)
    assert crews(later) == ["Jo Ortiz", "Al Lind", "9", "10"]
    assert len(later.problems) == 1


def test_an_id_leads_nowhere_else(server: JsonServer) -> None:
    server.records = [record(1, "../visits?x=1#")]
    feed(server, {"url": f"{server.where}/staff/{{ids}}", "records": "[@]", "batch": 1}).fetch(NOW)
    assert [asked.target for asked in server.asked_of("/staff")] == ["/staff/..%2Fvisits%3Fx%3D1%23"]


def test_ids_stand_in_a_body_as_json(server: JsonServer) -> None:
    server.records = [record(1, [7, 8]), record(2, ["08", "a"])]
    join = {"method": "POST", "batch": 5, "body": {"domain": [["id", "in", "{id_list}"]], "text": "{ids}"}}
    snapshot = feed(server, join, paths={**PATHS, "technician": "staff[*].name"}).fetch(NOW)
    assert crews(snapshot) == ["Jo Ortiz, Al Lind", "08, a"]
    assert server.asked_of("/staff")[0].json == {"domain": [["id", "in", [7, 8, "08", "a"]]], "text": "7,8,08,a"}


def test_a_join_may_start_from_what_an_earlier_one_found(server: JsonServer) -> None:
    server.lists["/staff"][0]["home"] = 3
    server.lists["/depots"] = [{"id": 3, "name": "North"}]
    depot = {"url": f"{server.where}/depots", "key": "staff.home", "match": "id"}
    joins = {"staff": {"url": f"{server.where}/staff", **STAFF}, "depot": depot}
    snapshot = feed(server, joins=joins, paths={**PATHS, "site": "depot.name"}).fetch(NOW)
    assert [visit.site.name for visit in snapshot.visits] == ["North", "", ""]


def test_what_is_joined_lasts_through_readings_of_the_news_alone(server: JsonServer) -> None:
    params = {"since": "{since}"}
    reader = feed(server, since={}, covers={"days_back": 1, "days_ahead": 1}, params=params)
    reader.fetch(NOW)
    server.records = [record(2, 7, modified="2026-05-02T14:00:30Z")]
    assert crews(reader.fetch(NOW + MINUTE)) == ["Jo Ortiz", "Jo Ortiz", "9"]


def test_the_days_asked_for_stand_in_a_join_too(server: JsonServer) -> None:
    params = {"after": "{from}", "before": "{to}", "since": "{since}", "f": "{filter}"}
    feed(server, {"params": params}, covers={"days_back": 0, "days_ahead": 0, "filter": "x"}).fetch(NOW)
    assert server.asked_of("/staff")[0].target == (
        "/staff?after=2026-05-02T05%3A00%3A00Z&before=2026-05-03T05%3A00%3A00Z"
    )


def test_strange_rows_and_records_are_no_crash(server: JsonServer) -> None:
    server.records = [record(1, {"a": [1]}), record(2, None), record(3, True), {"id": 4, "start": "2026-05-02"}]
    server.lists["/staff"] = [{"id": None, "name": []}, {"id": 7, "name": {"x": 1}}]
    snapshot = feed(server, {"key": "keys(person)"}).fetch(NOW)
    assert len(snapshot.visits) == 4


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        ({"joins": {"a-b": {"url": "https://x", **STAFF}}}, "'a-b' can’t be a name"),
        ({"joins": {"staff": {"url": "https://x", "key": "person"}}}, "match"),
        ({"joins": {"staff": {"url": "https://x", **STAFF, "colour": "c"}}}, "Extra inputs"),
        ({"joins": {"staff": {"url": "https://x", **STAFF, "batch": 0}}}, "greater than 0"),
        ({"paths": {}}, "joins need paths"),
    ],
)
def test_wrong_joins_are_told_when_they_are_read(server: JsonServer, wrong: dict[str, Any], part: str) -> None:
    with pytest.raises(ValidationError, match=part):
        feed(server, **wrong)
