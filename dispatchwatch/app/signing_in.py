"""A person signs in for a channel, with a code on whatever computer he likes or in a browser on this one; what comes of
it goes to the keyring."""

from __future__ import annotations

import asyncio
import secrets as lots
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dispatchwatch.app.loopback import Loopback
from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.app.settling import Channel
from dispatchwatch.app.unfinished import UnfinishedError, unfinished
from dispatchwatch.dispatch.browser_sign_in import Attempt, BrowserSignIn
from dispatchwatch.dispatch.device_code import MORE_PATIENCE, Answered, Code, DeviceSignIn
from dispatchwatch.dispatch.errors import Failure, Unknown, Unreachable
from dispatchwatch.dispatch.fields import secret_fields
from dispatchwatch.dispatch.platform import Platform
from dispatchwatch.dispatch.sender import Sender

BROUGHT = "refresh_token"
PATIENCE = 600.0
LETTERS = 48
"""Bytes of chance in a state or a verifier: 64 letters, of which RFC 7636 wants 43 to 128."""
SignIn = DeviceSignIn | BrowserSignIn


@dataclass(frozen=True, slots=True)
class Asked:
    """What the person is asked to do: to open the address within so many seconds; and there, where there is one, to
    enter the code. Without one the browser has to be on this computer."""

    address: str
    seconds: float
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What the person has before him. `show` shows what is asked of him; `open_page` opens a page in his browser where
    it can, and returns at once. `rest` waits so many seconds, `chance` gives words that nobody can guess; `patience` is
    how many seconds somebody has to sign in with a browser.
    """

    show: Callable[[Asked], None]
    open_page: Callable[[str], None]
    rest: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], str] = lambda: lots.token_urlsafe(LETTERS)
    patience: float = PATIENCE


def to_sign_in(path: Path, name: str, secrets: SecretSource) -> tuple[Channel, SignIn]:
    """The channel as the file has it, without what the sign-in brings. Raises `UnfinishedError` and `ConfigError`."""

    def left(platform: Platform[Any], _: Mapping[str, Any]) -> set[str]:
        return {BROUGHT} & set(secret_fields(platform.config))

    channel = unfinished(path, name, secrets, left)
    found = channel.platform.sign_in(channel.config)
    if found is None:
        raise UnfinishedError(f"{name}: nobody signs in to {channel.platform.name} as this channel is set up.")
    return channel, found


async def sign_in(channel: Channel, how: SignIn, screen: Screen) -> str:
    """Has the person sign in. Returns what the channel is to keep. Raises `UnfinishedError`."""
    sender = Sender(way=channel.way)
    try:
        if isinstance(how, DeviceSignIn):
            return await _with_a_code(sender, channel, how, screen)
        return await _in_a_browser(sender, channel, how, screen)
    except Failure as failure:
        raise UnfinishedError(failure.message) from None
    finally:
        await sender.aclose()


async def _in_a_browser(sender: Sender, channel: Channel, how: BrowserSignIn, screen: Screen) -> str:
    """Opens the page, and takes the one answer that the browser brings."""
    state, verifier = screen.chance(), screen.chance()
    async with Loopback(state) as loopback:
        attempt = Attempt(loopback.url, state, verifier)
        address = how.page(attempt)
        screen.show(Asked(address, screen.patience))
        screen.open_page(address)
        try:
            async with asyncio.timeout(screen.patience):
                brought = await loopback.answer
        except TimeoutError:
            minutes = round(screen.patience / 60)
            advice = "If the page was closed, or opened on another computer, sign in again"
            raise UnfinishedError(f"Nobody signed in within {minutes} minutes. {advice}.") from None
    return how.secret(await sender.bare(how.name, how.exchange(brought, attempt), channel.config))


async def _with_a_code(sender: Sender, channel: Channel, how: DeviceSignIn, screen: Screen) -> str:
    """Shows the code, and asks until it was entered."""
    code = how.code(await sender.bare(how.name, how.begin(), channel.config))
    screen.show(Asked(code.address, code.life, code.entered))
    waited, pause = 0.0, code.pause
    while waited < code.life:
        told = await _asked(sender, channel, how, code)
        if told.secret:
            return told.secret
        pause += MORE_PATIENCE if told.slower else 0.0
        await screen.rest(pause)
        waited += pause
    raise UnfinishedError("The code was not entered in time. Sign in again.")


async def _asked(sender: Sender, channel: Channel, how: DeviceSignIn, code: Code) -> Answered:
    """Whether the code was entered; trouble over there is no end, but a reason to ask less often."""
    try:
        return how.answered(await sender.bare(how.name, how.poll(code), channel.config))
    except (Unreachable, Unknown):
        return Answered(slower=True)
