"""The initials that a name is known by where there is no room for it."""

from __future__ import annotations


def initials_of(name: str) -> str:
    """Of the first and the last word; of a single word its first two letters: "Ana Ruiz" is AR, "root" is RO."""
    words = [word for part in name.replace(".", " ").split() if (word := part.strip("-_,'’"))]
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][:2].upper()
    return f"{words[0][0]}{words[-1][0]}".upper()
