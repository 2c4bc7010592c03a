"""A channel of the file that can't be used yet, since something is still to be chosen or signed in for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr, create_model

from dispatchwatch.app.config import ConfigError
from dispatchwatch.app.config_entries import as_sentence, read_network
from dispatchwatch.app.config_parts import PartReader
from dispatchwatch.app.config_reader import read_file
from dispatchwatch.app.secrets import SecretError, SecretSource, in_keyring
from dispatchwatch.app.settling import Channel
from dispatchwatch.dispatch.catalog import PLATFORMS
from dispatchwatch.dispatch.fields import ChannelConfig, load, secret_fields
from dispatchwatch.dispatch.fields import ConfigError as ChannelConfigError
from dispatchwatch.dispatch.platform import Platform

Left = Callable[[Platform[Any], Mapping[str, Any]], Collection[str]]
"""Which fields may be left out, by the platform and what the file has for the channel."""


class UnfinishedError(Exception):
    """The channel can't be asked anything; the text says what it lacks."""


def unfinished(path: Path, name: str, secrets: SecretSource, left: Left) -> Channel:
    """The channel, whatever the rest of the file is like. Raises `UnfinishedError`, and `ConfigError` where the file
    can't be read or says wrongly how requests leave the office."""
    parts = PartReader(path, read_file(path))
    entry = next((one for one in _tables(parts.raw.get("channel")) if one.get("name") == name), None)
    if entry is None:
        raise UnfinishedError(f"There is no channel “{name}” in {path}.")
    platform = next((one for one in PLATFORMS if one.key == entry.get("platform")), None)
    if platform is None:
        known = ", ".join(one.key for one in PLATFORMS)
        raise UnfinishedError(f"{name}: “{entry.get('platform')}” is not a platform; the platforms are {known}.")
    without = frozenset(left(platform, entry))
    values = {key: value for key, value in entry.items() if key not in without}
    config = _config(platform, values, without, secrets)
    way = read_network(parts, secrets)
    if any(not one.is_warning for one in parts.problems):
        raise ConfigError(parts.problems)
    kept = in_keyring(secret_fields(platform.config), values)
    return Channel(name, platform, config, way=way, in_keyring=kept)


def _config(
    platform: Platform[Any], values: dict[str, Any], without: Collection[str], secrets: SecretSource
) -> ChannelConfig:
    name = str(values["name"])
    try:
        for field in secret_fields(platform.config):
            if isinstance(values.get(field), str):
                values[field] = secrets.resolve(values[field], name, field)
        return load(relaxed(platform.config, without), values)
    except SecretError as problem:
        raise UnfinishedError(f"{name}: {as_sentence(str(problem))}") from None
    except ChannelConfigError as error:
        raise UnfinishedError(f"{name}: {' '.join(error.problems.values())}") from None


def relaxed(model: type[ChannelConfig], without: Collection[str]) -> type[ChannelConfig]:
    """The model, where these fields are empty as far as they have no value of their own."""
    secret, fields = secret_fields(model), model.model_fields
    lacking = [one for one in without if fields[one].is_required() or not fields[one].default]
    empty: dict[str, Any] = {one: (SecretStr | None, None) if one in secret else (str, "") for one in lacking}
    return create_model(model.__name__, __base__=model, **empty)


def _tables(found: object) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
