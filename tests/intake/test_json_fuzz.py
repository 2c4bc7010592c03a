"""Whatever a JSON source answers: only FeedError, and every record is a visit or a problem."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatchwatch.domain.schedule import Gravity, Snapshot
from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.json_feed import JsonConfig, JsonFeed
from dispatchwatch.intake.json_paths import read_json, text_of
from dispatchwatch.intake.web import Web
from tests.intake.samples import CHICAGO, NOW, profile
from tests.thorough import times

PATHS = {
    "ext_id": "id",
    "sched_start": "start",
    "duration": "length",
    "technician": "crew[*].name",
    "title": "join(' ', [title, id])",
    "modified_at": "modified",
    "site_timezone": "zone",
}
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=True),
    st.text(max_size=6),
    st.sampled_from(["2026-05-02T09:00:00Z", "5/2/2026", "9:00", "1e999", "\ud800", "nan", "America/Denver", "-1"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "id", "start"]) | st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = st.sampled_from(["id", "start", "length", "crew", "title", "modified", "zone", "next", "more"])
RECORDS = st.lists(st.dictionaries(NAMES, VALUES, max_size=7) | VALUES, max_size=8)
STYLES: Sequence[dict[str, object]] = (
    {},
    {"kind": "page", "parameter": "page"},
    {"kind": "offset", "size": 3, "short_page_ends": True},
    {"kind": "cursor", "parameter": "c", "next": "next", "more": "more"},
    {"kind": "link", "next": "next", "total": "more"},
    {"kind": "link"},
)


def answer(status: int, body: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
    return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))


def feed(answers: list[httpx.Response], **more: Any) -> JsonFeed:
    """A feed whose source gives these answers in order and then nothing but empty lists."""
    told = {"name": "api", "url": "https://api.example.com/v", "paths": PATHS, "paging": {"max_pages": 6}, **more}
    waiting = iter(answers)
    transport = httpx.MockTransport(lambda _: next(waiting, None) or answer(200, b'{"data": []}'))
    config = JsonConfig.model_validate(told)
    return JsonFeed(config, profile(), office_zone=CHICAGO, web=Web(transport=transport))


def told_as_json(value: object) -> httpx.Response:
    return answer(200, json.dumps(value).encode())


def unreadable(snapshot: Snapshot) -> int:
    return sum(problem.gravity is Gravity.UNREADABLE for problem in snapshot.problems)


def repeats(records: list[Any]) -> int:
    """How many records stand behind another of the same id; those that cannot be read are none."""
    ids = Counter(text_of(one.get("id")).strip() for one in records if isinstance(one, dict))
    return sum(count - 1 for count in ids.values())


@settings(max_examples=times(30))
@given(RECORDS)
def test_every_record_is_a_visit_or_a_problem(records: list[Any]) -> None:
    snapshot = feed([told_as_json({"data": records})], records="data").fetch(NOW)
    accounted = len(snapshot.visits) + unreadable(snapshot)
    exact = json.loads(json.dumps(records))
    assert accounted <= len(records)
    assert accounted >= len(records) - repeats([read_json(json.dumps(one).encode()) for one in exact])
    snapshot.digest.encode()
    for visit in snapshot.visits:
        visit.ext_id.encode()


@settings(max_examples=times(30))
@given(st.lists(VALUES | st.fixed_dictionaries({"data": RECORDS, "next": SCALARS, "more": SCALARS}), max_size=4))
def test_whatever_the_pages_hold_nothing_but_a_feed_error_comes_out(pages: list[Any]) -> None:
    for style in STYLES:
        reader = feed([told_as_json(page) for page in pages], records="data", paging={**style, "max_pages": 6})
        for _ in range(2):
            with suppress(FeedError):
                reader.fetch(NOW)
    with suppress(FeedError):
        feed([told_as_json(page) for page in pages], records="data", paths={}).fetch(NOW)


JOINS = {
    "crew": {"url": "https://api.example.com/c", "key": "crew", "match": "id", "batch": 2, "params": {"ids": "{ids}"}},
    "more": {"url": "https://api.example.com/m/{ids}", "key": "crew.id", "match": "length(id)", "batch": 1, "most": 2},
}


@settings(max_examples=times(30))
@given(st.lists(VALUES | st.fixed_dictionaries({"data": RECORDS}), min_size=1, max_size=5), st.booleans())
def test_whatever_the_joined_lists_hold_costs_no_visit(pages: list[Any], many: bool) -> None:
    visits = {"data": [{"id": n, "start": "2026-05-02T09:00:00Z", "crew": [n, {"id": 1}, None]} for n in (1, 2, 3)]}
    joins = {name: {**join, "many": many} for name, join in JOINS.items()}
    reader = feed([told_as_json(page) for page in (visits, *pages, visits)], records="data", joins=joins)
    assert len(reader.fetch(NOW).visits) == 3
    with suppress(FeedError):
        reader.fetch(NOW + timedelta(minutes=1))


@settings(max_examples=times(30))
@given(
    st.binary(max_size=40) | st.text(alphabet='[]{}",:0123456789eE+-.tn \\u', max_size=30).map(str.encode),
    st.integers(200, 599),
    st.dictionaries(
        st.sampled_from(["Retry-After", "Date", "ETag", "Link", "X-RateLimit-Reset", "X-RateLimit-Remaining", "Age"]),
        st.text(alphabet='0123456789 -+.;,<>="/:abcMonGT', max_size=30),
        max_size=4,
    ),
)
def test_whatever_bytes_status_and_headers_come(body: bytes, status: int, headers: dict[str, str]) -> None:
    reader = feed([answer(status, body, headers)], error="error")
    for _ in range(2):
        with suppress(FeedError):
            reader.fetch(NOW)
