"""`feed add`: connecting a feed at a terminal, or by a script."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from dispatchwatch.app.config import Config
from dispatchwatch.app.keeping_secrets import is_secret
from dispatchwatch.app.lock import is_running
from dispatchwatch.app.mapping import KINDS, FoundTable, MappingError, MappingSession, office_of, start
from dispatchwatch.app.paths import Paths
from dispatchwatch.app.secrets import is_reference
from dispatchwatch.cli.common import (
    ConfigOption,
    DataOption,
    JsonOption,
    Refusal,
    configured,
    now,
    paths_of,
    print_json,
    say,
    secret_source,
)
from dispatchwatch.cli.feed_questions import Ask, as_choice, ask_one, from_here, prompt, refuse_open, show_found
from dispatchwatch.cli.feeds import feed, show_reading
from dispatchwatch.domain.policy import Policy
from dispatchwatch.intake.questions import DAY_FIRST, LEAVE_OUT, MONTH_FIRST, Question

FIRST_VISITS = 10
PATHS = frozenset({"path", "sample"})


@feed.command("add")
def feed_add(
    called: Annotated[str, typer.Argument(metavar="NAME", help="What to call the feed.")] = "",
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="The same, as an option.")] = "",
    kind: Annotated[str, typer.Option("--kind", metavar="|".join(KINDS), help="What kind of source it is.")] = "",
    path: Annotated[Path | None, typer.Option("--path", metavar="PATH", help="A file, a folder or a pattern.")] = None,
    sheet: Annotated[str, typer.Option("--sheet", metavar="NAME", help="The sheet of a workbook.")] = "",
    url: Annotated[str, typer.Option("--url", metavar="ADDRESS", help="The address, or env:NAME where it is.")] = "",
    user: Annotated[str, typer.Option("--user", metavar="NAME", help="The user of a calendar server.")] = "",
    ready: Annotated[str, typer.Option("--ready", metavar="NAME", help="The ready profile of a json feed.")] = "",
    secret: Annotated[list[str] | None, typer.Option("--secret", metavar="FIELD=REFERENCE")] = None,
    answer: Annotated[list[str] | None, typer.Option("--answer", metavar="QUESTION=ANSWER")] = None,
    profile_name: Annotated[str, typer.Option("--profile-name", metavar="NAME", help="As the feed, if left out.")] = "",
    column: Annotated[list[str] | None, typer.Option("--column", metavar="FIELD=HEADER")] = None,
    status: Annotated[list[str] | None, typer.Option("--status", metavar="WORD=STATUS")] = None,
    time_format: Annotated[list[str] | None, typer.Option("--format", metavar="FIELD=FORMAT")] = None,
    leave_out: Annotated[list[str] | None, typer.Option("--leave-out", metavar="HEADER")] = None,
    duration_unit: Annotated[str, typer.Option("--duration-unit", metavar="minutes|hours|seconds")] = "",
    day_first: Annotated[bool | None, typer.Option("--day-first/--month-first", help="What 5/2/2026 is.")] = None,
    timezone: Annotated[str, typer.Option("--timezone", metavar="ZONE", help="The zone its times are told in.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Take every suggestion, and write without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written, and write nothing.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Connects a feed: shows what is in it, asks what only you can say, and writes the configuration.

    Secrets are asked for and kept in the keyring of this computer; --secret takes references to them (env:NAME,
    file:PATH) only. At a terminal it asks whatever is open; elsewhere it tells what is, with the option that answers.
    """
    answers = [
        *([("ready", ready)] if ready else []),
        *([("path", str(path))] if path else []),
        *((key, text) for key, text in (("sheet", sheet), ("url", url), ("user", user)) if text),
        *_pairs("", answer, "--answer title:1=customer"),
        *_secrets(secret),
        *_pairs("column:", column, "--column sched_start=Start"),
        *((f"header:{header}", LEAVE_OUT) for header in leave_out or ()),
        *_pairs("status:", status, '--status "On Site=arrived"'),
        *_pairs("format:", time_format, "--format sched_start=hhmm"),
        *([("duration_unit", duration_unit)] if duration_unit else []),
        *([("day_first", DAY_FIRST if day_first else MONTH_FIRST)] if day_first is not None else []),
        *([("timezone", timezone)] if timezone else []),
    ]
    paths = paths_of(config, data)
    is_new = not paths.config.exists()
    settings = Config.empty(paths.config) if is_new else configured(paths)
    ask = prompt if sys.stdin.isatty() and not as_json else None
    kind, name = _chosen(kind, name or called, ask)
    try:
        session = start(kind, name, office_of(settings, secret_source(paths.config), is_new=is_new))
        adding = _Adding(paths, settings.policy, None if yes else ask, suggested=yes, as_json=as_json)
        adding.finish(adding.settled(_answered(session, answers)), profile_name, dry_run=dry_run)
    except MappingError as error:
        raise Refusal(str(error)) from None


