from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from dispatchwatch.domain.schedule import Gravity, Snapshot
from dispatchwatch.domain.visit import Status
from dispatchwatch.intake.catalog import read_once
from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.json_feed import JsonConfig, JsonFeed
from tests.fakes.json_server import JsonServer
from tests.fakes.receiver import Act, Answer
from tests.intake.samples import CHICAGO, NOW, profile, utc

PATHS = {"ext_id": "id", "sched_start": "start", "status": "status", "modified_at": "modified"}


def record(number: object, hour: int = 9, **more: object) -> dict[str, Any]:
    return {"id": number, "start": f"2026-05-02T{hour:02}:00:00-05:00", **more}


@pytest.fixture
def server() -> Iterator[JsonServer]:
    with JsonServer([record(1), record(2), record(3)]) as running:
        yield running


def settings(server: JsonServer, **more: object) -> JsonConfig:
    told = {"name": "api", "url": server.url, "records": "data", "paths": PATHS, **more}
    return JsonConfig.model_validate(told)


def feed(server: JsonServer, profile_values: dict[str, object] | None = None, **more: Any) -> JsonFeed:
    return JsonFeed(settings(server, **more), profile(**(profile_values or {})), office_zone=CHICAGO)


def ids(snapshot: Snapshot) -> list[str]:
    return [visit.ext_id for visit in snapshot.visits]


PAGED: dict[str, dict[str, object]] = {
    "none": {},
    "page": {"kind": "page", "parameter": "page", "size_parameter": "limit", "size": 2},
    "offset": {"kind": "offset", "parameter": "offset", "size_parameter": "limit", "size": 2},
    "cursor": {"kind": "cursor", "parameter": "cursor", "next": "next"},
    "continuation": {"kind": "continuation", "parameter": "cursor", "next": "continueFrom", "more": "hasMore"},
    "link": {"kind": "link", "next": "next"},
    "link_header": {"kind": "link"},
}


@pytest.mark.parametrize("style", PAGED)
def test_every_record_of_every_page_becomes_a_visit(server: JsonServer, style: Any) -> None:
    server.style = style
    server.records += [record(4), record(5)]
    snapshot = feed(server, paging=PAGED[style]).fetch(NOW)
    assert ids(snapshot) == ["1", "2", "3", "4", "5"]
    assert snapshot.visits[0].sched_start == utc(2026, 5, 2, 14)
    assert (snapshot.lacking, snapshot.problems, snapshot.sources) == ("", (), (server.where,))


def test_offset_and_size_can_stand_in_the_body(server: JsonServer) -> None:
    server.style = "offset"
    body = {"limit": "{size}", "offset": "{offset}", "note": "{id} stays"}
    snapshot = feed(server, method="POST", body=body, paging={"kind": "offset", "size": 2}).fetch(NOW)
    assert ids(snapshot) == ["1", "2", "3"]
    assert [request.json for request in server.asked] == [
        {"limit": 2, "offset": offset, "note": "{id} stays"} for offset in (0, 2, 3)
    ]


def test_a_server_that_gives_fewer_than_asked_for_is_read_to_its_end(server: JsonServer) -> None:
    server.style = "offset"
    paging = {"kind": "offset", "parameter": "offset", "size_parameter": "limit", "size": 100}
    assert ids(feed(server, paging=paging).fetch(NOW)) == ["1", "2", "3"]
    cut = feed(server, paging={**paging, "short_page_ends": True}).fetch(NOW)
    assert ids(cut) == ["1", "2"]


def test_a_list_at_the_root_and_names_found_as_in_a_table(server: JsonServer) -> None:
    server.envelope = None
    server.records = [{"Visit ID": 7, "Start": "2026-05-02 09:00", "Status": "On Site", "Tech": {"name": "Jo"}}]
    snapshot = feed(server, {"columns": {"technician": "Tech.name"}}, records="@", paths={}).fetch(NOW)
    visit = snapshot.visits[0]
    assert (visit.ext_id, visit.status, visit.technician) == ("7", Status.ARRIVED, "Jo")
    assert visit.sched_start == utc(2026, 5, 2, 14)


def test_an_unchanged_source_gives_the_very_same_visits(server: JsonServer) -> None:
    reader = feed(server)
    first = reader.fetch(NOW)
    again = reader.fetch(NOW + timedelta(minutes=1))
    assert again.visits is first.visits
    assert (again.digest, again.read_at) == (first.digest, NOW + timedelta(minutes=1))


