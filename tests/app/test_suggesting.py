"""Who can take a visit over, asked of a running engine and of the record: the same answer, in words."""

from __future__ import annotations

import csv
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dispatchwatch.app.config import ConfigError
from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.engine import Engine
from dispatchwatch.app.people_config import ReassignConfig
from dispatchwatch.app.secrets import SecretSource, system_keyring
from dispatchwatch.app.suggesting import facts_on_record, still, suggestions, weighed
from dispatchwatch.app.technicians import technician_lines
from dispatchwatch.app.view import Suggestions
from dispatchwatch.domain.reassign.settings import Reassigning
from dispatchwatch.domain.technician import Absence, Profile, Roster
from dispatchwatch.domain.visit import Technician, VisitKey
from tests.fakes.beside_engine import Listener, SteppedClock, run_beside
from tests.fakes.drives import Drives, site
from tests.fakes.office import FEED, LEE, ORTIZ, Office, at, hours, key, minutes, visit

ROSTER = Roster.of(
    (
        Profile(ext_id="T-07", name="J. Ortiz", home=(0.0, 0.0)),
        Profile(ext_id="T-09", name="M. Lee", home=(0.0, 0.0), skills=frozenset({"gas"})),
    )
)
NEEDS_GAS = visit(
    "J-1", start=at("10:00"), sched_end=at("11:00"), technicians=(), skills=("gas",), site=site("Mill", 30)
)
OTHER = visit(
    "J-2",
    start=at("11:00"),
    sched_end=at("12:00"),
    window_end=at("11:30"),
    technicians=(LEE,),
    site=site("Plant 4", 45),
)


def read(folder: Path) -> Office:
    office = Office(folder, at("08:00"), roster=ROSTER, travel=Drives())
    office.read(NEEDS_GAS, OTHER)
    return office


def recorded(office: Office, ext_id: str = "J-1") -> Suggestions:
    facts = facts_on_record(office.store, office.standards, [FEED], key(ext_id), office.now)
    found = suggestions(key(ext_id), facts)
    assert found is not None
    return found


def test_what_is_on_record_and_what_is_watched_give_one_answer(tmp_path: Path) -> None:
    with read(tmp_path) as office:
        watched = suggestions(key("J-1"), still(office.watch.facts(office.now)))
        assert watched == recorded(office)


def test_the_answer_is_told_in_words(tmp_path: Path) -> None:
    with read(tmp_path) as office:
        found = recorded(office)
    (lee,), (ortiz,) = found.can, found.cannot
    assert (lee.technician.name, lee.arrival, lee.late, lee.extra_drive) == (
        "M. Lee",
        at("10:00"),
        minutes(0),
        minutes(0),
    )
    assert lee.facts == ("arrives 10:00", "in time", "no extra driving", "delays Acme Foundry, Plant 4 by 15 min")
    assert (lee.delays, lee.delayed) == ((("Acme Foundry, Plant 4", 15),), (key("J-2"),))
    assert 0 < lee.score < 100
    assert (ortiz.feasible, ortiz.reason) == (False, "J. Ortiz lacks the skill “gas”.")
    assert (found.could, found.spares) == ((), "")


@pytest.fixture
def asked(tmp_path: Path) -> Suggestions:
    """Nobody can: M. Lee is at work until half past ten."""
    office = Office(tmp_path, at("08:00"), roster=ROSTER, travel=Drives())
    busy = replace(OTHER, sched_start=at("07:30"), sched_end=at("09:50"), started_at=at("07:30"), site=site("Mill", 30))
    office.read(replace(NEEDS_GAS, sched_start=at("09:30"), sched_end=at("10:30")), busy)
    with office:
        return recorded(office)


def test_where_nobody_can_it_says_what_could_be_asked_for(asked: Suggestions) -> None:
    (lee,) = asked.could
    assert (lee.feasible, lee.steps, lee.displaced) == (False, ("later",), None)
    assert lee.asks_for == "M. Lee can if he is 20 min late."
    assert lee.reason == "M. Lee would be there at 09:50 CST, 20 min later than promised."
    assert [one.technician.name for one in asked.cannot] == ["J. Ortiz", "M. Lee"]


def test_weighing_somebody_unknown_or_a_visit_that_is_gone_says_so(tmp_path: Path) -> None:
    with read(tmp_path) as office:
        facts = office.watch.facts(office.now)
        assert weighed(key("J-1"), LEE, facts).feasible
        stranger = weighed(key("J-1"), Technician("A. Stranger"), facts)
        assert (stranger.feasible, stranger.reason) == (False, "Nothing is known of A. Stranger’s day.")
        assert weighed(key("J-9"), LEE, facts).reason == "The visit is not watched any more."
        assert suggestions(key("J-9"), facts) is None