def _chosen(kind: str, name: str, ask: Ask | None) -> tuple[str, str]:
    """Kind and name, asked for where they can be."""
    if not kind and ask:
        question = Question("kind", "Where does the schedule come from?", tuple(KINDS), "--kind", explained=KINDS)
        kind = as_choice(question, ask(question))
    if not name and ask:
        name = ask(Question("name", "What shall the feed be called?", (), "--name", suggestion="today"))
    if not kind or not name:
        raise Refusal(f"Say what to call the feed and what it is: feed add NAME --kind {'|'.join(KINDS)}.", 2)
    if kind not in KINDS:
        raise Refusal(f"“{kind}” is not a kind of feed; those are {', '.join(KINDS)}.", 2)
    return kind, name


class _Adding:
    """One run of the command. Without `ask`, what is open ends it."""

    def __init__(self, paths: Paths, policy: Policy, ask: Ask | None, *, suggested: bool, as_json: bool) -> None:
        self._paths = paths
        self._policy = policy
        self._ask = ask
        self._suggested = suggested
        self._as_json = as_json
        self._shown: dict[str, FoundTable] = {}

    def settled(self, session: MappingSession) -> MappingSession:
        """Asks and looks until nothing is open. Raises Refusal, MappingError."""
        while True:
            session = session.with_suggestions() if self._suggested else session
            self._show(session, [one for one in session.found if one.title not in self._shown])
            if session.needs_look and not (self._ask and session.open_questions):
                session = self._looked(session)
            elif session.open_questions:
                session = self._asked(session)
            else:
                break
        self._show(session, [one for one in session.found if one != self._shown.get(one.title)])
        return session

    def finish(self, session: MappingSession, profile_name: str, *, dry_run: bool) -> None:
        """Shows what is read and writes it."""
        snapshot, visits = session.preview(now())
        if session.has_visits:
            self._tell("")
            show_reading(snapshot, visits[:FIRST_VISITS], self._policy, as_json=self._as_json)
            self._tell("1 visit is read." if len(visits) == 1 else f"{len(visits)} visits are read.")
        text = session.would_add(profile_name=profile_name)
        if dry_run:
            print_json({"feed": session.name, "would_add": text}) if self._as_json else typer.echo(f"\n{text}")
            return
        if self._ask and not typer.confirm(f"Add the feed “{session.name}” to {self._paths.config}?"):
            raise Refusal("Nothing was written.")
        saved = session.save(profile_name=profile_name)
        if self._as_json:
            print_json({"feed": session.name, "profile": profile_name or session.name, "config": saved.path,
                        "backup": saved.backup})  # fmt: skip
            return
        kept = f" What it was before is in {saved.backup}." if saved.backup else ""
        typer.echo(f"The feed “{session.name}” is in {saved.path} now.{kept}")
        for sentence in (*session.advice(), self._next()):
            typer.echo(sentence)

    def _asked(self, session: MappingSession) -> MappingSession:
        if self._ask is None:
            refuse_open(session.open_questions, as_json=self._as_json)
        return ask_one(session, session.open_questions[0], self._ask)

    def _looked(self, session: MappingSession) -> MappingSession:
        """A person may say anew how the source is reached; a script is told what is wrong."""
        if self._ask:
            say("Looking at it …")
        try:
            return session.look(now())
        except MappingError as error:
            again = session.again()
            if self._ask is None or not again.open_questions:
                raise
            say(f"{error} Once more:")
            return again

    def _show(self, session: MappingSession, tables: Iterable[FoundTable]) -> None:
        """To a script, questions are all that is told while there are some."""
        if self._as_json and (session.open_questions or session.needs_look):
            return
        for table in tables:
            self._shown[table.title] = table
            show_found(table, as_json=self._as_json)

    def _next(self) -> str:
        if is_running(self._paths.lock):
            return "DispatchWatch is running and reads it within seconds."
        return "DispatchWatch reads it from its next start on; “dispatchwatch check --connect” tries it now."

    def _tell(self, text: str) -> None:
        if not self._as_json:
            typer.echo(text)


def _answered(session: MappingSession, answers: Sequence[tuple[str, str]]) -> MappingSession:
    """With what was given as options. Raises Refusal for a secret in clear, MappingError."""
    for given, text in answers:
        key = session.full_key(given)
        if is_secret(key) and not is_reference(text):
            raise _in_clear(given)
        session = session.answer(key, from_here(session, text) if key in PATHS else text)
    return session


def _in_clear(name: str) -> Refusal:
    advice = f"write --secret {name}=env:NAME or {name}=file:PATH, or leave it out and type it when you are asked"
    return Refusal(f"A secret on the command line can be read by others; {advice}.", 2)


def _secrets(given: Sequence[str] | None) -> Iterable[tuple[str, str]]:
    for name, text in _pairs("", given, "--secret password=env:NAME"):
        if not is_reference(text):
            raise _in_clear(name)
        yield name, text


def _pairs(about: str, given: Sequence[str] | None, example: str) -> Iterable[tuple[str, str]]:
    for text in given or ():
        # a status word may hold a =, a status of ours never does
        name, sign, value = text.rpartition("=") if about == "status:" else text.partition("=")
        if not sign or not name.strip():
            shown = f"“{text}”" if "--secret" not in example else "What follows --secret"
            raise Refusal(f"{shown} has no = in it; write it like {example}.", 2)
        yield f"{about}{name.strip()}", value
