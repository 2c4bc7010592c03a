"""The other lists that records are joined to: asked for no more often than they are due, and kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.json_answers import Absent
from dispatchwatch.intake.json_joins import Join
from dispatchwatch.intake.json_pages import Pages, Source
from dispatchwatch.intake.json_paths import NoAnswer, found, text_of
from dispatchwatch.intake.json_records import RecordPaths
from dispatchwatch.intake.web import Web
from dispatchwatch.intake.web_patience import Busy

LONG_AGO = datetime.min.replace(tzinfo=UTC)
AGAIN = timedelta(minutes=1)
ANEW = timedelta(hours=1)
WHOLE = re.compile(r"0|[1-9]\d{0,17}", re.ASCII)
SHORTEST = timedelta(seconds=1)
IN_VAIN = "there was no time left for it in this reading; it is asked for with the next one"


class JsonLookup:
    """What one other list of the source says, by id. `at` and `words` are set before each reading.

    After a failure what was known before counts on, and it is asked again a minute later, or when the source likes.
    """

    def __init__(self, join: Join, source: Source, web: Web, steady: Callable[[], float]) -> None:
        self.problem = ""
        self.at = LONG_AGO
        self.words: Mapping[str, Any] = {}
        self._join = join
        self._source = source
        self._web = web
        self._steady = steady
        self._pages: list[Pages] = []
        self._rows: dict[str, list[Any]] = {}
        self._asked: dict[str, datetime] = {}
        self._whole_at: datetime | None = None
        self._anew_at: datetime | None = None
        self._not_before: datetime | None = None

    def rows(self, key: str) -> Sequence[Any]:
        return self._rows.get(key, ())

    def knows(self, key: str) -> bool:
        return self._whole_at is not None or key in self._asked or key in self._rows

    @property
    def settled(self) -> bool:
        if self._not_before is not None:
            return self._waits
        if self._join.batch is None:
            return not self._is_due(self._whole_at)
        return not self.problem and not any(map(self._is_due, self._asked.values()))

    @property
    def _waits(self) -> bool:
        """Whether it has just failed. A clock set back ends the wait."""
        return self._not_before is not None and self.at < self._not_before <= self.at + ANEW

    def learn(self, keys: Iterable[str], left: Callable[[], timedelta]) -> bool:
        """See `Lookup.learn`. Never fails: what went wrong is the `problem`."""
        if self._waits:
            return False
        before, problem = dict(self._rows), self.problem
        known = len(self._asked), self._whole_at is None
        try:
            self.problem = self._learn_some(keys, left) if self._join.batch else self._learn_whole(left)
            self._not_before = None
        except FeedError as failure:
            until = failure.until if isinstance(failure, Busy) else self.at
            self.problem, self._not_before = str(failure), max(until, self.at + min(AGAIN, self._join.every))
        return (before, problem, known) != (self._rows, self.problem, (len(self._asked), self._whole_at is None))

    def _learn_whole(self, left: Callable[[], timedelta]) -> str:
        if not self._is_due(self._whole_at):
            return self.problem
        rows, lacking = self._answer(0, {}, left)
        self._rows = {**self._rows, **rows} if lacking else rows
        if lacking:
            raise FeedError(lacking)
        self._whole_at = self.at
        return ""

    def _learn_some(self, keys: Iterable[str], left: Callable[[], timedelta]) -> str:
        needed = list(keys)
        self._forget_others(needed)
        due = sorted((key for key in needed if self._is_due(self._asked.get(key))), key=self._last_asked)
        size, most = self._join.batch or 1, self._join.most
        for number in range(min(most, -(-len(due) // size))):
            self._learn_batch(number, due[number * size : (number + 1) * size], left)
        waiting = sum(not self.knows(key) for key in due[most * size :])
        if not waiting:
            return ""
        return f"{waiting} of {len(needed)} were not looked up yet; each reading asks for {most * size} more"

    def _learn_batch(self, number: int, keys: list[str], left: Callable[[], timedelta]) -> None:
        words = {"ids": self._join.between.join(keys), "id_list": [_as_json(key) for key in keys]}
        try:
            rows, lacking = self._answer(number, words, left)
        except Absent:
            if len(keys) > 1:
                raise
            rows, lacking = {}, ""
        if lacking:
            self._rows |= rows
            raise FeedError(lacking)
        for key in keys:
            self._rows.pop(key, None)
            self._asked[key] = self.at
        self._rows |= {key: rows[key] for key in keys if key in rows}

    def _answer(
        self, number: int, words: Mapping[str, Any], left: Callable[[], timedelta]
    ) -> tuple[dict[str, list[Any]], str]:
        within = left()
        if within < SHORTEST:
            raise FeedError(IN_VAIN)
        while len(self._pages) <= number:
            self._pages.append(Pages(self._source, self._web, self._steady))
        anew = self._anew_at is None or not self._anew_at <= self.at < self._anew_at + ANEW
        got = self._pages[number].read({**self.words, **words}, self.at, within=within, anew=anew)
        if anew and number == 0:
            self._anew_at = self.at
        rows: dict[str, list[Any]] = {}
        for record in got.records:
            if key := self._key(record.raw):
                rows.setdefault(key, []).append(record.raw)
        return rows, got.lacking

    def _key(self, raw: Mapping[str, Any] | None) -> str:
        try:
            return text_of(found(self._join.match, raw)).strip()
        except NoAnswer:
            return ""

    def _is_due(self, asked: datetime | None) -> bool:
        return asked is None or not asked <= self.at < asked + self._join.every

    def _last_asked(self, key: str) -> tuple[bool, datetime]:
        asked = self._asked.get(key)
        return asked is not None, asked or self.at

    def _forget_others(self, needed: Sequence[str]) -> None:
        if len(self._asked) > len(needed):
            still = set(needed)
            self._asked = {key: at for key, at in self._asked.items() if key in still}
            self._rows = {key: rows for key, rows in self._rows.items() if key in still}


def _as_json(key: str) -> str | int:
    return int(key) if WHOLE.fullmatch(key) else key


def lookup_for(join: Join, source: Source, web: Web, steady: Callable[[], float]) -> JsonLookup:
    """What a join asks for; what it leaves out is as it is for the feed itself."""
    question, answers = source.question, source.answers
    asks = question.model_copy(
        update={
            "url": join.url,
            "method": join.method or question.method,
            "headers": {**question.headers, **join.headers},
            "params": join.params,
            "body": join.body,
        }
    )
    reads = replace(answers, records=join.records or answers.records, error=join.error or answers.error)
    paging = source.paging if join.paging is None else join.paging
    return JsonLookup(join, Source(asks, paging, reads, RecordPaths({}, keep=True)), web, steady)
