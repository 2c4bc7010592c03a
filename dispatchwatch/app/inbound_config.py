"""What comes in by itself: `[listener]`, where requests are taken, and `[telegram_check_in]`, whose messages are read.

Without its section nothing listens, and nothing is asked for.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated

from pydantic import AfterValidator

from dispatchwatch.app.filters import Part, said
from dispatchwatch.dispatch.fields import check_origin
from dispatchwatch.intake.secret import Secret
from dispatchwatch.intake.web import is_loopback

BASE_URL = re.compile(r"https?://(?:[\w.-]{1,253}|\[[\da-fA-F:.]+\])(?::\d{1,5})?(?:/[\w./~-]*)?", re.ASCII)
ORIGIN = "https://api.telegram.org"
HOST_NAME = re.compile(r"[\w.-]{1,253}", re.ASCII)


def _host(host: str) -> str:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if not HOST_NAME.fullmatch(host):
            text = f"'{host}' is not an address of this computer; use 127.0.0.1, or the one it has in the office"
            raise ValueError(text) from None
    return host


def _base_url(url: str) -> str:
    if url and not BASE_URL.fullmatch(url):
        raise ValueError(f"'{url}' is not where others reach this computer; write it like http://192.168.1.10:8460")
    return url.rstrip("/")


def _origin(url: str) -> str:
    check_origin(url)
    return url


class ListenerConfig(Part):
    """`host` is the address of this computer to listen at: by default only the programs on it can reach it, 0.0.0.0
    lets everybody in the network. `base_url` is how others reach it, for the links that are given out. With
    `check_in_links` the pages behind them are served."""

    host: Annotated[str, AfterValidator(_host)] = said(
        "Listen at",
        "This computer’s address to listen at: 127.0.0.1 for its own programs alone, 0.0.0.0 for the whole network.",
        "127.0.0.1",
    )
    port: int = said("Port", "The number of the door; 0 takes any that is free.", 8460, ge=0, le=65535)
    base_url: Annotated[str, AfterValidator(_base_url)] = said(
        "Reached at", "How others reach this computer; the links that are given out begin with it.", "", kind="address"
    )
    check_in_links: bool = said("Check-in links", "On: the pages behind check-in links are served.", default=False)

    @property
    def only_this_computer(self) -> bool:
        return is_loopback(self.host)

    def listened_at(self, port: int) -> str:
        """The address on this computer. `port` is the one that is listened at."""
        return f"http://[{self.host}]:{port}" if ":" in self.host else f"http://{self.host}:{port}"

    def reached_at(self, port: int) -> str:
        """The beginning of every address that is given out."""
        return self.base_url or self.listened_at(port)


class TelegramCheckInConfig(Part):
    """`token` is that of the office's bot, as @BotFather gave it. `base_url` replaces Telegram's own address, for a
    proxy or a test server."""

    token: Secret = said("Token", "What @BotFather gave you for the office’s bot.")
    base_url: Annotated[str, AfterValidator(_origin)] = said(
        "Base URL", "Replaces Telegram’s own address, for a proxy or a test server.", ORIGIN, kind="address"
    )