def test_the_same_records_in_another_order_are_nothing_new(server: JsonServer) -> None:
    reader = feed(server)
    first = reader.fetch(NOW)
    server.records.reverse()
    assert reader.fetch(NOW).visits is first.visits


def test_what_nobody_reads_may_change(server: JsonServer) -> None:
    reader = feed(server)
    first = reader.fetch(NOW)
    server.records[0]["views"] = 12
    server.envelope = {"generated": "2026-05-02T14:00:01Z"}
    assert reader.fetch(NOW).digest == first.digest
    server.records[0]["status"] = "Cancelled"
    changed = reader.fetch(NOW)
    assert changed.digest != first.digest
    assert changed.visits[0].status is Status.CANCELLED


def test_a_source_that_says_unchanged_is_believed_until_it_is_asked_anew(server: JsonServer) -> None:
    server.tags = True
    reader = feed(server)
    first = reader.fetch(NOW)
    again = reader.fetch(NOW + timedelta(minutes=59))
    assert again.visits is first.visits
    assert server.asked[1].headers["if-none-match"]
    reader.fetch(NOW + timedelta(minutes=60))
    assert "if-none-match" not in server.asked[2].headers


def test_a_tag_that_never_changes_does_not_hide_what_came(server: JsonServer) -> None:
    server.troubles = {
        1: Answer(200, {"ETag": '"x"'}, {"data": [record(1)]}),
        2: Answer(200, {"ETag": '"x"'}, {"data": [record(1, 10)]}),
    }
    reader = feed(server)
    reader.fetch(NOW)
    assert reader.fetch(NOW).visits[0].sched_start == utc(2026, 5, 2, 15)


def test_not_modified_without_having_been_asked_is_a_failure(server: JsonServer) -> None:
    server.troubles[1] = Answer(304, {}, b"")
    with pytest.raises(FeedError, match="304"):
        feed(server).fetch(NOW)


def test_of_duplicates_across_pages_the_newest_is_taken_and_told(server: JsonServer) -> None:
    server.style = "page"
    server.records = [
        record(1, modified="2026-05-02T10:00:00Z", status="Cancelled"),
        record(2),
        record(1, modified="2026-05-02T09:00:00Z", status="Scheduled"),
    ]
    snapshot = feed(server, paging=PAGED["page"]).fetch(NOW)
    assert {visit.ext_id: visit.status for visit in snapshot.visits}["1"] is Status.CANCELLED
    [problem] = snapshot.problems
    assert (problem.gravity, problem.file, problem.line) == (Gravity.DOUBTFUL, f"{server.where} page 1", 1)
    assert "stands in 2 rows" in problem.problem


def test_bad_records_cost_nothing_but_themselves_and_are_told_by_page_and_number(server: JsonServer) -> None:
    server.style = "page"
    server.records = [record(1), {"start": "2026-05-02T09:00:00Z"}, record(3, start="soon"), record(4), {"x": 1}]
    server.troubles[4] = Answer(body={"data": ["text", None, 7, [], True]})
    snapshot = feed(server, paging=PAGED["page"]).fetch(NOW)
    assert ids(snapshot) == ["1", "4"]
    told = [(problem.file.removeprefix(server.where), problem.line) for problem in snapshot.problems]
    pages = [(" page 1", 2), (" page 2", 1), (" page 3", 1)]
    assert told == pages + [(" page 4", number) for number in range(1, 6)]
    words = " ".join(problem.problem for problem in snapshot.problems)
    for part in (
        "no id",
        "'soon' cannot be read",
        "none of the fields",
        "is text (text) where an object",
        "is null where",
        "a number (7)",
    ):
        assert part in words


def test_a_field_that_cannot_be_worked_out_is_a_doubt(server: JsonServer) -> None:
    paths = {**PATHS, "title": "join(' ', [title, status])"}
    snapshot = feed(server, paths=paths).fetch(NOW)
    assert len(snapshot.visits) == 3
    assert {problem.gravity for problem in snapshot.problems} == {Gravity.DOUBTFUL}
    assert {problem.column for problem in snapshot.problems} == {paths["title"]}


def test_no_records_are_no_failure(server: JsonServer) -> None:
    server.records = []
    assert feed(server).fetch(NOW).visits == ()
    assert feed(server, paths={}).fetch(NOW).visits == ()


COVERS = {"days_back": 1, "days_ahead": 1}
WINDOW = {"from": "{from}", "to": "{to}", "since": "{since}"}


