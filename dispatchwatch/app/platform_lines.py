"""The platforms as one chooses among them: what each is called, and what it can."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from dispatchwatch.app.channel_drafts import signs_in
from dispatchwatch.dispatch.catalog import PLATFORMS
from dispatchwatch.dispatch.fields import ChannelConfig
from dispatchwatch.dispatch.platform import Platform
from dispatchwatch.domain.alert import Operation

COMMON = frozenset(ChannelConfig.model_fields)
"""The keys that every channel has, whatever its platform."""


@dataclass(frozen=True, slots=True)
class PlatformLine:
    """`operations` are what it can be told. `listens`: it can be asked what people do there. `signs_in`: a person may
    sign in to it."""

    key: str
    name: str
    operations: frozenset[Operation]
    listens: bool
    signs_in: bool


@lru_cache(maxsize=1)
def platform_lines() -> tuple[PlatformLine, ...]:
    """All there are, by name."""
    lines = (
        PlatformLine(one.key, one.name, one.operations, type(one).listen is not Platform.listen, signs_in(one))
        for one in PLATFORMS
    )
    return tuple(sorted(lines, key=lambda one: one.name.casefold()))


def platform_line(key: str) -> PlatformLine:
    """The platform of this key, which there is."""
    return next(one for one in platform_lines() if one.key == key)
