"""Trying every feed and every channel, without telling anybody anything."""

from __future__ import annotations

import asyncio
from datetime import datetime

from dispatchwatch.app.compose import open_channels
from dispatchwatch.app.config import Config
from dispatchwatch.app.connection import Finding, try_channel
from dispatchwatch.app.previewing import PreviewFailure, preview_feed
from dispatchwatch.app.renewals import Renewals

__all__ = ["Finding", "try_channel", "try_everything"]


async def try_everything(config: Config, now: datetime, renewals: Renewals) -> list[Finding]:
    """Reads each feed and tries each channel's harmless credentials call."""
    feeds = [asyncio.to_thread(_try_feed, config, feed.name, now) for feed in config.feeds]
    channels = [try_channel(channel, now, renewals) for channel in open_channels(config).values()]
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
