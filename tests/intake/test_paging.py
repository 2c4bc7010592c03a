from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.paging import Answer, Paging, Place, Signs, first_place, place_after, signs

URL = "https://api.example.com/visits?page=1"


def paging(**told: Any) -> Paging:
    return Paging.model_validate(told)


def after(
    place: Place, how: Paging, data: Any = None, held: int = 2, received: int = 2, **headers: str
) -> Place | None:
    return place_after(place, Answer(signs(data, headers, how), URL, held, received), how)


def test_pages_are_counted_from_one_and_offsets_from_nought() -> None:
    pages, offsets = (
        paging(kind="page", parameter="p", size_parameter="n", size=50),
        paging(kind="offset", parameter="o"),
    )
    assert first_place(pages).params(pages) == {"p": "1", "n": "50"}
    assert first_place(offsets).params(offsets) == {"o": "0"}
    second = after(first_place(pages), pages)
    assert second is not None
    assert second.params(pages) == {"p": "2", "n": "50"}
    moved = after(first_place(offsets), offsets, held=37)
    assert moved is not None
    assert moved.params(offsets) == {"o": "37"}


def test_a_source_that_begins_elsewhere() -> None:
    assert first_place(paging(kind="page", start=0)).page == 0
    assert first_place(paging(kind="offset", start=1)).offset == 1


def test_the_first_page_needs_no_token() -> None:
    how = paging(kind="cursor", parameter="cursor", next="next")
    assert first_place(how).params(how) == {}
    assert dict(first_place(how).words(how)) == {"page": 1, "offset": 0, "cursor": "", "size": ""}


@pytest.mark.parametrize(
    ("told", "data", "held", "received", "goes_on"),
    [
        ({"kind": "page"}, {}, 1, 1, True),
        ({"kind": "page"}, {}, 0, 1, False),
        ({"kind": "page", "size": 2, "short_page_ends": True}, {}, 1, 1, False),
        ({"kind": "page", "size": 2, "short_page_ends": True}, {}, 2, 2, True),
        ({"kind": "page", "more": "more"}, {"more": True}, 1, 1, True),
        ({"kind": "page", "more": "more"}, {"more": "false"}, 9, 9, False),
        ({"kind": "page", "more": "more"}, {}, 1, 1, True),
        ({"kind": "offset", "total": "total"}, {"total": 5}, 2, 4, True),
        ({"kind": "offset", "total": "total"}, {"total": "4"}, 2, 4, False),
        ({"kind": "offset", "total": "total"}, {"total": "many"}, 2, 4, True),
        ({"kind": "cursor", "next": "next"}, {"next": 7}, 2, 2, True),
        ({"kind": "cursor", "next": "next"}, {"next": ""}, 2, 2, False),
        ({"kind": "cursor", "next": "next"}, {"next": None}, 2, 2, False),
        ({"kind": "continuation", "next": "from", "more": "more"}, {"from": "x", "more": False}, 2, 2, False),
        ({"kind": "continuation", "next": "from", "more": "more"}, {"from": "x", "more": True}, 0, 2, True),
        ({"kind": "link", "next": "next"}, {"next": "/visits?page=2"}, 2, 2, True),
        ({"kind": "link", "next": "next"}, {}, 2, 2, False),
        ({"kind": "none"}, {}, 2, 2, False),
    ],
)
def test_when_there_is_another_page(told: dict[str, Any], data: Any, held: int, received: int, goes_on: bool) -> None:
    how = paging(**told)
    assert (after(first_place(how), how, data, held, received) is not None) is goes_on


@pytest.mark.parametrize(
    ("told", "data", "held", "received"),
    [
        ({"kind": "none", "more": "more"}, {"more": 1}, 2, 2),
        ({"kind": "none", "total": "total"}, {"total": 3}, 2, 2),
        ({"kind": "page", "total": "total"}, {"total": 3}, 0, 2),
        ({"kind": "offset", "more": "more"}, {"more": True}, 0, 2),
        ({"kind": "cursor", "next": "next", "more": "more"}, {"more": True}, 2, 2),
        ({"kind": "cursor", "next": "next", "total": "total"}, {"total": 3}, 2, 2),
        ({"kind": "link", "next": "next", "more": "more"}, {"more": "yes"}, 2, 2),
    ],
)
def test_an_end_that_is_none_is_found_out(told: dict[str, Any], data: Any, held: int, received: int) -> None:
    how = paging(**told)
    with pytest.raises(FeedError, match="more"):
        after(first_place(how), how, data, held, received)


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ('<https://api.example.com/v?p=2>; rel="next"', "https://api.example.com/v?p=2"),
        ('</v?p=1>; rel="prev", </v?p=3,4>; title="a, b"; rel=next', "https://api.example.com/v?p=3,4"),
        ('<?p=5>; rel="last next"', "https://api.example.com/visits?p=5"),
        ('</v>; rel="nextish"', None),
        ("nonsense", None),
        ("", None),
    ],
)
def test_a_link_header(header: str, address: str | None) -> None:
    how = paging(kind="link")
    place = after(first_place(how), how, link=header)
    assert (place.address if place else None) == address


def test_a_single_page_with_a_link_to_another_is_found_out() -> None:
    how = paging()
    with pytest.raises(FeedError, match="more pages than the one"):
        after(first_place(how), how, link='</v?p=2>; rel="next"')


def test_a_link_to_another_server_is_not_followed() -> None:
    how = paging(kind="link", next="next")
    with pytest.raises(FeedError, match=r"leads elsewhere, to https://evil\.example\.com"):
        after(first_place(how), how, {"next": "https://evil.example.com/v?token=x"})


@pytest.mark.parametrize("token", ["a", "/visits?cursor=a"])
def test_a_circle_is_found_out(token: str) -> None:
    how = paging(kind="link" if "/" in token else "cursor", next="next")
    second = after(first_place(how), how, {"next": token})
    assert second is not None
    with pytest.raises(FeedError, match="in a circle"):
        after(second, how, {"next": token})


def test_a_page_that_leads_to_itself_is_found_out() -> None:
    how = paging(kind="link", next="next")
    with pytest.raises(FeedError, match="in a circle"):
        after(first_place(how), how, {"next": URL})


def test_a_token_may_stand_in_a_header_and_the_first_page_may_need_one() -> None:
    how = paging(kind="cursor", parameter="cursor", first="-1", next_header="X-Next-Cursor")
    place = first_place(how)
    assert place.params(how) == {"cursor": "-1"}
    following = place_after(place, Answer(signs([], {"x-next-cursor": " u2 "}, how), URL, 2, 2), how)
    assert following is not None
    assert following.params(how) == {"cursor": "u2"}
    assert after(following, how, []) is None


def test_a_path_that_has_no_answer_says_nothing() -> None:
    how = paging(kind="page", more="contains(flags, 'x')", total="length(rows)")
    assert signs({"flags": 7}, {}, how) == Signs()


@pytest.mark.parametrize(
    "told",
    [
        {"kind": "cursor"},
        {"kind": "continuation"},
        {"kind": "page", "short_page_ends": True},
        {"kind": "page", "size": 0},
        {"kind": "page", "max_pages": 0},
        {"kind": "book"},
        {"kind": "page", "pages": 3},
    ],
)
def test_settings_that_lead_nowhere_are_refused(told: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        paging(**told)
