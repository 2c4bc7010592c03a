"""`replay`: what the policy would have said of a past schedule, and what another one would have said instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from time import monotonic
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from dispatchwatch.app import happenings, wire
from dispatchwatch.app.comparing import compare, comparison_json
from dispatchwatch.app.config import Config
from dispatchwatch.app.replay import ReplayFailure, Span, Step
from dispatchwatch.app.replay_figures import TOLERANCE, Judged
from dispatchwatch.app.replay_run import Past, Wish
from dispatchwatch.cli.common import (
    ConfigOption,
    DataOption,
    JsonOption,
    Refusal,
    application,
    configured,
    moment,
    now,
    paths_of,
    print_json,
    say,
)
from dispatchwatch.cli.progress import Progress
from dispatchwatch.cli.replay_tables import print_comparison, print_figures, print_head
from dispatchwatch.domain import wording
from dispatchwatch.domain.calendars import day_bounds
from dispatchwatch.domain.durations import duration_text, parse_duration

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="A history or, with --snapshots, old exports.")]
ProfileName = Annotated[str, typer.Option("--profile", metavar="NAME", help="The profile to read the files with.")]
AreSnapshots = Annotated[
    bool, typer.Option("--snapshots", help="Each file is a whole export; its name says when it was made.")
]
Other = Annotated[
    Path | None, typer.Option("--compare", metavar="OTHER.toml", help="Another configuration to hold against it.")
]
Since = Annotated[str, typer.Option("--from", metavar="TIME", help="The first day, or an instant to begin at.")]
Until = Annotated[str, typer.Option("--to", metavar="TIME", help="The last day, or an instant to stop before.")]
TrueAfter = Annotated[
    str, typer.Option("--true-after", metavar="SPAN", help="Later than this, a late arrival makes an alert a true one.")
]
NAMED = 3
USUAL = duration_text(TOLERANCE)


@application.command()
def replay(
    files: Files,
    profile: ProfileName = "",
    snapshots: AreSnapshots = False,
    other: Other = None,
    since: Since = "",
    until: Until = "",
    true_after: TrueAfter = USUAL,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Tells what the policy would have flagged in a past schedule. Nothing is sent, and no data is touched."""
    paths = paths_of(config, data)
    # Without a profile columns are found by name, so a file can be tried before there is any configuration.
    settings = configured(paths) if profile or paths.config.exists() else Config.empty(paths.config)
    rival = configured(paths_of(other, data)) if other is not None else None
    wish = Wish(
        files=files,
        profile=profile,
        snapshots=snapshots,
        span=_span(since, until, settings.office.zone),
        tolerance=_length(true_after),
    )
    try:
        past = Past(wish, settings, now())
    except ReplayFailure as error:
        raise Refusal(str(error), error.status) from None
    if rival is None:
        _tell(past, settings, as_json=as_json)
    else:
        _compare(past, settings, rival, as_json=as_json)
    _say_what_is_missing(past)


def _tell(past: Past, settings: Config, *, as_json: bool) -> None:
    started = monotonic()
    span = past.wish.span
    judged = _run(past, settings, "Replaying", lambda step: _print_events(step, span) if as_json else None)
    if not as_json:
        print_head(past.source, span, settings.office.zone, monotonic() - started)
        print_figures(judged, past.wish.tolerance)


def _compare(past: Past, settings: Config, rival: Config, *, as_json: bool) -> None:
    started = monotonic()
    here, other = _names(settings.path, rival.path)
    differences = compare(_run(past, settings, here), _run(past, rival, other))
    if as_json:
        for one in differences:
            for line in comparison_json(one):
                print_json(line)
        return
    zone = settings.office.zone
    print_head(past.source, past.wish.span, zone, monotonic() - started)
    print_comparison(differences, (here, other), past.wish.tolerance, zone)


def _run(past: Past, settings: Config, what: str, hear: Callable[[Step], None] = lambda _: None) -> list[Judged]:
    zone, whole = settings.office.zone.key, past.source.tellings
    with Progress(what) as progress:

        def listen(step: Step) -> None:
            progress.tell(step.told, whole, lambda: wording.day_and_clock(step.at, zone))
            hear(step)

        return past.replay(settings.standards, [listen])


def _print_events(step: Step, span: Span) -> None:
    if span.covers(step.at):
        for event in happenings.of_look(step.look, step.at):
            print_json({"at": wire.instant(event.at), "event": event.event, **event.fields})


def _say_what_is_missing(past: Past) -> None:
    for note in past.source.notes:
        say(note)
    unreadable = past.unreadable
    if unreadable:
        say(f"{len(unreadable):,} rows could not be read:" if len(unreadable) > 1 else "1 row could not be read:")
    for problem in unreadable[:NAMED]:
        say(f"  {problem.file}, line {problem.line}: {problem.problem}.")
    if len(unreadable) > NAMED:
        say(f"  … and {len(unreadable) - NAMED:,} more.")


def _names(here: Path, other: Path) -> tuple[str, str]:
    """What the two configurations are called: their files' names where those differ."""
    return (str(here), str(other)) if here.name == other.name else (here.name, other.name)


def _span(since: str, until: str, zone: ZoneInfo) -> Span:
    """A date as the end means the whole of that day."""
    today = now()
    start = moment(since, zone, today=today) if since else None
    end = moment(until, zone, today=today) if until else None
    if end is not None and re.fullmatch(r"\d{4}-\d{2}-\d{2}", until):
        end = day_bounds(date.fromisoformat(until), zone)[1]
    if start is not None and end is not None and start >= end:
        raise Refusal("--from must be before --to.", 2)
    return Span(start, end)


def _length(text: str) -> timedelta:
    try:
        return parse_duration(text)
    except ValueError as error:
        raise Refusal(f"--true-after: {error}.", 2) from None
