"""What a source seems to say, and what only a person can say about it (study 2.2): the beginning of a profile."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from dispatchwatch.domain.visit import Status
from dispatchwatch.intake.columns import Columns, folded, placed, proposal
from dispatchwatch.intake.day_order import month_first
from dispatchwatch.intake.dotted_names import by_part
from dispatchwatch.intake.formats import tells_nothing
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.questions import (
    Question,
    about_column,
    about_day_order,
    about_duration,
    about_format,
    about_lack,
    about_rivals,
    about_window,
    about_word,
)
from dispatchwatch.intake.statuses import StatusWords, normal
from dispatchwatch.intake.synonyms import FIELDS, START_FIELDS, TIME_FIELDS, UNMAPPED
from dispatchwatch.intake.table import Sample, Table
from dispatchwatch.intake.time_looks import LIKELY_EPOCH, Look, look_of

LOOKED_AT = 5_000
SAMPLES = 3
MOST_WORDS = 40
UNIT_IN_NAME = re.compile("min(s|utes)?$")
BARE_NUMBER = re.compile(r"\d+([.,]\d+)?", re.ASCII)


class Confidence(StrEnum):
    """Why a column is taken for a field: somebody said so, by its name, by a name that can mean several things, by a
    part of its name, or by what is in it. The last three need a person's word."""

    CHOSEN = "chosen"
    SURE = "sure"
    LOOSE = "loose"
    BY_PART = "by part"
    BY_VALUE = "by value"


UNSURE = frozenset({Confidence.LOOSE, Confidence.BY_PART, Confidence.BY_VALUE})


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """One column. `field` is empty where it stands for none of ours; `looks` says what its times look like."""

    header: str
    samples: tuple[str, ...]
    field: str = ""
    confidence: Confidence | None = None
    looks: str = ""


@dataclass(frozen=True, slots=True)
class WordSeen:
    """One status word, in how many rows it stands, and what we take it for; None if nobody knows."""

    word: str
    rows: int
    status: Status | None


@dataclass(frozen=True, slots=True)
class SourceProposal:
    """`columns` are field to header as a profile would write it, empty where a field has none; `questions` are all
    that a person may be asked."""

    file: str
    rows: int
    columns: Mapping[str, str]
    seen: tuple[ColumnSeen, ...]
    words: tuple[WordSeen, ...]
    questions: tuple[Question, ...]


def propose(sample: Sample, profile: ProfileConfig) -> SourceProposal:
    """What the sample means, beside what the profile says already. Pure; looks at the first rows only."""
    return _Proposing(sample, profile).propose()


