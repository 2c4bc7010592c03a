"""A feed of files, whatever is in them: one file, a pattern, or every file of a folder that ends as its kind does."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from dispatchwatch.domain.schedule import Gravity, RowProblem, Snapshot, days_of
from dispatchwatch.domain.visit import Visit
from dispatchwatch.intake.feed import FeedConfig, FeedError, Unsettled
from dispatchwatch.intake.fields import Duration, zone_named
from dispatchwatch.intake.files import Sighting, files_at, read_whole
from dispatchwatch.intake.profile import ProfileConfig
from dispatchwatch.intake.reading import read_table
from dispatchwatch.intake.table import Sample, Table
from dispatchwatch.intake.web_way import Way

MEGABYTE = 1_000_000
Sightings = tuple[Sighting, ...]


def _path(path: str) -> str:
    if not path.strip() or "\0" in path:
        raise ValueError("the path is empty; write the file, folder or pattern, such as exports/*.csv")
    return path


class FilesConfig(FeedConfig):
    """`path` is a file, a pattern or a folder; relative ones start at the configuration's folder.

    With `rewritten_every`, a newest file older than that fails the reading: the export has stopped.
    """

    suffix: ClassVar[str]

    path: Annotated[str, AfterValidator(_path)]
    profile: str | None = None
    rewritten_every: Duration | None = None
    max_bytes: int = Field(default=100 * MEGABYTE, gt=0)

    @abstractmethod
    def table(self, content: bytes, profile: ProfileConfig, file: str) -> tuple[Table, tuple[RowProblem, ...]]:
        """What one file holds, and what is doubtful about it as a whole. Raises FeedError, naming `file`."""

    @abstractmethod
    def sample(self, content: bytes, profile: ProfileConfig, file: str) -> Sample:
        """What one file holds, its header not yet understood. Raises FeedError, naming `file`."""

    def open(self, profile: ProfileConfig, *, office_zone: ZoneInfo, base: Path, way: Way | None = None) -> FolderFeed:  # noqa: ARG002
        return FolderFeed(self, profile, office_zone=office_zone, base=base)


def newest_sample(config: FilesConfig, profile: ProfileConfig, base: Path) -> Sample:
    """The file written last, for a person to map. Raises FeedError, or Unsettled while it is being written."""
    seen = max(files_at(base / config.path, config.suffix), key=lambda one: one.modified_ns)
    return config.sample(read_whole(seen, config.max_bytes), profile, str(seen.path))


@dataclass(frozen=True, slots=True)
class _Held:
    """The last good reading: what the files looked like, and what they said. `days` are those that occur in them.

    `failed`: some of the files could not be read. They may be readable by the next time, though nobody writes to them.
    """

    seen: Sightings
    snapshot: Snapshot
    days: frozenset[date]
    failed: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """What one file gave: its visits and problems, or the failure that cost the whole file."""

    seen: Sighting
    visits: tuple[Visit, ...]
    problems: tuple[RowProblem, ...]
    failure: FeedError | None = None
    repeated: frozenset[str] = frozenset()


class FolderFeed:
    """A file counts once two fetches in a row have seen it with the same size and time of writing."""

    def __init__(self, config: FilesConfig, profile: ProfileConfig, *, office_zone: ZoneInfo, base: Path) -> None:
        self.name = config.name
        self.interval = config.every
        self._config = config
        self._profile = profile
        self._zone = office_zone
        self._place = base / config.path
        self._seen: Sightings = ()
        self._held: _Held | None = None

    def fetch(self, now: datetime) -> Snapshot:
        """See `Feed.fetch`. Files that are as they were at the last good reading are not read again."""
        seen = files_at(self._place, self._config.suffix)
        self._check_rewritten(seen, now)
        if self._held is None or self._held.failed or seen != self._held.seen:
            settled, self._seen = seen == self._seen, seen
            if not settled:
                raise Unsettled(str(self._place))
            self._held = self._read(seen, now)
        covered = self._covered(self._held.days, now) if self._held.snapshot.complete else frozenset()
        return replace(self._held.snapshot, read_at=now, covered=covered)

    def _check_rewritten(self, seen: Sightings, now: datetime) -> None:
        limit, newest = self._config.rewritten_every, _newest(seen)
        if limit is not None and now - newest > limit:
            local, today = newest.astimezone(self._zone), now.astimezone(self._zone).date()
            since = f"{local:%H:%M}" if local.date() == today else f"{local:%Y-%m-%d %H:%M}"
            raise FeedError(f"{self._place} was not rewritten since {since}. Check whether the export still runs.")

    def _read(self, seen: Sightings, now: datetime) -> _Held:
        contents = [(one, self._contents(one)) for one in seen]
        digest = sha256(b"".join(_fingerprint(content) for _, content in contents)).hexdigest()
        if self._held and self._held.snapshot.digest == digest:
            return replace(self._held, seen=seen, snapshot=replace(self._held.snapshot, source_at=_newest(seen)))
        parts = [self._part(one, content) for one, content in contents]
        failures = [part.failure for part in parts if part.failure]
        if len(failures) == len(parts):
            raise failures[0]
        visits = _newest_of_each(parts)
        snapshot = Snapshot(
            feed=self.name,
            read_at=now,
            visits=visits,
            digest=digest,
            complete=self._profile.complete and not failures,
            source_at=_newest(seen),
            sources=tuple(str(one.path) for one in seen),
            problems=tuple(problem for part in parts for problem in part.problems),
            lacking=str(failures[0]) if failures else "",
            repeated=_repeated(parts),
        )
        days = frozenset(day for visit in visits for day in _first_day(visit, self._zone))
        return _Held(seen, snapshot, days, failed=bool(failures))

    def _contents(self, seen: Sighting) -> bytes | FeedError:
        try:
            return read_whole(seen, self._config.max_bytes)
        except FeedError as failure:
            return failure

    def _part(self, seen: Sighting, content: bytes | FeedError) -> _Part:
        """One file's share. A file that fails among others is a problem, not the end of the reading."""
        file = str(seen.path)
        try:
            if isinstance(content, FeedError):
                raise content
            table, problems = self._config.table(content, self._profile, file)
        except FeedError as failure:
            return _Part(seen, (), (RowProblem(file, 1, "", str(failure), Gravity.UNREADABLE),), failure)
        reading = read_table(table, self._profile, feed=self.name, office_zone=self._zone)
        return _Part(seen, reading.visits, problems + reading.problems, repeated=reading.repeated)

    def _covered(self, days: frozenset[date], now: datetime) -> frozenset[date]:
        if self._profile.days == "rows":
            return days
        if self._profile.days == "today":
            return days | {now.astimezone(self._zone).date()}
        return frozenset(self._profile.days)


