"""What the page of what was sent says of a channel that keeps to the limit of its platform."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dispatchwatch.app.view import DeliveryLine, LaneLine
from dispatchwatch.desktop import phrases
from dispatchwatch.domain.alert import Operation
from tests.fakes.office import at

NOW = at("10:25")
LIMIT = "Waits for Twilio’s limit until 10:41:07"
LINE = DeliveryLine(
    id=1,
    alert_id=1,
    channel="ops",
    platform="Twilio",
    operation=Operation.RAISE,
    state="waiting",
    attempts=0,
    headline="Late",
    created_at=NOW,
    next_attempt_at=NOW,
    settled_at=None,
    waits_for_nobody=False,
    may_have_arrived=False,
    reference="",
    error="",
)
LANE = LaneLine(
    channel="ops",
    platform="Twilio",
    paused="",
    resting_until=None,
    last_success_at=NOW,
    last_error="",
    waiting=3,
    failed=0,
    limit=LIMIT,
)


def said(line: DeliveryLine, limit: str = LIMIT) -> str:
    return phrases.delivery_result(line, NOW, "America/Chicago", limit)


def test_what_is_due_says_what_it_waits_for() -> None:
    assert said(LINE) == LIMIT
    assert said(LINE, "") == "trying now"
    assert said(replace(LINE, state="sending")) == "trying now"


def test_what_is_not_due_yet_waits_for_its_own_time() -> None:
    assert said(replace(LINE, next_attempt_at=NOW + timedelta(minutes=5))) == "next try in 5 min"


def test_the_channel_says_so_too() -> None:
    assert phrases.lane_state(LANE, NOW) == "3 waiting · waits for Twilio’s limit until 10:41:07 · last arrived 0 s ago"


def test_a_message_in_the_built_in_words_says_why() -> None:
    sent = replace(LINE, state="sent", settled_at=NOW, error="Its template raise.headline failed: it says nothing.")
    assert said(sent) == "arrived 10:25 – Its template raise.headline failed: it says nothing."
