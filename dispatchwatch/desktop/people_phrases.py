"""What the window says of who sits at the desk."""

from __future__ import annotations

WHO_IS_HERE = "Who is at the desk?"
MEANING = "Whoever it is signs what is done here: acknowledgements, check-ins, notes."
SOMEBODY_ELSE = "Somebody else"
NAME_HINT = "First and last name"
TAKE_SEAT = "Take the seat"
SIGNS_NOW = "signs what is done here from now on"
WITH_ACCOUNT = "the user of this computer"


def at_the_desk(name: str) -> str:
    return f"{name} is at the desk. Press to change."


def takes_seat(name: str) -> str:
    return f"{name} takes the seat"


def forget(name: str) -> str:
    return f"Take {name} off this list"
