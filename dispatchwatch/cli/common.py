"""What the commands share: their options, how they print, and how they open what they work on."""

from __future__ import annotations

import getpass
import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from dispatchwatch.app.clock import SystemClock
from dispatchwatch.app.compose import open_desk
from dispatchwatch.app.config import Config
from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.deeds import Actor, Result
from dispatchwatch.app.desk import Desk
from dispatchwatch.app.lock import is_running
from dispatchwatch.app.paths import Paths, user_paths
from dispatchwatch.app.renewals import Renewals
from dispatchwatch.app.secrets import SecretSource, system_keyring
from dispatchwatch.domain.calendars import instant
from dispatchwatch.domain.durations import parse_duration
from dispatchwatch.store.store import Store, open_store

application = typer.Typer(
    name="dispatchwatch",
    help="Keeps watch over the day's visits, and tells the office when one goes wrong.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    no_args_is_help=False,
)

ConfigOption = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="The configuration file.")]
DataOption = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="The data folder.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]
ByOption = Annotated[str, typer.Option("--by", metavar="NAME", help="Who acts; you, if left out.")]
NoteOption = Annotated[str, typer.Option("--note", metavar="TEXT", help="A note for the record.")]

NOT_RUNNING = "DispatchWatch is not running here; what is owed waits, and is sent when it next starts."


class Refusal(Exception):
    """The command can't do what was asked; the text says why. `status` is the exit status."""

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.status = status


def say(text: str) -> None:
    """One sentence to standard error."""
    typer.echo(text, err=True)


def print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A plain table, as wide as its content."""
    lines = [list(headings), *([str(cell) if cell is not None else "" for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    for line in lines:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def paths_of(config: Path | None, data: Path | None) -> Paths:
    return user_paths(config, data)


def secret_source(config: Path) -> SecretSource:
    return SecretSource(os.environ, config.parent, system_keyring)


def configured(paths: Paths) -> Config:
    """The checked configuration. Raises `ConfigError`."""
    return read_config(paths.config, secret_source(paths.config))


@contextmanager
def opened(paths: Paths) -> Iterator[tuple[Config, Store]]:
    """Configuration and store, for a command that ends soon."""
    config = configured(paths)
    store = open_store(paths.database, now())
    try:
        yield config, store
    finally:
        store.close()


def renewing() -> Renewals:
    """What keeps the secrets that a platform renews while a command asks it."""
    return Renewals(system_keyring, lambda _, text: say(text))


@contextmanager
def desk(paths: Paths) -> Iterator[tuple[Desk, Config]]:
    """The desk, for one deed."""
    with opened(paths) as (config, store):
        yield open_desk(config, store), config


def answer(results: Sequence[Result], paths: Paths, *, as_json: bool) -> None:
    """Prints what became of each thing that was asked; refusals go to standard error and make the status 1."""
    for result in results:
        if as_json:
            print_json({"subject": result.subject, "done": result.done, "text": result.text})
        elif result.done:
            typer.echo(result.text)
        else:
            say(f"{result.subject}: {result.text}")
    if any(result.done for result in results) and not is_running(paths.lock):
        say(NOT_RUNNING)
    if not all(result.done for result in results):
        raise typer.Exit(1)


def now() -> datetime:
    return SystemClock().now()


def actor(name: str) -> Actor:
    return Actor(name or user(), "command")


def user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "somebody"


def moment(text: str, zone: ZoneInfo, *, today: datetime) -> datetime:
    """An instant a person typed: `09:12` today, a date, a date with time, or a span such as `2h` ago."""
    try:
        if re.fullmatch(r"\d+\s*[smhd]", text):
            return today - parse_duration(text)
        if re.fullmatch(r"\d{1,2}:\d{2}", text):
            day = today.astimezone(zone).date().isoformat()
            return instant(datetime.fromisoformat(f"{day}T{text.zfill(5)}"), zone)[0]
        found = datetime.fromisoformat(text)
    except ValueError:
        advice = "write 09:12, 2026-11-22, 2026-11-22T09:12 or a span such as 2h"
        raise Refusal(f"“{text}” is not a time; {advice}.", 2) from None
    return instant(found, zone)[0] if found.tzinfo is None else found.astimezone(UTC)
