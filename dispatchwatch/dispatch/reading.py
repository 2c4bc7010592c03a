"""Reading answers of which nothing is certain: what is not there, or not of its kind, is empty."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx

from dispatchwatch.dispatch.conversation import Choice, Lookup, Step
from dispatchwatch.dispatch.errors import Unknown, Unreachable
from dispatchwatch.dispatch.platform import json_answer


def picked(found: Any, *path: str | int) -> Any:
    """What stands at the path in an answer; None where there is nothing."""
    for key in path:
        if isinstance(found, dict) and isinstance(key, str):
            found = found.get(key)
        elif isinstance(found, list) and isinstance(key, int) and 0 <= key < len(found):
            found = found[key]
        else:
            return None
    return found


def text_at(found: Any, *path: str | int) -> str:
    """The same as a text; empty where there is none. An id may be a number."""
    value = picked(found, *path)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def read(answer: httpx.Response, name: str) -> Any:
    """The JSON of an answer to a question. Raises Unreachable where it is none: nothing was changed by asking."""
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError):
        pass
    raise Unreachable(f"{name}: the answer is not one that {name} gives (HTTP {answer.status_code}).")


def loose(answer: httpx.Response) -> Any:
    """The JSON of an answer that may hold something else: then None."""
    return from_json(answer.content)


def from_json(text: str | bytes) -> Any:
    """What the text stands for; None where it is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def rows(found: Any, *path: str | int) -> list[dict[str, Any]]:
    """The objects in the list at the path."""
    listed = picked(found, *path) if path else found
    return [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []


def choices(listed: Sequence[Mapping[str, Any]], value: str = "id", label: str = "name") -> tuple[Choice, ...]:
    """What can be chosen, in the order of its names."""
    found = [Choice(text_at(row, value), text_at(row, label)) for row in listed if text_at(row, value)]
    return tuple(sorted(found, key=lambda one: one.label.casefold()))


def chosen(request: httpx.Request, name: str, *path: str | int, value: str = "id", label: str = "name") -> Lookup:
    """Asks for a list at the path in the answer, and makes choices of it."""
    return choices(rows(read((yield Step(request)), name), *path), value, label)


def instant(text: str) -> datetime | None:
    """The instant of an ISO 8601 text that names its zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def path_asked(answer: httpx.Response) -> str:
    """The path of the request that this answers; empty where it belongs to none."""
    try:
        return answer.request.url.path
    except RuntimeError:
        return ""


def named(answer: httpx.Response, name: str, *path: str | int) -> str:
    """What the platform calls what it took. Raises Unknown where the answer does not say: who wrote it is not known."""
    found = text_at(json_answer(answer, name), *path)
    if not found:
        raise Unknown(f"{name}: the answer is not one that {name} gives, as it names nothing. Is a proxy in between?")
    return found


def no_page(answer: httpx.Response, name: str) -> None:
    """Raises Unknown where the answer is a web page: then it is not the platform's, whatever its status."""
    if answer.content.lstrip().startswith(b"<"):
        raise Unknown(f"{name}: the answer (HTTP {answer.status_code}) is a web page. Is a proxy in between?")
