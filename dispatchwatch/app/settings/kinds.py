"""What a field of a form is: how it is filled in, what it may hold, and what it says to a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """How a value is filled in, and how the file writes it.

    Texts: `text`, `long_text`, `secret`, `time_zone`, `path`, `address`, `duration` ("15m"), `choice`. `instant` is a
    date with a time, `switch` true or false, `number` a number, `coordinates` two of them, `pairs` a list of twos.
    Lists of texts: `names`, `alert_kinds`, `severities`, `channels`; `dates` is one of dates. `profile` and `feed` name
    one of the file. Tables: `hours` (days to a span), `table` (names to texts), `secrets` (names to secrets),
    `templates`. `channel_hours` and `days` are a word or a table, or a list. `group` is a table with fields of its own,
    `variants` one whose fields depend on its `kind`; `groups` are such tables by name, `entries` a list of them.
    `anything` is any JSON.
    """

    TEXT = "text"
    LONG_TEXT = "long_text"
    SECRET = "secret"  # noqa: S105 - the word, not the thing
    CHOICE = "choice"
    SWITCH = "switch"
    NUMBER = "number"
    DURATION = "duration"
    INSTANT = "instant"
    TIME_ZONE = "time_zone"
    HOURS = "hours"
    CHANNEL_HOURS = "channel_hours"
    DATES = "dates"
    DAYS = "days"
    NAMES = "names"
    ALERT_KINDS = "alert_kinds"
    SEVERITIES = "severities"
    CHANNELS = "channels"
    PROFILE = "profile"
    FEED = "feed"
    COORDINATES = "coordinates"
    PAIRS = "pairs"
    PATH = "path"
    ADDRESS = "address"
    TABLE = "table"
    SECRETS = "secrets"
    TEMPLATES = "templates"
    GROUP = "group"
    VARIANTS = "variants"
    GROUPS = "groups"
    ENTRIES = "entries"
    ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class Option:
    """One of several: as the file writes it, and as a person reads it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """One key of the configuration, for a form.

    `default` is what counts where the key is left out, as the file would write it; None where nothing does. `least` and
    `most` are limits, written the same way, both included. `options` are what may be chosen, or for a table what it may
    hold; `names` what the keys of a table may be. The whole of a text has to match `pattern`. `needed_where` is another
    key and the value of it with which this one is needed. `look_up`: the platform can be asked for what there is.
    `is_private`: the value may let somebody in, and is shown in no record. `fields` are those of a group, `variants`
    those by the kind.
    """

    key: str
    label: str
    help: str
    kind: Kind
    required: bool = False
    default: Any = None
    least: Any = None
    most: Any = None
    options: tuple[Option, ...] = ()
    names: tuple[str, ...] = ()
    pattern: str = ""
    needed_where: tuple[str, str] | None = None
    look_up: bool = False
    is_private: bool = False
    fields: tuple[Described, ...] = ()
    variants: Mapping[str, tuple[Described, ...]] = field(default_factory=dict)

    @property
    def default_text(self) -> str:
        """The default as a person would write it; empty where there is none."""
        match self.default:
            case None:
                return ""
            case bool():
                return "on" if self.default else "off"
            case list():
                return ", ".join(map(str, self.default))
            case dict():
                return ", ".join(f"{key} = {value}" for key, value in self.default.items())
        return str(self.default)