def _newest(seen: Sightings) -> datetime:
    latest = max(one.modified_ns for one in seen)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=latest // 1000)


def _fingerprint(content: bytes | FeedError) -> bytes:
    return sha256(content if isinstance(content, bytes) else str(content).encode(errors="replace")).digest()


def _newest_of_each(parts: Sequence[_Part]) -> tuple[Visit, ...]:
    """The visits of all files; of those that several hold, the one from the file written last."""
    found: dict[str, Visit] = {}
    for part in sorted(parts, key=lambda part: part.seen.modified_ns):
        found.update((visit.ext_id, visit) for visit in part.visits)
    return tuple(found.values())


def _repeated(parts: Sequence[_Part]) -> frozenset[str]:
    """The ids whose rows disagree in the very file that counts; another file's word is simply older."""
    found: set[str] = set()
    for part in sorted(parts, key=lambda part: part.seen.modified_ns):
        found.difference_update(visit.ext_id for visit in part.visits)
        found |= part.repeated
    return frozenset(found)


def _first_day(visit: Visit, office_zone: ZoneInfo) -> tuple[date, ...]:
    """The day a visit stands for: the office's; for one without a time the very day that was written.

    Midnight at a site farther east is the day before at the office, which the source says nothing about.
    """
    zone = (zone_named(visit.site.timezone) or office_zone) if visit.anytime else office_zone
    return days_of(visit, zone)[:1]
