"""The questions of `feed add` at a terminal: how they are put, and how answers are understood."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

import typer

from dispatchwatch.app.mapping import FoundTable, MappingError, MappingSession
from dispatchwatch.cli.common import Refusal, print_json, print_table, say
from dispatchwatch.intake.questions import NONE, Question

MOST_CHOICES = 30
IN_A_LINE = 12
WIDEST_CELL = 60
YES, NO = frozenset({"y", "yes"}), frozenset({"n", "no"})
Ask = Callable[[Question], str]


def prompt(question: Question) -> str:
    """Asks at the terminal. What is typed to a secret question is not shown."""
    typer.echo(f"\n{question.text}")
    for number, choice in enumerate(listed(question), 1):
        typer.echo(f"  {number:>2}  {choice}{_explanation(question, choice)}")
    word = "Answer, which is not shown" if question.secret else "Answer"
    return str(typer.prompt(word, default=question.suggestion or None, hide_input=question.secret))


def listed(question: Question) -> tuple[str, ...]:
    """The choices that are shown; of very many none, which are the columns of the table above."""
    return question.choices if len(question.choices) <= MOST_CHOICES else ()


def as_choice(question: Question, typed: str) -> str:
    """What was meant: a choice, its number in the list, or yes and no to what is suggested; else what was typed."""
    word = typed.strip()
    alike = next((one for one in question.choices if one.casefold() == word.casefold()), "")
    if alike or not question.choices:
        return alike or word
    if word.isdecimal() and 0 < int(word) <= len(listed(question)):
        return question.choices[int(word) - 1]
    if word.casefold() in YES and question.suggestion:
        return question.suggestion
    return NONE if word.casefold() in NO and NONE in question.choices else word


def ask_one(session: MappingSession, question: Question, ask: Ask) -> MappingSession:
    """The session with one question answered, or as it was, and the reason told, if the answer makes no sense."""
    typed = as_choice(question, ask(question))
    try:
        return session.answer(question.key, from_here(session, typed) if question.path else typed)
    except MappingError as error:
        say(str(error))
        return session


def from_here(session: MappingSession, path: str) -> str:
    """A path typed in this folder, as the configuration's folder sees it."""
    base, full = session.office.base, Path(path).expanduser().absolute()
    return full.relative_to(base).as_posix() if full.is_relative_to(base) else str(full)


def refuse_open(questions: Sequence[Question], *, as_json: bool) -> NoReturn:
    """Tells every open question with the option that answers it. Raises Refusal."""
    for one in questions:
        if as_json:
            print_json({"question": one.key, "text": one.text, "choices": one.choices, "explained": one.explained,
                        "suggestion": one.suggestion, "secret": one.secret, "option": one.option})  # fmt: skip
        else:
            few = f" ({', '.join(one.choices)})" if 0 < len(one.choices) <= IN_A_LINE else ""
            say(f"{one.text}{few} Answer with {one.option}")
    count = "1 question is" if len(questions) == 1 else f"{len(questions)} questions are"
    hint = " --yes takes the suggestions." if any(one.suggestion for one in questions) else ""
    raise Refusal(f"Nothing was written: {count} open.{hint}")


def show_found(table: FoundTable, *, as_json: bool) -> None:
    if as_json:
        for row in table.rows:
            print_json(dict(zip(table.columns, row, strict=True)))
        return
    typer.echo("")
    typer.echo(table.title)
    print_table([name.upper() for name in table.columns], [[_cell(cell) for cell in row] for row in table.rows])


def _explanation(question: Question, choice: str) -> str:
    return f": {question.explained[choice]}" if question.explained.get(choice) else ""


def _cell(cell: object) -> str:
    if isinstance(cell, list):
        return "; ".join(_short(str(one)) for one in cell)
    return "-" if cell is None or cell == "" else " ".join(str(cell).split())


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= WIDEST_CELL else f"{flat[: WIDEST_CELL - 1]}…"
