"""The entries of the configuration’s lists, each as a line a person can read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from dispatchwatch.app.config import RouteConfig
from dispatchwatch.app.settings.fields import FEED_KINDS, fields_of
from dispatchwatch.app.settings.kinds import Described
from dispatchwatch.desktop import settings_phrases as p
from dispatchwatch.desktop.settings.entry_list import Line
from dispatchwatch.desktop.settings.state import State
from dispatchwatch.domain.wording.settings import route_sentence

Entry = Mapping[str, Any]


def channel_line(entry: Entry, state: State) -> Line:
    """With what the channel is told of: one that no route names hears nothing."""
    name, platform = str(entry.get("name", "")), platform_name(str(entry.get("platform", "")))
    routes = state.values.get("route")
    count = sum(name in one.get("channels", ()) for one in routes if isinstance(one, Mapping)) if routes else 0
    told = p.in_routes(count) if entry.get("enabled", True) else p.OFF
    return Line(name or p.NAMELESS, f"{platform} · {told}")


def feed_line(entry: Entry, _state: State) -> Line:
    kind = FEED_KINDS.get(str(entry.get("kind", "")), "")
    where = str(entry.get("path") or entry.get("calendar") or entry.get("ready") or "")
    return Line(str(entry.get("name") or p.NAMELESS), " · ".join(part for part in (kind, where) if part))


def technician_line(entry: Entry, _state: State) -> Line:
    skills = [str(one) for one in entry.get("skills", ())]
    below = [str(entry.get("id", "")), str(entry.get("phone", "")), ", ".join(skills), hours_words(entry.get("shift"))]
    return Line(str(entry.get("name") or entry.get("id") or p.NAMELESS), " · ".join(part for part in below if part))


def override_line(entry: Entry, _state: State) -> Line:
    fields = {one.key: one for one in _thresholds()}
    told = [f"{fields[key].label}: {said(value)}" for key, value in entry.items() if key in fields.keys() - {"when"}]
    return Line(f"{p.FOR} {when_words(entry.get('when'))}", "; ".join(told) or p.NOTHING_DIFFERENT)


def profile_line(entry: Entry, state: State) -> Line:
    name = str(entry.get("", ""))
    users = [str(one.get("name")) for one in state.values.get("feed", ()) if one.get("profile") == name]
    return Line(name, p.read_by(users))


def quiet_line(entry: Entry, _state: State) -> Line:
    since, until = entry.get("from"), entry.get("until")
    span = f"{p.moment(since)} – {p.moment(until)}" if until else hours_words(entry.get("hours")) or p.NO_TIME_SAID
    whom = ", ".join(map(str, _listed(entry.get("channels")))) or p.EVERYBODY
    reason = str(entry.get("reason", ""))
    return Line(span, " · ".join(part for part in (whom, when_words(entry.get("when"), p.EVERY_ALERT), reason) if part))


def route_line(entry: Entry, _state: State) -> Line:
    return Line(route_words(entry))


def route_words(entry: Entry) -> str:
    """The route as a sentence; what can’t be understood is said to be so."""
    try:
        return route_sentence(RouteConfig.model_validate(entry).route())
    except (ValidationError, ValueError):
        channels = ", ".join(map(str, _listed(entry.get("channels"))))
        return f"{when_words(entry.get('when'), p.EVERY_ALERT)} → {channels or p.NOBODY_YET}"


def when_words(when: object, otherwise: str = p.EVERY_VISIT) -> str:
    """A filter in words: priority 1 or emergency, customer Acme."""
    told = when if isinstance(when, Mapping) else {}
    parts = (f"{key} {' or '.join(map(str, _listed(value)))}" for key, value in told.items() if _listed(value))
    return ", ".join(parts) or otherwise


def hours_words(hours: object) -> str:
    return ", ".join(f"{day} {span}" for day, span in hours.items()) if isinstance(hours, Mapping) else ""


def platform_name(key: str) -> str:
    options = next(one.options for one in fields_of("channel") if one.key == "platform")
    return next((one.label for one in options if one.value == key), key)


def said(value: object) -> str:
    if isinstance(value, bool):
        return p.USED.lower() if value else p.NOT_USED.lower()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _thresholds() -> tuple[Described, ...]:
    return next(one.fields for one in fields_of("policy") if one.key == "override")


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]