def test_a_whole_reading_is_complete_for_the_days_it_asked_for(server: JsonServer) -> None:
    snapshot = feed(server, covers=COVERS, params=WINDOW).fetch(NOW)
    assert snapshot.complete
    assert snapshot.covered == {date(2026, 5, 1), date(2026, 5, 2), date(2026, 5, 3)}
    assert server.queries() == [{"from": "2026-05-01T05:00:00Z", "to": "2026-05-04T05:00:00Z"}]


def test_without_days_nothing_can_be_missing(server: JsonServer) -> None:
    snapshot = feed(server).fetch(NOW)
    assert (snapshot.complete, snapshot.covered) == (False, frozenset())
    incomplete = feed(server, {"complete": False}, covers=COVERS).fetch(NOW)
    assert not incomplete.complete


@pytest.mark.parametrize(
    ("written", "begins", "ends"),
    [
        ({"format": "sql"}, "2026-05-01 05:00:00", "2026-05-04 05:00:00"),
        ({"format": "epoch"}, "1777611600", "1777870800"),
        ({"format": "epoch_ms"}, "1777611600000", "1777870800000"),
        ({"format": "iso_ms"}, "2026-05-01T05:00:00.000Z", "2026-05-04T05:00:00.000Z"),
        ({"format": "date", "zone": "America/Chicago"}, "2026-05-01", "2026-05-04"),
        ({"format": "date", "zone": "Europe/Berlin"}, "2026-05-01", "2026-05-05"),
        ({"format": "%d.%m.%Y %H:%M", "zone": "Europe/Berlin"}, "01.05.2026 07:00", "04.05.2026 07:00"),
    ],
)
def test_the_days_are_written_as_the_source_wants_them(
    server: JsonServer, written: dict[str, str], begins: str, ends: str
) -> None:
    feed(server, covers={**COVERS, **written}, params={"filter": "{filter}", **WINDOW}).fetch(NOW)
    assert server.queries() == [{"from": begins, "to": ends}]


def since_feed(server: JsonServer, **more: Any) -> JsonFeed:
    return feed(server, covers=COVERS, since={}, params=WINDOW, **more)


def test_after_a_whole_reading_only_what_has_changed_is_asked_for(server: JsonServer) -> None:
    server.records = [record(1, modified="2026-05-02T13:00:00Z"), record(2, modified="2026-05-02T13:00:00Z")]
    reader = since_feed(server)
    first = reader.fetch(NOW)
    again = reader.fetch(NOW + timedelta(minutes=1))
    assert server.queries()[1] == {"since": "2026-05-02T13:55:00Z"}
    assert again.visits is first.visits
    assert (again.complete, again.covered, again.digest) == (False, frozenset(), first.digest)
    server.records[1] |= {"status": "Cancelled", "modified": "2026-05-02T14:01:30Z"}
    server.records.append(record(3, modified="2026-05-02T14:01:40Z"))
    news = reader.fetch(NOW + timedelta(minutes=2))
    assert [(visit.ext_id, visit.status) for visit in news.visits] == [
        ("1", Status.SCHEDULED),
        ("2", Status.CANCELLED),
        ("3", Status.SCHEDULED),
    ]
    assert server.queries()[2] == {"since": "2026-05-02T13:56:00Z"}


def test_the_whole_is_read_again_every_hour_and_forgets_what_is_gone(server: JsonServer) -> None:
    reader = since_feed(server)
    reader.fetch(NOW)
    del server.records[0]
    assert ids(reader.fetch(NOW + timedelta(minutes=59))) == ["1", "2", "3"]
    whole = reader.fetch(NOW + timedelta(hours=1))
    assert (ids(whole), whole.complete) == (["2", "3"], True)


def test_the_whole_is_read_again_when_the_day_turns_or_the_clock_is_set_back(server: JsonServer) -> None:
    reader = since_feed(server, whole_every="1d")
    late = utc(2026, 5, 3, 4, 59)
    first = reader.fetch(late)
    midnight = reader.fetch(late + timedelta(minutes=1))
    assert midnight.complete
    assert midnight.visits is first.visits
    assert midnight.digest != first.digest
    assert reader.fetch(late + timedelta(seconds=30)).complete
    assert not reader.fetch(late + timedelta(seconds=40)).complete


