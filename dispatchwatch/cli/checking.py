"""Finding out what is wrong: the configuration, a feed, the installation."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from dispatchwatch.app import wire
from dispatchwatch.app.checking import Finding, try_everything
from dispatchwatch.app.config import Config, ConfigError
from dispatchwatch.app.doctor import examine
from dispatchwatch.app.previewing import PreviewFailure, preview_feed, preview_file
from dispatchwatch.cli.common import (
    ConfigOption,
    DataOption,
    JsonOption,
    Refusal,
    application,
    configured,
    now,
    paths_of,
    print_json,
    print_table,
    say,
)
from dispatchwatch.domain import wording
from dispatchwatch.domain.schedule import Gravity

feed = typer.Typer(help="Looks at feeds.", no_args_is_help=True, rich_markup_mode=None)
application.add_typer(feed, name="feed")


@application.command()
def check(
    connect: Annotated[bool, typer.Option("--connect", help="Also read every feed and try every channel.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Reports every problem in the configuration, with its place and what to do."""
    paths = paths_of(config, data)
    try:
        settings = configured(paths)
    except ConfigError as error:
        _show([Finding(one.where, one.text, not one.is_warning) for one in error.problems], as_json=as_json)
        raise typer.Exit(2) from None
    findings = [Finding(one.where, one.text, one.needs_action) for one in settings.warnings]
    if connect:
        findings += asyncio.run(try_everything(settings, now()))
    _show(findings, as_json=as_json)
    if not as_json and not findings:
        typer.echo(f"{paths.config}: no problems. {_summary(settings)}")
    if any(one.is_problem for one in findings):
        raise typer.Exit(1)


@feed.command("preview")
def feed_preview(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A feed of the configuration.")] = "",
    file: Annotated[Path | None, typer.Option("--file", metavar="PATH", help="A file instead of a feed.")] = None,
    profile: Annotated[str, typer.Option("--profile", metavar="NAME", help="The profile to read the file with.")] = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Shows what a feed is read as, and each row that could not be read."""
    if bool(name) == bool(file):
        raise Refusal("Name a feed, or a file with --file.", 2)
    paths = paths_of(config, data)
    # A file can be tried before there is any configuration.
    settings = Config.empty(paths.config) if file and not paths.config.exists() else configured(paths)
    try:
        snapshot, visits = preview_file(settings, file, profile, now()) if file else preview_feed(settings, name, now())
    except PreviewFailure as error:
        raise Refusal(str(error), error.status) from None
    if as_json:
        for watched in visits:
            print_json(wire.visit_json(watched, settings.policy))
        for problem in snapshot.problems:
            print_json(wire.problem_json(problem))
    else:
        _print_visits(visits, settings)
        for problem in snapshot.problems:
            place = f"line {problem.line}" + (f", {problem.column}" if problem.column else "")
            say(f"{problem.file}, {place}: {problem.problem} ({problem.gravity.value})")
    if any(problem.gravity is Gravity.UNREADABLE for problem in snapshot.problems):
        raise typer.Exit(1)


@application.command()
def doctor(as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None) -> None:
    """One page about this installation."""
    found = examine(paths_of(config, data), now(), dict(os.environ))
    if as_json:
        print_json(found)
        return
    for name, answer in found.items():
        typer.echo(f"{name.replace('_', ' ') + ':':<15}{_in_a_line(answer)}")


def _in_a_line(answer: object) -> str:
    if isinstance(answer, dict):
        return ", ".join(f"{key} {value}" for key, value in answer.items())
    return ", ".join(map(str, answer)) if isinstance(answer, list) else str(answer)


def _show(findings: list[Finding], *, as_json: bool) -> None:
    for one in findings:
        if as_json:
            print_json({"where": one.where, "text": one.text, "problem": one.is_problem})
        else:
            say(f"{one.where}: {one.text}{'' if one.text.endswith('.') else '.'}")


def _summary(settings: Config) -> str:
    return f"{len(settings.feeds)} feeds, {len(settings.channels)} channels, {len(settings.routes)} routes."


def _print_visits(visits: list[Any], settings: Config) -> None:
    rows = []
    for watched in visits:
        visit, zone = watched.visit, watched.visit.site.timezone
        deadline = watched.deadline(settings.policy)
        rows.append(
            (
                visit.ext_id,
                visit.status.value,
                wording.day_and_clock(visit.sched_start, zone) if visit.sched_start else "",
                wording.clock(deadline, zone) if deadline else "none",
                visit.technician,
                ", ".join(part for part in (visit.customer.name, visit.site.name) if part),
            )
        )
    print_table(("ID", "STATUS", "START", "DEADLINE", "TECHNICIAN", "CUSTOMER"), rows)