class _Proposing:
    def __init__(self, sample: Sample, profile: ProfileConfig) -> None:
        self._sample = sample
        self._profile = profile
        self._by_name = proposal(sample.header, profile.columns)
        width = len(sample.header)
        rows = [list(row.cells[:width]) for row in islice(sample.rows, LOOKED_AT) if not row.blank and not row.fault]
        self._rows = [cells + [""] * (width - len(cells)) for cells in rows]
        self._words = StatusWords(profile.status)
        self._values = [self._told(cells[place] for cells in self._rows) for place in range(width)]
        self._conflicts = dict(self._by_name.conflicts)
        self._parts = by_part(sample.header, [name for name in FIELDS if self._lacks(name, self._by_name.columns)])
        self._conflicts |= self._parts.rivals
        self._guessed = self._by_value({**self._by_name.columns, **self._parts.found})
        self._absent: dict[str, str] = {}
        self._columns = self._settled_columns(
            {**profile.columns, **self._by_name.columns, **self._parts.found, **self._guessed}
        )

    def propose(self) -> SourceProposal:
        looks = {name: self._look(name) for name in TIME_FIELDS if name in self._columns.places}
        words = tuple(self._words_seen())
        return SourceProposal(
            file=self._sample.file,
            rows=len(self._sample.rows),
            columns={**self._columns.headers, **self._absent},
            seen=tuple(self._column(place, looks) for place in range(len(self._sample.header))),
            words=words,
            questions=(*self._column_questions(), *self._value_questions(looks, words)),
        )

    def _settled_columns(self, chosen: Mapping[str, str]) -> Columns:
        """Once columns are named, a reader finds others for fields that they stood for: those are said to be absent."""
        while True:
            columns = placed(self._sample.header, {**chosen, **self._absent})
            more = columns.headers.keys() - chosen.keys()
            if not more:
                return columns
            self._absent.update(dict.fromkeys(more, ""))

    @staticmethod
    def _told(cells: Iterable[str]) -> list[str]:
        return [text for text in (cell.strip() for cell in cells) if not tells_nothing(text)]

    def _texts(self, name: str) -> list[str]:
        return self._told(self._columns.texts(cells)[name] for cells in self._rows)

    def _look(self, name: str) -> Look:
        look = look_of(list(dict.fromkeys(self._texts(name))), self._profile.format.get(name))
        if name != "date" or not look.formats:
            return look
        days = tuple(one for one in look.formats if one in LIKELY_EPOCH)
        return look._replace(formats=days, unread="" if days else self._texts(name)[0])

    def _column(self, place: int, looks: Mapping[str, Look]) -> ColumnSeen:
        header = self._sample.header[place].strip()
        samples = tuple(islice(dict.fromkeys(self._values[place]), SAMPLES))
        name = next((name for name, places in self._columns.places.items() if place in places), "")
        if not name:
            return ColumnSeen(header, samples)
        look = looks.get(name, Look()).text if len(self._columns.places[name]) == 1 else ""
        return ColumnSeen(header, samples, name, self._confidence(name, header), look)

    def _confidence(self, name: str, header: str) -> Confidence:
        if name in self._profile.columns:
            return Confidence.CHOSEN
        if name in self._parts.found:
            return Confidence.BY_PART
        if name in self._guessed:
            return Confidence.BY_VALUE
        return Confidence.LOOSE if header in self._by_name.ambiguous else Confidence.SURE

    def _by_value(self, columns: Mapping[str, str]) -> dict[str, str]:
        """Columns whose names say nothing but whose values can be only one thing; none where two could be it."""
        used = {place for places in placed(self._sample.header, dict(columns)).places.values() for place in places}
        disputed = {header for headers in self._conflicts.values() for header in headers}
        free = [
            place
            for place, header in enumerate(self._sample.header)
            if place not in used and header.strip() and header.strip() not in disputed and self._values[place]
        ]
        lacking = [
            (name, test)
            for name, test in (("status", self._are_words), (START_FIELDS[0], _are_moments), ("ext_id", self._are_ids))
            if self._lacks(name, columns)
        ]
        found: dict[str, str] = {}
        for name, test in lacking:
            fitting = [place for place in free if test(self._values[place])]
            if len(fitting) == 1:
                found[name] = self._sample.header[fitting[0]].strip()
                free.remove(fitting[0])
        return found

    def _lacks(self, name: str, columns: Mapping[str, str]) -> bool:
        names = START_FIELDS if name in START_FIELDS else (name,)
        known = {*columns, *self._conflicts, *self._profile.columns}
        return not known & set(names)

    def _are_words(self, values: Sequence[str]) -> bool:
        """Whether most of a few words that come again are known to say where a visit stands."""
        words = Counter(map(normal, values))
        known = sum(1 for word in words if self._words.meaning(word, has_start=True))
        return len(words) <= MOST_WORDS and known * 3 >= len(words) * 2

    def _are_ids(self, values: Sequence[str]) -> bool:
        complete = len(values) == len(self._rows) == len(set(values)) and len(values) > 1
        return complete and all(" " not in value for value in values) and bool(look_of(values, None).unread)

    def _column_questions(self) -> Iterable[Question]:
        free = [one.strip() for one in self._sample.header if one.strip() and one.strip() not in self._taken()]
        for name, headers in self._conflicts.items():
            yield about_rivals(name, headers)
        for name in ("ext_id", START_FIELDS[0]):
            if self._lacks(name, self._columns.headers):
                yield about_lack(name, free)
        for name in FIELDS:
            header = self._columns.headers.get(name, "")
            parts = [self._sample.header[place].strip() for place in self._columns.places.get(name, ())]
            if any(self._confidence(name, part) in UNSURE for part in parts):
                yield about_column(name, header, self._examples(name))
        for header in self._by_name.ambiguous:
            if folded(header) in UNMAPPED and header not in self._taken():
                yield about_window(header)

    def _taken(self) -> set[str]:
        return {self._sample.header[place].strip() for places in self._columns.places.values() for place in places}

    def _examples(self, name: str) -> Sequence[str]:
        return list(islice(dict.fromkeys(self._texts(name)), SAMPLES))

    def _value_questions(self, looks: Mapping[str, Look], words: Sequence[WordSeen]) -> Iterable[Question]:
        for name, look in looks.items():
            if look.formats or look.unread:
                yield about_format(name, self._columns.headers[name], look)
        doubts = month_first(Table(self._sample.file, self._columns, self._sample.rows), self._profile)[1]
        if doubts:
            yield about_day_order(doubts[0].doubt)
        if self._counts_unnamed_units():
            yield about_duration(self._columns.headers["duration"], self._examples("duration"))
        for one in words:
            if one.status is None:
                yield about_word(one.word, one.rows)

    def _counts_unnamed_units(self) -> bool:
        """Whether bare numbers say how long a visit takes and neither the header nor anybody says what they count."""
        header = self._columns.headers.get("duration", "")
        if not header or "duration_unit" in self._profile.model_fields_set or UNIT_IN_NAME.search(folded(header)):
            return False
        return any(BARE_NUMBER.fullmatch(text) for text in self._texts("duration"))

    def _words_seen(self) -> Iterable[WordSeen]:
        if "status" not in self._columns.places:
            return
        counted: Counter[str] = Counter()
        first: dict[str, str] = {}
        for word in self._texts("status"):
            first.setdefault(normal(word), word)
            counted[normal(word)] += 1
        for key, rows in counted.most_common():
            meaning = self._words.meaning(first[key], has_start=True)
            yield WordSeen(first[key], rows, meaning.status if meaning else None)


def _are_moments(values: Sequence[str]) -> bool:
    look = look_of(list(dict.fromkeys(values)), None)
    return not look.unread and look.text in {"date and time", "date and time with a zone"}
