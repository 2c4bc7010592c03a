"""Deliveries, channels and platforms on the command line."""

from __future__ import annotations

import asyncio
import json
from typing import Annotated

import typer

from dispatchwatch.app import wire
from dispatchwatch.app.channels import PreviewError, describe_platform, preview_channel
from dispatchwatch.app.compose import open_channels, open_tester
from dispatchwatch.app.config import Config
from dispatchwatch.app.deeds import Result
from dispatchwatch.cli.common import (
    ByOption,
    ConfigOption,
    DataOption,
    JsonOption,
    Refusal,
    actor,
    answer,
    application,
    configured,
    desk,
    now,
    opened,
    paths_of,
    print_json,
    print_table,
    renewing,
)
from dispatchwatch.dispatch.catalog import PLATFORMS, platform
from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import AlertKind, Operation
from dispatchwatch.store.deliveries import Delivery, DeliveryState
from dispatchwatch.store.lanes import Lane
from dispatchwatch.store.store import Store

channel = typer.Typer(help="Tries channels out.", no_args_is_help=True, rich_markup_mode=None)
application.add_typer(channel, name="channel")
Name = Annotated[str, typer.Argument(metavar="NAME", help="The channel, as the configuration names it.")]


@application.command()
def deliveries(
    failed: Annotated[bool, typer.Option("--failed", help="Only those given up; they can be re-sent.")] = False,
    waiting: Annotated[bool, typer.Option("--waiting", help="Only those still owed.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Lists what was and what is still to be sent, oldest first."""
    states = [DeliveryState.FAILED] if failed else []
    if waiting:
        states += [DeliveryState.WAITING, DeliveryState.SENDING]
    with opened(paths_of(config, data)) as (settings, store):
        found = store.outbox.listed(states, limit=100_000)
        lanes = store.lanes.all()
        zone = settings.office.zone.key
    if as_json:
        for one in found:
            lane = lanes.get(one.channel)
            limited = lane.limited_until if lane and _waits(one, lane) else None
            more = {"paused": (lane.paused if lane else "") or None, "limited_until": wire.instant(limited)}
            print_json({**wire.delivery_json(one), **more})
        return
    if not found:
        typer.echo("No deliveries.")
        return
    rows = (
        (
            one.id,
            one.state.value,
            one.channel,
            one.operation.value,
            one.attempts,
            wording.clock(one.settled_at or one.next_attempt_at, zone),
            _how(one, lanes.get(one.channel), zone),
        )
        for one in found
    )
    print_table(("ID", "STATE", "CHANNEL", "OPERATION", "TRIES", "WHEN", "WHAT"), rows)
    for lane in lanes.values():
        if lane.paused:
            typer.echo(f"{lane.channel} is paused: {lane.paused}")


def _how(one: Delivery, lane: Lane | None, zone: str) -> str:
    """What a message says, what went wrong with it, and what its channel waits for."""
    text = (
        (f"{_about(one)} – {one.error}" if one.state is DeliveryState.SENT else one.error) if one.error else _about(one)
    )
    if lane is None or lane.limited_until is None or not _waits(one, lane):
        return text
    return f"{text} ({wording.limited(platform(one.platform).name, lane.limited_until, zone)})"


def _waits(one: Delivery, lane: Lane) -> bool:
    """Whether a message waits for nothing but the limit of its platform."""
    until = lane.limited_until
    return one.state is DeliveryState.WAITING and until is not None and one.next_attempt_at <= until


def _about(one: Delivery) -> str:
    """What a message says, and why it waits where it is held back."""
    is_held = one.held and one.state is DeliveryState.WAITING
    return f"{one.notification.headline} ({one.held})" if is_held else one.notification.headline


@application.command()
def resend(
    ids: Annotated[list[int], typer.Argument(metavar="ID...", help="The numbers of failed deliveries.")],
    by: ByOption = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Sends failed deliveries again."""
    paths = paths_of(config, data)
    with desk(paths) as (open_desk, _):
        results = open_desk.resend(ids, actor(by), now())
    answer(results, paths, as_json=as_json)


@application.command()
def platforms(
    key: Annotated[str, typer.Argument(metavar="KEY", help="One platform; all, if left out.")] = "",
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Lists the platforms, what they can be told, and their configuration fields."""
    del config, data
    found = [one for one in PLATFORMS if not key or one.key == key]
    if not found:
        raise Refusal(f"“{key}” is not a platform; the platforms are {', '.join(one.key for one in PLATFORMS)}.", 2)
    for one in found:
        described = describe_platform(one)
        if as_json:
            print_json(described)
            continue
        typer.echo(f"{one.key}: {one.name} ({', '.join(described['operations'])})")
        if key:
            for field in described["fields"]:
                flags = ", ".join(word for word in ("required", "secret") if field[word])
                typer.echo(f"  {field['key']}{f' ({flags})' if flags else ''}: {field['label']}. {field['help']}")


@channel.command("test")
def channel_test(name: Name, as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None) -> None:
    """Sends one real message that is clearly marked as a test."""
    with opened(paths_of(config, data)) as (settings, store):
        result = asyncio.run(_tested(settings, store, name))
    if as_json:
        print_json({"channel": name, "done": result.done, "text": result.text})
    elif result.done:
        typer.echo(result.text)
    if not result.done:
        raise Refusal(result.text)


async def _tested(settings: Config, store: Store, name: str) -> Result:
    async with renewing() as renewals:
        return await open_tester(settings, store, renewals).test(name, actor(""), now)


@channel.command("preview")
def channel_preview(
    name: Name,
    kind: Annotated[AlertKind, typer.Option(help="The kind of alert.")] = AlertKind.LATE_CHECK_IN,
    operation: Annotated[Operation, typer.Option(help="What the channel would be told.")] = Operation.RAISE,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Prints the requests that would go out, with *** in the place of secrets."""
    settings = configured(paths_of(config, data))
    try:
        shown = preview_channel(open_channels(settings).get(name), name, kind, operation, now())
    except PreviewError as error:
        raise Refusal(str(error)) from None
    for request in shown:
        if as_json:
            print_json(request)
            continue
        typer.echo(f"{request['method']} {request['url']}")
        for header, value in request["headers"].items():
            typer.echo(f"{header}: {value}")
        typer.echo("")
        typer.echo(json.dumps(request["body"], ensure_ascii=False, indent=2))
