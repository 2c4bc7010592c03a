"""How the audit trail calls things, the same wherever an entry is written."""

from __future__ import annotations

PROGRAM = "DispatchWatch"


def alert_subject(number: int) -> str:
    return f"alert {number}"
