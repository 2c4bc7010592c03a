"""`[policy]` and its overrides: keys, types and help are drawn from `domain.thresholds`, their one home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field as Setting
from datetime import timedelta
from functools import partial
from typing import Annotated, Any, get_type_hints

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    create_model,
)

from dispatchwatch.app.filters import VisitFilter, as_list
from dispatchwatch.domain.alert import AlertKind
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.durations import duration_text
from dispatchwatch.domain.policy import Override, Policy
from dispatchwatch.domain.thresholds import Counting, Thresholds, limits, settings
from dispatchwatch.intake.fields import Duration

NEVER = timedelta.max
"""Stands for a target that an override takes back."""


def _kinds(words: frozenset[str]) -> frozenset[str]:
    known = {kind.value for kind in AlertKind}
    if unknown := sorted(words - known):
        raise ValueError(f"“{unknown[0]}” is not a kind of alert; the kinds are {', '.join(sorted(known))}")
    return words


def _as_never(value: object) -> object:
    return NEVER if value == "never" else value


def _target_text(length: timedelta) -> str:
    return "never" if length == NEVER else duration_text(length)


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{value!r} is not a whole number; write it without a unit and without quotes, such as 3")
    return value


def _switch(value: object) -> object:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is neither true nor false; write one of them, without quotes")
    return value


def _counting(value: object) -> object:
    if value not in list(Counting):
        raise ValueError(f"{value!r} does not say which hours count; write one of {', '.join(Counting)}")
    return value


Kinds = Annotated[Annotated[frozenset[str], AfterValidator(_kinds)], BeforeValidator(as_list)]
Target = Annotated[
    Duration,
    BeforeValidator(_as_never),
    PlainSerializer(_target_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^(\d+\s*[dhms]|never)$", "examples": ["4h", "2d", "never"]}),
]
"""A length of time, or `never` in an override: the target that others have is not for these visits."""

TYPES: Mapping[Any, Any] = {
    timedelta: Duration,
    timedelta | None: Target,
    frozenset[str]: Kinds,
    bool: Annotated[bool, BeforeValidator(_switch)],
    int: Annotated[int, BeforeValidator(_number)],
    Counting: Annotated[Counting, BeforeValidator(_counting)],
}


def _keys() -> dict[str, Any]:
    """Each threshold as a pydantic field. None means that the file does not set it."""
    hints = get_type_hints(Thresholds)
    return {one.name: _key(one, TYPES[hints[one.name]]) for one in settings()}


def _key(setting: Setting[Any], kind: Any) -> Any:
    help_text = setting.metadata["help"]
    if (allowed := limits(setting)) is not None:
        least, most = allowed
        kind = Annotated[kind, AfterValidator(partial(_within, least, most))]
        help_text += f" From {_written(least)} to {_written(most)}."
    shown = {"default": _written(setting.default) or None if kind is Kinds else _written(setting.default)}
    if kind is Kinds:
        shown["kind"] = "alert_kinds"
    if allowed is not None:
        shown |= {"least": _written(least), "most": _written(most)}
    title = setting.metadata["label"]
    return kind | None, Field(default=None, title=title, description=help_text, json_schema_extra=shown)


def _within(least: Any, most: Any, value: Any) -> Any:
    if value == NEVER or least <= value <= most:
        return value
    raise ValueError(f"{_written(value)} is not between {_written(least)} and {_written(most)}")


def _written(value: Any) -> Any:
    """A threshold as the file writes it."""
    if isinstance(value, timedelta):
        return duration_text(value)
    return sorted(value) if isinstance(value, frozenset) else value


class _Values(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    def values(self) -> dict[str, Any]:
        """The thresholds that the file sets; None is a target that it takes back."""
        names = {one.name for one in settings()}
        told = {name: value for name, value in self if name in names and value is not None}
        return {name: None if value == NEVER else value for name, value in told.items()}


class _Override(_Values):
    when: VisitFilter = Field(title="For", description="Which visits get other thresholds; all that is named must fit.")

    def override(self) -> Override:
        return Override(self.when.match(), self.values())


OverrideConfig = create_model("OverrideConfig", __base__=_Override, **_keys())


class _Policy(_Values):
    urgent_priorities: tuple[str, ...] = Field(
        default=tuple(sorted(Policy().urgent_priorities)),
        title="Urgent priorities",
        description="Visits of these priorities are critical as soon as they are late.",
    )
    override: tuple[OverrideConfig, ...] = Field(
        default=(),
        title="Other thresholds for some",
        description="All that fit a visit apply, in their order; the last one wins for each threshold.",
    )

    def policy(self, hours: OfficeHours | None = None) -> Policy:
        return Policy(
            base=Thresholds(**self.values()),
            overrides=tuple(one.override() for one in self.override),
            urgent_priorities=frozenset(word.casefold() for word in self.urgent_priorities),
            hours=hours,
        )


PolicyConfig = create_model("PolicyConfig", __base__=_Policy, **_keys())
