"""A field of every kind, and a way to have a form of some."""

from __future__ import annotations

from collections.abc import Callable

from dispatchwatch.app.settings.kinds import Described, Kind, Option
from dispatchwatch.desktop.forms.editor import Surroundings
from dispatchwatch.desktop.forms.form import Form

MakeForm = Callable[..., Form]
AROUND = Surroundings(names={"channels": ("ops", "pager"), "feed": ("today",), "profile": ("export",)})
TWO = (Option("a", "The first"), Option("b", "The second"))


def field(kind: Kind, **told: object) -> Described:
    named = {"key": kind.value, "label": kind.value.replace("_", " ").capitalize(), "help": "What it means."}
    return Described(kind=kind, **{**named, **told})  # type: ignore[arg-type]


def every_kind() -> list[Described]:
    more: dict[Kind, dict[str, object]] = {
        Kind.CHOICE: {"options": TWO, "default": "a"},
        Kind.SEVERITIES: {"options": TWO},
        Kind.ALERT_KINDS: {"options": TWO},
        Kind.NUMBER: {"least": 1, "most": 120, "default": 10},
        Kind.DURATION: {"default": "30s"},
        Kind.GROUP: {"fields": (field(Kind.TEXT, key="inner"),)},
        Kind.GROUPS: {"fields": (field(Kind.TEXT, key="inner"),)},
        Kind.ENTRIES: {"fields": (field(Kind.TEXT, key="inner"), field(Kind.SECRET, key="token"))},
        Kind.VARIANTS: {"options": TWO, "variants": {"a": (), "b": (field(Kind.SECRET, key="token"),)}},
    }
    return [field(kind, **more.get(kind, {})) for kind in Kind]
