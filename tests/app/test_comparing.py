"""Two policies over one past: what differs, how much of it was true, and the sentence that says so."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest

from dispatchwatch.app.comparing import Difference, compare, comparison_json, sentences
from dispatchwatch.app.replay import Replay, Span
from dispatchwatch.app.replay_figures import TOLERANCE, Judged, figures, of_kinds, run
from dispatchwatch.app.replay_history import History
from dispatchwatch.domain.alert import Alert, AlertKind, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.standards import Standards
from dispatchwatch.domain.thresholds import Thresholds
from dispatchwatch.domain.verdict import Ended, Verdict
from dispatchwatch.domain.visit import Status, Visit
from tests.fakes.office import CHICAGO, FEED, at, minutes, visit

ONLY_LATE = frozenset(kind.value for kind in AlertKind) - {AlertKind.LATE_CHECK_IN.value}
LATE = AlertKind.LATE_CHECK_IN


def arriving(*late_by: int) -> list[Visit]:
    """One visit for each, promised for 09:50, that was reached so many minutes late."""
    return [
        visit(f"J-{late}", status=Status.ARRIVED, arrived_at=at("09:50") + minutes(late), booked_at=at("08:00"))
        for late in late_by
    ]


def judged(visits: list[Visit], grace: int, tolerance: timedelta = TOLERANCE) -> list[Judged]:
    policy = Policy(base=Thresholds(check_in_grace=minutes(grace), off=ONLY_LATE))
    standards = Standards(office=OfficeHours(CHICAGO), policy=policy)
    with closing(Replay(History(visits, feed=FEED, zone=CHICAGO), standards)) as replay:
        return run(replay, Span(), tolerance)


def compared(visits: list[Visit], grace: int, other: int, tolerance: timedelta = TOLERANCE) -> Difference:
    (found,) = compare(judged(visits, grace, tolerance), judged(visits, other, tolerance))
    return found


def test_a_shorter_grace_tells_more_and_what_both_tell_earlier() -> None:
    found = compared(arriving(5, 12, 14, 40, 90), 15, 10)
    assert (found.here, found.other, found.more) == (2, 4, 2)
    assert [one.alert.ext_id for one in found.only_other] == ["J-12", "J-14"]
    assert found.only_here == ()
    assert found.earlier == minutes(5)


def test_what_counts_as_true_is_no_matter_of_either_policy() -> None:
    visits = arriving(12, 14, 40)
    strict = compared(visits, 15, 10, tolerance=minutes(13))
    assert [one.verdict for one in strict.only_other] == [Verdict.MINOR, Verdict.TRUE]
    assert sentences([strict], "other.toml")[0] == (
        "With other.toml you would have had 2 more late check-ins, 1 of them true."
    )


@pytest.mark.parametrize(
    ("late_by", "grace", "other", "expected"),
    [
        ((12, 14, 40), 15, 10, "With B you would have had 2 more late check-ins, none of them true."),
        ((12, 40), 15, 10, "With B you would have had 1 more “Late check-in”, and it was not true."),
        ((40, 50, 90), 15, 60, "With B you would have had 2 fewer late check-ins, 2 of them true."),
        ((40, 90), 15, 60, "With B you would have had 1 fewer “Late check-in”, and it was true."),
        ((40,), 15, 15, "With B you would have had the same alerts."),
    ],
)
def test_the_sentence(late_by: tuple[int, ...], grace: int, other: int, expected: str) -> None:
    assert sentences([compared(arriving(*late_by), grace, other)], "B")[0] == expected


def test_how_much_sooner_is_a_sentence_of_its_own() -> None:
    assert sentences([compared(arriving(40), 15, 10)], "B")[1:] == [
        "The late check-ins that both have would have come 5 min earlier (median)."
    ]
    assert sentences([compared(arriving(40), 15, 20)], "B")[1:] == [
        "The late check-ins that both have would have come 5 min later (median)."
    ]


def alert(number: int, ext_id: str, kind: AlertKind = LATE) -> Judged:
    return Judged(
        Alert(
            id=number,
            key=f"{kind}|{ext_id}|{number}",
            kind=kind,
            severity=Severity.WARNING,
            feed=FEED,
            ext_id=ext_id,
            due_at=at("10:00"),
            raised_at=at("10:00"),
            updated_at=at("10:00"),
        ),
        Ended(),
        Verdict.NOT_JUDGED,
    )


def test_of_several_alerts_about_one_visit_the_second_has_no_match_in_a_single_one() -> None:
    (found,) = compare([alert(1, "J-1"), alert(2, "J-1"), alert(3, "J-2")], [alert(1, "J-1"), alert(2, "J-3")])
    assert [one.alert.id for one in found.only_here] == [2, 3]
    assert [one.alert.ext_id for one in found.only_other] == ["J-3"]
    assert "other" in sentences([found], "B")[0]


def test_kinds_that_only_one_policy_has_are_compared_too_in_the_usual_order() -> None:
    found = compare([alert(1, "J-1", AlertKind.OVERRUN)], [alert(1, "J-1", AlertKind.AT_RISK)])
    assert [(one.kind, one.here, one.other) for one in found] == [(AlertKind.AT_RISK, 0, 1), (AlertKind.OVERRUN, 1, 0)]


def test_what_nothing_shows_to_be_true_or_false_is_not_called_false() -> None:
    (found,) = compare([], [alert(1, "J-1"), alert(2, "J-2")])
    assert "which nothing shows to be true or false" in sentences([found], "B")[0]


def test_json_has_the_figures_first_and_then_every_difference() -> None:
    first, *rest = comparison_json(compared(arriving(12, 14, 40), 15, 10))
    assert first == {
        "kind": "late_check_in",
        "alerts": 1,
        "alerts_other": 3,
        "difference": 2,
        "only_other": 2,
        "only_other_true": 0,
        "only_here": 0,
        "only_here_true": 0,
        "median_minutes_earlier": 5.0,
    }
    assert [(line["only"], line["job"], line["verdict"]) for line in rest] == [
        ("other", "J-12", "minor"),
        ("other", "J-14", "minor"),
    ]
    assert rest[0]["due_at"] == "2026-11-10T16:00:00Z"


def test_the_figures_of_a_kind() -> None:
    found = figures(judged([*arriving(20, 50, 130), visit("J-0", booked_at=at("08:00"))], 15))
    assert found.alerts == 4
    assert found.severities == {Severity.WARNING: 1, Severity.HIGH: 1, Severity.CRITICAL: 2}
    assert found.verdicts == {Verdict.MINOR: 1, Verdict.TRUE: 3}
    assert (found.still_open, found.minutes) == (1, 35)
    assert list(of_kinds([alert(1, "a", AlertKind.OVERRUN), alert(2, "a")])) == [LATE, AlertKind.OVERRUN]
