from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor

import dispatchwatch.desktop
from dispatchwatch.desktop import soundness, stylesheet
from dispatchwatch.desktop.assets import Assets
from dispatchwatch.desktop.marks import DELIVERIES, EVIDENCES, SEVERITIES, STANDINGS
from dispatchwatch.desktop.placement import on_a_screen
from dispatchwatch.desktop.theme import Scheme, Theme
from dispatchwatch.desktop.tokens import (
    DARK,
    DARK_HIGH_CONTRAST,
    LIGHT,
    LIGHT_HIGH_CONTRAST,
    Tokens,
    Tone,
    contrast,
    mix,
)
from dispatchwatch.domain.alert import Severity
from dispatchwatch.domain.standing import Standing

PACKAGE = Path(dispatchwatch.desktop.__file__).parent
SCHEMES = [LIGHT, DARK, LIGHT_HIGH_CONTRAST, DARK_HIGH_CONTRAST]


@pytest.mark.parametrize("tokens", SCHEMES)
@pytest.mark.parametrize("tone", list(Tone))
def test_every_tone_can_be_read_on_every_ground(tokens: Tokens, tone: Tone) -> None:
    for ground in (tokens.window, tokens.surface, tokens.sunken):
        assert contrast(tokens.of(tone), ground) >= 4.5
    assert contrast(tokens.on_accent, tokens.accent) >= 4.5
    assert contrast(tokens.surface, tokens.late) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
@pytest.mark.parametrize("tone", [Tone.LATE, Tone.SOON, Tone.CRITICAL, Tone.TEXT, Tone.MUTED])
def test_words_can_be_read_on_tinted_rows(tokens: Tokens, tone: Tone) -> None:
    for state, share in ((Tone.LATE, 0.07), (Tone.CRITICAL, 0.07), (Tone.SOON, 0.04), (Tone.ACCENT, 0.13)):
        ground = mix(tokens.of(state), tokens.surface, share)
        assert contrast(tokens.of(tone), ground) >= 4.5, (tone, state)


def test_the_measure_of_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("tokens", SCHEMES)
def test_the_style_sheet_leaves_no_token_unfilled(tokens: Tokens) -> None:
    assert "@" not in stylesheet.build(tokens, 1.25)


def test_lengths_grow_with_the_text_and_hairlines_do_not() -> None:
    sheet = stylesheet.build(LIGHT, 2.0)
    assert "font-size: 56px" in sheet
    assert "border: 1px solid" in sheet


def test_every_state_has_its_own_silhouette_word_and_colour(assets: Assets) -> None:
    for marks in (STANDINGS, SEVERITIES, DELIVERIES, EVIDENCES):
        assert len({mark.icon for mark in marks.values()}) == len(marks)
        assert len({mark.word for mark in marks.values()}) == len(marks)
    assert set(STANDINGS) == set(Standing)
    assert set(SEVERITIES) == set(Severity)


def test_icons_take_the_colour_of_the_theme(assets: Assets, theme: Theme) -> None:
    for mark in (*STANDINGS.values(), *SEVERITIES.values(), *DELIVERIES.values(), *EVIDENCES.values()):
        image = assets.pixmap(mark.icon, Tone.LATE, 20, 2.0).toImage()
        solid = {
            image.pixelColor(x, y).name()
            for x in range(image.width())
            for y in range(image.height())
            if image.pixelColor(x, y).alpha() == 255
        }
        assert QColor(theme.tokens.late).name() in solid, mark.icon


def test_a_choice_of_scheme_wins_over_the_system(theme: Theme) -> None:
    theme.choose(Scheme.DARK)
    assert theme.tokens is DARK
    theme.choose(Scheme.LIGHT)
    assert theme.tokens is LIGHT


def test_wrapped_words_end_with_an_ellipsis_where_they_must(theme: Theme) -> None:
    lines = theme.wrapped("one two three four five six seven eight nine ten", 13, 80, 2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        (QRect(100, 100, 1200, 800), QRect(100, 100, 1200, 800)),
        (QRect(5000, 100, 1200, 800), QRect(720, 100, 1200, 800)),
        (QRect(-300, -200, 3000, 2000), QRect(0, 0, 1920, 1080)),
    ],
)
def test_the_window_opens_on_a_screen_that_is_there(wanted: QRect, there: QRect) -> None:
    assert on_a_screen(wanted, [QRect(0, 0, 1920, 1080)], (1024, 640)) == there


def test_no_nested_loop_is_anywhere_in_the_package() -> None:
    nested = {"exec", "exec_", "processEvents", "question", "critical", "getText", "getOpenFileName"}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert node.func.attr not in nested, f"{path}:{node.lineno}"


def test_nothing_is_found_through_a_global_application() -> None:
    """What the system knows of its network Qt gives in no other way."""
    for path in PACKAGE.rglob("*.py"):
        assert not re.search(r"(?<!QNetworkInformation)\.instance\(\)", path.read_text("utf-8")), path


def test_calls_into_qt_lose_no_reference_to_none() -> None:
    assert soundness.references_lost() < 50


@pytest.mark.parametrize(
    ("qt", "python", "bad"),
    [("6.12.0", (3, 11), True), ("6.12.0", (3, 12), False), ("6.11.3", (3, 11), False), ("6.8.3", (3, 10), False)],
)
def test_the_bad_pair_is_known(qt: str, python: tuple[int, int], bad: bool) -> None:
    assert soundness.bad_pair(qt, python) is bad
    assert not soundness.bad_pair(sys.modules["PySide6"].__version__, sys.version_info[:2])
