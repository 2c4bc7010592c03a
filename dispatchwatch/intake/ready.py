"""Ready profiles: what is known of a vendor's interface, as data (resources/profiles/*.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from dispatchwatch.intake.json_asking import filled
from dispatchwatch.intake.profile import ProfileConfig

CHOICES = frozenset({"auth", "paging"})
"""Tables with a `kind`: another kind replaces the whole table."""


class Ready(BaseModel):
    """One ready profile. `about` is a sentence, `cannot` what its source can't tell, `unconfirmed` what no source of
    the vendor's own confirmed to us. `needs` and `needs_secret` are the values that only the user knows, each with
    what it is; `defaults` are values he may replace. `feed` and `profile` are written as in the configuration."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: str
    cannot: tuple[str, ...]
    unconfirmed: tuple[str, ...]
    needs: Mapping[str, str] = Field(default_factory=dict)
    needs_secret: Mapping[str, str] = Field(default_factory=dict)
    defaults: Mapping[str, str | int] = Field(default_factory=dict)
    feed: Mapping[str, Any]
    profile: Mapping[str, Any] = Field(default_factory=dict)


def shipped() -> Path:
    """The folder that comes with the program: inside an installed package, else beside its source.

    The same rule as `app.paths.resources`, which lies above this layer.
    """
    package = Path(__file__).resolve().parent.parent
    installed = package / "_resources"
    return (installed if installed.is_dir() else package.parent / "resources") / "profiles"


def ready_names(folder: Path | None = None) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in (folder or shipped()).glob("*.toml")))


@lru_cache(maxsize=64)
def ready(name: str, folder: Path | None = None) -> Ready:
    """Raises ValueError, naming those there are, if there is none of this name."""
    known = ready_names(folder)
    if name not in known:
        raise ValueError(f"there is no ready profile “{name}”; there are {', '.join(known)}")
    with ((folder or shipped()) / f"{name}.toml").open("rb") as file:
        return Ready.model_validate(tomllib.load(file))


def with_ready(own: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a feed on top of those of the ready profile it names. Raises ValueError for what is lacking."""
    chosen = ready(str(own["ready"]))
    values = _values(chosen, own)
    return _laid_over(filled(chosen.feed, values), {**own, "values": values})


def profile_for(name: str, values: Mapping[str, Any], own: ProfileConfig) -> ProfileConfig:
    """How to read the source: as the ready profile says, unless the user's own says otherwise."""
    told = filled(ready(name).profile, values)
    return ProfileConfig.model_validate(_laid_over(told, own.model_dump(exclude_unset=True)))


def _values(chosen: Ready, own: Mapping[str, Any]) -> dict[str, Any]:
    told, secrets = own.get("values", {}), own.get("secrets", {})
    if not isinstance(told, Mapping) or not isinstance(secrets, Mapping):
        raise ValueError('write values and secrets as tables, such as values = { name = "…" }')
    for name, meaning in chosen.needs.items():
        if not str(told.get(name, "")).strip():
            raise ValueError(f"values lacks {name}: {meaning}")
    for name, meaning in chosen.needs_secret.items():
        if not secrets.get(name):
            raise ValueError(f"secrets lacks {name}: {meaning}")
    known = {**chosen.needs, **chosen.defaults}
    for name in told:
        if name not in known:
            raise ValueError(f"values has {name}, which this ready profile does not know; it knows {', '.join(known)}")
    return {**chosen.defaults, **told}


def _laid_over(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Tables are merged key by key; everything else is replaced."""
    merged = dict(under)
    for name, value in over.items():
        below = merged.get(name)
        if isinstance(value, Mapping) and isinstance(below, Mapping) and not _other_choice(name, below, value):
            merged[name] = _laid_over(below, value)
        else:
            merged[name] = value
    return merged


def _other_choice(name: str, below: Mapping[str, Any], value: Mapping[str, Any]) -> bool:
    return name in CHOICES and value.get("kind", below.get("kind")) != below.get("kind")
