"""Reading the files of a replay, each through the feed of its kind and the profile that was named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dispatchwatch.app.config import Config
from dispatchwatch.app.replay import ReplayFailure
from dispatchwatch.domain.schedule import Gravity, RowProblem, Snapshot
from dispatchwatch.domain.visit import Visit
from dispatchwatch.intake.catalog import FEEDS, read_once
from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.files import files_at
from dispatchwatch.intake.profile import ProfileConfig

LONG_AGO = datetime.min.replace(tzinfo=UTC)
UNNAMED = "replay"


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads files as `feed`: the configured feed that uses the profile, so that what the policy says of it applies."""

    config: Config
    profile: ProfileConfig
    feed: str

    @classmethod
    def of(cls, config: Config, profile: str) -> Reader:
        """Raises `ReplayFailure` for a profile that the configuration does not have; none at all is allowed."""
        if profile and profile not in config.profiles:
            known = ", ".join(config.profiles) or "none"
            raise ReplayFailure(f"There is no [profile.{profile}]; the profiles are {known}.", 2)
        using = (one.name for one in config.feeds if (getattr(one, "profile", None) or "") == profile)
        return cls(config, config.profiles.get(profile, ProfileConfig()), next(using, profile or UNNAMED))

    def read(self, file: Path, now: datetime) -> Snapshot:
        """What a file says, read at `now`. Raises `FeedError`."""
        suffix = file.suffix.removeprefix(".").lower()
        kind = suffix if suffix in FEEDS else "csv"
        feed = FEEDS[kind].model_validate({"name": self.feed, "kind": kind, "path": str(file.absolute())})
        office = self.config.office.zone
        return read_once(feed, self.profile, office_zone=office, base=self.config.path.parent, now=now)


def files_of(places: Iterable[Path]) -> list[Path]:
    """The files meant by paths, patterns and folders, each once. Raises `ReplayFailure` where there is none."""
    try:
        return list(dict.fromkeys(seen.path for place in places for seen in files_at(place, ".csv")))
    except FeedError as error:
        raise ReplayFailure(_sentence(error)) from None


@dataclass(frozen=True, slots=True)
class Rows:
    """What the rows of several files are read as, and what is wrong with them."""

    visits: tuple[Visit, ...]
    problems: tuple[RowProblem, ...]

    @property
    def unreadable(self) -> tuple[RowProblem, ...]:
        return tuple(one for one in self.problems if one.gravity is Gravity.UNREADABLE)


def read_history(reader: Reader, files: Sequence[Path], now: datetime) -> Rows:
    """The visits of all files; of those that several hold, the row changed last or, without stamps, read last.

    Raises `ReplayFailure` for a file that can't be read, and where no file has a visit.
    """
    found: dict[str, Visit] = {}
    problems: list[RowProblem] = []
    for file in files:
        try:
            snapshot = reader.read(file, now)
        except FeedError as error:
            raise ReplayFailure(_sentence(error)) from None
        _keep_newest(found, snapshot.visits)
        problems += snapshot.problems
    rows = Rows(tuple(found.values()), tuple(problems))
    if not rows.visits:
        raise ReplayFailure(_no_visit(rows))
    return rows


def _sentence(error: FeedError) -> str:
    text = str(error)
    return f"N{text[1:]}" if text.startswith("no ") else text  # else it begins with the name of a file


def _keep_newest(found: dict[str, Visit], visits: Iterable[Visit]) -> None:
    for visit in visits:
        known = found.get(visit.ext_id)
        if known is None or (visit.modified_at or LONG_AGO) >= (known.modified_at or LONG_AGO):
            found[visit.ext_id] = visit


def _no_visit(rows: Rows) -> str:
    if not rows.unreadable:
        return "There is no visit in these files, so there is nothing to replay."
    first = rows.unreadable[0]
    return (
        f"None of the {len(rows.unreadable):,} rows can be read as a visit; the first is line {first.line} of "
        f"{first.file}: {first.problem}."
    )
