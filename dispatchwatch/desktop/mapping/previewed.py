"""Visits and rows that could not be read, as tables for the preview."""

from __future__ import annotations

from dispatchwatch.app.mapping import FoundTable
from dispatchwatch.app.mapping_stages import Reading
from dispatchwatch.desktop import mapping_phrases
from dispatchwatch.domain.schedule import Gravity, RowProblem
from dispatchwatch.domain.visit import Visit
from dispatchwatch.domain.wording import STATUS_NAMES, day_and_clock

MOST = 200


def tables_of(reading: Reading) -> dict[str, FoundTable]:
    """By the name of the tab; of very many visits the first ones."""
    visits = FoundTable(
        mapping_phrases.VISITS,
        mapping_phrases.VISIT_HEADINGS,
        tuple(_row(one) for one in reading.visits[:MOST]),
    )
    if not reading.problems:
        return {mapping_phrases.VISITS: visits}
    worst = sorted(reading.problems, key=lambda one: one.gravity is not Gravity.UNREADABLE)
    rows = tuple((_became(one), one.line, one.column, one.problem) for one in worst[:MOST])
    problems = FoundTable(mapping_phrases.NOT_READ, mapping_phrases.PROBLEM_HEADINGS, rows)
    return {mapping_phrases.VISITS: visits, mapping_phrases.NOT_READ: problems}


def counts_of(reading: Reading) -> dict[str, int]:
    return {mapping_phrases.VISITS: len(reading.visits), mapping_phrases.NOT_READ: len(reading.problems)}


def _became(problem: RowProblem) -> str:
    is_lost = problem.gravity is Gravity.UNREADABLE
    return mapping_phrases.LEFT_OUT if is_lost else mapping_phrases.DOUBTED


def _row(visit: Visit) -> tuple[object, ...]:
    start = visit.sched_start or visit.window_start or visit.window_end
    when = day_and_clock(start, visit.site.timezone) if start else ""
    status = STATUS_NAMES[visit.status]
    return visit.ext_id, when, visit.technician, visit.customer.name, visit.site.name, status
