"""Feeds: what one is read as, and adding one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from dispatchwatch.app import wire
from dispatchwatch.app.config import Config
from dispatchwatch.app.mapping import MappingError, MappingSession, preview, save, start
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
    secret_source,
)
from dispatchwatch.domain import wording
from dispatchwatch.domain.schedule import Gravity, Snapshot
from dispatchwatch.intake.questions import DAY_FIRST, LEAVE_OUT, MONTH_FIRST, Question

FIRST_VISITS = 10
MOST_CHOICES = 12
Ask = Callable[[Question], str]

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
    _show(snapshot, visits, settings, as_json=as_json)
    if any(problem.gravity is Gravity.UNREADABLE for problem in snapshot.problems):
        raise typer.Exit(1)


@feed.command("add")
def feed_add(
    kind: Annotated[str, typer.Option("--kind", metavar="csv|xlsx", help="What kind of files they are.")],
    path: Annotated[Path, typer.Option("--path", metavar="PATH", help="A file, a folder or a pattern.")],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="What to call the feed.")],
    sheet: Annotated[str, typer.Option("--sheet", metavar="NAME", help="The sheet of a workbook.")] = "",
    profile_name: Annotated[str, typer.Option("--profile-name", metavar="NAME", help="As the feed, if left out.")] = "",
    column: Annotated[list[str] | None, typer.Option("--column", metavar="FIELD=HEADER")] = None,
    status: Annotated[list[str] | None, typer.Option("--status", metavar="WORD=STATUS")] = None,
    time_format: Annotated[list[str] | None, typer.Option("--format", metavar="FIELD=FORMAT")] = None,
    leave_out: Annotated[list[str] | None, typer.Option("--leave-out", metavar="HEADER")] = None,
    duration_unit: Annotated[str, typer.Option("--duration-unit", metavar="minutes|hours|seconds")] = "",
    day_first: Annotated[bool | None, typer.Option("--day-first/--month-first", help="What 5/2/2026 is.")] = None,
    timezone: Annotated[str, typer.Option("--timezone", metavar="ZONE", help="The zone its times are told in.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Take every suggestion, and write without asking.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Adds a feed: shows what its columns seem to mean, asks what only you can say, and writes the configuration."""
    answers = [
        *_pairs("column", column, "--column sched_start=Start"),
        *((f"header:{header}", LEAVE_OUT) for header in leave_out or ()),
        *_pairs("status", status, '--status "On Site=arrived"'),
        *_pairs("format", time_format, "--format sched_start=hhmm"),
        *([("duration_unit", duration_unit)] if duration_unit else []),
        *([("day_first", DAY_FIRST if day_first else MONTH_FIRST)] if day_first is not None else []),
        *([("timezone", timezone)] if timezone else []),
    ]
    paths = paths_of(config, data)
    base = paths.config.absolute().parent
    new = not paths.config.exists()
    settings = Config.empty(paths.config) if new else configured(paths)
    values = {"kind": kind, "name": name, "path": _from(base, path), **({"sheet": sheet} if sheet else {})}
    try:
        session = start(values, base=base, new_office=new)
        for key, choice in answers:
            session = session.answer(key, choice)
        _show_proposal(session, as_json=as_json)
        ask = _prompt if sys.stdin.isatty() and not as_json else None
        session = session.with_suggestions() if yes else session
        _finish(session, settings, profile_name, None if yes else ask, as_json=as_json)
    except MappingError as error:
        raise Refusal(str(error)) from None


def _finish(session: MappingSession, settings: Config, profile_name: str, ask: Ask | None, *, as_json: bool) -> None:
    """Settles what is open, shows what is read and writes it; without `ask`, what is open ends it."""
    if ask:
        session = ask_all(session, ask)
    _refuse_open(session.open_questions, as_json=as_json)
    path, name = settings.path, session.feed.name
    base = path.absolute().parent
    snapshot, visits = preview(session, base=base, office_zone=settings.office.zone, now=now())
    _show(snapshot, visits[:FIRST_VISITS], settings, as_json=as_json)
    if ask:
        typer.confirm(f"Add the feed “{name}” to {path}?", abort=True)
    saved = save(session, path, secret_source(path), profile_name=profile_name)
    if as_json:
        print_json({"feed": name, "profile": profile_name or name, "config": saved.path, "backup": saved.backup})
        return
    kept = f" What it was before is in {saved.backup}." if saved.backup else ""
    typer.echo(f"{len(snapshot.visits)} visits are read. The feed “{name}” is in {saved.path} now.{kept}")


