"""An alert that is over before a channel heard of it: nothing is sent, or one message that it is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from dispatchwatch.domain.alert import AlertKind
from dispatchwatch.domain.quiet import Quiet
from dispatchwatch.domain.routing import Route
from dispatchwatch.store.deliveries import DeliveryState
from tests.app.test_quiet_config import read
from tests.fakes.office import SAM, WEEKDAYS_7_TO_18, Office, at, minutes, visit

OPS = (Route(channels=("ops",)),)
NIGHT = Quiet(reason="quiet hours", hours=WEEKDAYS_7_TO_18, while_open=False)


def office(
    folder: Path, now: datetime, *, routes: Sequence[Route] = OPS, quiet: Sequence[Quiet] = (), tells: bool = True
) -> Office:
    return Office(folder, now, routes=routes, quiet=quiet, tells_of_what_is_over=tells)


def test_by_default_nobody_hears_of_it(tmp_path: Path) -> None:
    with office(tmp_path, at("10:25"), tells=False) as there:
        there.read(visit())
        there.read(visit(arrived_at=at("10:20")))
        assert there.told("ops") == [("raise", "dropped")]


def test_where_the_office_wants_it_one_message_says_that_it_is_over(tmp_path: Path) -> None:
    with office(tmp_path, at("10:25")) as there:
        there.read(visit())
        there.read(visit(arrived_at=at("10:20")))
        assert there.told("ops") == [("raise", "dropped"), ("resolve", "waiting")]
        (sent,) = there.deliver("ops")
        assert sent.notification.headline.startswith("Resolved: J. Ortiz at Acme Foundry, Plant 4.")
        assert sent.held == ""


def test_it_goes_when_the_first_message_would_have_gone(tmp_path: Path) -> None:
    with office(tmp_path, at("04:30"), quiet=(NIGHT,)) as there:
        there.read(visit(start=at("04:00")))
        there.read(visit(start=at("04:00"), arrived_at=at("04:25")))
        (_, over) = there.deliveries("ops")
        assert (over.next_attempt_at, over.held) == (at("07:00"), "Held until 07:00: quiet hours")
        assert there.deliver("ops") == []
        there.run_until(at("07:00"))
        assert len(there.deliver("ops")) == 1


def test_an_escalation_that_was_not_due_yet_is_no_news(tmp_path: Path) -> None:
    routes = (*OPS, Route(channels=("pager",), after=minutes(10)))
    with office(tmp_path, at("10:25"), routes=routes) as there:
        there.read(visit())
        there.read(visit(arrived_at=at("10:20")))
        assert there.told("pager") == [("raise", "dropped")]


def test_of_a_storm_what_is_over_is_left_out_while_the_rest_is_told(tmp_path: Path) -> None:
    storm = [visit(f"S-{number}") for number in range(10)]
    with office(tmp_path, at("10:25")) as there:
        there.read(*storm)
        there.read(visit("S-0", arrived_at=at("10:20")), *storm[1:])
        assert there.told("ops") == [("raise", "waiting")]
        there.read(*(visit(f"S-{number}", arrived_at=at("10:20")) for number in range(10)))
        assert there.told("ops") == [("raise", "dropped"), ("resolve", "waiting")]
        assert len(there.deliveries("ops")[1].alerts) == 9


def test_what_went_from_bad_to_worse_is_not_told_as_over(tmp_path: Path) -> None:
    kinds = (AlertKind.LATE_CHECK_IN, AlertKind.TECH_NO_SHOW)
    with Office(tmp_path, at("10:25"), routes=OPS, kinds=kinds, quiet=(), tells_of_what_is_over=True) as there:
        there.read(visit())
        there.run_until(at("12:30"))
        assert [one.kind for one in there.alerts()] == [AlertKind.LATE_CHECK_IN, AlertKind.TECH_NO_SHOW]
        assert [one for one in there.told("ops") if one[0] == "resolve"] == []


def test_what_was_heard_is_closed_as_always(tmp_path: Path) -> None:
    with office(tmp_path, at("10:25")) as there:
        there.read(visit())
        there.deliver("ops")
        there.read(visit(arrived_at=at("10:20")))
        assert there.told("ops") == [("raise", "sent"), ("resolve", "waiting")]


def test_what_may_have_arrived_goes_out_again_and_is_closed_once(tmp_path: Path) -> None:
    with office(tmp_path, at("10:25")) as there:
        there.read(visit())
        (first,) = there.deliveries("ops")
        there.store.outbox.claim(first, "test", there.now, minutes(2))
        there.store.outbox.postpone(first, there.now, "no answer", may_have_arrived=True)
        there.read(visit(arrived_at=at("10:20")))
        assert there.told("ops") == [("raise", "waiting"), ("resolve", "waiting")]


def test_resolved_by_hand_counts_too(tmp_path: Path) -> None:
    with office(tmp_path, at("10:25")) as there:
        there.read(visit())
        there.desk.resolve([1], SAM, there.now)
        assert there.deliveries("ops")[-1].state is DeliveryState.WAITING
        assert there.told("ops") == [("raise", "dropped"), ("resolve", "waiting")]


def test_the_file_says_so(tmp_path: Path) -> None:
    assert not read(tmp_path, "").outgoing.tells_of_what_is_over
    assert read(tmp_path, "[outgoing]\ntell_of_what_is_over = true\n").outgoing.tells_of_what_is_over
