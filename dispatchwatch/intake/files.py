"""Finding the files of a feed and reading them whole."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from dispatchwatch.intake.feed import FeedError, Unsettled

WILDCARDS = frozenset("*?[")
UNFINISHED = ("~$", ".")
"""What office programs and copying programs put before the names of files of their own."""


class Sighting(NamedTuple):
    """A file as it was when looked at; the same values later mean that nobody has written to it since."""

    path: Path
    size: int
    modified_ns: int


def files_at(place: Path, suffix: str) -> tuple[Sighting, ...]:
    """The file at this path, those a pattern matches, or those of a folder that end in `suffix`; sorted by path.

    Raises FeedError when there is none.
    """
    try:
        found = tuple(sighting for path in sorted(_matches(place, suffix)) if (sighting := _sight(path)))
    except FileNotFoundError:
        raise FeedError(f"{place} is not there. Check the path, and whether the export ran.") from None
    except (OSError, ValueError) as problem:
        raise FeedError(
            f"{place} cannot be looked at: {reason(problem)}. Check the path and its permissions."
        ) from None
    if not found:
        raise FeedError(f"no file matches {place}. Check the path, and whether the export ran.")
    return found


def read_whole(seen: Sighting, max_bytes: int) -> bytes:
    """The bytes of a file. Raises Unsettled if it is not as it was seen, FeedError if it cannot be read."""
    if seen.size > max_bytes:
        raise FeedError(
            f"{seen.path} has {seen.size:,} bytes, more than the {max_bytes:,} that max_bytes allows."
            " Check whether it is the right file."
        )
    try:
        raw = seen.path.read_bytes()
        after = _sight(seen.path)
    except FileNotFoundError:
        raise FeedError(f"{seen.path} is not there any more.") from None
    except OSError as problem:
        raise FeedError(
            f"{seen.path} cannot be opened: {reason(problem)}. Close it in other programs, or check its permissions."
        ) from None
    if after != seen or len(raw) != seen.size:
        raise Unsettled(str(seen.path))
    return raw


def reason(problem: Exception) -> str:
    """What the operating system says, without its numbers and paths."""
    return (problem.strerror if isinstance(problem, OSError) else None) or str(problem)


def _matches(place: Path, suffix: str) -> Sequence[Path]:
    if place.is_dir():
        return _visible(place.glob(f"*{suffix}"))
    if place.exists() or not WILDCARDS & set(str(place)):
        return [place]
    parts = place.parts
    fixed = next(index for index, part in enumerate(parts) if WILDCARDS & set(part))
    folder = Path(*parts[:fixed])
    folder.stat()
    return _visible(folder.glob(str(Path(*parts[fixed:]))))


def _visible(paths: Iterable[Path]) -> list[Path]:
    return [path for path in paths if path.is_file() and not path.name.startswith(UNFINISHED)]


def _sight(path: Path) -> Sighting | None:
    """None for what is neither a file nor absent, such as a folder."""
    found = path.stat()
    return Sighting(path, found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None
