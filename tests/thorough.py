"""How often what is tried at random is tried: so often every day, ten times as often with DISPATCHWATCH_THOROUGH=1."""

from __future__ import annotations

import os

FACTOR = 10 if os.environ.get("DISPATCHWATCH_THOROUGH") == "1" else 1


def times(everyday: int) -> int:
    return everyday * FACTOR
