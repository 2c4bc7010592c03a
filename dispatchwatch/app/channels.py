"""What can be said of platforms and channels without sending anything."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dispatchwatch.app.delivery import Channel
from dispatchwatch.app.sample import sample_alert
from dispatchwatch.app.settings.fields import channel_fields
from dispatchwatch.app.settings.kinds import Kind
from dispatchwatch.dispatch.errors import Failure
from dispatchwatch.dispatch.outgoing import previewed
from dispatchwatch.dispatch.platform import Platform
from dispatchwatch.dispatch.redact import preview
from dispatchwatch.dispatch.template_language import TemplateProblem
from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import AlertKind, Operation


class PreviewError(Exception):
    """Nothing can be shown; the message says why."""


def describe_platform(platform: Platform[Any]) -> dict[str, Any]:
    """A platform's operations and configuration, with its JSON Schema."""
    return {
        "key": platform.key,
        "name": platform.name,
        "operations": [one.value for one in Operation if one in platform.operations],
        "repeat": platform.repeat.value,
        "listens": type(platform).listen is not Platform.listen,
        "fields": [
            {
                "key": one.key,
                "label": one.label,
                "help": one.help,
                "required": one.required,
                "secret": one.kind is Kind.SECRET,
                "look_up": one.look_up,
            }
            for one in channel_fields(platform)
        ],
        "schema": platform.config.model_json_schema(),
    }


def preview_channel(
    channel: Channel | None, name: str, kind: AlertKind, operation: Operation, now: datetime
) -> list[dict[str, Any]]:
    """The requests that would go out for a made-up alert, one after the other: method, url, headers, body.

    Raises `PreviewError`.
    """
    if channel is None:
        raise PreviewError(f"There is no channel “{name}” that could be used.")
    if operation not in channel.platform.operations:
        raise PreviewError(f"{channel.platform.name} can’t be told to {operation.value}.")
    alert = sample_alert(kind, now)
    notification = wording.notification(alert, operation, now)
    try:
        notification = channel.templates.apply(notification) if channel.templates else notification
        requests = previewed(channel.platform, notification, channel.config)
    except Failure as failure:
        raise PreviewError(failure.message) from None
    except TemplateProblem as problem:
        raise PreviewError(
            f"The template for {operation.value}.{problem.part} can’t be used here: {problem}."
        ) from None
    secrets = channel.platform.secrets(channel.config)
    return [preview(request, secrets) for request in requests]
