"""Finding out what is wrong: the configuration, a feed, the installation."""

from __future__ import annotations

import asyncio
import os
from typing import Annotated

import typer

from dispatchwatch.app.checking import Finding, try_everything
from dispatchwatch.app.config import Config, ConfigError
from dispatchwatch.app.doctor import examine
from dispatchwatch.cli.common import (
    ConfigOption,
    DataOption,
    JsonOption,
    application,
    configured,
    now,
    paths_of,
    print_json,
    renewing,
    say,
)
from dispatchwatch.desktop.toast_check import without_window


@application.command()
def check(
    connect: Annotated[bool, typer.Option("--connect", help="Also read every feed and try every channel.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Reports every problem in the configuration, with its place and what to do."""
    paths = paths_of(config, data)
    try:
        settings = configured(paths)
    except ConfigError as error:
        _show([Finding(one.where, one.text, not one.is_warning) for one in error.problems], as_json=as_json)
        raise typer.Exit(2) from None
    findings = [Finding(one.where, one.text, one.needs_action) for one in settings.warnings]
    if connect:
        findings += asyncio.run(_tried(settings))
    _show(findings, as_json=as_json)
    if not as_json and not findings:
        typer.echo(f"{paths.config}: no problems. {_summary(settings)}")
    if any(one.is_problem for one in findings):
        raise typer.Exit(1)


@application.command()
def doctor(as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None) -> None:
    """One page about this installation."""
    found = examine(paths_of(config, data), now(), dict(os.environ), without_window)
    if as_json:
        print_json(found)
        return
    for name, answer in found.items():
        typer.echo(f"{name.replace('_', ' ') + ':':<15}{_in_a_line(answer)}")


async def _tried(settings: Config) -> list[Finding]:
    async with renewing() as renewals:
        return await try_everything(settings, now(), renewals)


def _in_a_line(answer: object) -> str:
    if isinstance(answer, dict):
        return ", ".join(f"{key} {value}" for key, value in answer.items())
    return ", ".join(map(str, answer)) if isinstance(answer, list) else str(answer)


def _show(findings: list[Finding], *, as_json: bool) -> None:
    for one in findings:
        if as_json:
            print_json({"where": one.where, "text": one.text, "problem": one.is_problem})
        else:
            say(f"{one.where}: {one.text}{'' if one.text.endswith('.') else '.'}")


def _summary(settings: Config) -> str:
    return f"{len(settings.feeds)} feeds, {len(settings.channels)} channels, {len(settings.routes)} routes."
