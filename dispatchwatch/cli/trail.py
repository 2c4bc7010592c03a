"""The audit trail on the command line."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from dispatchwatch.cli.common import (
    ConfigOption,
    DataOption,
    JsonOption,
    Refusal,
    application,
    moment,
    now,
    opened,
    paths_of,
    print_json,
    say,
)

log = typer.Typer(help="The audit trail.", no_args_is_help=True, rich_markup_mode=None)
application.add_typer(log, name="log")
COLUMNS = ("id", "at", "recorded_at", "who", "origin", "action", "subject", "detail", "previous", "hash")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class LogFormat(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"


@log.command("export")
def log_export(
    file_format: Annotated[LogFormat, typer.Option("--format", help="csv for a spreadsheet, jsonl for a program.")],
    since: Annotated[str, typer.Option(metavar="TIME", help="Recorded at or after this.")] = "",
    until: Annotated[str, typer.Option(metavar="TIME", help="Recorded before this.")] = "",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to; standard output, if left out.")] = None,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Writes the trail to a file."""
    with opened(paths_of(config, data)) as (settings, store):
        zone, today = settings.office.zone, now()
        entries = store.audit.entries(
            moment(since, zone, today=today) if since else None,
            moment(until, zone, today=today) if until else None,
        )
        try:
            target = out.open("w", encoding="utf-8", newline="") if out else nullcontext(sys.stdout)
        except OSError as error:
            raise Refusal(f"{out} can’t be written: {error}") from None
        with target as file:
            number = _write_csv(entries, file) if file_format is LogFormat.CSV else _write_lines(entries, file)
    if out:
        say(f"{number} entries written to {out}.")


@log.command("verify")
def log_verify(as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None) -> None:
    """Checks that nothing in the trail was changed, removed or reordered."""
    with opened(paths_of(config, data)) as (_, store):
        sound, fault = store.audit.verify()
    if as_json:
        print_json(
            {"sound": sound, "broken": fault.entry if fault else None, "problem": fault.problem if fault else None}
        )
    elif fault is None:
        typer.echo(f"The trail is whole: {sound} entries, each sealed to the one before.")
    if fault is not None:
        raise Refusal(
            f"The trail is broken at entry {fault.entry}. {fault.problem} {sound} entries before it are sound."
        )


def _write_csv(entries: Iterable[dict[str, Any]], file: IO[str]) -> int:
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    written = 0
    for entry in entries:
        detail = json.dumps(entry["detail"], ensure_ascii=False)
        writer.writerow([defused({**entry, "detail": detail}[column]) for column in COLUMNS])
        written += 1
    return written


def _write_lines(entries: Iterable[dict[str, Any]], file: IO[str]) -> int:
    written = 0
    for entry in entries:
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        written += 1
    return written


def defused(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula: one that starts like it gets an apostrophe in front."""
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
