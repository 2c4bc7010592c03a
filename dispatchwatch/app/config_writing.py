"""Adding to the configuration file: what is in it stays to the letter, what comes of it is proved first."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dispatchwatch.app.config import ConfigError
from dispatchwatch.app.config_file import FileChangedError, content_of, replace_file
from dispatchwatch.app.config_reader import read_values, values_of
from dispatchwatch.app.secrets import SecretSource

if TYPE_CHECKING:  # it takes long to load, and few commands write
    import tomlkit

LONGEST_LINE = 100


class ConfigWriteError(Exception):
    """The configuration was left as it was; the text says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Addition:
    """A feed and the profile it is read with, by the keys of the file; a feed that names no profile has none.

    `office` is written only into a new file, `listener` only where it is not empty.
    """

    feed: Mapping[str, Any]
    profile: Mapping[str, Any]
    office: Mapping[str, Any]
    listener: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.feed["name"])

    @property
    def profile_name(self) -> str:
        return str(self.feed.get("profile", ""))


def add_feed(path: Path, addition: Addition, secrets: SecretSource) -> Path | None:
    """Writes the feed and its profile behind what the file has; makes the file where there is none.

    Returns the copy of what was there before. Raises ConfigWriteError, and then nothing is changed: when a name is
    taken already, when the file can't be written, or when the program could not read what would come of it.
    """
    try:
        before = content_of(path)
        after = with_feed((before or b"").decode("utf-8"), addition)
        _prove(after, path, secrets)
        return _replace(path, before, after.encode("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigWriteError(f"{path} can’t be changed: {error}.") from error


def added_text(path: Path, addition: Addition) -> str:
    """What `add_feed` writes behind what the file has. Raises ConfigWriteError."""
    try:
        text = path.read_bytes().decode("utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigWriteError(f"{path} can’t be read: {error}.") from error
    return with_feed(text, addition)[len(text.rstrip()) :].lstrip()


def with_feed(text: str, addition: Addition) -> str:
    """The text of the file with the feed at its end. Raises ConfigWriteError when one of the names is taken."""
    _check_names(text.removeprefix("\ufeff"), addition)
    added = _document(addition, is_new=not text.strip()).as_string()
    if not text.strip():
        return added
    line_end = "\r\n" if "\r\n" in text else "\n"
    return text.rstrip() + line_end * 2 + line_end.join(added.splitlines()) + line_end


def _document(addition: Addition, *, is_new: bool) -> tomlkit.TOMLDocument:
    import tomlkit

    document = tomlkit.document()
    if is_new and addition.office:
        document["office"] = addition.office
    if addition.listener:
        document["listener"] = addition.listener
    feeds = tomlkit.aot()
    feeds.append(_table(addition.feed))
    document["feed"] = feeds
    if addition.profile_name:
        profile = _table(addition.profile)
        document["profile"] = tomlkit.table(is_super_table=True).append(addition.profile_name, profile)
    return document


def _table(values: Mapping[str, Any]) -> tomlkit.items.Table:
    """Tables within are written in one line, as people write them; long ones get a heading of their own."""
    import tomlkit

    table, long = tomlkit.table(), dict[str, Mapping[str, Any]]()
    for key, value in values.items():
        if not isinstance(value, Mapping):
            table.append(key, value)
        elif len(_inline(value).as_string()) > LONGEST_LINE:
            long[key] = value
        elif value:
            table.append(key, _inline(value))
    for key, value in long.items():
        table.append(key, _table(value))
    return table


def _inline(values: Mapping[str, Any]) -> tomlkit.items.InlineTable:
    import tomlkit

    table = tomlkit.inline_table()
    for key, value in values.items():
        table.append(key, _inline(value) if isinstance(value, Mapping) else value)
    return table


def _check_names(text: str, addition: Addition) -> None:
    try:
        known = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigWriteError(f"The configuration is not valid TOML: {error}.") from error
    feeds = known.get("feed", [])
    if any(isinstance(feed, dict) and feed.get("name") == addition.name for feed in feeds):
        raise ConfigWriteError(f"There is a feed “{addition.name}” already; choose another name.")
    if addition.profile_name and addition.profile_name in known.get("profile", {}):
        raise ConfigWriteError(f"There is a [profile.{addition.profile_name}] already; choose another name for it.")


def _replace(path: Path, before: bytes | None, after: bytes) -> Path | None:
    try:
        return replace_file(path, before, after)
    except FileChangedError:
        raise ConfigWriteError(f"{path} was changed by somebody else just now; try again.") from None


def _prove(text: str, path: Path, secrets: SecretSource) -> None:
    try:
        read_values(path, values_of(text.removeprefix("\ufeff"), path), secrets)
    except ConfigError as error:
        problem = next(one for one in error.problems if not one.is_warning)
        reason = f"{problem.where}: {problem.text}"
        raise ConfigWriteError(f"With this feed the configuration could not be read: {reason}.") from error
