"""The fields of the settings: every key of every model has one, with its words, its default and its limits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from dispatchwatch.app.config_reader import SECTIONS
from dispatchwatch.app.key_path import Steps
from dispatchwatch.app.settings.fields import LISTS, MODELS, field_at, fields_of
from dispatchwatch.app.settings.kinds import Described, Kind
from dispatchwatch.app.settings.labels import LABELS
from dispatchwatch.app.settings.toml_text import TomlText
from dispatchwatch.dispatch.catalog import PLATFORMS
from dispatchwatch.intake.catalog import FEEDS
from dispatchwatch.intake.web_auth import Auth

TABLES: dict[str, tuple[Steps, dict[str, Any], tuple[Described, ...], type[BaseModel]]] = {
    **{
        name: (
            (name, 0) if name in LISTS else (name, "x") if name == "profile" else (name,),
            {},
            fields_of(name),
            model,
        )
        for name, model in MODELS.items()
    },
    **{f"feed {kind}": (("feed", 0), {"kind": kind}, fields_of("feed", kind), model) for kind, model in FEEDS.items()},
    **{
        f"channel {one.key}": (("channel", 0), {"platform": one.key}, fields_of("channel", one.key), one.config)
        for one in PLATFORMS
    },
}
SAMPLES: dict[Kind, Any] = {
    Kind.SWITCH: True,
    Kind.NUMBER: 3,
    Kind.INSTANT: datetime(2026, 11, 10, 16, tzinfo=UTC),
    Kind.DATES: [date(2026, 12, 25)],
    Kind.COORDINATES: [41.88, -87.63],
    Kind.PAIRS: [[5, 28], [20, 45]],
    Kind.HOURS: {"mon-fri": "07:00-18:00"},
    Kind.TABLE: {"a b": "c"},
    Kind.SECRETS: {"token": "keyring:"},
    Kind.TEMPLATES: {"raise": "{{ headline }}"},
    Kind.ANYTHING: {"a": [1, {"b": True}]},
    Kind.GROUP: {"kind": "x"},
    Kind.VARIANTS: {"kind": "basic", "user": "me"},
    Kind.GROUPS: {"staff": {"key": "a"}},
    Kind.ENTRIES: [{"when": {"priority": ["1"]}}],
}
LISTED = (Kind.NAMES, Kind.ALERT_KINDS, Kind.SEVERITIES, Kind.CHANNELS)


def sample(field: Described) -> Any:
    return ["a", "b"] if field.kind in LISTED else SAMPLES.get(field.kind, "some text")


def everything(fields: tuple[Described, ...]) -> Iterator[Described]:
    for one in fields:
        yield one
        yield from everything(one.fields)
        for some in one.variants.values():
            yield from everything(some)


def test_every_section_of_the_file_has_fields() -> None:
    assert {*MODELS, "feed", "channel"} == set(SECTIONS)


@pytest.mark.parametrize("table", TABLES)
def test_every_key_of_a_model_has_a_field_in_its_order(table: str) -> None:
    _, _, fields, model = TABLES[table]
    assert [one.key for one in fields] == [info.alias or name for name, info in model.model_fields.items()]


@pytest.mark.parametrize("table", TABLES)
def test_every_key_has_a_label_and_a_sentence_of_help(table: str) -> None:
    for one in everything(TABLES[table][2]):
        assert one.label, one.key
        assert " " in one.help, one.key
        assert "`" not in one.help


@pytest.mark.parametrize("table", TABLES)
def test_every_key_can_be_set_found_and_taken_out(table: str) -> None:
    steps, entry, fields, _ = TABLES[table]
    begun = TomlText("# ours\n")
    begun = begun.add(steps[:1], entry) if steps[0] in LISTS else begun
    for one in fields:
        text = begun.set((*steps, one.key), sample(one))
        assert text.get((*steps, one.key)) == sample(one), one.key
        expected = one.label if one.key not in ("kind", "platform") else None
        found = field_at(text.values, (*steps, one.key))
        assert found is not None
        assert expected is None or found.label == expected
        assert text.unset((*steps, one.key)).get((*steps, one.key)) is None
        assert text.text.startswith("# ours\n")


def test_fields_below_others_are_found() -> None:
    values = {
        "policy": {"override": [{"check_in_grace": "5m"}]},
        "feed": [{"kind": "json", "auth": {"kind": "basic"}, "joins": {"staff": {"key": "a"}}}],
        "profile": {"x": {"columns": {"ext_id": "No"}}},
        "office": {"hours": {"mon": "1"}},
    }
    wanted: tuple[tuple[Steps, str], ...] = (
        (("policy", "override", 0, "check_in_grace"), "Check-in grace"),
        (("policy", "override", 0, "when", "priority"), "Priority"),
        (("feed", 0, "auth", "password"), "Password"),
        (("feed", 0, "joins", "staff", "key"), "Id in a record"),
        (("profile", "x", "columns", "ext_id"), "Columns"),
        (("office", "hours", "mon"), "Opening hours"),
    )
    for steps, label in wanted:
        found = field_at(values, steps)
        assert found is not None, steps
        assert found.label == label
    assert field_at(values, ("feed", 0, "nothing")) is None


def test_what_the_file_would_write_is_shown_as_the_default() -> None:
    fields = {one.key: one for one in fields_of("policy")}
    assert fields["check_in_grace"].default_text == "15m"
    assert (fields["check_in_grace"].least, fields["check_in_grace"].most) == ("0s", "1d")
    assert fields["sla_response"].default is None
    assert fields["booked_inside_exempt"].default_text == "on"
    assert fields["notice_counts"].default_text == "always"
    assert [one.value for one in fields["notice_counts"].options] == ["always", "weekdays", "office"]
    assert (fields["drift_moves"].least, fields["drift_moves"].most) == (1, 30)
    feed = {one.key: one for one in fields_of("feed", "csv")}
    assert (feed["every"].default, feed["every"].least, feed["every"].most) == ("30s", "1s", "1d")
    assert feed["path"].required
    assert not feed["profile"].required


def test_channels_say_what_depends_on_what_and_what_can_be_looked_up() -> None:
    fields = {one.key: one for one in fields_of("channel", "zendesk")}
    assert fields["api_token"].needed_where == ("authentication", "token")
    assert fields["api_token"].kind is Kind.SECRET
    assert fields["group_id"].look_up
    assert fields["authentication"].options[0].label == "OAuth client"
    assert [one.key for one in fields_of("channel")] == ["name", "platform"]
    assert [one.key for one in fields_of("feed", "nothing")] == ["name", "kind"]


def test_what_may_let_somebody_in_is_private() -> None:
    fields = fields_of("feed", "json")
    private = {one.key for one in fields if one.is_private}
    assert private == {"values", "secrets", "headers", "params", "body", "url"}
    below = {one.key for field in fields for some in field.variants.values() for one in some if one.is_private}
    assert below == {"password", "token", "key", "client_secret", "refresh_token", "extra"}


def test_no_label_speaks_of_a_key_that_is_gone() -> None:
    for model, labels in LABELS.items():
        assert labels.keys() <= model.model_fields.keys(), model
    shown = {model for model in LABELS if model.__module__.endswith("web_auth")}
    assert shown == set(get_args(get_args(Auth)[0]))
