"""What is searched for on the board: words, quoted words, and words in a field that is named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from dispatchwatch.desktop.board.marking import found
from dispatchwatch.desktop.board.model import BoardModel
from dispatchwatch.desktop.board.search import Term, understood
from dispatchwatch.domain.standing import Standing
from dispatchwatch.domain.visit import Site, VisitKey
from tests.desktop.board_rows import board_of, make, told

ACME = Site("Plant 4", "America/Chicago", "2100 W Pershing Rd")


@pytest.fixture
def model(qapp: QApplication) -> BoardModel:
    other = make(3, technician="M. Lee", customer="Ortiz Bakery", title="Belt", feed="later")
    return board_of(
        [
            make(1, Standing.LATE, technician="J. Ortiz", customer="Acme Foundry", site=ACME, priority="1"),
            make(2, technician="J. Ortiz", customer="Borax", site=ACME, title="Leak survey", kind="repair"),
            replace(other, key=VisitKey("later", other.key.ext_id)),
        ]
    )


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("ortiz", {"J-1043", "J-1044", "J-1045"}),
        ("tech:ortiz", {"J-1043", "J-1044"}),
        ("customer:ortiz", {"J-1045"}),
        ("technician:ORTIZ customer:acme", {"J-1043"}),
        ("ortiz status:late", {"J-1043"}),
        ("site:pershing", {"J-1043", "J-1044"}),
        ("feed:later", {"J-1045"}),
        ("job:1044", {"J-1044"}),
        ("order:WO-7002", {"J-1044"}),
        ("work:leak", {"J-1044"}),
        ("kind:repair", {"J-1044"}),
        ("priority:1", {"J-1043"}),
        ('"plant 4" survey', {"J-1044"}),
        ('customer:"acme fou', {"J-1043"}),
        ("status:", {"J-1043", "J-1044", "J-1045"}),
        ("tech:ortiz tech:lee", set()),
    ],
)
def test_a_search_finds_what_it_names(model: BoardModel, text: str, hits: set[str]) -> None:
    model.search(text)
    assert set(told(model)) == hits


def test_a_prefix_nobody_knows_is_a_word_like_any_other() -> None:
    assert understood("http://acme 9:30").terms == (Term("", "http://acme"), Term("", "9:30"))
    assert understood("  ").terms == ()


def test_a_visit_that_changes_comes_and_goes_with_the_search(model: BoardModel) -> None:
    model.search("status:late")
    line = model.line_of(VisitKey("today", "J-1043"))
    assert line is not None
    model.renew(line.key, replace(line, standing=Standing.ON_SITE))
    model.settle()
    assert told(model) == []


def test_hits_are_marked_where_they_stand() -> None:
    assert list(found("Compressor or motor", ("or",))) == [(8, 10), (11, 13), (17, 19)]
    assert list(found("Große Straße", ("stra",))) == []
    assert list(found("J. Ortiz", ("lee",))) == []
