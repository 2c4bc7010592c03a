"""Setting a channel up: what can be chosen, and signing in."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from dispatchwatch.app.choosing import choices, to_choose
from dispatchwatch.app.config_reader import read_file
from dispatchwatch.app.secrets import SecretError, keep, system_keyring
from dispatchwatch.app.settling import Channel
from dispatchwatch.app.signing_in import Asked, Screen, sign_in, to_sign_in
from dispatchwatch.app.unfinished import UnfinishedError
from dispatchwatch.cli.browsing import open_page
from dispatchwatch.cli.common import (
    ConfigOption,
    DataOption,
    JsonOption,
    Refusal,
    now,
    paths_of,
    print_json,
    print_table,
    renewing,
    say,
    secret_source,
)
from dispatchwatch.cli.sending import Name, channel
from dispatchwatch.dispatch.conversation import Choice


@channel.command("choices")
def channel_choices(
    name: Name,
    field: Annotated[str, typer.Argument(metavar="FIELD", help="The setting, such as id_list.")],
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Lists what a setting can be set to, from the account itself. The setting may be missing as yet."""
    paths = paths_of(config, data)
    try:
        found = asyncio.run(_choices(to_choose(paths.config, name, field, secret_source(paths.config)), field))
    except UnfinishedError as error:
        raise Refusal(str(error)) from None
    if as_json:
        for one in found:
            print_json({"value": one.value, "label": one.label})
    elif found:
        print_table(("VALUE", "LABEL"), ((one.value, one.label) for one in found))
    else:
        typer.echo("The account has nothing to choose from.")


async def _choices(found: Channel, field: str) -> tuple[Choice, ...]:
    async with renewing() as renewals:
        return await choices(found, field, now(), renewals)


@channel.command("sign-in")
def channel_sign_in(
    name: Name, as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None
) -> None:
    """Signs a person in with a browser, and keeps what comes of it in the system keyring."""
    paths = paths_of(config, data)

    def show(asked: Asked) -> None:
        if as_json:
            code = {"code": asked.code} if asked.code else {}
            print_json({"channel": name, "address": asked.address, **code, "seconds": asked.seconds})
        else:
            what = f" and enter {asked.code}" if asked.code else " in a browser on this computer"
            typer.echo(f"Open {asked.address}{what} within {round(asked.seconds / 60)} minutes. Waiting …")

    try:
        found, how = to_sign_in(paths.config, name, secret_source(paths.config))
        keep(
            system_keyring(), name, how.brings, asyncio.run(sign_in(found, how, Screen(show=show, open_page=open_page)))
        )
    except (UnfinishedError, SecretError) as error:
        raise Refusal(str(error)) from None
    text = f"{name} is signed in; its {how.brings} is in the system keyring."
    if as_json:
        print_json({"channel": name, "done": True, "text": text})
    else:
        typer.echo(text)
    entries = read_file(paths.config).get("channel", [])
    written = next((one.get(how.brings) for one in entries if one.get("name") == name), None)
    if not str(written).startswith("keyring:"):
        say(f'Write {how.brings} = "keyring:" into the channel {name}, so that it is used.')
