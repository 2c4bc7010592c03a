"""What the rules make of a source that does not say who goes."""

from __future__ import annotations

from dataclasses import replace

from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.rules.lateness import LATE_CHECK_IN
from dispatchwatch.domain.rules.no_show import TECH_NO_SHOW
from dispatchwatch.domain.rules.unassigned import UNASSIGNED
from dispatchwatch.domain.standing import Standing, standing
from dispatchwatch.domain.technician import Profile, Roster
from dispatchwatch.domain.visit import Visit
from tests.fakes.office import LEE, ORTIZ, at, hours, minutes, visit
from tests.fakes.picture import found, sighted

START = at("14:00")
UNTOLD = visit(start=START, technicians=(), crew_untold=True)
NOBODY = replace(UNTOLD, crew_untold=False)


def test_nobody_named_is_not_nobody_assigned() -> None:
    roster = Roster.of([Profile(ext_id="T-07", name="J. Ortiz")])
    for now in (START - hours(1), START + hours(1)):
        assert found(UNASSIGNED, now, UNTOLD) == ()
        assert found(UNASSIGNED, now, UNTOLD, roster=roster) == ()
        assert len(found(UNASSIGNED, now, NOBODY, roster=roster)) == 1


def test_somebody_is_late_though_nobody_knows_who() -> None:
    assert len(found(LATE_CHECK_IN, START + minutes(16), UNTOLD)) == 1
    assert found(LATE_CHECK_IN, START + minutes(16), NOBODY) == ()
    assert len(found(TECH_NO_SHOW, START + hours(2), UNTOLD)) == 1


def test_the_board_shows_it_as_any_visit() -> None:
    now = START + minutes(16)
    shown = [standing(sighted((now, one)), Policy(), now) for one in (UNTOLD, NOBODY)]
    assert shown == [Standing.LATE, Standing.UNASSIGNED]


def after(*told: Visit) -> Visit:
    return sighted(*((START - minutes(30 - n), one) for n, one in enumerate(told))).visit


def test_what_was_known_of_a_crew_stays_until_the_source_tells_again() -> None:
    ortiz, lee = replace(NOBODY, technicians=(ORTIZ,)), replace(NOBODY, technicians=(LEE,))
    assert after(ortiz, UNTOLD).technicians == (ORTIZ,)
    assert after(ortiz, UNTOLD, lee).technicians == (LEE,)
    assert not after(ortiz, UNTOLD, NOBODY).assigned
    assert not after(NOBODY, UNTOLD).assigned
    assert after(UNTOLD, UNTOLD).crew_untold
    assert not after(UNTOLD, NOBODY).crew_untold


def test_a_source_that_falls_silent_takes_nobody_off() -> None:
    watched = sighted((START - hours(2), replace(NOBODY, technicians=(ORTIZ,))), (START - hours(1), UNTOLD))
    assert watched.unassignments == 0
