"""The platforms we know."""

from __future__ import annotations

from typing import Any

from dispatchwatch.dispatch.platform import Platform
from dispatchwatch.dispatch.platforms.pagerduty import PagerDuty
from dispatchwatch.dispatch.platforms.slack import Slack

PLATFORMS: tuple[Platform[Any], ...] = (Slack(), PagerDuty())


class UnknownPlatformError(LookupError):
    """There is no platform with this key. The message names those there are."""


def platform(key: str) -> Platform[Any]:
    for known in PLATFORMS:
        if known.key == key:
            return known
    raise UnknownPlatformError(
        f"There is no platform “{key}”. Known are: {', '.join(sorted(p.key for p in PLATFORMS))}."
    )
