"""A channel's own words, in place of the built-in ones: one template for each operation.

    [channel.templates]
    raise = "{{ severity|upper }}: {{ headline }}"
    resolve = { headline = "Over: {{ subject }}", body = "Visit: {{ facts.Visit }}" }

A text alone is the headline. `headline` and `subject` come out as one line each; each line `Label: value` of the `body`
is one of the facts (a line without a colon is a note). What a table leaves out stays as it is built in.

What a template may speak of are plain texts: `headline`, `subject`, `severity`, `kind`, `operation`, `link`, `note`,
`by`, `channel`, the `facts` by their label, `is_reminder`, and the times `due_at`, `due_on`, `written_at`, `written_on`
in the office's zone.

The language is a part of Jinja2 in which nothing can run long or grow large: see `template_language`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from jinja2 import Template

from dispatchwatch.dispatch.template_language import LONGEST_RESULT, TemplateProblem, translated
from dispatchwatch.dispatch.text import clip, one_line, plain
from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification

LONGEST_VALUE = 4_000
MOST_FACTS = 60
PARTS = ("headline", "subject", "body")


class _Facts(dict[str, str]):
    """The facts by their label; what this alert has no fact of is an empty text."""

    def __missing__(self, _: str) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates of one channel, by operation and part. Times are told in `zone`."""

    channel: str
    zone: str
    _by_operation: Mapping[Operation, Mapping[str, Template]]

    @property
    def operations(self) -> frozenset[Operation]:
        return frozenset(self._by_operation)

    def apply(self, notification: Notification) -> Notification:
        """The notification in the channel's own words. Raises TemplateProblem, which names no value."""
        parts = self._by_operation.get(notification.operation)
        if not parts or notification.is_test:
            return notification
        values = _values(notification, self.channel, self.zone)
        told = {part: _rendered(part, template, values) for part, template in parts.items()}
        return replace(
            notification,
            headline=told.get("headline", notification.headline),
            subject=told.get("subject", notification.subject),
            facts=_facts(told["body"]) if "body" in told else notification.facts,
        )


def compiled(told: Mapping[str, object], channel: str, zone: str, wrong: Callable[[str, str], None]) -> Templates:
    """The templates as the configuration writes them. `wrong` hears of each problem: at which key, and what."""
    found: dict[Operation, dict[str, Template]] = {}
    for name, written in told.items():
        if name not in {one.value for one in Operation}:
            wrong(name, f"this is not an operation; they are {', '.join(Operation)}")
            continue
        for part, text in _parts(written):
            where = name if isinstance(written, str) else f"{name}.{part}"
            if part not in PARTS:
                wrong(where, f"there is no such part of a message; the parts are {', '.join(PARTS)}")
                continue
            try:
                found.setdefault(Operation(name), {})[part] = translated(text)
            except TemplateProblem as problem:
                wrong(where, str(problem))
    return Templates(channel, zone, found)


def _parts(written: object) -> Iterator[tuple[str, str]]:
    if isinstance(written, Mapping):
        yield from ((str(part), str(text)) for part, text in written.items())
    else:
        yield "headline", str(written)


def _values(notification: Notification, channel: str, zone: str) -> dict[str, Any]:
    texts = {
        "headline": notification.headline,
        "subject": notification.subject,
        "severity": wording.SEVERITY_NAMES[notification.severity],
        "kind": wording.KIND_NAMES[notification.kind],
        "operation": notification.operation.value,
        "link": notification.link,
        "note": notification.note,
        "by": notification.by,
        "channel": channel,
        "due_at": wording.clock(notification.due_at, zone),
        "due_on": wording.day_and_clock(notification.due_at, zone),
        "written_at": wording.clock(notification.written_at, zone),
        "written_on": wording.day_and_clock(notification.written_at, zone),
    }
    facts = _Facts({_short(label): _short(value) for label, value in notification.facts[:MOST_FACTS]})
    return {**{name: _short(text) for name, text in texts.items()}, "facts": facts} | {
        "is_reminder": notification.is_reminder
    }


def _short(text: str) -> str:
    return clip(plain(text), LONGEST_VALUE)


def _rendered(part: str, template: Template, values: Mapping[str, Any]) -> str:
    """What the template says. Raises TemplateProblem where it fails, says nothing, or far too much."""
    try:
        text = _collected(template.generate(values))
    except TemplateProblem as problem:
        raise TemplateProblem(str(problem), part) from None
    except Exception as error:  # noqa: BLE001 - a template fails in any way, and may show a value in how it does
        raise TemplateProblem(f"it failed ({type(error).__name__})", part) from None
    shown = text.strip() if part == "body" else one_line(text)
    if not shown and part != "body":
        raise TemplateProblem("it says nothing", part)
    return shown


def _collected(pieces: Iterator[str]) -> str:
    found, size = [], 0
    for piece in pieces:
        size += len(piece)
        if size > LONGEST_RESULT:
            raise TemplateProblem(f"it says more than {LONGEST_RESULT} characters")
        found.append(piece)
    return "".join(found)


def _facts(body: str) -> tuple[tuple[str, str], ...]:
    rows = []
    for line in body.splitlines():
        label, colon, value = line.partition(":")
        if line.strip():
            rows.append((label.strip(), value.strip()) if colon and label.strip() else ("Note", line.strip()))
    return tuple(rows)
