"""Acting on alerts from the command line, through the same desk as the window."""

from __future__ import annotations

from typing import Annotated

import typer

from dispatchwatch.app import wire
from dispatchwatch.cli.common import (
    ByOption,
    ConfigOption,
    DataOption,
    JsonOption,
    NoteOption,
    Refusal,
    actor,
    answer,
    application,
    desk,
    moment,
    now,
    opened,
    paths_of,
    print_json,
    print_table,
)
from dispatchwatch.domain import wording
from dispatchwatch.domain.durations import parse_duration

Ids = Annotated[list[int], typer.Argument(metavar="ID...", help="The numbers of the alerts.")]


@application.command()
def alerts(
    everything: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    is_open: Annotated[bool, typer.Option("--open", help="Only those that are not over (the default).")] = False,
    since: Annotated[str, typer.Option(metavar="TIME", help="Raised at or after this.")] = "",
    until: Annotated[str, typer.Option(metavar="TIME", help="Raised before this.")] = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Lists alerts."""
    if everything and is_open:
        raise Refusal("--all and --open exclude each other.", 2)
    today = now()
    with opened(paths_of(config, data)) as (settings, store):
        zone = settings.office.zone
        start = moment(since, zone, today=today) if since else None
        end = moment(until, zone, today=today) if until else None
        found = store.alerts.between(start, end)
    shown = [alert for alert in found if everything or alert.resolved_at is None]
    if as_json:
        for alert in shown:
            print_json(wire.alert_json(alert, today))
        return
    if not shown:
        typer.echo("No alerts." if everything else "No open alerts.")
        return
    rows = (
        (
            alert.id,
            alert.state.value,
            alert.severity.value,
            wording.day_and_clock(alert.raised_at, zone.key),
            alert.ext_id,
            wording.headline(alert, alert.resolved_at or today),
        )
        for alert in shown
    )
    print_table(("ID", "STATE", "SEVERITY", "RAISED", "JOB", "WHAT"), rows)


@application.command()
def ack(
    ids: Ids,
    note: NoteOption = "",
    reason: Annotated[str, typer.Option(metavar="CODE", help=", ".join(filter(None, wording.REASONS)))] = "",
    by: ByOption = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Acknowledges alerts: you are on it, reminders end, the channels hear so."""
    if reason not in wording.REASONS:
        known = ", ".join(filter(None, wording.REASONS))
        raise Refusal(f"“{reason}” is not a reason; the reasons are {known}.", 2)
    paths = paths_of(config, data)
    with desk(paths) as (open_desk, _):
        results = open_desk.acknowledge(ids, actor(by), now(), reason=reason, note=note)
    answer(results, paths, as_json=as_json)


@application.command()
def resolve(
    ids: Ids,
    note: NoteOption = "",
    by: ByOption = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Ends alerts by hand."""
    paths = paths_of(config, data)
    with desk(paths) as (open_desk, _):
        results = open_desk.resolve(ids, actor(by), now(), note=note)
    answer(results, paths, as_json=as_json)


@application.command()
def snooze(
    ids: Ids,
    length: Annotated[str, typer.Option("--for", metavar="SPAN", help="How long, such as 15m or 1h.")] = "15m",
    by: ByOption = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Holds back reminders and escalations for a while."""
    try:
        span = parse_duration(length)
    except ValueError as error:
        raise Refusal(f"--for: {error}", 2) from None
    paths = paths_of(config, data)
    with desk(paths) as (open_desk, _):
        results = open_desk.snooze(ids, actor(by), now(), until=now() + span)
    answer(results, paths, as_json=as_json)
