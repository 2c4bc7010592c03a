"""The words of what belongs to this computer: the look, sounds, starting with the system, and who sits here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dispatchwatch.desktop.preference_kinds import Amount, TimeOfDay

NOT_UNDERSTOOD: Mapping[type[Any], str] = {
    TimeOfDay: "Write a time of the day such as 22:00.",
    Amount: "Write a whole number within the limits.",
}
LOOK = ("Look", "")
SCHEME = ("Appearance", "As the system is, or always the same.")
SCALE = ("Text size", "Everything grows with it.")
DENSITY = ("Rows", "How much room each visit has on the board.")
SOUNDS, QUIET_HOURS, WALLBOARD = ("Sounds", ""), ("Quiet hours", ""), ("Wallboard", "")
TOASTS = ("Toasts", "The messages in the corner of the screen.")
CHECK_TOASTS = "Check toasts and sounds…"
OPEN_WALLBOARD = "Open the wallboard"
STARTING = ("Starting", "")
WITH_SYSTEM = "Start with the system"
WITH_SYSTEM_HELP = "The desk opens when you sign in to this computer; only for you."
SET_UP = "Start the set-up again…"
SET_UP_HELP = "One question at a time: where the schedule comes from, and who is told."
WHO = ("Who sits here", "Whoever it is signs acknowledgements, check-ins and notes.")
ADD_PERSON, ADD_PERSON_HINT = "Take the seat", "First and last name"
TAKES_SEAT, SITS_HERE, FORGET = "Take the seat", "sits here now", "Remove"


def in_units(unit: str) -> str:
    return f"In {unit}."


def not_allowed(why: str) -> str:
    return f"The system did not allow it: {why}. Add the program to the programs that start with it yourself."