def test_a_slow_clock_of_the_source_widens_what_is_asked_for(server: JsonServer) -> None:
    server.date = NOW - timedelta(minutes=7)
    reader = since_feed(server)
    snapshot = reader.fetch(NOW)
    assert snapshot.clock_ahead is not None
    assert abs(snapshot.clock_ahead + timedelta(minutes=7)) < timedelta(seconds=20)
    reader.fetch(NOW + timedelta(minutes=1))
    assert "2026-05-02T13:47:30Z" < server.queries()[1]["since"] <= "2026-05-02T13:48:00Z"


def test_a_fast_clock_of_the_source_is_told_and_not_trusted(server: JsonServer) -> None:
    server.date = NOW + timedelta(minutes=7)
    reader = since_feed(server)
    snapshot = reader.fetch(NOW)
    assert snapshot.clock_ahead is not None
    assert abs(snapshot.clock_ahead - timedelta(minutes=7)) < timedelta(seconds=20)
    reader.fetch(NOW + timedelta(minutes=1))
    assert server.queries()[1]["since"] == "2026-05-02T13:55:00Z"


def test_a_source_without_a_clock_says_nothing_of_ours(server: JsonServer) -> None:
    assert feed(server).fetch(NOW).clock_ahead is None


def test_filters_of_both_readings(server: JsonServer) -> None:
    reader = feed(
        server,
        covers={**COVERS, "filter": "start ge {from} and start lt {to}"},
        since={"filter": "modified ge {since}", "overlap": "10m"},
        params={"$filter": "{filter}", "empty": "{size}"},
    )
    reader.fetch(NOW)
    reader.fetch(NOW)
    assert server.queries() == [
        {"$filter": "start ge 2026-05-01T05:00:00Z and start lt 2026-05-04T05:00:00Z"},
        {"$filter": "modified ge 2026-05-02T13:50:00Z"},
    ]


def test_a_filter_of_json_goes_into_the_body_as_it_is(server: JsonServer) -> None:
    reader = feed(
        server,
        method="POST",
        covers={**COVERS, "filter": [["start", ">=", "{from}"]]},
        values={"uid": 7},
        body={"domain": "{filter}", "args": ["{uid}", ["{filter}"], "{size}"]},
    )
    reader.fetch(NOW)
    domain = [["start", ">=", "2026-05-01T05:00:00Z"]]
    assert server.asked[0].json == {"domain": domain, "args": [7, [domain]]}


@pytest.mark.parametrize(
    "trouble", [Answer(401), Answer(500), Answer(act=Act.CLOSE), Answer(body="<html>"), Answer(body={"no": 1})]
)
def test_a_failure_in_the_middle_gives_what_came_as_a_part(server: JsonServer, trouble: Answer) -> None:
    server.style = "page"
    reader = feed(server, paging=PAGED["page"], covers=COVERS)
    server.troubles[2] = trouble
    part = reader.fetch(NOW)
    assert (ids(part), part.complete, part.covered) == (["1", "2"], False, frozenset())
    assert part.lacking.startswith(server.where)
    server.forget()
    whole = reader.fetch(NOW)
    assert (ids(whole), whole.complete, whole.lacking) == (["1", "2", "3"], True, "")


def test_a_part_forgets_nothing_that_was_known(server: JsonServer) -> None:
    server.style = "page"
    reader = since_feed(server, paging=PAGED["page"])
    reader.fetch(NOW)
    server.forget()
    server.records[0]["status"] = "Cancelled"
    server.troubles[2] = Answer(500)
    part = reader.fetch(NOW + timedelta(hours=1))
    assert [(visit.ext_id, visit.status) for visit in part.visits] == [
        ("1", Status.CANCELLED),
        ("2", Status.SCHEDULED),
        ("3", Status.SCHEDULED),
    ]
    server.forget()
    assert reader.fetch(NOW + timedelta(hours=1, minutes=1)).complete


def test_news_that_were_cut_short_are_asked_for_again(server: JsonServer) -> None:
    server.style = "page"
    reader = since_feed(server, paging=PAGED["page"])
    reader.fetch(NOW)
    server.forget()
    server.records = [record(number, modified="2026-05-02T14:30:00Z") for number in range(1, 5)]
    server.troubles[2] = Answer(500)
    assert reader.fetch(NOW + timedelta(minutes=30)).lacking
    reader.fetch(NOW + timedelta(minutes=31))
    assert server.queries()[2]["since"] == "2026-05-02T13:55:00Z"


