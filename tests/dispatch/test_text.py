from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatchwatch.dispatch.text import clip, one_line, plain, utf16_units, web_link


def test_a_text_that_fits_is_left_alone() -> None:
    assert clip("J. Ortiz is late", 16) == "J. Ortiz is late"


def test_a_long_text_is_cut_at_a_word() -> None:
    assert clip("J. Ortiz is late at Plant 4", 20) == "J. Ortiz is late at…"
    assert clip("J. Ortiz is late at Plant 4", 18) == "J. Ortiz is late…"


def test_a_text_without_words_is_cut_anywhere() -> None:
    assert clip("x" * 50, 10) == "x" * 9 + "…"


@given(st.text(), st.integers(min_value=1, max_value=40))
def test_a_cut_text_is_never_longer_than_allowed(text: str, limit: int) -> None:
    assert utf16_units(clip(text, limit, utf16_units)) <= limit


@given(st.text(st.characters()))
def test_a_plain_text_can_be_encoded_and_shown(text: str) -> None:
    cleaned = plain(text)
    assert cleaned.encode().decode() == cleaned
    assert not set(cleaned) & {"\x00", "\r", "\x1b", "\x7f"}
    assert "\n" not in one_line(text)


def test_only_links_a_browser_opens_are_kept() -> None:
    assert web_link("https://a.example/jobs/1?x=<y>|z") == "https://a.example/jobs/1?x=%3Cy%3E%7Cz"
    assert web_link("http://localhost:8080") == "http://localhost:8080"


@pytest.mark.parametrize(
    "link", ["", "javascript:alert(1)", "file:///etc", "https://", "https://a b", "//x", "https://u@x/"]
)
def test_other_links_are_left_out(link: str) -> None:
    assert web_link(link) == ""
