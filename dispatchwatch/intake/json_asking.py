"""What a json feed asks for: its address, parameters and body, with the placeholders filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import httpx
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.fields import Duration, ZoneName
from dispatchwatch.intake.web import Request

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
PLACEHOLDER = re.compile(r"\{(" + NAME.pattern + r")\}")
MOMENT = timedelta(microseconds=1)
ONE_SECOND = timedelta(seconds=1)
STAMPS: Mapping[str, Callable[[datetime], str]] = {
    "iso": lambda at: at.isoformat(timespec="seconds").replace("+00:00", "Z"),
    "iso_ms": lambda at: at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    "sql": lambda at: at.strftime("%Y-%m-%d %H:%M:%S"),
    "date": lambda at: at.date().isoformat(),
    "epoch": lambda at: str(int(at.timestamp())),
    "epoch_ms": lambda at: str(int(at.timestamp()) * 1000),
}


def _stamp_format(name: str) -> str:
    if name not in STAMPS and "%" not in name:
        known = ", ".join(STAMPS)
        raise ValueError(f"'{name}' is neither one of {known} nor a pattern such as %Y-%m-%dT%H:%M:%S")
    return name


class _Stamped(BaseModel):
    """How instants are written in a question. `filter` is what {filter} stands for in it: text, or any JSON."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Annotated[str, AfterValidator(_stamp_format)] = "iso"
    zone: ZoneName = "UTC"
    filter: JsonValue = ""

    def written(self, at: datetime) -> str:
        local = at.astimezone(UTC if self.zone == "UTC" else ZoneInfo(self.zone))
        return STAMPS[self.format](local) if self.format in STAMPS else local.strftime(self.format)


class Since(_Stamped):
    """Asking for what has changed. {since} is the start of the last good reading less `overlap`, by the slower of
    the two clocks."""

    overlap: Duration = timedelta(minutes=5)


class Covers(_Stamped):
    """The days a whole reading asks for, in the office's zone; {from} is where they begin, {to} where they end.

    `exclusive`: the source can ask for later than, not for at or later than; {from} is written a second earlier.
    """

    days_back: int = Field(default=1, ge=0, le=366)
    days_ahead: int = Field(default=14, ge=0, le=366)
    exclusive: bool = False

    def begin_written(self, begins: datetime) -> str:
        return self.written(begins - ONE_SECOND if self.exclusive else begins)

    def end_written(self, ends: datetime) -> str:
        """A bare date is the day after the last one that is touched, so that `< {to}` loses nothing."""
        if self.format != "date":
            return self.written(ends)
        last = (ends - MOMENT).astimezone(ZoneInfo(self.zone)).date()
        return (last + timedelta(days=1)).isoformat()


def filled(template: Any, words: Mapping[str, Any]) -> Any:
    """The template with its placeholders filled, as deep as it goes.

    Text that is nothing but one placeholder becomes the very value, be it a number or a list. What needs a word
    that is blank is left out of the object or list it stands in. Braces around anything else stay.
    """
    if isinstance(template, Mapping):
        return {name: filled(value, words) for name, value in template.items() if not _lacks(value, words)}
    if isinstance(template, list):
        return [filled(value, words) for value in template if not _lacks(value, words)]
    if not isinstance(template, str):
        return template
    whole = PLACEHOLDER.fullmatch(template)
    if whole and whole[1] in words:
        value = words[whole[1]]
        return value if isinstance(value, str) else filled(value, words)
    return PLACEHOLDER.sub(lambda match: str(words.get(match[1], match[0])), template)


def _lacks(template: Any, words: Mapping[str, Any]) -> bool:
    if not isinstance(template, str):
        return False
    return any(words.get(name, name) == "" for name in PLACEHOLDER.findall(template))


def placeholders(template: Any) -> frozenset[str]:
    """The names in braces, anywhere in it."""
    if isinstance(template, Mapping):
        return frozenset().union(*map(placeholders, template.values()))
    if isinstance(template, list | tuple):
        return frozenset().union(*map(placeholders, template))
    return frozenset(PLACEHOLDER.findall(template)) if isinstance(template, str) else frozenset()


class Question(BaseModel):
    """The templates of one kind of request."""

    model_config = ConfigDict(frozen=True)

    url: str
    method: str
    headers: Mapping[str, str]
    params: Mapping[str, str]
    body: JsonValue
    secret: bool

    def request(self, words: Mapping[str, Any], more: Mapping[str, str], address: str = "") -> Request:
        """The request. `more` are further query parameters; `address` replaces address and parameters, where the
        source itself gave the whole of it. Raises FeedError for an address that is none."""
        headers = {"Accept": "application/json", **filled(self.headers, words)}
        body = None
        if self.body is not None and self.method == "POST":
            told = filled(self.body, words)
            body = (told if isinstance(told, str) else json.dumps(told)).encode("utf-8", "replace")
            if not any(name.lower() == "content-type" for name in headers):
                headers["Content-Type"] = "application/json"
        url = address or self._url(words, {**filled(self.params, words), **more})
        return Request(url=url, method=self.method, headers=headers, body=body, secret=self.secret)

    def _url(self, words: Mapping[str, Any], params: Mapping[str, Any]) -> str:
        try:
            # ids come from the source: none of them may lead to another place
            ids = {"ids": quote(str(words["ids"]), safe="")} if "ids" in words else {}
            url = httpx.URL(str(filled(self.url, {**words, **ids})).strip())
            texts = {name: str(value) for name, value in params.items()}
            return str(url.copy_merge_params(texts) if texts else url)
        except httpx.InvalidURL:
            raise FeedError("the address can’t be read. Write it like https://example.com/api/visits") from None
