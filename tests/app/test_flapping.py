"""What comes and goes is told as that: the third time within the hour is marked, told, and never dropped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dispatchwatch.domain.alert import FLAPPING, Alert, AlertKind, Severity
from dispatchwatch.domain.routing import Route
from dispatchwatch.domain.wording import headline
from tests.fakes.office import Office, at, minutes, seconds, visit
from tests.fakes.records import Records

MOVED = AlertKind.RESCHEDULED_SHORT_NOTICE


def opened(folder: Path, **more: Any) -> Records:
    return Records(folder, at("09:00"), routes=[Route(channels=("ops",))], **more)


def again(office: Records, name: str = "J-1", kind: AlertKind = MOVED) -> Alert:
    """It is raised once more, in a new epoch."""
    (raised,) = office.raises(office.alert(name, kind, epoch=office.now.isoformat()))
    return raised


def marks(alerts: list[Alert]) -> list[str]:
    return [alert.facts.get(FLAPPING, "") for alert in alerts]


def test_from_the_third_time_within_the_hour_it_is_marked(tmp_path: Path) -> None:
    office = opened(tmp_path)
    assert marks([again(office.after(minutes(10))) for _ in range(5)]) == ["", "", "3", "4", "5"]


@pytest.mark.parametrize(("gap", "mark"), [(minutes(30) - seconds(1), "3"), (minutes(30), "")])
def test_only_what_was_raised_within_the_hour_counts(tmp_path: Path, gap: Any, mark: str) -> None:
    office = opened(tmp_path)
    assert marks([again(office.after(gap)) for _ in range(3)])[-1] == mark


def test_other_visits_and_other_kinds_do_not_count(tmp_path: Path) -> None:
    office = opened(tmp_path)
    for name, kind in (("J-1", MOVED), ("J-2", MOVED), ("J-1", AlertKind.DOUBLE_BOOKED), ("J-2", MOVED)):
        again(office.after(minutes(1)), name, kind)
    assert marks([again(office.after(minutes(1)))]) == [""]
    assert marks([again(office.after(minutes(1)), "J-2")]) == ["3"]


def test_several_of_one_visit_in_one_look_are_one_time(tmp_path: Path) -> None:
    office = opened(tmp_path)
    for number in range(2):
        office.raises(*(office.alert("J-1", MOVED, epoch=f"{number} {pair}") for pair in range(3)))
        office.after(minutes(1))
    assert marks(office.alerts()) == [""] * 6
    assert marks([again(office)]) == ["3"]


def test_the_headline_the_toast_and_the_message_say_so(tmp_path: Path) -> None:
    office = opened(tmp_path)
    for _ in range(3):
        flapping = again(office.after(minutes(10)))
        office.ends(flapping.id)
    assert headline(flapping, office.now).endswith("; changing back and forth, 3rd time within the hour")
    assert office.toasts[-1].title.endswith(", 3rd time within the hour")
    assert office.toasts[-1].body.endswith(" · changing back and forth")
    assert "changing back and forth" in office.deliveries()[-1].notification.headline
    assert "changing back and forth" not in office.deliveries()[-2].notification.headline


@pytest.mark.parametrize(
    ("count", "words"),
    [("3", "3rd"), ("4", "4th"), ("11", "11th"), ("12", "12th"), ("13", "13th"), ("21", "21st"), ("22", "22nd")],
)
def test_how_often_in_words(tmp_path: Path, count: str, words: str) -> None:
    office = opened(tmp_path)
    assert f"{words} time within" in headline(office.alert("J-1", facts={FLAPPING: count}), office.now)


def test_what_is_no_number_is_not_said(tmp_path: Path) -> None:
    office = opened(tmp_path)
    assert "time within" not in headline(office.alert("J-1", facts={FLAPPING: "often"}), office.now)


def test_each_is_told_however_often(tmp_path: Path) -> None:
    office = opened(tmp_path)
    for _ in range(6):
        again(office.after(minutes(2)))
        office.after(minutes(2)).deliver()
    assert [operation for operation, _ in office.said()] == ["raise"] * 6


def test_worse_it_keeps_its_mark(tmp_path: Path) -> None:
    office = opened(tmp_path)
    last = [again(office.after(minutes(1)), kind=AlertKind.LATE_CHECK_IN) for _ in range(3)][-1]
    known = office.store.alerts.get(last.id)
    assert known is not None
    office.worsens(last.id, severity=Severity.HIGH)
    assert marks([one for one in office.alerts() if one.id == last.id]) == ["3"]


def test_a_visit_moved_again_and_again_past_its_deadline_is_marked_by_the_real_rules(tmp_path: Path) -> None:
    """Each move makes a new deadline, and so a new alert."""
    with Office(tmp_path, at("09:00")) as office:
        for number in range(4):
            office.read(visit(start=at("08:30") + number * minutes(1)))
            office.run(minutes(14))
        assert marks(office.alerts()) == ["", "", "3", "4"]
        office.run(minutes(30))
        assert office.alerts()[-1].severity is not Severity.WARNING
        assert marks(office.alerts())[-1] == "4", "the facts of the rule are new, the mark stays"
