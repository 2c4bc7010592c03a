"""What the desk says of visits, from the command line: arrivals, notes, visits of its own, links for technicians."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from dispatchwatch.app.deeds import Result
from dispatchwatch.app.desk import Desk
from dispatchwatch.app.invitations import Invitations, NotPossible
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
)
from dispatchwatch.domain.visit import Technician, VisitKey
from dispatchwatch.intake.desk_feed import LABELS
from dispatchwatch.store.store import Store

Job = Annotated[str, typer.Argument(metavar="JOB", help="The visit's id, as its source names it.")]
FeedName = Annotated[str, typer.Option("--feed", metavar="NAME", help="Its feed, if several have a visit of this id.")]
Typed = Annotated[list[str], typer.Argument(metavar="FIELD=TEXT...", help=f"Fields: {', '.join(LABELS)}.")]

AROUND = timedelta(days=7)

visit = typer.Typer(help="Visits that the desk types itself.", no_args_is_help=True, rich_markup_mode=None)
application.add_typer(visit, name="visit")


@application.command()
def checkin(
    job: Job,
    at: Annotated[str, typer.Option(metavar="TIME", help="When he arrived; now, if left out.")] = "",
    feed: FeedName = "",
    note: NoteOption = "",
    by: ByOption = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Enters a technician's arrival."""
    paths = paths_of(config, data)
    with desk(paths) as (open_desk, settings):
        arrived = moment(at, settings.office.zone, today=now()) if at else now()
        result = open_desk.check_in(_key(open_desk, job, feed), arrived, actor(by), now(), note=note)
    answer([result], paths, as_json=as_json)


@application.command()
def eta(
    job: Job,
    at: Annotated[str, typer.Option(metavar="TIME", help="When he means to be there.")],
    feed: FeedName = "",
    note: NoteOption = "",
    by: ByOption = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Enters that a technician is on the way, and when he means to arrive."""
    paths = paths_of(config, data)
    with desk(paths) as (open_desk, settings):
        expected = moment(at, settings.office.zone, today=now())
        result = open_desk.eta(_key(open_desk, job, feed), expected, actor(by), now(), note=note)
    answer([result], paths, as_json=as_json)


@application.command()
def cancel(
    job: Job,
    feed: FeedName = "",
    note: NoteOption = "",
    by: ByOption = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Enters that a visit will not take place."""
    paths = paths_of(config, data)
    with desk(paths) as (open_desk, _):
        result: Result = open_desk.cancel(_key(open_desk, job, feed), actor(by), now(), note=note)
    answer([result], paths, as_json=as_json)


@application.command()
def note(
    job: Job,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What everybody who looks at the visit should know.")],
    feed: FeedName = "",
    by: ByOption = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Adds a note to a visit."""
    paths = paths_of(config, data)
    with desk(paths) as (open_desk, _):
        result = open_desk.note(_key(open_desk, job, feed), text, actor(by), now())
    answer([result], paths, as_json=as_json)


@visit.command("add")
def visit_add(
    typed: Typed,
    by: ByOption = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Adds a visit that no source tells of, such as customer="Acme Foundry" sched_start="2026-05-02 09:00"."""
    paths = paths_of(config, data)
    with desk(paths) as (open_desk, _):
        result = open_desk.add_visit(_told(typed), actor(by), now())
    answer([result], paths, as_json=as_json)


@visit.command("change")
def visit_change(
    job: Annotated[str, typer.Argument(metavar="JOB", help="The visit's id, such as D-1.")],
    typed: Typed,
    by: ByOption = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Types a visit of the desk anew; what is left out is then empty."""
    paths = paths_of(config, data)
    with desk(paths) as (open_desk, _):
        result = open_desk.change_visit(job, _told(typed), actor(by), now())
    answer([result], paths, as_json=as_json)


@application.command()
def link(
    job: Job,
    feed: FeedName = "",
    qr: Annotated[Path | None, typer.Option("--qr", metavar="FILE", help="Also as a QR code, an SVG picture.")] = None,
    by: ByOption = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Makes a link with which the technician checks in to a visit from his phone."""
    with opened(paths_of(config, data)) as (settings, store):
        key = only_one([one.key for one in store.schedules.named(job)], job, feed)
        try:
            issued = Invitations(settings, store).link(key, actor(by), now())
        except NotPossible as problem:
            raise Refusal(str(problem)) from None
    if qr is not None:
        _write(qr, issued.qr)
    if as_json:
        print_json({"url": issued.url, "valid": issued.said})
    else:
        typer.echo(f"{issued.url}\n{issued.said}")


@application.command("telegram-code")
def telegram_code(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The technician, as the schedule names him.")],
    by: ByOption = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Makes a code with which a technician makes himself known to the office's Telegram bot."""
    with opened(paths_of(config, data)) as (settings, store):
        try:
            code = Invitations(settings, store).code(_technician(name, store), actor(by), now())
        except NotPossible as problem:
            raise Refusal(str(problem)) from None
    if as_json:
        print_json({"code": code})
    else:
        typer.echo(f"{code}\nTo be sent to the bot within a day, as: /start {code}. It works once.")


def _key(open_desk: Desk, job: str, feed: str) -> VisitKey:
    return only_one([watched.key for watched in open_desk.find(job)], job, feed)


def only_one(keys: Sequence[VisitKey], job: str, feed: str) -> VisitKey:
    """The one visit that is meant. Raises `Refusal` if there is none, or more than one."""
    found = [key for key in keys if not feed or key.feed == feed]
    if not found:
        raise Refusal(f"There is no visit {job}. It is known once its feed has been read.")
    if len(found) > 1:
        feeds = ", ".join(key.feed for key in found)
        raise Refusal(f"Several feeds have a visit {job}; name one with --feed: {feeds}.")
    return found[0]


def _told(typed: Sequence[str]) -> dict[str, str]:
    told = {}
    for one in typed:
        field, sign, text = one.partition("=")
        if not sign:
            raise Refusal(f'“{one}” has no = in it; write it like customer="Acme Foundry".', 2)
        told[field.strip()] = text
    return told


def _technician(name: str, store: Store) -> Technician:
    """The technician of this name or id, among those of the visits around today."""
    today = now()
    visits = store.schedules.between(today - AROUND, today + AROUND)
    known = {one.identity: one for watched in visits for one in watched.visit.technicians}
    for one in known.values():
        if name.casefold() in {one.name.casefold(), one.ext_id.casefold()}:
            return one
    names = ", ".join(sorted(one.name for one in known.values())) or "none"
    raise Refusal(f"No technician “{name}” has a visit these days; known are {names}.")


def _write(path: Path, picture: str) -> None:
    try:
        path.write_text(picture, encoding="utf-8")
    except OSError as error:
        raise Refusal(f"{path} can’t be written: {error}.") from error
