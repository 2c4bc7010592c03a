"""The words of the first start."""

from __future__ import annotations

SET_UP = "Set up DispatchWatch"
OFFER = "Set it up"
BACK, LATER, SKIP, GO_ON = "Back", "Go on later", "Not now", "Next"
BACK_KEY, NEXT_KEY = "Alt+Left", "Ctrl+Return"
SAMPLE = "Look at a sample day first"
SAMPLE_MEANING = "Opens a second window with a made-up day that moves. Nothing of yours is touched."
SAMPLE_OPENED = "The sample day opens in a window of its own. This one stays as it is."
SAMPLE_FAILED = "The sample day could not be opened. Start it with the command: dispatchwatch demo."
SAVE = "Save and finish"
CLOSE = "Go to the board"
SAVING, READING = "Saving …", "Reading the configuration …"
HAS_FEED = "The schedule is connected already"
DONE = "That is all"
TOLD = "{} is told of warnings and worse. Who is told of what, and when, is under Settings, Routes."
FILLS = "The board fills with today’s visits."
NO_SCHEDULE = "Without a schedule the board stays empty: only visits that are typed here are watched."
NOBODY_TOLD = "Nobody outside this window is told of anything until a channel is set up: Settings, Channels."
MEND_FIRST = "The configuration file has to be put right first: Settings says what is wrong with it."


def step(number: int, count: int) -> str:
    return f"Step {number} of {count}"


def done_with(channel: str) -> str:
    return TOLD.format(f"“{channel}”")
