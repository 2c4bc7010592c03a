"""Asking a JSON source page after page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from time import monotonic
from typing import Any

from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.json_answers import Answers
from dispatchwatch.intake.json_asking import Question
from dispatchwatch.intake.json_records import Record, RecordPaths
from dispatchwatch.intake.paging import Answer, Paging, Place, Signs, first_place, place_after, signs
from dispatchwatch.intake.web import Page, Request, Web, shown
from dispatchwatch.intake.web_patience import Busy

ONE_ANSWER = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class Source:
    """What is asked, and how its answers are read."""

    question: Question
    paging: Paging
    answers: Answers
    paths: RecordPaths


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer understood. `digest` is that of its bytes, `tags` are the headers that ask whether it has changed."""

    digest: str
    tags: Mapping[str, str]
    records: tuple[Record, ...]
    signs: Signs


@dataclass(slots=True)
class Collected:
    """What the pages held, by request; `lacking` says why there are not more of them. `clock_ahead` is by how much the
    source's clock runs ahead of ours, `url` where the first page came from."""

    replies: dict[str, Reply] = field(default_factory=dict)
    lacking: str = ""
    clock_ahead: timedelta | None = None
    url: str = ""

    @property
    def records(self) -> tuple[Record, ...]:
        return tuple(record for reply in self.replies.values() for record in reply.records)

    @property
    def received(self) -> int:
        return sum(len(reply.records) for reply in self.replies.values())


class Pages:
    """Asks a source for all its pages. `steady` counts seconds."""

    def __init__(self, source: Source, web: Web, steady: Callable[[], float] = monotonic) -> None:
        self._source = source
        self._web = web
        self._steady = steady
        self._known: dict[str, Reply] = {}
        self._busy: Busy | None = None

    def read(self, words: Mapping[str, Any], now: datetime, *, within: timedelta, anew: bool) -> Collected:
        """Every page, or as many as came `within` that time. `anew`: also those that the source would call unchanged.

        Raises FeedError if no page came, and `Busy` without asking while the source wants to be left alone.
        """
        if self._busy is not None and now < self._busy.until:
            raise Busy(str(self._busy), self._busy.until)
        known = {} if anew else self._known
        reading = _Reading(self._source, self._web, _Time(now, within, self._steady), words, known)
        self._busy = None
        try:
            reading.all_pages()
        except FeedError as failure:
            self._busy = failure if isinstance(failure, Busy) else None
            if not reading.got.replies:
                raise
            reading.got.lacking = str(failure)
        self._known = reading.got.replies
        return reading.got


class _Time:
    """What a reading that began at `now` may still take."""

    def __init__(self, now: datetime, within: timedelta, steady: Callable[[], float]) -> None:
        self.within = within
        self._began_at = now
        self._began = steady()
        self._steady = steady

    @property
    def spent(self) -> timedelta:
        return timedelta(seconds=self._steady() - self._began)

    @property
    def now(self) -> datetime:
        return self._began_at + self.spent


class _Reading:
    """One walk through the pages. `known` are the replies of the last one, by request."""

    def __init__(
        self, source: Source, web: Web, time: _Time, words: Mapping[str, Any], known: Mapping[str, Reply]
    ) -> None:
        self.got = Collected()
        self._source = source
        self._web = web
        self._time = time
        self._words = words
        self._known = known

    def all_pages(self) -> None:
        place: Place | None = first_place(self._source.paging)
        while place is not None:
            place = self._page(place)

    def _page(self, place: Place) -> Place | None:
        """Asks for one page and says where the next one is."""
        self._check_limits()
        paging = self._source.paging
        words = {**self._words, **place.words(paging)}
        request = self._source.question.request(words, place.params(paging), place.address)
        key = f"{request.method} {request.url} {request.body!r}"
        known = self._known.get(key)
        page = self._fetched(request, known)
        reply = self._reply(page, known)
        if reply.records and any(reply.records == other.records for other in self.got.replies.values()):
            raise FeedError(f"{shown(page.url)} gives the same page again and again. Check paging.")
        self.got.replies[key] = reply
        return place_after(place, Answer(reply.signs, page.url, len(reply.records), self.got.received), paging)

    def _check_limits(self) -> None:
        paging, pages, where = self._source.paging, len(self.got.replies), shown(self.got.url or "")
        advice = "Ask for fewer days, or only for what has changed"
        if pages >= paging.max_pages:
            raise FeedError(f"{where} has more than {paging.max_pages} pages. {advice}, or raise max_pages.")
        if self.got.received >= paging.max_records:
            raise FeedError(f"{where} has more than {paging.max_records:,} records. {advice}, or raise max_records.")
        if self._time.spent >= self._time.within:
            raise FeedError(
                f"{where} had given {pages} pages after {self._time.within.total_seconds():g} seconds. {advice}."
            )

    def _fetched(self, request: Request, known: Reply | None) -> Page:
        left = min(ONE_ANSWER, self._time.within - self._time.spent)
        self._web.limits = replace(self._web.limits, total=max(left, timedelta(seconds=1)))
        tags = known.tags if known is not None and request.method == "GET" else {}
        page = self._web.fetch(replace(request, headers={**request.headers, **tags}))
        if not self.got.url:
            self.got.url = page.url
            if page.date is not None:
                self.got.clock_ahead = page.date - self._time.now
        return page

    def _reply(self, page: Page, known: Reply | None) -> Reply:
        if page.status == 304 and known is not None:
            return known
        digest, tags = sha256(page.body).hexdigest(), _tags(page.headers)
        if page.status == 200 and known is not None and known.digest == digest:
            return replace(known, tags=tags)
        data, listed = self._source.answers.read(page, self._time.now)
        number = len(self.got.replies) + 1
        records = tuple(self._source.paths.record(raw, number, place) for place, raw in enumerate(listed, 1))
        return Reply(digest, tags, records, signs(data, page.headers, self._source.paging))


def _tags(headers: Mapping[str, str]) -> Mapping[str, str]:
    pairs = (("If-None-Match", headers.get("etag")), ("If-Modified-Since", headers.get("last-modified")))
    return {name: value for name, value in pairs if value}
