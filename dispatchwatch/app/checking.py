"""Trying every feed and every channel, without telling anybody anything."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from dispatchwatch.app.compose import open_channels
from dispatchwatch.app.config import Config
from dispatchwatch.app.delivery import Channel
from dispatchwatch.app.previewing import PreviewFailure, preview_feed
from dispatchwatch.dispatch.errors import Failure
from dispatchwatch.dispatch.sender import Sender


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found at one place. `is_problem`: somebody has to act on it."""

    where: str
    text: str
    is_problem: bool


async def try_everything(config: Config, now: datetime) -> list[Finding]:
    """Reads each feed and tries each channel's harmless credentials call."""
    feeds = [asyncio.to_thread(_try_feed, config, feed.name, now) for feed in config.feeds]
    channels = [_try_channel(channel, now) for channel in open_channels(config).values()]
    return list(await asyncio.gather(*feeds, *channels))


def _try_feed(config: Config, name: str, now: datetime) -> Finding:
    try:
        snapshot, visits = preview_feed(config, name, now)
    except PreviewFailure as error:
        return Finding(f"feed “{name}”", str(error), is_problem=True)
    text = f"{len(visits)} {'visit' if len(visits) == 1 else 'visits'} read"
    if snapshot.problems:
        first, count = snapshot.problems[0], len(snapshot.problems)
        problems = "1 problem" if count == 1 else f"{count} problems, the first"
        text += f"; {problems} in {first.file}, line {first.line}: {first.problem}"
    return Finding(f"feed “{name}”", text, is_problem=False)


async def _try_channel(channel: Channel, now: datetime) -> Finding:
    where, sender = f"channel “{channel.name}”", Sender(way=channel.way)
    try:
        tried = await sender.check(channel.platform, channel.config, now)
    except Failure as failure:
        return Finding(where, failure.message, is_problem=True)
    finally:
        await sender.aclose()
    name = channel.platform.name
    text = f"{name} accepts its credentials" if tried else f"{name} has no harmless way to try it; send a test message"
    return Finding(where, text, is_problem=False)
