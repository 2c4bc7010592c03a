"""How a channel's configuration declares itself.

A platform's configuration is a pydantic model. Its fields are made by `text`, `secret` and `choice`, so that the
form, the checks, the JSON Schema, the help and the redaction are all drawn from one place.

The models see resolved values: `keyring:`, `env:` and `file:` have been replaced by what they stand for.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import Any, TypeVar, get_args

import httpx
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

Where = tuple[str, str]
"""The field and the value of it that make another field needed, for instance ("authentication", "oauth")."""


def text(
    label: str,
    *,
    help: str = "",  # noqa: A002
    default: str | None = None,
    pattern: str = "",
    where: Where | None = None,
) -> Any:
    """A field of plain text; required unless it has a default. With `where` it is needed in that case alone. The whole
    value has to match `pattern`."""
    extra = {"pattern": pattern} if pattern else {}
    return _field(label, help, "" if where and default is None else default, extra, where)


def secret(
    label: str,
    *,
    help: str = "",  # noqa: A002
    pattern: str = r"\S+",
    optional: bool = False,
    where: Where | None = None,
) -> Any:
    """A required field of type SecretStr: kept outside the configuration file, shown nowhere. One that is `optional`,
    or needed only `where` another field says so, is None where it is left out."""
    return _field(label, help, None, {"pattern": pattern}, where, optional=optional)


def _field(
    label: str,
    told: str,
    default: str | None,
    extra: Mapping[str, Any],
    where: Where | None,
    *,
    optional: bool = False,
) -> Any:
    value: Any = ... if default is None and where is None and not optional else default
    known = {**extra, "where": list(where)} if where else dict(extra)
    return Field(
        default=value, validate_default=where is not None, title=label, description=told, json_schema_extra=known
    )


def choice(label: str, options: Mapping[str, str], *, default: str, help: str = "") -> Any:  # noqa: A002
    """A field that takes one of the options. `options` maps each value to the words a person reads."""
    extra: dict[str, Any] = {"enum": list(options), "labels": dict(options)}
    return Field(default=default, title=label, description=help, json_schema_extra=extra)


HOURS = ("always", "office", "outside")


class ChannelConfig(BaseModel):
    """What every channel has. Platforms add their own fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    name: str = text("Name", help="What this channel is called in routes and on screen.", pattern=r"\S(.*\S)?")
    platform: str = text("Platform", help="The kind of destination, for instance slack.", pattern=r"[a-z]+")
    base_url: str | None = Field(
        default=None,
        title="Base URL",
        description="Replaces scheme, host and port of every request, for a proxy or a test server; paths stay.",
    )
    enabled: bool = Field(default=True, title="Enabled", description="Off: nothing is sent to this channel.")
    timeout: float = Field(
        default=10.0, gt=0, le=120, title="Timeout", description="Seconds to wait for the platform's answer."
    )
    rate: str = text(
        "Rate",
        help="A limit of the office's own, for instance 30/1m: no more messages than that in such a time. It is kept "
        "beside the platform's; off keeps neither, and waits only when the platform says so.",
        default="",
        pattern=r"off|[1-9]\d{0,5}/[1-9]\d{0,3}[smhd]",
    )
    listen: bool = Field(
        default=False,
        title="Listen",
        description="On: the platform is asked what people do to the alerts there, and the same is done here.",
    )
    listen_every: str = text(
        "Listen every",
        help="How long to wait between two such questions, for instance 30s: from 5s to a day.",
        default="30s",
        pattern=r"([5-9]|[1-9]\d{1,4})\s*s|[1-9]\d{0,3}\s*m|([1-9]|1\d|2[0-4])\s*h|1\s*d",
    )
    hours: str | Mapping[str, str] = Field(
        default="always",
        title="Hours",
        description="When it is told: always, office, outside (the office's hours), or hours of its own such as "
        '{ mon-fri = "07:00-18:00" }. What is critical is told at any time.',
    )
    templates: Mapping[str, str | Mapping[str, str]] = Field(
        default_factory=dict,
        title="Templates",
        description="Words of the office's own for raise, update, acknowledge or resolve, in place of the built-in.",
    )
    proxy: SecretStr | None = Field(
        default=None,
        title="Proxy",
        description="The http:// address of the proxy that leads to this channel; left out, that of [network].",
    )

    @field_validator("*", mode="before")
    @classmethod
    def _without_surrounding_space(cls, value: object) -> object:
        return value.strip() if isinstance(value, str) else value

    @field_validator("*", mode="after")
    @classmethod
    def _as_declared(cls, value: object, info: ValidationInfo) -> object:
        """Check pattern and options on the value behind a secret as well, and never repeat the value."""
        field = cls.model_fields[info.field_name or ""]
        plain = value.get_secret_value() if isinstance(value, SecretStr) else value
        extra = field.json_schema_extra
        if isinstance(extra, dict):
            _check_needed(plain, extra.get("where"), info.data)
            if isinstance(plain, str):
                _check(plain, field, extra)
        return value

    @field_validator("base_url")
    @classmethod
    def _only_an_origin(cls, value: str | None) -> str | None:
        if value is not None:
            check_origin(value)
        return value

    @field_validator("hours", mode="before")
    @classmethod
    def _hours_of_some_kind(cls, value: object) -> object:
        """Which days and times they are is read where the office's zone is known."""
        spans = isinstance(value, Mapping) and value and all(isinstance(one, str) for one in value.values())
        if not spans and value not in HOURS:
            raise problem('must be always, office, outside, or hours such as { mon-fri = "07:00-18:00" }.')
        return value

    @field_validator("proxy")
    @classmethod
    def _is_a_proxy(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            check_proxy(value.get_secret_value())
        return value


C = TypeVar("C", bound=ChannelConfig)


class ConfigError(ValueError):
    """A configuration that can't be used. `problems` maps each key to a sentence; no value is repeated in it."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(f"{key}: {sentence}" for key, sentence in problems.items()))
        self.problems = dict(problems)


def load(model: type[C], values: Mapping[str, object]) -> C:
    """The values as a typed configuration. Raises ConfigError with everything that is wrong."""
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        problems = {str(item["loc"][0]): _sentence(model, item) for item in error.errors(include_input=False)}
    # Outside of `except`, so that the error that holds the values is not chained to this one.
    raise ConfigError(problems)


def secret_fields(model: type[BaseModel]) -> tuple[str, ...]:
    """The keys whose values must never be shown."""
    return tuple(
        key
        for key, field in model.model_fields.items()
        if field.annotation is SecretStr or SecretStr in get_args(field.annotation)
    )


def secret_values(config: BaseModel) -> tuple[str, ...]:
    """What stands in the secret fields."""
    values = (getattr(config, key) for key in secret_fields(type(config)))
    return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))


def shown(value: SecretStr | None) -> str:
    """What stands behind the secret; empty where there is none."""
    return value.get_secret_value() if value is not None else ""


def is_loopback(host: str) -> bool:
    """Whether the host is this computer: 127.0.0.0/8, ::1 or localhost."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def check_origin(value: str) -> None:
    """Raise an error in plain words unless the value is scheme, host and port alone, and safe to send secrets to."""
    url = parsed(value)
    if url is None or url.scheme not in {"http", "https"} or not url.host:
        raise problem("must be an address such as https://proxy.example.com.")
    if url.scheme == "http" and not is_loopback(url.host):
        raise problem("must begin with https://; http:// is for this computer only (localhost, 127.0.0.1, ::1).")
    if url.userinfo or url.raw_path not in {b"/", b""} or url.fragment:
        raise problem("replaces scheme, host and port only: leave out the path and everything after it.")


def check_proxy(value: str) -> None:
    """Raise an error in plain words unless the value is the address of a proxy, perhaps with user and password."""
    url = parsed(value)
    if url is None or url.scheme != "http" or not url.host or url.raw_path not in {b"/", b""} or url.fragment:
        raise problem("must be an address such as http://proxy.example.com:3128.")


def parsed(value: str) -> httpx.URL | None:
    """The value as a URL; None if it is none."""
    try:
        return httpx.URL(value)
    except httpx.InvalidURL:
        return None


def problem(sentence: str) -> PydanticCustomError:
    """An error for a validator to raise. The sentence follows the field's label and must not hold its value."""
    return PydanticCustomError("channel", "{sentence}", {"sentence": sentence})


def _check_needed(value: object, where: Any, filled: Mapping[str, Any]) -> None:
    if where and not value and filled.get(where[0]) == where[1]:
        raise problem(f"is missing: {where[0]} “{where[1]}” needs it.")


def _check(value: str, field: FieldInfo, extra: Mapping[str, Any]) -> None:
    if "enum" in extra and value not in extra["enum"]:
        raise problem(f"must be one of {', '.join(extra['enum'])}.")
    if "pattern" in extra and value != field.default and not re.fullmatch(extra["pattern"], value):
        raise problem(f"does not have the right form. {field.description}".strip())


def _sentence(model: type[BaseModel], item: Mapping[str, Any]) -> str:
    key = str(item["loc"][0])
    if item["type"] == "extra_forbidden":
        return f"This is not a setting of the channel. Known are: {', '.join(model.model_fields)}."
    field = model.model_fields[key]
    label = field.title or key
    if item["type"] == "missing":
        return f"{label} is missing. {field.description or ''}".strip()
    if item["type"] == "channel":
        return f"{label} {item['msg']}"
    return f"{label}: {item['msg']}."
