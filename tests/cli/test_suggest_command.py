"""`suggest`: who can take a visit over, as scripts and people read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_commands import CONFIG, Shell
from tests.fakes.program import minutes, row

PEOPLE = """
[[technician]]
id = "T-1"
name = "J. Ortiz"

[[technician]]
id = "T-2"
name = "M. Lee"
excluded_customers = ["Acme Foundry"]

[[technician]]
id = "T-3"
name = "A. Novak"
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three visits: one of J. Ortiz, one that nobody has, one that nobody came to; the drives are not known."""
    shell = Shell(tmp_path_factory.mktemp("suggest"))
    shell.configure(CONFIG + PEOPLE)
    shell.write(row(1, minutes(60)), row(2, minutes(400), technician=""), row(3, minutes(-20), technician=""))
    shell.let_the_engine_see_it()
    return shell.folder


@pytest.fixture
def shell(prepared: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    shell = Shell(prepared, capsys)
    shell.configure(CONFIG + PEOPLE)
    return shell


def test_everybody_is_one_line_with_the_fields_that_scripts_rely_on(shell: Shell) -> None:
    told = shell.json("suggest", "J-1")
    assert {one["technician"]: one["feasible"] for one in told} == {
        "A. Novak": True,
        "J. Ortiz": False,
        "M. Lee": False,
    }
    fields = {"technician", "feasible", "arrival", "late_min", "extra_drive_min", "delays", "score", "reason"}
    assert all(fields <= set(one) for one in told)
    (novak,) = (one for one in told if one["feasible"])
    assert (novak["reason"], novak["extra_drive_min"], novak["delays"]) == (None, None, [])
    assert novak["arrival"].endswith("Z")
    assert {one["technician"]: one["reason"] for one in told if not one["feasible"]} == {
        "J. Ortiz": "It is J. Ortiz’s own visit.",
        "M. Lee": "Acme Foundry does not want M. Lee.",
    }


def test_a_person_reads_who_can_and_why_others_cannot(shell: Shell) -> None:
    assert shell.run("suggest", "J-2") == 0
    who_can, who_cannot = shell.out.split("Who can’t:")
    assert "A. Novak" in who_can
    assert "no coordinates for" in who_can
    assert "Acme Foundry does not want M. Lee." in who_cannot


def test_what_could_be_asked_for_is_told_where_nobody_can(shell: Shell) -> None:
    assert shell.run("suggest", "J-3") == 0
    assert "Nobody can take it over as things are." in shell.out
    assert "What could be asked for:" in shell.out
    told = shell.json("suggest", "J-3")
    assert {one["technician"]: one["asks_for"]["steps"] for one in told if one["asks_for"]} == {
        "A. Novak": ["later"],
        "J. Ortiz": ["later"],
    }


def test_a_visit_that_nobody_knows_is_told_so(shell: Shell) -> None:
    assert shell.run("suggest", "J-9") == 1
    assert shell.err == "There is no visit J-9. It is known once its feed has been read.\n"


def test_an_office_that_knows_nobody_is_told_how_to_name_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shell = Shell(tmp_path, capsys)
    shell.write(row(4, minutes(60), technician=""))
    shell.let_the_engine_see_it()
    assert shell.run("suggest", "J-4") == 1
    assert shell.err == "No technicians are known; name them in the configuration, each as a [[technician]].\n"
