from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from dispatchwatch.intake.json_paths import JsonPath, NoAnswer, flat, found, names_in, read_json, text_of

RECORD = {
    "id": 7,
    "schedule": {"start": "2026-05-02T14:00:00Z"},
    "crew": [{"first": "Jo", "last": "Ortiz"}, {"first": None, "last": "Lind"}],
    "@odata.etag": "W/1",
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("id", 7),
        ("schedule.start", "2026-05-02T14:00:00Z"),
        ("crew[0].last", "Ortiz"),
        ("crew[*].last", ["Ortiz", "Lind"]),
        ("crew[*].[first, last]", [["Jo", "Ortiz"], [None, "Lind"]]),
        ('"@odata.etag"', "W/1"),
        ("nowhere.at[3].all", None),
        ("id[1]", None),
        ("nowhere || id", 7),
    ],
)
def test_what_stands_at_a_path(path: str, expected: object) -> None:
    assert found(path, RECORD) == expected


@pytest.mark.parametrize("path", ["", "a..b", "crew[", "Appointment No", "no_such_function(id)", "join(',')"])
def test_a_path_that_is_none_is_refused_when_it_is_configured(path: str) -> None:
    with pytest.raises(ValidationError, match="is not a path into JSON"):
        TypeAdapter(JsonPath).validate_python(path)


def test_a_function_given_the_wrong_thing_has_no_answer() -> None:
    with pytest.raises(NoAnswer):
        found("join(' ', [id, schedule.start])", RECORD)
    assert TypeAdapter(JsonPath).validate_python("join(' ', [a, b])") == "join(' ', [a, b])"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("9007199254740993", "9007199254740993"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("2.98725E+13", "29872500000000"),
        ("1e3", "1000"),
        ("30.0", "30"),
        ("0.1", "0.1"),
        ("1.50", "1.50"),
        ("12345678901234567890.125", "12345678901234567890.125"),
        ("-0.0000001", "-0.0000001"),
        ("1e400000000", "1e400000000"),
        ("1e99999999999999999999", "1e99999999999999999999"),
        ("9" * 5000, "9" * 5000),
        ("NaN", "NaN"),
        ("-Infinity", "-Infinity"),
        ("true", "true"),
        ("false", "false"),
        ("null", ""),
        ('"  x "', "  x "),
        ("[]", ""),
        ('["a", null, "b"]', "a b"),
        ('{"a": [1, 2.50], "é": null}', '{"a": [1, "2.50"], "é": null}'),
        ('"\\ud800x"', "?x"),
    ],
)
def test_values_become_text_digit_for_digit(raw: str, expected: str) -> None:
    assert text_of(read_json(raw.encode())) == expected


def test_several_people_are_joined_and_their_names_kept_whole() -> None:
    assert text_of(found("crew[*].[first, last]", RECORD), "; ") == "Jo Ortiz; Lind"


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("staff.name || person", {"staff", "name", "person"}),
        ("crew[?active != `false`].[first, last]", {"crew", "active", "first", "last"}),
        ("join(' ', list[0:2].{a: x})", {"list", "x"}),
        ('"@odata.etag"', {"@odata.etag"}),
        ("@", set()),
    ],
)
def test_the_names_that_a_path_mentions(path: str, names: set[str]) -> None:
    assert names_in(path) == names


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert read_json(b'\xef\xbb\xbf{"a": 1.5}') == {"a": Decimal("1.5")}


@pytest.mark.parametrize("raw", [b"", b"<html>", b"{", b"\xff\xfe\x00", b"[" * 100_000])
def test_what_is_no_json_is_a_value_error(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_json(raw)


def test_a_record_is_flattened_by_name() -> None:
    deep: dict[str, Any] = {"a": {"b": {"c": {"d": {"e": 1}}}}, "n": None, "empty": {}}
    assert dict(flat(deep)) == {"a.b.c.d": {"e": 1}, "n": None, "empty": {}}
