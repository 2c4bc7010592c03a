"""What a person may send to whoever mends the program: what broke and where it ran, without secrets and names."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import PySide6

from dispatchwatch import __version__

HIDDEN = "***"
SHORTEST_NAME = 3
SECRETS = (
    # What stands behind the host of an address may be a key: webhooks are such addresses.
    re.compile(r"(?P<keep>https?://)(?:[^\s/@'\"]*@)?(?P<host>[^\s/?#'\"]+)[^\s'\">)]*"),
    re.compile(r"(?i)(?P<keep>\b(?:bearer|basic|token|apikey|api-key)\s+)(?P<host>)[\w.~+/=-]{8,}"),
    re.compile(
        r"(?i)(?P<keep>\b[\w-]*(?:token|secret|password|passwd|api_?key|routing_key|authorization)[\"']?\s*[=:]\s*)(?P<host>)"
        r"(?:\"[^\"]*\"|'[^']*'|[^\s,;)}\]]+)"
    ),
)
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\w.:/-])\+\d[\d ()/-]{6,}\d")


def about(now: datetime) -> str:
    """What the program is and where it runs, in a few lines."""
    return (
        f"DispatchWatch {__version__}, Python {platform.python_version()}, Qt {PySide6.__version__}\n"
        f"{platform.platform()}, {'packaged' if getattr(sys, 'frozen', False) else 'from source'}\n"
        f"{now:%Y-%m-%d %H:%M:%S} UTC\n"
    )


def without_secrets(text: str, home: Path) -> str:
    """The text without what looks like a key, and without the name of the person's own folder."""
    for pattern in SECRETS:
        text = pattern.sub(lambda found: f"{found['keep']}{found['host']}{HIDDEN}", text)
    return text.replace(str(home), "~")


def without_names(text: str, names: Iterable[str]) -> str:
    """The text with every name as “name 1”, “name 2”, … , and without mail addresses and telephone numbers."""
    text = PHONE.sub(HIDDEN, ADDRESS.sub(HIDDEN, text))
    longest_first = sorted({name for name in names if len(name) >= SHORTEST_NAME}, key=lambda name: (-len(name), name))
    found = [name for name in longest_first if name.casefold() in text.casefold()]
    if not found:
        return text
    numbers = {name.casefold(): number for number, name in enumerate(found, 1)}
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in found), re.IGNORECASE)
    return pattern.sub(lambda hit: f"name {numbers[hit[0].casefold()]}", text)
