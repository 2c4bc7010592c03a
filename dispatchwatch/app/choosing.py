"""What a field of a channel can be set to, from the account itself: nobody has to find out and type an id."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from dispatchwatch.app.renewals import Renewals
from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.app.settling import Channel
from dispatchwatch.app.unfinished import UnfinishedError, unfinished
from dispatchwatch.dispatch.conversation import Choice
from dispatchwatch.dispatch.errors import Failure
from dispatchwatch.dispatch.fields import ChannelConfig, secret_fields
from dispatchwatch.dispatch.platform import Platform
from dispatchwatch.dispatch.text import clip, one_line

__all__ = ["Choice", "choices", "offered", "to_choose"]

LONGEST = 60.0
LONGEST_LABEL = 200


def offered(platform: Platform[Any]) -> tuple[str, ...]:
    """The fields that can be chosen from a list, in the order of the form."""
    filled = _filled(platform.config)
    return tuple(name for name in platform.config.model_fields if platform.look_up(name, filled) is not None)


def to_choose(path: Path, name: str, field: str, secrets: SecretSource) -> Channel:
    """The channel as the file has it, without this field and without what else is still to be chosen.

    Raises `UnfinishedError` and `ConfigError`.
    """

    def left(platform: Platform[Any], entry: Mapping[str, Any]) -> set[str]:
        some = offered(platform)
        if field not in some:
            named = f"these can: {', '.join(some)}" if some else f"nothing of {platform.name} can"
            raise UnfinishedError(f"{name}: {field} can’t be chosen from a list; {named}.")
        return {field, *(one for one in some if not entry.get(one))}

    return unfinished(path, name, secrets, left)


async def choices(channel: Channel, field: str, now: datetime, renewals: Renewals) -> tuple[Choice, ...]:
    """Asks the platform. Raises `UnfinishedError`."""
    question = channel.platform.look_up(field, channel.config)
    if question is None:
        before = [one for one in offered(channel.platform) if one != field and not getattr(channel.config, one)]
        raise UnfinishedError(f"{channel.name}: {field} depends on another field; set that first: {', '.join(before)}.")
    sender = renewals.sender(channel)
    try:
        async with asyncio.timeout(LONGEST):
            found = await sender.ask(channel.platform, question, channel.config, now)
    except TimeoutError:
        raise UnfinishedError(f"{channel.platform.name} took too long to answer.") from None
    except Failure as failure:
        raise UnfinishedError(failure.message) from None
    finally:
        await sender.aclose()
    return tuple(Choice(one.value, clip(one_line(one.label), LONGEST_LABEL) or one.value) for one in found)


def _filled(model: type[ChannelConfig]) -> ChannelConfig:
    """A configuration in which nothing is left empty, to find out what there is to choose; it is used for nothing."""
    secret = secret_fields(model)
    values: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        is_open = field.annotation is str and "enum" not in extra
        values[name] = SecretStr("x") if name in secret else "x" if is_open else field.default
    return model.model_construct(**values)
