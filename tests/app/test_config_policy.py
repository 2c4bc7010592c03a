"""`[policy]`, its overrides and the routes as the file writes them: every key, every limit, every contradiction."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from dispatchwatch.app.config import Config, ConfigError, Problem
from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.policy_config import OverrideConfig, PolicyConfig
from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.domain.durations import duration_text
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.thresholds import Counting, Thresholds, limits, settings
from tests.fakes.office import hours, minutes, visit

OFFICE = """
[office]
timezone = "America/Chicago"
hours = { mon-fri = "07:00-18:00" }
[[feed]]
name = "today"
kind = "csv"
path = "a.csv"
[[channel]]
name = "pager"
platform = "pagerduty"
routing_key = "env:PD_KEY"
[[route]]
channels = ["pager"]
"""


class EmptyKeyring:
    def get_password(self, service_name: str, username: str) -> str | None:
        del service_name, username
        return None


def read(folder: Path, text: str, office: str = OFFICE) -> Config:
    path = folder / "dispatchwatch.toml"
    path.write_text(office + text, encoding="utf-8")
    return read_config(path, SecretSource({"PD_KEY": "a1B2c3D4e5F6a7B8c9D0e1F2a3B4c5D6"}, folder, EmptyKeyring))


def problems(folder: Path, text: str, office: str = OFFICE) -> list[Problem]:
    with pytest.raises(ConfigError) as caught:
        read(folder, text, office)
    return list(caught.value.problems)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('check_in_grace = "quarter of an hour"', "is not a duration; write a whole number and a unit"),
        ("check_in_grace = 15", "15 is not a duration; write it as text with a unit"),
        ('check_in_grace = "-5m"', "is not a duration"),
        ('check_in_grace = "25h"', "25h is not between 0s and 1d"),
        ('cancel_notice = "367d"', "367d is not between 0s and 366d"),
        ('sla_onsite = "0s"', "0s is not between 1m and 366d"),
        ("drift_moves = -3", "-3 is not between 1 and 30"),
        ("drift_moves = true", "true is not a whole number"),
        ('drift_moves = "3"', "is not a whole number; write it without a unit and without quotes"),
        ("overrun_percent = 101", "101 is not between 0 and 100"),
        ("early_percent = 12.5", "12.5 is not a whole number"),
        ('sla_pauses = "yes"', "is neither true nor false"),
        ('sla_counts = "business"', "write one of always, weekdays, office"),
        ('off = ["late_check_in", "late"]', "“late” is not a kind of alert; the kinds are at_risk, cancelled,"),
        ('check_in_grase = "5m"', "there is no such key; is it misspelt?"),
    ],
)
def test_a_wrong_value_is_named_at_its_key_with_what_to_write(tmp_path: Path, line: str, words: str) -> None:
    key = line.partition(" ")[0]
    (base,) = problems(tmp_path, f"[policy]\n{line}\n")
    assert (base.where, words in base.text) == (f"policy.{key}", True), base.text
    override = f'[[policy.override]]\nwhen = {{ priority = "1" }}\ndue_soon = "1m"\n[[policy.override]]\n{line}\n'
    told = {one.where: one.text for one in problems(tmp_path, f'{override}when = {{ priority = "2" }}\n')}
    assert list(told) == [f"policy.override 2.{key}"]
    assert words in told[f"policy.override 2.{key}"]


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ('check_in_grace = "24h"', "check_in_grace", hours(24)),
        ('check_in_grace = "0s"', "check_in_grace", timedelta()),
        ('sla_onsite = "4h"', "sla_onsite", hours(4)),
        ('off = "overrun"', "off", {"overrun"}),
        ('off = ["overrun", "at_risk"]', "off", {"overrun", "at_risk"}),
        ('notice_counts = "weekdays"', "notice_counts", Counting.WEEKDAYS),
        ("booked_inside_exempt = false", "booked_inside_exempt", False),
        ("early_percent = 0", "early_percent", 0),
    ],
)
def test_what_may_be_written(tmp_path: Path, line: str, name: str, value: object) -> None:
    later = 'no_show_after = "2d"\nwindow_no_show_after = "2d"\n'
    assert getattr(read(tmp_path, f"[policy]\n{later}{line}\n").policy.base, name) == value


def test_every_threshold_has_help_limits_and_the_default_of_the_domain() -> None:
    properties = PolicyConfig.model_json_schema()["properties"]
    for one in settings():
        shown = properties[one.name]
        assert shown["description"].startswith(one.metadata["help"])
        if (allowed := limits(one)) is not None and one.default is not None:
            least, most = allowed
            assert least <= one.default <= most, one.name
    assert properties["check_in_grace"]["description"].endswith("From 0s to 1d.")
    assert [properties[name]["default"] for name in ("check_in_grace", "drift_moves", "sla_onsite")] == ["15m", 3, None]


def test_the_schema_is_sound_and_takes_what_the_file_may_say() -> None:
    schema = PolicyConfig.model_json_schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    good = {
        "check_in_grace": "5m",
        "drift_moves": 3,
        "override": [{"when": {"contract": ["Gold"]}, "sla_onsite": "4h"}],
    }
    assert list(validator.iter_errors(good)) == []
    assert list(validator.iter_errors({"check_in_grace": "soon"}))
    assert list(validator.iter_errors({"check_in_grase": "5m"}))


def test_every_default_reads_back_as_itself() -> None:
    written = {
        one.name: duration_text(one.default)
        if isinstance(one.default, timedelta)
        else sorted(one.default)
        if isinstance(one.default, frozenset)
        else one.default
        for one in settings()
        if one.default is not None
    }
    assert PolicyConfig.model_validate(written).policy() == Policy(Thresholds())


def test_targets_for_gold_only_and_for_gold_customers_that_have_none(tmp_path: Path) -> None:
    text = """
    [policy]
    sla_counts = "always"
    sla_response = "8h"
    [[policy.override]]
    when = { contract = "gold" }
    sla_response = "1h"
    sla_onsite = "4h"
    [[policy.override]]
    when = { customer = "Acme*" }
    sla_response = "never"
    """
    policy = read(tmp_path, text).policy
    told = [policy.for_visit(visit(contract=name)) for name in ("", "Gold")]
    assert [(one.sla_response, one.sla_onsite) for one in told] == [(None, None), (None, hours(4))]
    assert policy.base.sla_response == hours(8)
    dumped = OverrideConfig.model_validate({"when": {}, "sla_response": "never"}).model_dump()
    assert dumped["sla_response"] == "never"


def test_a_priority_may_be_written_as_a_number(tmp_path: Path) -> None:
    text = '[[policy.override]]\nwhen = { priority = 1 }\ndue_soon = "5m"\n'
    several = '[[policy.override]]\nwhen = { priority = [2, "3"] }\ndue_soon = "6m"\n'
    policy = read(tmp_path, text + several).policy
    assert [policy.for_visit(visit(priority=one)).due_soon for one in "123"] == [minutes(5), minutes(6), minutes(6)]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('[policy]\ncheck_in_grace = "45m"\n', "policy.window_no_show_after"),
        ('[policy]\nlate_high_after = "2h"\n', "policy.late_critical_after"),
        ('[[policy.override]]\nwhen = { priority = "3" }\nlate_high_after = "2h"\n', "policy.override 1"),
    ],
)
def test_what_contradicts_itself_stops_the_program(tmp_path: Path, text: str, where: str) -> None:
    (one,) = problems(tmp_path, text)
    assert (one.where, one.is_warning) == (where, False)
    assert re.search(r"; make \w+ \d+\w or more, or \w+ \d+\w or less$", one.text)


NARROW_AND_WIDE = """
[[policy.override]]
when = { customer = "Acme" }
due_soon = "5m"
[[policy.override]]
when = { customer = "A*" }
due_soon = "6m"
"""


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (NARROW_AND_WIDE, "policy.override 1"),
        ('[[policy.override]]\nwhen = { feed = "yesterday" }\ndue_soon = "5m"\n', "policy.override 1"),
        ('[[route]]\nwhen = { kind = "feed_shrunk", severity = "critical" }\nchannels = ["pager"]\n', "route 2"),
        ('[[route]]\nwhen = { feed = "yesterday" }\nchannels = ["pager"]\n', "route 2"),
        ('[[route]]\nstop = true\nchannels = ["pager"]\n[[route]]\nchannels = ["pager"]\n', "route 3"),
        ('[policy]\ncancel_notice = "2h"\n', "policy.cancel_notice"),
    ],
)
def test_what_never_has_an_effect_is_a_warning(tmp_path: Path, text: str, where: str) -> None:
    (one,) = read(tmp_path, text).warnings
    assert (one.where, one.is_warning, one.needs_action) == (where, True, False)


def test_the_desk_is_a_feed_that_is_always_there(tmp_path: Path) -> None:
    assert read(tmp_path, '[[route]]\nwhen = { feed = "desk" }\nchannels = ["pager"]\n').warnings == ()


def test_hours_that_the_office_does_not_have_are_warned_of(tmp_path: Path) -> None:
    without = OFFICE.replace('hours = { mon-fri = "07:00-18:00" }\n', "")
    text = '[[route]]\nhours = "outside"\nchannels = ["pager"]\n[policy]\nsla_onsite = "4h"\n'
    assert [one.where for one in read(tmp_path, text, without).warnings] == ["policy.sla_counts", "route 2"]
    assert read(tmp_path, text).warnings == ()


def test_a_wrong_part_hides_no_contradiction_and_causes_none(tmp_path: Path) -> None:
    text = """
    [[route]]
    channels = ["nobody"]
    after = "soon"
    [[route]]
    when = { kind = "feed_shrunk", severity = "info" }
    channels = ["pager"]
    [policy]
    late_high_after = "2h"
    """
    found = problems(tmp_path, text)
    assert {one.where for one in found} == {"route 2.after", "policy.late_critical_after", "route 3"}
    wrong_hours = OFFICE.replace("07:00-18:00", "seven to six")
    text = '[policy]\nsla_onsite = "4h"\n[[route]]\nhours = "outside"\nchannels = ["pager"]\n'
    assert [one.where for one in problems(tmp_path, text, wrong_hours)] == ["office.hours.mon-fri"]
