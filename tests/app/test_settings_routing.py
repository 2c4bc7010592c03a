"""Routes as sentences, and who is told what and when of an example."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dispatchwatch.app.config import Config
from dispatchwatch.app.config_reader import read_values, values_of
from dispatchwatch.app.secrets import SecretSource, system_keyring
from dispatchwatch.app.settings.routing_preview import Example, preview, preview_sentences, route_sentences
from dispatchwatch.domain.alert import AlertKind, Severity

OFFICE = """
[office]
timezone = "America/Chicago"
hours = { mon-fri = "07:00-18:00" }

[[channel]]
name = "ops-slack"
platform = "slack"
webhook_url = "env:HOOK"

[[channel]]
name = "pager"
platform = "pagerduty"
routing_key = "env:PD_KEY"

[[channel]]
name = "off"
platform = "slack"
webhook_url = "env:HOOK"
enabled = false
"""
ROUTES = """
[[route]]
when = { kind = "late_check_in", severity = "warning+", customer = "Acme" }
channels = ["ops-slack", "off"]

[[route]]
when = { severity = "high+" }
channels = ["pager"]
after = "10m"
repeat = "30m"
"""
SECRETS = {"HOOK": "https://hooks.slack.com/services/T0/B0/x", "PD_KEY": "a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6"}
TEN = datetime(2026, 11, 10, 16, tzinfo=UTC)
"""Ten in the morning in Chicago, a Tuesday."""


def config(text: str) -> Config:
    path = Path("office.toml")
    return read_values(path, values_of(OFFICE + text, path), SecretSource(SECRETS, Path(), system_keyring))


def route(text: str) -> str:
    return route_sentences(config(f"[[route]]\n{text}\n"))[0]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            'when = { kind = "late_check_in", severity = "warning+", customer = "Acme" }\nchannels = ["ops-slack"]',
            "Late check-ins at Acme, warning or worse → ops-slack now",
        ),
        (
            'when = { kind = ["late_check_in", "tech_no_show"], priority = ["1", "2"] }\nchannels = ["pager"]',
            "Late check-ins or technician no-shows of priority 1 or 2 → pager now",
        ),
        (
            'when = { severity = "high+" }\nchannels = ["ops-slack", "pager"]\nafter = "10m"\nrepeat = "30m"',
            ("Everything, high or worse → ops-slack and pager after 10 min if nobody acknowledged, "
            "again every 30 min until somebody does"),
        ),
        ('channels = ["pager"]\nstop = true', ("Everything, warning or worse → pager now; the routes below are not "
         "asked then")),
        (
            ('when = { severity = "critical", kind = "*no_show", technician = "J*" }\nchannels = ["pager"]\n'
            'hours = "outside"'),
            "Alerts of the kinds *no_show of J*, critical only → pager now, outside office hours only",
        ),
        (
            ('when = { severity = ["info", "high"], site = "Plant 4", contract = "Gold", feed = "today" }\n'
            'channels = ["pager"]\nhours = "always"'),
            ("Everything on the site Plant 4 under the contract Gold told of by the feed today, info or high only → "
            "pager now, at any time"),
        ),
    ],
)  # fmt: skip
def test_a_route_is_a_sentence(text: str, sentence: str) -> None:
    assert route(text) == sentence


def test_an_example_says_who_is_told_what_when() -> None:
    example = Example(kind=AlertKind.LATE_CHECK_IN, severity=Severity.HIGH, at=TEN, customer="Acme")
    first, second = preview(config(ROUTES), example)
    assert (first.channel, first.platform, first.at, first.if_nobody_acknowledged) == ("ops-slack", "slack", TEN, False)
    assert (second.channel, second.at) == ("pager", TEN + timedelta(minutes=10))
    assert (second.if_nobody_acknowledged, second.repeat) == (True, timedelta(minutes=30))
    assert preview_sentences(config(ROUTES), example) == (
        "ops-slack at 10:00",
        "pager at 10:10, if nobody has acknowledged by then, again every 30 min until somebody does",
    )


def test_what_fits_no_route_is_told_to_nobody() -> None:
    example = Example(kind=AlertKind.LATE_CHECK_IN, severity=Severity.WARNING, at=TEN, customer="Lakeside")
    assert preview(config(ROUTES), example) == ()
    assert preview_sentences(config(ROUTES), example) == ("Nobody is told; it is on the board alone",)


def test_what_is_held_back_says_until_when_and_why() -> None:
    quiet = '\n[[quiet]]\nhours = { mon-sun = "20:00-06:00" }\nreason = "the night"\n'
    late = TEN.replace(hour=3)  # nine in the evening of the day before
    example = Example(kind=AlertKind.LATE_CHECK_IN, severity=Severity.HIGH, at=late, customer="Acme")
    assert preview_sentences(config(ROUTES + quiet), example) == (
        "ops-slack on Tue 10 Nov 06:00 CST, if nobody has acknowledged by then, held back: the night",
        (
            "pager on Tue 10 Nov 06:10 CST, if nobody has acknowledged by then, held back: the night, "
            "again every 30 min until somebody does"
        ),
    )


def test_news_of_changes_waits_for_more() -> None:
    example = Example(kind=AlertKind.DOUBLE_BOOKED, severity=Severity.HIGH, at=TEN)
    (pager,) = preview(config(ROUTES), example)
    assert pager.at == TEN + timedelta(minutes=10)
    now = ROUTES.replace('after = "10m"\n', "")
    assert preview(config(now), example)[0].at == TEN + timedelta(minutes=1)
