"""How a source hands out more records than one answer holds, and where the next answer is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.json_paths import JsonPath, NoAnswer, found, text_of
from dispatchwatch.intake.web import follow, shown

LINK = re.compile(r"<([^<>]*)>([^<]*)")
NEXT = re.compile(r";\s*rel\s*=\s*(?:\"[^\"]*\bnext\b[^\"]*\"|next\b)", re.IGNORECASE)
NO = frozenset({"", "0", "false", "no", "n"})


class Paging(BaseModel):
    """`paging` of a json feed.

    `none`: one answer holds everything. `page`: pages are counted from `start` (1). `offset`: records are counted
    from `start` (0). `cursor`, `continuation`: the answer says at `next`, or in its header `next_header`, with which
    token to go on; `first` is the token that the first page is asked for with, where one is needed. A source that
    gives a token on its last page too says at `more` whether to go on. `link`: the answer gives the address of the
    next page at `next`, or in its Link header (RFC 8288). `parameter` and `size_parameter` are query parameters; in
    the body the placeholders {page}, {offset}, {cursor} and {size} do the same.

    Counted pages end with the first empty one, since servers give fewer records than they are asked for. They end
    earlier where the answer says so at `more` or `total`, or where `short_page_ends`: fewer than `size` are the last.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["none", "page", "offset", "cursor", "continuation", "link"] = "none"
    parameter: str = ""
    size_parameter: str = ""
    start: int | None = Field(default=None, ge=0)
    size: int | None = Field(default=None, gt=0)
    next: JsonPath | None = None
    next_header: str = ""
    first: str = ""
    more: JsonPath | None = None
    total: JsonPath | None = None
    short_page_ends: bool = False
    max_pages: int = Field(default=200, gt=0)
    max_records: int = Field(default=20_000, gt=0)

    @model_validator(mode="after")
    def _knows_the_way(self) -> Self:
        if self.kind in {"cursor", "continuation"} and self.next is None and not self.next_header:
            raise ValueError("next is missing: the path at which an answer gives the token of the page after it")
        if self.short_page_ends and self.size is None:
            raise ValueError("short_page_ends needs size: how many records a full page has")
        return self


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the pages we are. `token` is what the source gave to get here, `address` a whole link of its."""

    page: int
    offset: int
    token: str = ""
    address: str = ""
    passed: frozenset[str] = field(default_factory=frozenset)

    def words(self, paging: Paging) -> Mapping[str, Any]:
        """What the placeholders stand for."""
        return {"page": self.page, "offset": self.offset, "cursor": self.token, "size": paging.size or ""}

    def params(self, paging: Paging) -> Mapping[str, str]:
        """The query parameters that ask for this page."""
        word = {"page": str(self.page), "offset": str(self.offset)}.get(paging.kind, self.token)
        size = str(paging.size or "")
        named = ((paging.parameter, word), (paging.size_parameter, size))
        return {name: value for name, value in named if name and value}


@dataclass(frozen=True, slots=True)
class Signs:
    """What an answer says of the pages after it: the token or address `next`, whether there is `more`, and how many
    records there are in `total`; blank or None where it says nothing."""

    next: str = ""
    more: bool | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One page as it came from `url`. `held` records stood in it, `received` in all pages up to it."""

    signs: Signs
    url: str
    held: int
    received: int


def signs(data: Any, headers: Mapping[str, str], paging: Paging) -> Signs:
    """What JSON and headers (names in lower case) say of further pages."""
    in_header = headers.get(paging.next_header.lower(), "") if paging.next_header else ""
    told = (text_of(_at(paging.next, data)) if paging.next else in_header).strip()
    if not paging.next and paging.kind in {"none", "link"}:
        links = LINK.findall(headers.get("link", ""))
        told = next((address for address, says in links if NEXT.search(says)), "")
    more = _at(paging.more, data)
    total = text_of(_at(paging.total, data)).strip()
    return Signs(
        told,
        None if more is None else text_of(more).strip().casefold() not in NO,
        int(total) if total.isascii() and total.isdigit() and len(total) < 12 else None,
    )


def first_place(paging: Paging) -> Place:
    start = paging.start
    offset = (start or 0) if paging.kind == "offset" else 0
    return Place(page=1 if start is None else start, offset=offset, token=paging.first)


def place_after(place: Place, answer: Answer, paging: Paging) -> Place | None:
    """The place of the next page; None after the last.

    Raises FeedError where a source leads in a circle or elsewhere, or says that there is more but not where.
    """
    match paging.kind:
        case "none":
            _check_only(answer)
            return None
        case "page" | "offset":
            return _counted_on(place, answer, paging)
        case "cursor" | "continuation":
            return _token_after(place, answer)
        case "link":
            return _link_after(place, answer)


def _check_only(answer: Answer) -> None:
    if answer.signs.next or answer.signs.more or (answer.signs.total or 0) > answer.received:
        advice = "Say in paging how they are asked for"
        raise FeedError(f"{shown(answer.url)} has more pages than the one that was asked for. {advice}.")


def _counted_on(place: Place, answer: Answer, paging: Paging) -> Place | None:
    if not _goes_on(answer, paging):
        return None
    return replace(place, page=place.page + 1, offset=place.offset + answer.held)


def _goes_on(answer: Answer, paging: Paging) -> bool:
    more, total = answer.signs.more, answer.signs.total
    if answer.held == 0:
        _check_end(answer)
        return False
    if more is not None or total is not None:
        return bool(more) or (total or 0) > answer.received
    return not (paging.short_page_ends and answer.held < (paging.size or 0))


def _token_after(place: Place, answer: Answer) -> Place | None:
    token = answer.signs.next
    if not token or answer.signs.more is False:
        _check_end(answer)
        return None
    return replace(place, page=place.page + 1, token=token, passed=_marked(place, token, answer))


def _link_after(place: Place, answer: Answer) -> Place | None:
    if not answer.signs.next:
        _check_end(answer)
        return None
    address = follow(answer.url, answer.signs.next)
    return replace(place, page=place.page + 1, address=address, passed=_marked(place, address, answer))


def _check_end(answer: Answer) -> None:
    if answer.signs.more or (answer.signs.total or 0) > answer.received:
        raise FeedError(f"{shown(answer.url)} says that there are more records, but not where. It is asked again.")


def _marked(place: Place, mark: str, answer: Answer) -> frozenset[str]:
    if mark in place.passed or mark == answer.url:
        raise FeedError(f"{shown(answer.url)} leads from page to page in a circle. Check paging, then ask who runs it.")
    return place.passed | {mark}


def _at(path: str | None, data: Any) -> Any:
    try:
        return found(path, data) if path else None
    except NoAnswer:
        return None
