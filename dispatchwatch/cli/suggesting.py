"""Who can take a visit over, from the command line: as of now, by what the database knows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import typer

from dispatchwatch.app.suggesting import facts_on_record, suggestions
from dispatchwatch.app.view import Suggestions, Weighed
from dispatchwatch.app.wire import instant
from dispatchwatch.cli.common import (
    ConfigOption,
    DataOption,
    JsonOption,
    Refusal,
    application,
    now,
    opened,
    paths_of,
    print_json,
    print_table,
)
from dispatchwatch.cli.visits import FeedName, Job, only_one

MINUTE = timedelta(minutes=1)


@application.command()
def suggest(
    job: Job, feed: FeedName = "", as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None
) -> None:
    """Says who can take a visit over, what it would cost, and why the others can’t."""
    with opened(paths_of(config, data)) as (settings, store):
        key = only_one([one.key for one in store.schedules.named(job)], job, feed)
        feeds = [one.name for one in settings.feeds]
        found = suggestions(key, facts_on_record(store, settings.standards, feeds, key, now()))
    if found is None:
        raise Refusal(f"There is no visit {job}. It is known once its feed has been read.")
    if not found.can and not found.cannot:
        raise Refusal("No technicians are known; name them in the configuration, each as a [[technician]].")
    if as_json:
        for one in _in_order(found):
            print_json(suggestion_json(one))
    else:
        _print(found)


def suggestion_json(found: Weighed) -> dict[str, Any]:
    """One technician (interface, section 3); `delays` are visits with the minutes they are reached later by."""
    drive = found.extra_drive
    asked = {"steps": list(found.steps), "text": found.asks_for, "displaces": _id(found)} if found.asks_for else None
    return {
        "technician": found.technician.name,
        "technician_id": found.technician.ext_id or None,
        "feasible": found.feasible,
        "arrival": instant(found.arrival),
        "late_min": found.late // MINUTE,
        "extra_drive_min": None if drive is None else drive // MINUTE,
        "delays": [
            {"feed": key.feed, "job": key.ext_id, "minutes": minutes}
            for key, (_, minutes) in zip(found.delayed, found.delays, strict=True)
        ],
        "score": found.score,
        "reason": found.reason or None,
        "asks_for": asked,
    }


def _in_order(found: Suggestions) -> Iterator[Weighed]:
    """Everybody once: who can, who could, who can’t."""
    yield from found.can
    yield from found.could
    could = {one.technician.identity for one in found.could}
    yield from (one for one in found.cannot if one.technician.identity not in could)


def _print(found: Suggestions) -> None:
    if found.can:
        print_table(
            ("Score", "Technician", "What it comes to"),
            [(one.score, one.technician.name, ", ".join(one.facts)) for one in found.can],
        )
    else:
        typer.echo("Nobody can take it over as things are.")
    if found.spares:
        typer.echo(found.spares)
    if found.could:
        typer.echo("\nWhat could be asked for:")
        for one in found.could:
            typer.echo(f"  {one.asks_for} ({', '.join(one.facts)})")
    if found.cannot:
        typer.echo("\nWho can’t:")
        for one in found.cannot:
            typer.echo(f"  {one.reason}")


def _id(found: Weighed) -> str | None:
    return found.displaced.ext_id if found.displaced else None
