"""Everything about one delivery, with the requests that carry it, every secret taken out."""

from __future__ import annotations

import json
from typing import Any

from dispatchwatch.app import picture
from dispatchwatch.app.parts import Parts
from dispatchwatch.app.settling import Channel
from dispatchwatch.app.view import DeliveryPage, RequestText
from dispatchwatch.dispatch.errors import Failure
from dispatchwatch.dispatch.outgoing import previewed, repeated
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.redact import preview, redact
from dispatchwatch.dispatch.template_language import TemplateProblem
from dispatchwatch.domain.alert import Operation
from dispatchwatch.store.deliveries import Delivery

NO_CHANNEL = "The channel is no longer set up, or lacks something, so its request can’t be shown."


def delivery_page(parts: Parts, number: int) -> DeliveryPage | None:
    """None where there is no such delivery."""
    store = parts.store
    delivery = store.outbox.get(number)
    if delivery is None:
        return None
    requests, problem = _requests(parts.channels.get(delivery.channel), delivery, _receipt(parts, delivery))
    return DeliveryPage(
        line=picture.delivery_line(delivery, dict(parts.channel_names.values())),
        note=delivery.notification.note,
        facts=delivery.notification.facts,
        failures=tuple(store.attempts.of(number)),
        alerts=tuple(store.alerts.many(delivery.alerts)),
        requests=requests,
        problem=problem,
    )


def _receipt(parts: Parts, delivery: Delivery) -> Receipt | None:
    """What the platform calls the thread; a first message goes out before that is known."""
    if delivery.operation is Operation.RAISE:
        return None
    kept = parts.store.outbox.receipt(delivery.thread, delivery.channel)
    return Receipt(reference=kept[0], details=kept[1]) if kept else None


def _requests(
    channel: Channel | None, delivery: Delivery, receipt: Receipt | None
) -> tuple[tuple[RequestText, ...], str]:
    if channel is None:
        return (), NO_CHANNEL
    told, platform, config = delivery.notification, channel.platform, channel.config
    secrets = platform.secrets(config)
    try:
        if channel.templates is not None:
            told = channel.templates.apply(told)
        found = repeated(platform, told, config, receipt) if receipt else previewed(platform, told, config)
    except (Failure, TemplateProblem) as problem:
        return (), redact(str(problem), secrets)
    return tuple(_text(preview(request, secrets)) for request in found), ""


def _text(shown: dict[str, Any]) -> RequestText:
    body = shown["body"]
    laid_out = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, indent=2)
    return RequestText(shown["method"], shown["url"], tuple(shown["headers"].items()), laid_out)
