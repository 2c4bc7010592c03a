"""A message that is held back says until when and why, wherever it is seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dispatchwatch.app.view import DeliveryLine, Told
from dispatchwatch.desktop import phrases
from tests.desktop import pictures

HELD = "Held until 06:00: quiet hours"
ZONE = "America/Chicago"


def line(**changes: Any) -> DeliveryLine:
    board = pictures.rows(40)
    (first, *_) = pictures.deliveries(pictures.alerts(board))
    told: dict[str, Any] = {"state": "waiting", "settled_at": None, "error": "", "held": HELD}
    return replace(first, next_attempt_at=pictures.NOW + timedelta(hours=7), **{**told, **changes})


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, HELD),
        ({"held": ""}, "next try in 7 h 00 min"),
        ({"next_attempt_at": pictures.NOW}, "trying now"),
        ({"error": "no answer"}, "next try in 7 h 00 min – no answer"),
    ],
)
def test_the_list_of_messages_says_why_it_waits(changes: dict[str, Any], shown: str) -> None:
    due = changes.pop("next_attempt_at", pictures.NOW + timedelta(hours=7))
    assert phrases.delivery_result(replace(line(**changes), next_attempt_at=due), pictures.NOW, ZONE) == shown


def test_a_screen_reader_hears_it_too() -> None:
    assert HELD in phrases.delivery_sentence(line(), ZONE)
    assert HELD not in phrases.delivery_sentence(line(state="sent", settled_at=pictures.NOW), ZONE)


def test_the_alert_says_that_its_message_waits() -> None:
    assert phrases.told_state(Told("ops", "Slack", "waiting", None, HELD)) == (
        "ops waiting (held until 06:00: quiet hours)"
    )
    assert phrases.told_state(Told("ops", "Slack", "waiting", None)) == "ops waiting"
