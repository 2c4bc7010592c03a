"""JSON read without losing anything, and paths into it.

Paths are JMESPath (https://jmespath.org): `schedule.start`, `crew[0].name`, `crew[*].name`, `"@odata.nextLink"`,
`a || b`. Its library (80 kB, no dependencies) takes 2 µs for a field; code of ours would know fewer ways of asking.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Annotated, Any

import jmespath
from jmespath.exceptions import ArityError, JMESPathError, UnknownFunctionError
from jmespath.parser import ParsedResult
from pydantic import AfterValidator

MOST_DIGITS = 1000
DEEPEST = 3


class NoAnswer(ValueError):
    """A path that can't be followed here: a function of it was given what it can't take."""


def read_json(raw: bytes) -> Any:
    """What JSON text says; whole numbers as int, others as Decimal, so that every digit stays.

    Raises ValueError for what is no JSON, or is nested beyond all sense.
    """
    try:
        return json.loads(raw, parse_int=_whole, parse_float=_fraction, parse_constant=str)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _whole(text: str) -> int | str:
    return int(text) if len(text) <= MOST_DIGITS else text


def _fraction(text: str) -> Decimal | str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return number if abs(number.adjusted()) <= MOST_DIGITS else text


@lru_cache(maxsize=1024)
def compiled(path: str) -> ParsedResult:
    """Raises ValueError with what is wrong with the path, and how a strange name is written."""
    advice = "names with other signs than letters, digits and _ stand in double quotes"
    try:
        parsed = jmespath.compile(path)
    except JMESPathError:
        raise ValueError(f"'{path}' is not a path into JSON such as job.start or crew[*].name; {advice}") from None
    try:
        parsed.search({})
    except (UnknownFunctionError, ArityError) as error:
        raise ValueError(f"'{path}' is not a path into JSON: {error}") from None
    except JMESPathError:
        pass  # a function that needs more than an empty record
    return parsed


def _path(path: str) -> str:
    compiled(path)
    return path


JsonPath = Annotated[str, AfterValidator(_path)]
"""A JMESPath, checked."""


def found(path: str, value: Any) -> Any:
    """What stands at the path; None where nothing does. Raises NoAnswer."""
    try:
        return compiled(path).search(value)
    except (ValueError, TypeError, ArithmeticError, RecursionError, AttributeError) as error:
        raise NoAnswer(str(error).partition("\n")[0][:200]) from None


def names_in(path: str) -> frozenset[str]:
    """Every name that the path mentions."""
    names: set[str] = set()
    nodes: list[object] = [compiled(path).parsed]
    while nodes:
        node = nodes.pop()
        if isinstance(node, dict):
            names.update([node["value"]] if node["type"] == "field" else ())
            nodes.extend(node["children"])
    return frozenset(names)


def text_of(value: Any, between: str = " ") -> str:
    """A value as text: every digit of a number, nothing for null. The items of a list are joined with `between`,
    those of lists within it with a space; objects stay JSON."""
    if isinstance(value, list):
        texts = (text_of(item) for item in value)
        return between.join(text for text in texts if text)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value.to_integral_value() if value == value.to_integral_value() else value:f}"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=text_of)
    return text.encode("utf-8", "replace").decode()  # half a surrogate pair can be written in JSON and nowhere else


def flat(record: Mapping[str, Any], depth: int = DEEPEST) -> Iterable[tuple[str, Any]]:
    """The fields of a record by name, those of objects in it as `outer.inner`."""
    for name, value in record.items():
        if isinstance(value, dict) and value and depth:
            yield from ((f"{name}.{inner}", below) for inner, below in flat(value, depth - 1))
        else:
            yield name, value
