"""Events that the office software sends by itself: each makes another feed be polled, or tells of visits directly.

Nothing listens unless `app/listening.py` is configured to; here is what may come in, and what it says.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Annotated, NamedTuple, Protocol, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from dispatchwatch.domain.schedule import RowProblem, Snapshot
from dispatchwatch.domain.visit import Visit
from dispatchwatch.intake.feed import Feed, FeedConfig
from dispatchwatch.intake.fields import Duration, Interval
from dispatchwatch.intake.json_feed import usable_paths
from dispatchwatch.intake.json_paths import JsonPath
from dispatchwatch.intake.json_records import RecordPaths
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.web_way import Way
from dispatchwatch.intake.webhook_body import BodyReader
from dispatchwatch.intake.webhook_signing import Signature

LONG_AGO = datetime.min.replace(tzinfo=UTC)
MOST_PROBLEMS = 100
MEGABYTE = 1_000_000
REMEMBERED = timedelta(days=1)
"""How long an inbox knows an event that comes again."""
KEPT = timedelta(days=7)
"""How long an inbox keeps bodies."""
LAST_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)


class Letter(NamedTuple):
    """One body that was kept. `number` rises from letter to letter; `at` is when it came, by our clock."""

    number: int
    at: datetime
    body: bytes


class Inbox(Protocol):
    """Where verified bodies are kept. Any of it may be called from any thread."""

    def keep(self, feed: str, marks: Sequence[str], body: bytes, at: datetime) -> bool:
        """Keeps a body for good, in one go with the `marks` it is known by; False where one of them is known already
        (`REMEMBERED` long). What is kept survives a crash of the program once this has returned."""
        ...

    def after(self, feed: str, number: int) -> Sequence[Letter]:
        """The letters of a feed above this number, oldest first; those of the last `KEPT`."""
        ...


class WebhookConfig(FeedConfig):
    """`kind = "webhook"`: requests are taken at `/hooks/<address>` (the feed's name where `address` is left out).

    With `polls` an event only says that something changed, and the feed of that name is read at once. Without it the
    event tells of visits itself: `records` is the path to the visit or the list of visits in it, `paths` those of the
    fields in one, as for `json`; an event has to tell the whole of a visit, not just what is new about it.
    """

    kind: str = "webhook"
    every: Interval = timedelta(minutes=1)
    address: str = ""
    signature: Signature
    polls: str | None = None
    records: JsonPath = "@"
    paths: Annotated[Mapping[str, JsonPath], AfterValidator(usable_paths)] = Field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    profile: str | None = None
    max_bytes: int = Field(default=MEGABYTE, gt=0, le=MEGABYTE)
    per_minute: int = Field(default=120, gt=0, le=6000)
    forget_after: Duration = timedelta(days=7)

    @model_validator(mode="after")
    def _polls_or_tells(self) -> Self:
        if self.polls is not None and (self.paths or self.profile or self.records != "@"):
            raise ValueError("with polls the event is not read, so records, paths and profile have no meaning")
        if self.polls == self.name:
            raise ValueError("a webhook can’t poll itself; name the feed that has the visits")
        if not LAST_PART.fullmatch(self.address or self.name):
            raise ValueError(f"'{self.address or self.name}' can’t be part of an address; set address, such as fsm")
        return self

    @property
    def at(self) -> str:
        """The last part of the address that requests come to."""
        return self.address or self.name

    def marks(self, event: str, signed: bytes) -> tuple[str, ...]:
        """What a verified event is known by, should it come again.

        Few vendors sign the event's id, so a copy could come under another one: an event that tells of visits is known
        by its signed text too. One that only makes a feed be polled does no harm twice, and says the same each time.
        """
        text = () if self.polls else (f"text {sha256(signed).hexdigest()}",)
        return (*((f"id {event}",) if event else ()), *text)

    def open(self, profile: ProfileConfig, *, office_zone: ZoneInfo, base: Path, way: Way | None = None) -> Feed:  # noqa: ARG002
        return WebhookFeed(self, profile, office_zone=office_zone, inbox=MemoryInbox())


class _Told(NamedTuple):
    """What was last told of a visit, and when; `mark` identifies what it says."""

    at: datetime
    visit: Visit
    mark: bytes


class WebhookFeed:
    """The visits that events have told of. Of two events about one visit the later modified counts, else the later."""

    def __init__(self, config: WebhookConfig, profile: ProfileConfig, *, office_zone: ZoneInfo, inbox: Inbox) -> None:
        self.name = config.name
        self.interval = config.every
        self._config = config
        self._inbox = inbox
        paths = RecordPaths(config.paths, config.empty)
        self._reader = BodyReader(
            records=config.records, paths=paths, profile=profile, feed=config.name, zone=office_zone
        )
        self._read_to = 0
        self._told: dict[str, _Told] = {}
        self._problems: deque[tuple[datetime, RowProblem]] = deque(maxlen=MOST_PROBLEMS)
        self._last: datetime | None = None
        self._snapshot = Snapshot(feed=self.name, read_at=LONG_AGO, visits=(), digest=self.name, complete=False)

    def fetch(self, now: datetime) -> Snapshot:
        """See `Feed.fetch`. Never complete: events say nothing of the visits they do not name."""
        letters = () if self._config.polls else self._inbox.after(self.name, self._read_to)
        if letters:
            for letter in letters:
                self._take(letter)
            self._let_go(now)
            self._snapshot = self._changed()
        return replace(self._snapshot, read_at=now)

    def _take(self, letter: Letter) -> None:
        source = f"event of {letter.at:%Y-%m-%d %H:%M:%S} UTC"
        reading = self._reader.read(letter.body, source)
        self._problems.extend((letter.at, problem) for problem in reading.problems)
        for visit in reading.visits:
            known = self._told.get(visit.ext_id)
            if known is None or (visit.modified_at or LONG_AGO) >= (known.visit.modified_at or LONG_AGO):
                self._told[visit.ext_id] = _Told(letter.at, visit, sha256(repr(visit).encode()).digest())
        self._read_to, self._last = letter.number, letter.at

    def _let_go(self, now: datetime) -> None:
        """What was told long ago stays in the store, as long as the visit is not over."""
        limit = now - self._config.forget_after
        self._told = {ext_id: told for ext_id, told in self._told.items() if told.at >= limit}
        while self._problems and self._problems[0][0] < now - REMEMBERED:
            self._problems.popleft()

    def _changed(self) -> Snapshot:
        before = self._snapshot
        visits = tuple(told.visit for told in self._told.values())
        problems = tuple(problem for _, problem in self._problems)
        if visits == before.visits and problems == before.problems:
            return replace(before, source_at=self._last)
        content = b"".join(sorted(told.mark for told in self._told.values())) + repr(problems).encode()
        return Snapshot(
            feed=self.name,
            read_at=self._last or LONG_AGO,
            visits=before.visits if visits == before.visits else visits,
            digest=sha256(content).hexdigest(),
            complete=False,
            source_at=self._last,
            sources=(f"/hooks/{self._config.at}",),
            problems=problems,
        )


class MemoryInbox:
    """An inbox that forgets with the program, for tests and previews. Bounded: the oldest go first."""

    def __init__(self, most: int = 10_000) -> None:
        self._lock = Lock()
        self._letters: dict[str, deque[Letter]] = {}
        self._marks: dict[tuple[str, str], datetime] = {}
        self._most = most
        self._number = 0

    def keep(self, feed: str, marks: Sequence[str], body: bytes, at: datetime) -> bool:
        with self._lock:
            self._marks = {mark: seen for mark, seen in self._marks.items() if seen > at - REMEMBERED}
            if any((feed, mark) in self._marks for mark in marks):
                return False
            self._marks.update({(feed, mark): at for mark in marks})
            while len(self._marks) > self._most:
                del self._marks[next(iter(self._marks))]
            self._number += 1
            self._letters.setdefault(feed, deque(maxlen=self._most)).append(Letter(self._number, at, body))
            return True

    def after(self, feed: str, number: int) -> Sequence[Letter]:
        with self._lock:
            return [letter for letter in self._letters.get(feed, ()) if letter.number > number]