@pytest.mark.parametrize(
    ("answer", "part"),
    [
        (Answer(400), "does not understand"),
        (Answer(401), "does not let us in"),
        (Answer(403), "does not allow"),
        (Answer(404), "nothing at this address"),
        (Answer(418), "418"),
        (Answer(500, body="Traceback (most recent call last)"), "a fault of its own"),
        (Answer(503), "a fault of its own"),
        (Answer(204, body=b""), "no JSON"),
        (Answer(body=b"\xff\xfe"), "no JSON"),
        (Answer(body="<!doctype html>"), "a page for people"),
        (Answer(body="[" * 100_000), "breaks off or is damaged"),
        (Answer(body={"items": [], "error": "no"}), "its answer has: items, error"),
        (Answer(body={"data": {"a": 1}}), "without a list at 'data'"),
        (Answer(body={"data": None}), "without a list at 'data'"),
        (Answer(body="7"), "its answer has: no names"),
        (Answer(302, {"Location": "https://login.example.com/?next=x"}), "leads elsewhere"),
        (Answer(act=Act.RESET), "broke off"),
        (Answer(act=Act.HALF, body={"data": [record(1)]}), "broke off"),
    ],
)
def test_an_answer_that_is_none_is_told_in_one_plain_sentence(server: JsonServer, answer: Answer, part: str) -> None:
    server.troubles[1] = answer
    with pytest.raises(FeedError, match=part) as failure:
        feed(server).fetch(NOW)
    assert "Traceback" not in str(failure.value)
    assert len(str(failure.value)) < 300


def test_the_source_s_own_words_are_told_without_our_secrets(server: JsonServer) -> None:
    server.troubles = {
        1: Answer(body={"error": {"message": "key s3cret is unknown."}}),
        2: Answer(400, body={"error": {"message": "x" * 500}}),
    }
    reader = feed(server, error="error.message", secrets={"app": "s3cret"}, headers={"X-App": "{app}"})
    with pytest.raises(FeedError, match=r"refuses \(it says: key \*\*\* is unknown\)"):
        reader.fetch(NOW)
    with pytest.raises(FeedError, match=r"\(400\).*it says: x{200}\)"):
        reader.fetch(NOW)
    assert server.asked[0].headers["x-app"] == "s3cret"


CLOCK = {"Date": format_datetime(NOW + timedelta(hours=2), usegmt=True)}
EPOCH = str(int((NOW + timedelta(hours=2, seconds=30)).timestamp()))


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"Retry-After": "30"}, 30),
        (503, {"Retry-After": "30"}, 30),
        (429, {"Retry-After": format_datetime(NOW + timedelta(hours=2, seconds=30), usegmt=True), **CLOCK}, 30),
        (429, {"X-RateLimit-Reset": "30"}, 30),
        (429, {"X-RateLimit-Reset": EPOCH, **CLOCK}, 30),
        (403, {"RateLimit-Remaining": "0", "RateLimit-Reset": "30"}, 30),
        (429, {}, 60),
        (429, {"Retry-After": "soon"}, 60),
        (429, {"Retry-After": "999999999"}, 3600),
    ],
)
def test_a_source_that_wants_peace_gets_it(
    server: JsonServer, status: int, headers: dict[str, str], seconds: int
) -> None:
    server.troubles[1] = Answer(status, headers)
    reader = feed(server)
    with pytest.raises(FeedError, match=r"left alone until \d\d:\d\d:\d\d") as first:
        reader.fetch(NOW)
    with pytest.raises(FeedError) as second:
        reader.fetch(NOW + timedelta(seconds=seconds - 1))
    assert str(second.value) == str(first.value)
    assert len(server.asked) == 1
    assert len(reader.fetch(NOW + timedelta(seconds=seconds + 20)).visits) == 3


def test_peace_is_told_by_the_office_s_clock(server: JsonServer) -> None:
    server.troubles[1] = Answer(429, {"Retry-After": "3600"})
    with pytest.raises(FeedError, match=r"until 10:00:\d\d"):
        feed(server).fetch(NOW)


def test_peace_wanted_in_the_middle_leaves_a_part_and_is_kept(server: JsonServer) -> None:
    server.style = "page"
    server.troubles[2] = Answer(429, {"Retry-After": "30"})
    reader = feed(server, paging=PAGED["page"])
    assert "left alone until" in reader.fetch(NOW).lacking
    with pytest.raises(FeedError, match="left alone until"):
        reader.fetch(NOW + timedelta(seconds=10))
    assert len(server.asked) == 2


def test_a_source_that_ignores_the_page_is_found_out(server: JsonServer) -> None:
    server.style = "same"
    part = feed(server, paging=PAGED["page"]).fetch(NOW)
    assert (ids(part), len(server.asked)) == (["1", "2"], 2)
    assert "the same page again" in part.lacking


