"""Names of values within values, such as `schedule.start` or `crew[*].name`: what a part of them says."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from dispatchwatch.intake.columns import folded
from dispatchwatch.intake.synonyms import FIELDS, LOOSE, SURE, TIME_FIELDS

EACH = "[*]"
NAMES = frozenset({"name", "displayname", "fullname", "label", "value"})
"""What only says how its owner is called: `technician.name` is the technician."""

ALONE = frozenset({
    *TIME_FIELDS, "duration", "cancelled_by", "cancel_reason", "technician", "technician_id", "customer", "site",
    "address", "site_timezone", "latitude", "longitude",
}) - {"booked_at", "modified_at", "status_at"}  # fmt: skip
"""Fields that the last part of a name can stand for. An `id`, a `status` or a `created_at` may be anybody's."""


class Parts(NamedTuple):
    """Fields whose only fitting name is known, and those that several names fit."""

    found: Mapping[str, str]
    rivals: Mapping[str, tuple[str, ...]]


def by_part(header: Sequence[str], lacking: Collection[str]) -> Parts:
    """What the dotted names of a header may stand for, for the fields that are still lacking."""
    dotted = [name.strip() for name in header if "." in name.strip(".")]
    fitting = {name: tuple(one for one in dotted if _fits(one, name)) for name in FIELDS if name in lacking}
    found = {name: names[0] for name, names in fitting.items() if len(names) == 1}
    taken = set(found.values())
    rivals = {
        name: left
        for name, names in fitting.items()
        if len(names) > 1 and (left := tuple(one for one in names if one not in taken))
    }
    single = {name: names[0] for name, names in rivals.items() if len(names) == 1}
    return Parts({**found, **single}, {name: names for name, names in rivals.items() if name not in single})


def _fits(dotted: str, name: str) -> bool:
    parts = [folded(part) for part in dotted.replace(EACH, "").split(".")]
    known = {*SURE[name], *LOOSE.get(name, ())}
    owner, last = parts[-2], parts[-1]
    if owner + last in known or (last in NAMES and owner in known):
        return True
    return name in ALONE and last in known
