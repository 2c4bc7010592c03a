"""The colours, by what they mean. Everything the window paints takes them from here (look, "Tokens")."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Tone(StrEnum):
    """What a colour says. The value is the name of the token that holds it."""

    TEXT = "text"
    MUTED = "muted"
    ACCENT = "accent"
    OK = "ok"
    SOON = "soon"
    LATE = "late"
    CRITICAL = "critical"
    INFO = "info"
    IDLE = "idle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """One colour scheme. `field` outlines what can be typed into or pressed; `line` only divides."""

    dark: bool
    high_contrast: bool = False
    window: str
    surface: str
    sunken: str
    line: str
    field: str
    text: str
    muted: str
    accent: str
    on_accent: str
    ok: str
    soon: str
    late: str
    critical: str
    info: str
    idle: str

    def of(self, tone: Tone) -> str:
        return str(getattr(self, tone.value))


LIGHT = Tokens(
    dark=False,
    window="#F6F7F9",
    surface="#FFFFFF",
    sunken="#F2F4F7",
    line="#DFE4EA",
    field="#B9C2CD",
    text="#1B2430",
    muted="#566273",
    accent="#0B5CAD",
    on_accent="#FFFFFF",
    ok="#1B7F4B",
    soon="#8A5A00",
    late="#B3261E",
    critical="#7A0C3A",
    info="#3B5B92",
    idle="#5F6A79",
)
DARK = Tokens(
    dark=True,
    window="#12161C",
    surface="#1A2028",
    sunken="#10141A",
    line="#2A333F",
    field="#45515F",
    text="#E7ECF2",
    muted="#A3AFBE",
    accent="#6CB2FF",
    on_accent="#0C1520",
    ok="#5CD79A",
    soon="#F2B84B",
    late="#FF8A80",
    critical="#FF7AB0",
    info="#9DB8F0",
    idle="#95A1B0",
)
LIGHT_HIGH_CONTRAST = replace(
    LIGHT,
    high_contrast=True,
    window="#FFFFFF",
    sunken="#FFFFFF",
    line="#000000",
    field="#000000",
    text="#000000",
    muted="#1F1F1F",
    accent="#003C7E",
    ok="#00552B",
    soon="#5C3B00",
    late="#8C0000",
    critical="#5E0029",
    info="#1B3A70",
    idle="#303030",
)
DARK_HIGH_CONTRAST = replace(
    DARK,
    high_contrast=True,
    window="#000000",
    surface="#000000",
    sunken="#000000",
    line="#FFFFFF",
    field="#FFFFFF",
    text="#FFFFFF",
    muted="#E0E0E0",
    accent="#8CC4FF",
    on_accent="#000000",
    ok="#7DF0B5",
    soon="#FFD27A",
    late="#FFB0A8",
    critical="#FFA3CB",
    info="#C0D2FF",
    idle="#D0D0D0",
)


def mix(colour: str, ground: str, share: float) -> str:
    """`colour` laid over `ground` with this share: what a tint looks like once painted."""
    over, under = _channels(colour), _channels(ground)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02X}" for a, b in zip(over, under, strict=True))


def contrast(first: str, second: str) -> float:
    """The contrast ratio of WCAG 2: from 1 (none) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.03928 else float(((channel + 0.055) / 1.055) ** 2.4)
