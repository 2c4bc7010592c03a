"""The request as it leaves: a platform's request, led to the channel's address and signed with our name."""

from __future__ import annotations

from typing import TypeVar

import httpx

from dispatchwatch import __version__
from dispatchwatch.dispatch.fields import ChannelConfig
from dispatchwatch.dispatch.platform import Platform, Receipt
from dispatchwatch.domain.notification import Notification

C = TypeVar("C", bound=ChannelConfig)
USER_AGENT = f"DispatchWatch/{__version__}"


def prepare(
    platform: Platform[C], notification: Notification, config: C, receipt: Receipt | None = None
) -> httpx.Request:
    """Exactly what is sent for this notification; `channel preview` shows the same. Raises Refused as `build` does."""
    return addressed(platform.build(notification, config, receipt), config)


def addressed(request: httpx.Request, config: ChannelConfig) -> httpx.Request:
    """The request with the channel's base_url in place of scheme, host and port, and with our headers.

    Path and query stay as they are, byte for byte: signatures and tokens are in them.
    """
    if config.base_url:
        origin = httpx.URL(config.base_url)
        request.url = request.url.copy_with(scheme=origin.scheme, host=origin.host, port=origin.port)
        request.headers["Host"] = request.url.netloc.decode("ascii")
    request.headers["User-Agent"] = USER_AGENT
    request.headers["Accept"] = "*/*"
    # Answers are a few hundred bytes; unpacked as they are, none can unpack to gigabytes.
    request.headers["Accept-Encoding"] = "identity"
    return request
