"""Templates as the file holds them: tried out when they are read, and never a reason not to tell."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from dispatchwatch.app import picture, wire
from dispatchwatch.app.channels import PreviewError, preview_channel
from dispatchwatch.app.compose import open_channels
from dispatchwatch.dispatch.templates import Templates, compiled
from dispatchwatch.domain.alert import AlertKind, Operation
from dispatchwatch.domain.routing import Route
from tests.app.test_quiet_config import problems, read
from tests.fakes.office import Office, at, visit
from tests.fakes.one_lane import Plain, one_lane

OPS = (Route(channels=("ops",)),)
CHANNEL = '[[channel]]\nname = "ops"\nplatform = "pagerduty"\nrouting_key = "a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6"\n'


def made(**told: str) -> Templates:
    return compiled(told, "ops", "America/Chicago", lambda key, text: pytest.fail(f"{key}: {text}"))


def test_they_are_tried_on_every_kind_of_alert_when_the_file_is_read(tmp_path: Path) -> None:
    config = read(tmp_path, CHANNEL + '[channel.templates]\nraise = "{{ kind }} – {{ headline }} ({{ due_at }})"\n')
    (pager, ops) = config.channels
    assert pager.templates is None
    assert ops.templates is not None
    assert config.warnings[-1].where == "route", "all that is left is that no route names it"


def test_what_is_wrong_is_told_at_its_key_with_the_line(tmp_path: Path) -> None:
    text = CHANNEL + '[channel.templates]\nraise = "{{ headlin }}"\nresolve = { body = """one\n{{ 1 + 1 }}""" }\n'
    found = problems(tmp_path, text)
    assert found["channel “ops”.templates.raise"].startswith("line 1: there is no “headlin”")
    assert found["channel “ops”.templates.resolve.body"].startswith("line 2: a template does not calculate")


def test_what_says_nothing_of_any_kind_is_a_problem_and_of_some_a_warning(tmp_path: Path) -> None:
    found = problems(tmp_path, CHANNEL + '[channel.templates]\nraise = "{{ facts.Nothing }}"\n')
    assert found["channel “ops”.templates.raise.headline"].startswith("it says nothing for every kind of alert")
    text = "{% if kind == 'Late check-in' %}late{% endif %}"
    config = read(tmp_path, CHANNEL + f'[channel.templates]\nraise = "{text}"\n')
    (told,) = [one for one in config.warnings if "templates" in one.where]
    assert "at_risk" in told.text
    assert "late_check_in" not in told.text


def test_templates_that_are_no_table_are_told_of(tmp_path: Path) -> None:
    assert "channel “ops”.templates" in problems(tmp_path, CHANNEL + 'templates = "x"\n')


def test_a_preview_shows_the_channel_s_own_words(tmp_path: Path) -> None:
    config = read(tmp_path, CHANNEL + '[channel.templates]\nraise = "Own words: {{ subject }}"\n')
    channel = open_channels(config)["ops"]
    (shown,) = preview_channel(channel, "ops", AlertKind.LATE_CHECK_IN, Operation.RAISE, at("10:25"))
    assert shown["body"]["payload"]["summary"].startswith("Own words: Late check-in")


def test_a_preview_says_where_they_fail(tmp_path: Path) -> None:
    text = "{% if kind == 'Late check-in' %}late{% endif %}"
    config = read(tmp_path, CHANNEL + f'[channel.templates]\nraise = "{text}"\n')
    with pytest.raises(PreviewError, match=r"raise\.headline can’t be used here: it says nothing"):
        preview_channel(open_channels(config)["ops"], "ops", AlertKind.AT_RISK, Operation.RAISE, at("10:25"))


def test_the_channel_hears_its_own_words_and_the_record_keeps_ours(tmp_path: Path) -> None:
    async def play() -> None:
        with Office(tmp_path, at("10:25"), routes=OPS) as office:
            office.read(visit())
            async with one_lane(office, Plain(), templates=made(**{"raise": "Own: {{ facts.Visit }}"})) as lane:
                await lane.told(1)
            assert lane.bodies[0]["headline"] == "Own: J-1042"
            assert office.deliveries()[0].notification.headline.startswith("J. Ortiz has not checked in")
            assert office.entries("template_failed") == []

    asyncio.run(play())


def test_one_that_fails_is_replaced_by_the_built_in_words_and_that_is_said(tmp_path: Path) -> None:
    async def play() -> None:
        with Office(tmp_path, at("10:25"), routes=OPS) as office:
            office.read(visit())
            async with one_lane(office, Plain(), templates=made(**{"raise": "{{ facts.Nothing }}"})) as lane:
                await lane.told(1)
            assert lane.bodies[0]["headline"].startswith("J. Ortiz has not checked in")
            (delivery,) = office.deliveries()
            said = "Its template raise.headline failed: it says nothing. The built-in words were sent."
            assert (delivery.state.value, delivery.error) == ("sent", said)
            assert picture.delivery_line(delivery, {}).error == said
            assert wire.delivery_json(delivery)["error"] == said
            (entry,) = office.entries("template_failed")
            assert entry["detail"]["problem"] == said
            assert office.store.audit.verify()[1] is None

    asyncio.run(play())
