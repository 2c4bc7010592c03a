"""The request as it leaves: a platform's request, led to the channel's address and signed with our name."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import httpx

from dispatchwatch import __version__
from dispatchwatch.dispatch.conversation import rehearsed
from dispatchwatch.dispatch.fields import ChannelConfig
from dispatchwatch.dispatch.platform import Platform
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification

C = TypeVar("C", bound=ChannelConfig)
USER_AGENT = f"DispatchWatch/{__version__}"


def previewed(platform: Platform[C], notification: Notification, config: C) -> list[httpx.Request]:
    """Every request that would go out for this notification if all went well, and the alert had been raised before.

    Raises Refused as `tell` does.
    """
    receipt = None
    if notification.operation is not Operation.RAISE:
        raised = replace(notification, operation=Operation.RAISE)
        _, receipt = rehearsed(platform.tell(raised, config, None), platform.pretended)
    told, _ = rehearsed(platform.tell(notification, config, receipt), platform.pretended)
    return [addressed(request, config) for request in told]


def repeated(
    platform: Platform[C], notification: Notification, config: C, receipt: Receipt | None
) -> list[httpx.Request]:
    """Every request that goes out for this notification if all goes well, with what the platform calls the alert.

    Raises Refused as `tell` does.
    """
    told, _ = rehearsed(platform.tell(notification, config, receipt), platform.pretended)
    return [addressed(request, config) for request in told]


def addressed(request: httpx.Request, config: ChannelConfig) -> httpx.Request:
    """The request with the channel's base_url in place of scheme, host and port, and with our headers.

    Path and query stay as they are, byte for byte: signatures and tokens are in them.
    """
    if config.base_url:
        origin = httpx.URL(config.base_url)
        request.url = request.url.copy_with(scheme=origin.scheme, host=origin.host, port=origin.port)
        request.headers["Host"] = request.url.netloc.decode("ascii")
    request.headers["User-Agent"] = USER_AGENT
    request.headers.setdefault("Accept", "*/*")
    # Answers are a few hundred bytes; unpacked as they are, none can unpack to gigabytes.
    request.headers["Accept-Encoding"] = "identity"
    return request
