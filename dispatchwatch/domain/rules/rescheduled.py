"""Moved at short notice: the start was changed when it was too late for that (study 4.2, kind 5)."""

from __future__ import annotations

from datetime import timedelta

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Outcome, Severity, alert_key, epoch
from dispatchwatch.domain.business_time import BusinessTime
from dispatchwatch.domain.moves import Moves, weigh
from dispatchwatch.domain.notice import Notice, Terms, Verdict, When, judge, when_done
from dispatchwatch.domain.rules.endings import called_off
from dispatchwatch.domain.rules.facts import NOTHING, Facts, Finding, VisitRule
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.visit import OVER, Visit
from dispatchwatch.domain.watched import Move, Watched
from dispatchwatch.domain.wording.lateness import ended_by_status
from dispatchwatch.domain.wording.moves import ended_by_another_move, ended_by_moving_back, move_facts
from dispatchwatch.domain.wording.notice import notice_facts

JUST_AFTER = timedelta(microseconds=1)


def look(watched: Watched, facts: Facts) -> Finding:
    """Whether the last move that counts came too late; the ones before are no longer what the schedule says."""
    if not watched.moves or watched.visit.start is None or watched.withdrawn or _is_over(watched.visit):
        return NOTHING
    thresholds = facts.policy.for_visit(watched.visit)
    moves = weigh(watched.moves, thresholds)
    if not moves.counted:
        return NOTHING
    move = moves.counted[-1]
    stale_at = move.seen.until + thresholds.look_back
    if facts.now > stale_at:
        return NOTHING
    when = when_done(move.seen, move.at, watched.first_seen_at)
    if when is None or move.old < when.earliest - thresholds.look_back:
        return NOTHING
    notice = judge(when, move.old, watched.visit.booked_at, _terms(thresholds, facts))
    if notice.verdict is not Verdict.INSIDE:
        return NOTHING
    condition = _condition(watched.visit, _key(watched.visit, moves, move), move, when, notice, thresholds)
    return Finding((condition,), stale_at + JUST_AFTER)


def ending(alert: Alert, facts: Facts) -> Ending | None:
    """Why a move is news no longer; that it grew old is no reason, for nobody has taken note of it yet."""
    watched = facts.about(alert)
    if watched is None:
        return None
    visit = watched.visit
    gone = called_off(watched)
    if gone is not None:
        return gone
    if _is_over(visit):
        return Ending(Outcome.NOTED, ended_by_status(visit))
    thresholds = facts.policy.for_visit(visit)
    moves = weigh(watched.moves, thresholds)
    undone = next((one for one in reversed(moves.undone) if alert.key == _key(visit, moves, one)), None)
    if undone is not None:
        text = ended_by_moving_back(undone.old, thresholds.undo_within, visit.site.timezone)
        return Ending(Outcome.UNDONE, text)
    is_last = bool(moves.counted) and alert.key == _key(visit, moves, moves.counted[-1])
    if visit.start is None or not is_last:
        return Ending(Outcome.MOVED, ended_by_another_move(visit))
    return None


def _is_over(visit: Visit) -> bool:
    """Whether it has come to the appointment, or never will."""
    return visit.status in OVER or visit.checked_in


def _terms(thresholds: Thresholds, facts: Facts) -> Terms:
    hours = BusinessTime(facts.office, thresholds.notice_counts)
    return Terms(thresholds.reschedule_notice, hours, thresholds.booked_inside_exempt)


def _condition(visit: Visit, key: str, move: Move, when: When, notice: Notice, thresholds: Thresholds) -> Condition:
    is_close = when.latest > move.old - thresholds.reschedule_high_within
    return Condition(
        key=key,
        kind=AlertKind.RESCHEDULED_SHORT_NOTICE,
        feed=visit.feed,
        ext_id=visit.ext_id,
        severity=Severity.HIGH if is_close else Severity.WARNING,
        due_at=when.earliest,
        facts={
            **wording.visit_facts(visit),
            **move_facts(move, visit.site.timezone),
            **notice_facts(when, notice, thresholds.reschedule_notice, thresholds.notice_counts),
        },
    )


def _key(visit: Visit, moves: Moves, move: Move) -> str:
    """Both starts; moved there, back and there again, it is news once more."""
    every = (*moves.counted, *moves.undone)
    turn = sum((one.old, one.new) == (move.old, move.new) and one.seen.until <= move.seen.until for one in every)
    starts = f"{epoch(move.old)}>{epoch(move.new)}{f'#{turn}' if turn > 1 else ''}"
    return alert_key(AlertKind.RESCHEDULED_SHORT_NOTICE, visit.feed, visit.ext_id, starts)


RESCHEDULED = VisitRule((AlertKind.RESCHEDULED_SHORT_NOTICE,), look, ending)
