"""JSON answers that nobody has described: their lists, and the fields in them."""

from __future__ import annotations

from typing import Any

import pytest

from dispatchwatch.intake.dotted_names import by_part
from dispatchwatch.intake.json_paths import found, text_of
from dispatchwatch.intake.record_lists import RecordList, record_lists, record_sample


@pytest.mark.parametrize(
    ("data", "paths"),
    [
        ([{"id": 1}], ["@"]),
        ({"data": [{"id": 1}], "meta": {"count": 1}}, ["data"]),
        ({"a": {"b-c": [{"id": 1}]}, "d": [{}, {}]}, ["d", 'a."b-c"']),
        ({"data": [], "words": ["a"]}, []),
        ("text", []),
        (7, []),
    ],
)
def test_lists_of_objects_are_found_the_longest_first(data: Any, paths: list[str]) -> None:
    lists = record_lists(data)
    assert [one.path for one in lists] == paths
    assert all(found(one.path, data) == list(one.records) for one in lists)


def test_every_field_has_a_path_that_leads_to_it() -> None:
    record = {
        "id": 1,
        "@odata.etag": "W/1",
        "job": {"customer": {"name": "Acme"}, "none": {}},
        "crew": [{"name": "Jo", "id": 7}, {"name": "Lee"}],
        "tags": ["a", "b"],
        "nothing": None,
    }
    sample = record_sample(RecordList("@", [record, {"id": 2, "late": True}]), "https://example.com")
    header = [
        "id",
        "@odata.etag",
        "job.customer.name",
        "job.none",
        "crew[*].name",
        "crew[*].id",
        "tags",
        "nothing",
        "late",
    ]
    assert list(sample.sample.header) == header
    first, second = (dict(zip(header, row.cells, strict=True)) for row in sample.sample.rows)
    assert (first["crew[*].name"], first["tags"], first["nothing"], first["late"]) == ("Jo; Lee", "a b", "", "")
    assert (second["id"], second["late"]) == ("2", "true")
    for name in ("id", "@odata.etag", "job.customer.name"):
        assert text_of(found(sample.paths[name], record)) == first[name]
    assert text_of(found(sample.paths["crew[*].name"], record), "; ") == "Jo; Lee"


def test_a_record_that_is_nested_beyond_sense_is_still_a_row() -> None:
    record: dict[str, Any] = {"id": 1}
    for _ in range(50):
        record = {"in": record, "x": 1}
    (row,) = record_sample(RecordList("@", [record]), "s").sample.rows
    assert len(row.cells) == 6


@pytest.mark.parametrize(
    ("header", "field", "name"),
    [
        ("schedule.start", "sched_start", "schedule.start"),
        ("crew[*].name", "technician", "crew[*].name"),
        ("technician.displayName", "technician", "technician.displayName"),
        ("site.address", "address", "site.address"),
        ("visit.eta", "eta", "visit.eta"),
    ],
)
def test_a_part_of_a_name_says_what_it_is(header: str, field: str, name: str) -> None:
    assert by_part([header], {field}).found == {field: name}


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("customer.id", "ext_id"),
        ("customer.status", "status"),
        ("customer.created_at", "booked_at"),
        ("start", "sched_start"),
        ("customer.name", "technician"),
    ],
)
def test_what_may_be_somebody_elses_is_not_taken(header: str, field: str) -> None:
    assert by_part([header], {field}).found == {}


def test_two_names_that_fit_are_rivals() -> None:
    found = by_part(["plan.start", "shift.start"], {"sched_start"})
    assert (found.found, found.rivals) == ({}, {"sched_start": ("plan.start", "shift.start")})
