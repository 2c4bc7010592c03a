"""What a session that connects a feed is given, and what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from dispatchwatch.app.inbound_config import ListenerConfig
from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.dispatch.transport import STRAIGHT, Way


class MappingError(Exception):
    """What was asked cannot be done; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Office:
    """What a session has to know of the configuration that the feed is added to.

    `is_new`: there is none yet, so nobody has said where the office is. `feeds` and `profiles` are the names taken,
    with the kinds of the feeds. `can_keep`: there is a keyring for secrets that are typed in. `way` is how requests
    leave the office.
    """

    path: Path
    zone: ZoneInfo
    secrets: SecretSource = field(repr=False)
    is_new: bool = False
    feeds: Mapping[str, str] = field(default_factory=dict)
    profiles: frozenset[str] = frozenset()
    listener: ListenerConfig | None = None
    can_keep: bool = False
    way: Way = STRAIGHT

    @property
    def base(self) -> Path:
        """Where relative paths start."""
        return self.path.absolute().parent


@dataclass(frozen=True, slots=True)
class FoundTable:
    """Something that was found in a source, for a person to look at. Cells are text, numbers, or several texts."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True, slots=True)
class Saved:
    """Where the feed stands now, and the copy of what the file was before; None where there was no file."""

    path: Path
    backup: Path | None