def ask_all(session: MappingSession, ask: Ask) -> MappingSession:
    """Asks until nothing is open; an answer that makes no sense is told and asked for again."""
    while questions := session.open_questions:
        try:
            session = session.answer(questions[0].key, ask(questions[0]))
        except MappingError as error:
            say(str(error))
    return session


def _prompt(question: Question) -> str:
    return str(typer.prompt(question.text + _choices(question), default=question.suggestion or None))


def _choices(question: Question) -> str:
    """Empty where any text will do, and where the choice is between the columns that the table above shows."""
    few = 0 < len(question.choices) <= MOST_CHOICES
    return f" ({', '.join(question.choices)})" if few else ""


def _pairs(about: str, given: Sequence[str] | None, example: str) -> Iterable[tuple[str, str]]:
    for text in given or ():
        # a status word may hold a =, a status of ours never does
        name, sign, value = text.rpartition("=") if about == "status" else text.partition("=")
        if not sign or not name.strip():
            raise Refusal(f"“{text}” has no = in it; write it like {example}.", 2)
        yield f"{about}:{name.strip()}", value


def _from(base: Path, path: Path) -> str:
    """A path typed in this folder, as the configuration's folder sees it."""
    full = path.absolute()
    return full.relative_to(base).as_posix() if full.is_relative_to(base) else str(full)


def _refuse_open(questions: Sequence[Question], *, as_json: bool) -> None:
    if not questions:
        return
    for one in questions:
        if as_json:
            print_json({"question": one.key, "text": one.text, "choices": one.choices, "option": one.option})
        else:
            say(f"{one.text}{_choices(one)} Answer with {one.option}")
    count = "1 question is" if len(questions) == 1 else f"{len(questions)} questions are"
    hint = " --yes takes the suggestions." if any(one.suggestion for one in questions) else ""
    raise Refusal(f"Nothing was written: {count} open.{hint}")


def _show_proposal(session: MappingSession, *, as_json: bool) -> None:
    found = session.proposal
    if as_json:
        for one in found.seen:
            print_json({"column": one.header, "field": one.field, "confidence": one.confidence, "looks": one.looks,
                        "samples": one.samples})  # fmt: skip
        for word in found.words:
            print_json({"word": word.word, "rows": word.rows, "status": word.status})
        return
    rows = [
        (one.header, one.field or "-", one.confidence or "", one.looks, "; ".join(one.samples)) for one in found.seen
    ]
    typer.echo(f"{found.file}: {found.rows} rows.")
    print_table(("COLUMN", "FIELD", "CONFIDENCE", "LOOKS LIKE", "SAMPLES"), rows)
    if found.words:
        typer.echo("")
        print_table(("STATUS WORD", "ROWS", "MEANS"), [(one.word, one.rows, one.status or "?") for one in found.words])
    typer.echo("")


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else flat[:59] + "…"


def _show(snapshot: Snapshot, visits: Sequence[Any], settings: Config, *, as_json: bool) -> None:
    if as_json:
        for watched in visits:
            print_json(wire.visit_json(watched, settings.policy))
        for problem in snapshot.problems:
            print_json(wire.problem_json(problem))
        return
    _print_visits(visits, settings)
    for problem in snapshot.problems:
        place = f"line {problem.line}" + (f", {problem.column}" if problem.column else "")
        say(f"{problem.file}, {place}: {problem.problem} ({problem.gravity.value})")


def _print_visits(visits: Sequence[Any], settings: Config) -> None:
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
