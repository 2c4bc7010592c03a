"""`[policy]` and its overrides: keys, types and help are drawn from `domain.thresholds`, their one home."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, get_type_hints

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model

from dispatchwatch.app.filters import VisitFilter
from dispatchwatch.domain.alert import AlertKind
from dispatchwatch.domain.policy import Override, Policy
from dispatchwatch.domain.thresholds import Counting, Thresholds, settings
from dispatchwatch.intake.fields import Duration


def _kinds(words: frozenset[str]) -> frozenset[str]:
    known = {kind.value for kind in AlertKind}
    if unknown := sorted(words - known):
        raise ValueError(f"“{unknown[0]}” is not a kind of alert; the kinds are {', '.join(sorted(known))}")
    return words


Kinds = Annotated[frozenset[str], AfterValidator(_kinds)]
TYPES: Mapping[Any, Any] = {
    timedelta: Duration,
    timedelta | None: Duration,
    frozenset[str]: Kinds,
    bool: bool,
    int: Annotated[int, Field(ge=0)],
    Counting: Counting,
}


def _keys() -> dict[str, Any]:
    """Each threshold as a pydantic field. None means that the file does not set it."""
    hints = get_type_hints(Thresholds)
    return {
        one.name: (TYPES[hints[one.name]] | None, Field(default=None, description=one.metadata["help"]))
        for one in settings()
    }


class _Values(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    def values(self) -> dict[str, Any]:
        """The thresholds that the file sets."""
        names = {one.name for one in settings()}
        return {name: value for name, value in self if name in names and value is not None}


class _Override(_Values):
    when: VisitFilter

    def override(self) -> Override:
        return Override(self.when.match(), self.values())


OverrideConfig = create_model("OverrideConfig", __base__=_Override, **_keys())


class _Policy(_Values):
    urgent_priorities: tuple[str, ...] = tuple(sorted(Policy().urgent_priorities))
    override: tuple[OverrideConfig, ...] = ()

    def policy(self) -> Policy:
        return Policy(
            base=Thresholds(**self.values()),
            overrides=tuple(one.override() for one in self.override),
            urgent_priorities=frozenset(word.casefold() for word in self.urgent_priorities),
        )


PolicyConfig = create_model("PolicyConfig", __base__=_Policy, **_keys())
