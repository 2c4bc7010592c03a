from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dispatchwatch.dispatch.outcome import reason
from dispatchwatch.dispatch.platform import dedup_key
from dispatchwatch.dispatch.receipt import Receipt


def test_a_dedup_key_can_be_read() -> None:
    assert dedup_key("late_check_in|today|1042|2026-11-22T09:30Z") == "dw:late_check_in|today|1042|2026-11-22T09:30Z"


def test_a_long_dedup_key_keeps_its_beginning_and_stays_the_same() -> None:
    first, second = dedup_key("late_check_in|" + "x" * 300 + "1"), dedup_key("late_check_in|" + "x" * 300 + "2")
    assert first.startswith("dw:late_check_in|xxx")
    assert first != second
    assert first == "dw:late_check_in|" + "x" * 205 + ":" + first[-32:]


@given(st.text(st.characters(), max_size=400))
def test_any_dedup_key_is_within_the_limit(key: str) -> None:
    assert len(dedup_key(key).encode()) <= 255
    assert dedup_key(key) == dedup_key(key)


def test_a_reason_is_found_in_what_servers_write() -> None:
    assert reason("invalid_payload\n") == "invalid_payload"
    assert reason('{"message": "Event object is invalid", "errors": ["key too short"]}') == (
        "Event object is invalid; key too short"
    )
    assert reason('{"error": {"type": "x", "message": "no such channel"}}') == "no such channel"
    assert reason("<html><head><title>502 Bad\n Gateway</title></head><body>x</body></html>") == "502 Bad Gateway"
    assert reason("<html><p>Blocked</p></html>") == ""
    assert reason("<title" * 10_000 + "<title>" * 10_000) == ""
    assert reason("") == ""
    assert reason('{"code": 7}') == ""
    assert reason("[" * 100_000) != ""


def test_two_receipts_with_the_same_contents_are_equal() -> None:
    assert Receipt("a") == Receipt(reference="a", details={})
