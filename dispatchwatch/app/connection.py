"""Whether a platform takes a channel’s credentials, found out without telling anybody anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dispatchwatch.app.renewals import Renewals
from dispatchwatch.app.settling import Channel
from dispatchwatch.dispatch.errors import Failure


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found at one place. `is_problem`: somebody has to act on it."""

    where: str
    text: str
    is_problem: bool


async def try_channel(channel: Channel, now: datetime, renewals: Renewals) -> Finding:
    """Tries its harmless credentials call."""
    where, sender = f"channel “{channel.name}”", renewals.sender(channel)
    try:
        tried = await sender.check(channel.platform, channel.config, now)
    except Failure as failure:
        return Finding(where, failure.message, is_problem=True)
    finally:
        await sender.aclose()
    name = channel.platform.name
    text = f"{name} accepts its credentials" if tried else f"{name} has no harmless way to try it; send a test message"
    return Finding(where, text, is_problem=False)
