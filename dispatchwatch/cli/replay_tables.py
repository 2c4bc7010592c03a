"""The tables of `replay`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import typer

from dispatchwatch.app.comparing import Difference, sentences, true_of
from dispatchwatch.app.replay import Source, Span
from dispatchwatch.app.replay_figures import Figures, Judged, figures, of_kinds
from dispatchwatch.cli.common import print_table
from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Severity
from dispatchwatch.domain.verdict import Verdict

NONE = "–"
SHOWN = 10
VERDICTS = {
    Verdict.TRUE: "true",
    Verdict.MINOR: "minor",
    Verdict.FALSE_ALARM: "false alarm",
    Verdict.NOT_JUDGED: "not judged",
}
ENDINGS = ("STILL OPEN", "MINUTES")


def print_head(source: Source, span: Span, zone: ZoneInfo, seconds: float) -> None:
    """What was replayed, and how long it took."""
    begins, ends = max(source.begins, span.start or source.begins), source.ends
    typer.echo(f"{source.title} from {_day(begins, zone)} to {_day(ends, zone)}, replayed in {seconds:.1f} s.")
    typer.echo("")


def print_figures(judged: Sequence[Judged], tolerance: timedelta) -> None:
    """The figures of each kind, and of all."""
    if not judged:
        typer.echo("Nothing would have been flagged.")
        return
    kinds = of_kinds(judged)
    rows = [(wording.KIND_NAMES[kind], figures(alerts)) for kind, alerts in kinds.items()]
    rows.append(("All", figures(judged)))
    headings = ("KIND", "ALERTS", *(one.value.upper() for one in Severity), *_verdict_headings(), *ENDINGS)
    _print_numbers(headings, [(name, *_cells(one)) for name, one in rows])
    typer.echo("")
    _explain(tolerance)
    typer.echo("Minutes: the median from the instant an alert was due until it was over.")


def print_comparison(
    differences: Sequence[Difference], names: tuple[str, str], tolerance: timedelta, zone: ZoneInfo
) -> None:
    """The alerts of each kind under both policies, what differs, and the first of the differences by visit."""
    here, other = names
    if not differences:
        typer.echo("Neither policy would have flagged anything.")
        return
    headings = ("KIND", here, other, "DIFFERENCE", f"ONLY {other}", "TRUE", f"ONLY {here}", "TRUE")
    _print_numbers(headings, [_difference_cells(one) for one in differences])
    typer.echo("")
    for sentence in sentences(differences, other):
        typer.echo(sentence)
    typer.echo("")
    _explain(tolerance)
    _print_visits(differences, names, zone)


def _print_visits(differences: Iterable[Difference], names: tuple[str, str], zone: ZoneInfo) -> None:
    here, other = names
    found = [
        (one, name)
        for each in differences
        for name, group in ((here, each.only_here), (other, each.only_other))
        for one in group
    ]
    found.sort(key=lambda pair: (pair[0].alert.due_at, pair[0].alert.key))
    if not found:
        return
    typer.echo("")
    rows = (
        (
            name,
            wording.day_and_clock(one.alert.due_at, one.alert.facts.get("timezone", zone.key)),
            one.alert.ext_id,
            wording.KIND_NAMES[one.alert.kind],
            wording.subject(one.alert),
            VERDICTS[one.verdict],
            one.alert.resolution or "still open",
        )
        for one, name in found[:SHOWN]
    )
    print_table(("ONLY", "DUE", "JOB", "KIND", "WHO AND WHERE", "VERDICT", "HOW IT ENDED"), rows)
    if len(found) > SHOWN:
        typer.echo(f"… and {len(found) - SHOWN:,} more; --json lists them all.")


def _explain(tolerance: timedelta) -> None:
    length = wording.span(tolerance)
    typer.echo(f"True: what the alert said came about; of lateness, more than {length} after the promise, or never.")
    typer.echo(f"Minor: late, but by no more than {length}. False alarm: it did not come about.")


def _verdict_headings() -> list[str]:
    return [name.upper() for name in VERDICTS.values()]


def _cells(one: Figures) -> tuple[str, ...]:
    counts = (
        one.alerts,
        *(one.severities.get(severity, 0) for severity in Severity),
        *(one.verdicts.get(verdict, 0) for verdict in VERDICTS),
        one.still_open,
    )
    minutes = NONE if one.minutes is None else f"{one.minutes:,.0f}"
    return (*(_number(count) for count in counts), minutes)


def _difference_cells(one: Difference) -> tuple[str, ...]:
    more = f"{one.more:+,}" if one.more else NONE
    only_other, only_here = one.only_other, one.only_here
    counts = (len(only_other), true_of(only_other), len(only_here), true_of(only_here))
    return (wording.KIND_NAMES[one.kind], _number(one.here), _number(one.other), more, *map(_number, counts))


def _number(count: int) -> str:
    return f"{count:,}" if count else NONE


def _print_numbers(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table whose columns, but for the first, are numbers."""
    lines = [headings, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    for line in lines:
        numbers = (cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))
        typer.echo("  ".join([line[0].ljust(widths[0]), *numbers]).rstrip())


def _day(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y %H:%M %Z}"
