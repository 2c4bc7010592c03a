"""Trying a channel without telling anybody anything, in the pretended services themselves."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from dispatchwatch.dispatch.errors import Refused
from dispatchwatch.dispatch.sender import Sender
from tests.fakes.clock import ManualClock
from tests.fakes.office import at
from tests.fakes.pretend import World
from tests.fakes.pretend.channels import FULL, channel

NOW = at("09:40")


def checked(key: str, **more: str) -> World:
    """The world in which this channel was tried, configured differently in part. Raises a Failure."""
    world, one = World(ManualClock(NOW).now), channel(key)

    async def ask() -> None:
        async with aclosing(Sender(world.transport(key))) as sender:
            await sender.check(one.platform, one.config.model_copy(update=more), NOW)

    asyncio.run(ask())
    return world


@pytest.mark.parametrize("key", FULL)
def test_what_is_configured_rightly_passes_and_nobody_is_told(key: str) -> None:
    service = checked(key)[key]
    assert service.strays == []
    assert service.tellings() == []


def test_a_board_that_monday_does_not_show_is_named_as_what_is_wrong() -> None:
    with pytest.raises(Refused, match="no such board to the token’s owner"):
        checked("monday", board_id="999")
