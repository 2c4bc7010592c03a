"""`[profile.x]`: what the columns and the words of one source mean."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from dispatchwatch.domain.visit import Status
from dispatchwatch.intake.fields import ZoneName
from dispatchwatch.intake.formats import format_problem
from dispatchwatch.intake.synonyms import FIELDS, TIME_FIELDS

TAB_WORDS = {"tab", "\\t"}


def _known_columns(columns: Mapping[str, str]) -> Mapping[str, str]:
    for field in columns:
        if field not in FIELDS:
            raise ValueError(f"'{field}' is not a column this program knows; the columns are: {', '.join(FIELDS)}")
    return columns


def _known_formats(formats: Mapping[str, str]) -> Mapping[str, str]:
    for field, pattern in formats.items():
        if field not in TIME_FIELDS:
            raise ValueError(f"'{field}' is not a column of times; a format can be given for: {', '.join(TIME_FIELDS)}")
        if problem := format_problem(pattern):
            raise ValueError(f"the format of '{field}' {problem}")
    return formats


def _delimiter(value: object) -> object:
    return "\t" if isinstance(value, str) and value.strip().lower() in TAB_WORDS else value


def _one_character(delimiter: str) -> str:
    if len(delimiter) != 1 or delimiter in '\r\n"\0':
        raise ValueError(f"{delimiter!r} cannot separate cells; write one character such as ; or the word tab")
    return delimiter


def _text_encoding(name: str) -> str:
    try:
        "a".encode(name)
    except (LookupError, ValueError):
        raise ValueError(f"'{name}' is not a text encoding; examples are utf-8, cp1252 and mac_roman") from None
    return name


class ProfileConfig(BaseModel):
    """How to read a source. Everything has a default; what is left out is found by name and by evidence.

    `timezone` is the zone of naive times in rows without a zone of their own; None means the office's. UTC is kept for
    rows with a zone of their own too: a source that writes UTC writes it everywhere.
    `complete` says that the source holds every visit of the days it covers. `days` says which days those are:
    those that occur in it ("rows"), the office's today besides ("today"), or a list of dates; times without any
    date belong to a list's only date.
    `columns` maps a field to the header it stands under; several headers joined with " + " are read as one
    cell, and an empty header says that the source has no such column. `format` maps a field to a strptime
    pattern, `hhmm`, `epoch`, `epoch_ms` or `seconds_since_midnight`. A bare number for a length counts
    `duration_unit`; for the length of the arrival window (`window_length`), which begins at its own start or else at
    that of the visit, `window_unit`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    timezone: ZoneName | None = None
    complete: bool = True
    days: Literal["rows", "today"] | tuple[date, ...] = "rows"
    columns: Annotated[Mapping[str, str], AfterValidator(_known_columns)] = Field(default_factory=dict)
    format: Annotated[Mapping[str, str], AfterValidator(_known_formats)] = Field(default_factory=dict)
    day_first: bool | None = None
    status: Mapping[str, Status] = Field(default_factory=dict)
    delimiter: Annotated[str, BeforeValidator(_delimiter), AfterValidator(_one_character)] | None = None
    encoding: Annotated[str, AfterValidator(_text_encoding)] | None = None
    duration_unit: Literal["minutes", "hours", "seconds"] = "minutes"
    window_unit: Literal["minutes", "hours", "seconds"] = "minutes"
