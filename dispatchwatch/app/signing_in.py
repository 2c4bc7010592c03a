"""A person signs in for a channel with a code, on whatever computer he likes; what comes of it goes to the keyring."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.app.settling import Channel
from dispatchwatch.app.unfinished import UnfinishedError, unfinished
from dispatchwatch.dispatch.device_code import MORE_PATIENCE, Answered, Code, DeviceSignIn
from dispatchwatch.dispatch.errors import Failure, Unknown, Unreachable
from dispatchwatch.dispatch.fields import secret_fields
from dispatchwatch.dispatch.platform import Platform
from dispatchwatch.dispatch.sender import Sender

BROUGHT = "refresh_token"


def to_sign_in(path: Path, name: str, secrets: SecretSource) -> tuple[Channel, DeviceSignIn]:
    """The channel as the file has it, without what the sign-in brings. Raises `UnfinishedError` and `ConfigError`."""

    def left(platform: Platform[Any], _: Mapping[str, Any]) -> set[str]:
        return {BROUGHT} & set(secret_fields(platform.config))

    channel = unfinished(path, name, secrets, left)
    found = channel.platform.sign_in(channel.config)
    if found is None:
        raise UnfinishedError(f"{name}: nobody signs in to {channel.platform.name} with a code as it is set up.")
    return channel, found


async def sign_in(
    channel: Channel,
    how: DeviceSignIn,
    show: Callable[[Code], None],
    rest: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> str:
    """Shows the code, and asks until it was entered. Returns what the channel is to keep. Raises `UnfinishedError`."""
    sender = Sender(way=channel.way)
    try:
        code = how.code(await sender.bare(how.name, how.begin(), channel.config))
        show(code)
        return await _entered(sender, channel, how, code, rest)
    except Failure as failure:
        raise UnfinishedError(failure.message) from None
    finally:
        await sender.aclose()


async def _entered(
    sender: Sender, channel: Channel, how: DeviceSignIn, code: Code, rest: Callable[[float], Awaitable[None]]
) -> str:
    waited, pause = 0.0, code.pause
    while waited < code.life:
        try:
            told = how.answered(await sender.bare(how.name, how.poll(code), channel.config))
        except (Unreachable, Unknown):
            told = Answered(slower=True)
        if told.secret:
            return told.secret
        pause += MORE_PATIENCE if told.slower else 0.0
        await rest(pause)
        waited += pause
    raise UnfinishedError("The code was not entered in time. Sign in again.")
