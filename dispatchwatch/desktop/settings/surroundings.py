"""What the forms of the settings can lean on: the names that the file and the board have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dispatchwatch.app.settings.kinds import Kind
from dispatchwatch.desktop.desk_room import DeskRoom
from dispatchwatch.desktop.forms.editor import Surroundings
from dispatchwatch.desktop.settings.state import State


def surroundings_of(room: DeskRoom, state: State) -> Surroundings:
    visits = [row.visit for row in room.picture.rows.values()]
    people = (name.strip() for visit in visits for name in visit.technician.split(";"))
    names: Mapping[str, Iterable[str]] = {
        Kind.CHANNELS.value: named(state.values, "channel"),
        Kind.FEED.value: named(state.values, "feed"),
        Kind.PROFILE.value: tuple(state.values.get("profile", {})),
        "technician": [*named(state.values, "technician"), *people],
        "customer": (visit.customer.name for visit in visits),
        "site": (visit.site.name for visit in visits),
        "contract": (visit.contract for visit in visits),
        "priority": (visit.priority for visit in visits),
        "kind": (visit.kind for visit in visits),
        "skills": _skills(state.values),
    }
    told = {key: tuple(sorted({one for one in some if one})) for key, some in names.items()}
    in_order = {key: tuple(names[key]) for key in (Kind.CHANNELS.value, Kind.FEED.value, Kind.PROFILE.value)}
    return Surroundings(names={**told, **in_order}, base=room.files.config.parent, can_keep=state.can_keep)


def entries(values: Mapping[str, Any], section: str) -> list[Mapping[str, Any]]:
    """The tables of a list; what is no table is an empty one, so that places stay what they are."""
    found = values.get(section)
    return [one if isinstance(one, Mapping) else {} for one in found] if isinstance(found, list) else []


def named(values: Mapping[str, Any], section: str) -> list[str]:
    return [str(one["name"]) for one in entries(values, section) if one.get("name")]


def _skills(values: Mapping[str, Any]) -> list[str]:
    return [str(skill) for one in entries(values, "technician") for skill in one.get("skills", ())]
