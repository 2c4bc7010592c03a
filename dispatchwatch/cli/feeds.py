"""Feeds: what one is read as."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dispatchwatch.app import wire
from dispatchwatch.app.config import Config
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
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.schedule import Gravity, RowProblem, Snapshot
from dispatchwatch.domain.watched import Watched

feed = typer.Typer(help="Looks at feeds and adds them.", no_args_is_help=True, rich_markup_mode=None)
application.add_typer(feed, name="feed")


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
    show_reading(snapshot, visits, settings.policy, as_json=as_json)
    if any(problem.gravity is Gravity.UNREADABLE for problem in snapshot.problems):
        raise typer.Exit(1)


def show_reading(snapshot: Snapshot, visits: Sequence[Watched], policy: Policy, *, as_json: bool) -> None:
    """Prints visits and problems of a reading."""
    if as_json:
        for watched in visits:
            print_json(wire.visit_json(watched, policy))
        for problem in snapshot.problems:
            print_json(wire.problem_json(problem))
        return
    _print_visits(visits, policy)
    for problem in snapshot.problems:
        say(_told(problem))


def _told(problem: RowProblem) -> str:
    place = f"line {problem.line}" + (f", {problem.column}" if problem.column else "")
    return f"{problem.file}, {place}: {problem.problem} ({problem.gravity.value})"


def _in_order(watched: Watched) -> tuple[bool, datetime, str]:
    """As a day is read: by the clock, those without a time at the end."""
    start = watched.visit.start or watched.visit.sched_start
    return start is None, start or datetime.max.replace(tzinfo=UTC), watched.visit.ext_id


def _print_visits(visits: Sequence[Watched], policy: Policy) -> None:
    rows = []
    for watched in sorted(visits, key=_in_order):
        visit, zone = watched.visit, watched.visit.site.timezone
        deadline = watched.deadline(policy)
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
