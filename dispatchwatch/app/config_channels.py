"""Channels as the file names them: their platform's configuration, their hours and their own words.

A secret that can't be had costs its own channel and nothing else: it is owed its messages all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from dispatchwatch.app.config import ChannelEntry
from dispatchwatch.app.config_entries import PLAIN, as_sentence
from dispatchwatch.app.config_hours import read_hours
from dispatchwatch.app.config_parts import PartReader
from dispatchwatch.app.key_path import KeyPath
from dispatchwatch.app.sample import sample_alert
from dispatchwatch.app.secrets import SecretError, SecretSource, in_keyring, is_reference
from dispatchwatch.dispatch.catalog import PLATFORMS
from dispatchwatch.dispatch.fields import ConfigError as ChannelConfigError
from dispatchwatch.dispatch.fields import load, secret_fields
from dispatchwatch.dispatch.platform import Platform
from dispatchwatch.dispatch.template_language import TemplateProblem
from dispatchwatch.dispatch.templates import Templates, compiled
from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import AlertKind, Operation, Severity
from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.quiet import Quiet

SAMPLE_NOW = datetime(2026, 11, 10, 16, 10, tzinfo=UTC)


def read_channel(
    parts: PartReader, secrets: SecretSource, office: OfficeHours, where: KeyPath, raw: Mapping[str, Any]
) -> ChannelEntry | None:
    """A channel of the file; None where its platform is not known."""
    known = {platform.key: platform for platform in PLATFORMS}
    platform = known.get(str(raw.get("platform")))
    if platform is None:
        said = raw.get("platform")
        parts.wrong(where / "platform", f"“{said}” is not a platform; the platforms are {', '.join(known)}")
        return None
    values, lacking = dict(raw), dict[str, str]()
    for name in secret_fields(platform.config):
        if isinstance(values.get(name), str) and (problem := _resolve(parts, secrets, where, name, values)):
            lacking[name] = problem
    try:
        config = load(platform.config, values)
    except ChannelConfigError as error:
        for key, sentence in error.problems.items():
            if key not in lacking:
                parts.wrong(where / key, sentence)
        config = None
    lacks = next(iter(lacking.values()), "")
    name = str(raw.get("name", ""))
    quiet = _outside_its_hours(parts, where / "hours", name, raw.get("hours", "always"), office)
    templates = _templates(parts, where / "templates", name, raw.get("templates", {}), office.zone.key)
    usable, kept = None if lacking else config, in_keyring(secret_fields(platform.config), raw)
    if usable is not None and usable.listen and not platform.hears(usable):
        parts.wrong(where / "listen", _deaf(platform), is_warning=True, needs_action=True)
    named = config.name if config else name
    return ChannelEntry(named, platform.key, usable, lacks, quiet, templates, kept)


def _deaf(platform: Platform[Any]) -> str:
    """Why a channel can't listen."""
    if type(platform).listen is Platform.listen:
        return f"{platform.name} can’t be asked what people do there; leave listen out"
    return (
        f"{platform.name} can’t be asked as this channel is set up; “dispatchwatch platforms {platform.key}” has the "
        "settings that takes, until then nothing is heard from it"
    )


def _outside_its_hours(parts: PartReader, where: KeyPath, name: str, told: object, office: OfficeHours) -> Quiet | None:
    """When this channel is told nothing but what is critical; None where that is never.

    Outside of its hours messages wait as in quiet hours: first ones, updates and reminders until the hours begin. That
    somebody is on it, or that it is over, goes at any time to those who heard of it, and so does all that is critical.
    A route that writes `hours` itself decides for what it tells, for it speaks of these alerts and the channel of all.
    The office's holidays count for "office" and "outside"; hours of the channel's own are what they say.
    """
    if told == "outside" and not office.hours:
        parts.wrong(where, "the office has no hours, so the channel would never be told; write [office] hours")
    hours, is_open = office, told == "outside"
    if isinstance(told, Mapping):
        spans, wrong = read_hours({str(days): str(span) for days, span in told.items()})
        for days, text in wrong.items():
            parts.wrong(where / days, text)
        hours = OfficeHours(office.zone, spans)
    elif told not in ("office", "outside"):
        return None
    if not hours.hours:
        return None
    return Quiet(
        reason=f"outside the hours of {name}",
        channels=frozenset({name}),
        hours=hours,
        while_open=is_open,
        unless=Severity.CRITICAL,
        yields_to_routes=True,
    )


def _templates(parts: PartReader, where: KeyPath, name: str, told: object, zone: str) -> Templates | None:
    """The channel's own words, each tried on a made-up alert of every kind."""
    if not isinstance(told, Mapping) or not told:
        return None  # what is no table is told of as such
    wrong: list[str] = []

    def note(key: str, text: str) -> None:
        wrong.append(key)
        parts.wrong(where.below(key), text)

    found = compiled(told, name, zone, note)
    if not wrong:
        for operation in sorted(found.operations):
            _try_out(parts, where, found, operation)
    return found


def _try_out(parts: PartReader, where: KeyPath, templates: Templates, operation: Operation) -> None:
    """Says of each part what goes wrong with it, once, and of which kinds of alert."""
    failed: dict[tuple[str, str], list[str]] = {}
    for kind in AlertKind:
        told = wording.notification(sample_alert(kind, SAMPLE_NOW), operation, SAMPLE_NOW)
        try:
            templates.apply(told)
        except TemplateProblem as problem:
            failed.setdefault((problem.part, str(problem)), []).append(kind.value)
    for (part, text), kinds in failed.items():
        of = "every kind of alert" if len(kinds) == len(AlertKind) else ", ".join(kinds)
        sentence = f"{text} for {of}; the built-in words would go out instead"
        parts.wrong(where / operation.value / part, sentence, is_warning=len(kinds) < len(AlertKind))


def _resolve(parts: PartReader, secrets: SecretSource, where: KeyPath, name: str, values: dict[str, Any]) -> str:
    """Puts the secret in place of its reference; returns why it can't be had, or nothing."""
    text = values[name]
    if not is_reference(text):
        if name != "proxy" or "@" in text:
            parts.wrong(where / name, PLAIN, is_warning=True)
        return ""
    try:
        values[name] = secrets.resolve(text, str(values.get("name", "")), name)
    except SecretError as problem:
        advice = f"{problem}; until then nothing is sent to it"
        parts.wrong(where / name, advice, is_warning=True, needs_action=True)
        return as_sentence(str(problem))
    return ""