def test_more_than_is_allowed_is_a_part(server: JsonServer) -> None:
    server.style = "page"
    server.records = [record(number) for number in range(20)]
    pages = feed(server, paging={**PAGED["page"], "max_pages": 3}).fetch(NOW)
    assert (len(pages.visits), "more than 3 pages" in pages.lacking) == (6, True)
    records = feed(server, paging={**PAGED["page"], "max_records": 4}).fetch(NOW)
    assert (len(records.visits), "more than 4 records" in records.lacking) == (4, True)


def test_a_reading_without_time_is_a_failure(server: JsonServer) -> None:
    with pytest.raises(FeedError, match="after 0 seconds"):
        feed(server, within="0s").fetch(NOW)


def test_times_words_zones_and_units_are_read_as_in_any_table(server: JsonServer) -> None:
    server.records = [
        {
            "id": 9007199254740993,
            "start": "2026-05-02 09:00:00",
            "hours": 1.5,
            "state": 690970003,
            "crew": [{"n": "Jo Ortiz", "i": 7}, {"n": "Al Lind", "i": 8}],
            "arrived": False,
        }
    ]
    paths = {
        "ext_id": "id",
        "sched_start": "start",
        "duration": "hours",
        "status": "state",
        "technician": "crew[*].n",
        "technician_id": "crew[*].i",
        "arrived_at": "arrived",
    }
    snapshot = feed(server, {"timezone": "UTC", "duration_unit": "hours"}, paths=paths, empty=["false"]).fetch(NOW)
    visit = snapshot.visits[0]
    assert snapshot.problems == ()
    assert (visit.ext_id, visit.status, visit.arrived_at) == ("9007199254740993", Status.IN_PROGRESS, None)
    assert (visit.sched_start, visit.duration) == (utc(2026, 5, 2, 9), timedelta(hours=1.5))
    assert [(one.name, one.ext_id) for one in visit.technicians] == [("Jo Ortiz", "7"), ("Al Lind", "8")]


def test_the_newest_change_says_when_the_source_was_last_written(server: JsonServer) -> None:
    server.records = [record(1, modified="2026-05-02T13:00:00Z"), record(2, modified="2026-05-02T13:30:00Z")]
    assert feed(server).fetch(NOW).source_at == utc(2026, 5, 2, 13, 30)


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        ({"paths": {"sched_start": "start"}}, "ext_id is missing"),
        ({"paths": {"ext_id": "id"}}, "a start is missing"),
        ({"paths": {**PATHS, "colour": "c"}}, "'colour' is not a field"),
        ({"paths": {**PATHS, "title": "a..b"}}, "not a path into JSON"),
        ({"body": {}}, "method"),
        ({"url": ""}, "at least 1 character"),
        ({"since": {"format": "julian"}}, "'julian' is neither"),
        ({"covers": {"zone": "Mars"}}, "not a time zone"),
        ({"paging": {"kind": "cursor"}}, "next is missing"),
        ({"auth": {"kind": "magic"}}, "does not match any of the expected tags"),
        ({"ready": "nobody"}, "there is no ready profile “nobody”"),
        ({"colour": "c"}, "Extra inputs"),
    ],
)
def test_wrong_settings_are_told_when_they_are_read(server: JsonServer, wrong: dict[str, object], part: str) -> None:
    with pytest.raises(ValidationError, match=part):
        settings(server, **wrong)


@pytest.mark.parametrize(
    "url", ["visits", "ftp://x/y", "http://", "http://[::1", "https://exa mple.com/", "http://a:0"]
)
def test_an_address_that_is_none_is_told(server: JsonServer, url: str) -> None:
    with pytest.raises(FeedError):
        feed(server, url=url, params={"a": "b"}).fetch(NOW)


def test_a_preview_reads_once(server: JsonServer, tmp_path: Path) -> None:
    snapshot = read_once(settings(server), None, office_zone=CHICAGO, base=tmp_path, now=NOW)
    assert ids(snapshot) == ["1", "2", "3"]


def test_ids_that_changed_are_new_visits(server: JsonServer) -> None:
    reader = feed(server, covers=COVERS)
    reader.fetch(NOW)
    server.records = [record(number) for number in (11, 12, 13)]
    changed: datetime = NOW + timedelta(minutes=1)
    assert ids(reader.fetch(changed)) == ["11", "12", "13"]
