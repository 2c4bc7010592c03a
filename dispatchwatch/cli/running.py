"""The commands that keep running: the desk, the demo, the watch without a window."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from dispatchwatch.app import wire
from dispatchwatch.app.clock import SystemClock
from dispatchwatch.app.compose import Setting
from dispatchwatch.app.config import Config
from dispatchwatch.app.demo import Receiver, SampleDay, read_sample_day, write_config
from dispatchwatch.app.events import Happening
from dispatchwatch.app.headless import run_headless
from dispatchwatch.app.paths import Paths, resources
from dispatchwatch.cli.common import (
    ConfigOption,
    DataOption,
    JsonOption,
    application,
    configured,
    paths_of,
    print_json,
    say,
    secret_source,
    user,
)

Screenshots = Annotated[
    Path | None, typer.Option("--screenshots", metavar="DIR", help="Save a picture of every page, then quit.")
]


@application.callback(invoke_without_command=True)
def start(context: typer.Context, config: ConfigOption = None, data: DataOption = None) -> None:
    """DispatchWatch. Without a command: opens the desk."""
    if context.invoked_subcommand is None:
        open_desk_window(screenshots=None, config=config, data=data)


@application.command("open")
def open_desk_window(screenshots: Screenshots = None, config: ConfigOption = None, data: DataOption = None) -> None:
    """Opens the desk window."""
    paths = paths_of(config, data)
    _open_window(paths, lambda: _configured_or_empty(paths), screenshots)


@application.command()
def watch(as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None) -> None:
    """Watches and tells without a window, until it is stopped."""
    paths = paths_of(config, data)
    settings = configured(paths)
    for warning in settings.warnings:
        say(f"{warning.where}: {warning.text}.")
    setting = Setting(
        config=settings, database=paths.database, clock=SystemClock(), secrets=secret_source(paths.config)
    )
    run_headless(setting, paths.lock, _json_line if as_json else lambda event: _text_line(event, settings))


@application.command()
def demo(
    headless: Annotated[bool, typer.Option("--headless", help="Without a window; prints what happens.")] = False,
    seconds: Annotated[float, typer.Option(metavar="N", help="How long it runs without a window.")] = 60,
    screenshots: Screenshots = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Shows the program at work on a sample day; nothing leaves this computer."""
    del config, data
    with _sample_office() as (paths, settings):
        if not headless:
            _open_window(paths, lambda: settings, screenshots)
            return
        setting = Setting(config=settings, database=paths.database, clock=SystemClock())
        tell = _json_line if as_json else lambda event: _text_line(event, settings)
        run_headless(setting, paths.lock, tell, seconds)


@contextmanager
def _sample_office() -> Iterator[tuple[Paths, Config]]:
    """An office in a folder of its own, with its software and its receiver running."""
    with tempfile.TemporaryDirectory(prefix="dispatchwatch-demo-", ignore_cleanup_errors=True) as name:
        folder, receiver = Path(name), Receiver()
        receiver.start()
        day = SampleDay(folder, read_sample_day(resources() / "sample-day.json"), SystemClock())
        day.start()
        try:
            paths = Paths(config=write_config(folder, receiver.origin), data=folder / "data")
            yield paths, configured(paths)
        finally:
            day.stop()
            receiver.stop()


def _configured_or_empty(paths: Paths) -> Config:
    """The configuration; where there is no file yet, an office without a schedule, whose board says what to do."""
    return configured(paths) if paths.config.exists() else Config.empty(paths.config)


def _open_window(paths: Paths, read: Callable[[], Config], screenshots: Path | None) -> None:
    """Imported here, so that no other command needs Qt."""
    from dispatchwatch.cli.window import open_window

    status = open_window(paths, read, resources(), user(), screenshots)
    if status:
        raise typer.Exit(status)


def _json_line(event: Happening) -> None:
    print_json({"at": wire.instant(event.at), "event": event.event, **event.fields})


def _text_line(event: Happening, settings: Config) -> None:
    local = event.at.astimezone(settings.office.zone)
    typer.echo(f"{local:%H:%M:%S}  {event.text}")