def test_a_picture_that_was_held_still_does_not_change_with_the_day(tmp_path: Path) -> None:
    with read(tmp_path) as office:
        picture = still(office.watch.facts(office.now))
        before = suggestions(key("J-1"), picture)
        office.read(replace(NEEDS_GAS, technicians=(ORTIZ,)), replace(OTHER, technicians=(ORTIZ,)))
        assert suggestions(key("J-1"), picture) == before
        assert suggestions(key("J-1"), office.watch.facts(office.now)) != before


CONFIG = """
[reassign]
tolerance = "20m"
drive_counts = 0
depot_kinds = ["Stores"]

[[technician]]
id = "T-1"
name = "Ana"
skills = ["gas"]
parts = ["2 x belt"]
radius_km = 40
most_visits = 6
overtime = "30m"
excluded_customers = ["Acme"]
preferred_customers = ["Brown"]
absences = [{ from = 2026-11-10T12:00:00, until = 2026-11-10T17:00:00, reason = "dentist" }]

[[technician]]
id = "T-2"
name = "Ben"

[[feed]]
name = "today"
kind = "csv"
path = "today.csv"
every = "1s"
"""


def configure(folder: Path, text: str = CONFIG) -> Path:
    path = folder / "office.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_is_configured_of_people_reaches_the_rules(tmp_path: Path) -> None:
    config = read_config(configure(tmp_path), SecretSource({}, tmp_path, system_keyring))
    ana, ben = config.roster.profiles["T-1"], config.roster.profiles["T-2"]
    noon = datetime(2026, 11, 10, 12, tzinfo=UTC)
    assert ana == Profile(
        ext_id="T-1",
        name="Ana",
        skills=frozenset({"gas"}),
        parts=("2 x belt",),
        radius_km=40,
        most_visits=6,
        overtime=minutes(30),
        excluded=frozenset({"Acme"}),
        preferred=frozenset({"Brown"}),
        absences=(Absence(noon, noon + hours(5), "dentist"),),
    )
    assert ben == Profile(ext_id="T-2", name="Ben")
    told = config.standards.reassigning
    assert (told.tolerance, told.drive_counts, told.depot_kinds) == (minutes(20), 0, frozenset({"stores"}))
    assert replace(told, tolerance=minutes(10), drive_counts=3, depot_kinds=Reassigning().depot_kinds) == Reassigning()
    (line, _) = technician_lines(config.roster, config.office, noon)
    assert line.absences == ana.absences
    (line, _) = technician_lines(config.roster, config.office, noon + timedelta(days=1))
    assert line.absences == ()


def test_every_number_has_a_key() -> None:
    assert set(ReassignConfig.model_fields) == {one.name for one in fields(Reassigning)}
    assert ReassignConfig().reassigning() == Reassigning()


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('tolerance = "20m"', 'tolerance = "3d"', "reassign.tolerance"),
        ("drive_counts = 0", "drive_counts = -1", "reassign.drive_counts"),
        ("most_visits = 6", "most_visits = 0", "technician “Ana”.most_visits"),
        ("until = 2026-11-10T17:00:00", "until = 2026-11-10T11:00:00", "technician “Ana”.absences"),
        ("radius_km", "radius", "technician “Ana”.radius"),
    ],
)
def test_what_can_not_be_is_a_problem_at_its_key(tmp_path: Path, old: str, new: str, where: str) -> None:
    assert CONFIG.count(old) == 1
    with pytest.raises(ConfigError) as caught:
        read_config(configure(tmp_path, CONFIG.replace(old, new)), SecretSource({}, tmp_path, system_keyring))
    assert [one.where.startswith(where) for one in caught.value.problems] == [True]


def test_a_running_engine_answers_and_changes_nothing(tmp_path: Path) -> None:
    start = datetime.now(UTC) + timedelta(minutes=30)
    with (tmp_path / "today.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Appointment No", "Start", "Status", "Tech", "Skills", "Parts"))
        writer.writerow(("J-1", start.isoformat(), "Scheduled", "", "gas", "belt; 1 x Belt"))
    config = read_config(configure(tmp_path), SecretSource({}, tmp_path, system_keyring))
    mine, ana, ben = VisitKey("today", "J-1"), Technician("Ana", "T-1"), Technician("Ben", "T-2")

    async def step(engine: Engine, listener: Listener, clock: SteppedClock) -> None:
        await listener.until(lambda: "feed_ok" in listener.names())
        found = await engine.suggestions(mine)
        assert found is not None
        assert [one.technician.name for one in found.can] == ["Ana"]
        assert [one.reason for one in found.cannot] == ["Ben lacks the skill “gas”."]
        assert (await engine.weigh(mine, ana, clock.now())).technician == ana
        assert not (await engine.weigh(mine, ben)).feasible
        assert await engine.suggestions(VisitKey("today", "nowhere")) is None
        page = await engine.visit_page(mine)
        assert page is not None
        assert page.row.visit.technicians == ()

    run_beside(config, step)
