"""The words of the settings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from dispatchwatch.app.key_path import Steps

SETTINGS = "Settings"
SEARCH = "Search settings"
SECTIONS = "Sections of the settings"
SAVE, DISCARD, UNDO = "Save", "Discard", "Undo"
SAVE_KEY, UNDO_KEY = "Ctrl+S", "Ctrl+Z"
NO_CHANGES = "Nothing is changed."
SAVING = "Saving …"
SAVED = "Saved. The watch goes on with the new settings."
SAVED_ONLY = "Saved. It counts as soon as the watch runs again."
DISCARDED = "Discarded. The file was not touched."
TEXT_EDITED = "the text of the file"
SAVE_UNSOUND = "Save all the same"
TAKE_THEIRS, WRITE_OVER = "Take what is there", "Write over it"
CHANGED_ELSEWHERE = "Somebody else has changed the file since it was opened here."
READ_AGAIN, OPEN_IN_EDITOR, COPY_PATH = "Read it again", "Open in editor", "Copy path"
READING = "Reading the configuration …"
NOTHING_FOUND = ("No setting is called so", "Try another word, or clear the search to see the sections.")
FOUND_SETTINGS = "Settings that were found"
BROKEN_TITLE = "The configuration file can’t be read"
BROKEN_WHY = (
    "Until it can, the program keeps to what it read before. Put the text right here or in an editor; the pages of the "
    "settings come back by themselves."
)
THE_TEXT = "The text of the configuration file"
ADD, EDIT, DUPLICATE, REMOVE, UP, DOWN = "Add", "Edit", "Duplicate", "Remove", "Move up", "Move down"
ADD_KEY, EDIT_KEY, DUPLICATE_KEY, REMOVE_KEY = "Ctrl+Shift+N", "Enter", "Ctrl+D", "Del"
UP_KEY, DOWN_KEY = "Alt+Up", "Alt+Down"
NAMELESS = "Without a name"
USED, NOT_USED = "On", "Off"


def changed(steps: Steps) -> str:
    """What undoing a change of a key takes back, in a few words."""
    return f"the change of “{steps[-1]}”" if steps else TEXT_EDITED


def added(what: str) -> str:
    return f"adding {what}"


def removed(name: str) -> str:
    return f"removing {name}"


def moved(name: str) -> str:
    return f"moving {name}"


def undo(words: str) -> str:
    return f"Undo {words}"


def saved_in_vain(where: str, why: str) -> str:
    return f"Saved, but the watch can’t run with it and goes on as before. {where}: {why}."


def change_count(count: int) -> str:
    return "1 change" if count == 1 else f"{count} changes"


def change_names(names: list[str]) -> str:
    """What is changed, key by key; the first few of many."""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def problem_count(count: int) -> str:
    return "1 problem" if count == 1 else f"{count} problems"


def with_problems(title: str, count: int) -> str:
    return f"{title} · {count}" if count else title


def elsewhere(count: int) -> str:
    lost = "1 change of yours is" if count == 1 else f"{count} changes of yours are"
    return f"{CHANGED_ELSEWHERE} {lost} not saved yet."


def fault(text: str, line: int) -> str:
    told = f"{text[:1].upper()}{text[1:]}"
    told = told if told.endswith(".") else f"{told}."
    return f"Line {line}: {told}" if line else told


def path_of(path: Path) -> str:
    return f"The configuration file is {path}"


def back_to(title: str) -> str:
    return f"All {title[:1].lower()}{title[1:]}"


def one_of(singular: str, name: str) -> str:
    return f"{singular} “{name}”" if name else singular


def nothing_yet(plural: str) -> str:
    return f"No {plural} yet."


def in_section(section: str, help_text: str) -> str:
    return f"{section} · {help_text}" if help_text else section


def copy_of(name: str, taken: Mapping[str, object] | set[str]) -> str:
    """A name that is free, for a copy of what bears this one."""
    wanted, number = f"{name} copy", 2
    while wanted in taken:
        wanted, number = f"{name} copy {number}", number + 1
    return wanted


FOR, EVERY_VISIT, EVERY_ALERT, EVERYBODY = "For", "every visit", "every alert", "everybody"
NOTHING_DIFFERENT = "Nothing is different yet."
OFF = "switched off"
NO_TIME_SAID = "It does not say when yet"
NOBODY_YET = "nobody yet"
AT_ONCE = "at once"


def in_routes(count: int) -> str:
    if not count:
        return "no route leads here, so it is told of nothing"
    return "told by 1 route" if count == 1 else f"told by {count} routes"


def read_by(feeds: list[str]) -> str:
    return f"Used by {', '.join(feeds)}" if feeds else "No feed uses it"


def moment(when: object) -> str:
    return f"{when:%Y-%m-%d %H:%M}" if isinstance(when, datetime) else str(when or AT_ONCE)


MAP, MAP_MEANING = "Map it anew…", "Go through its columns and words again, with the data beside them"
PROFILE_NAME = "Name"
PROFILE_NAME_HELP = "What feeds call it; feeds that use it follow along."
SAVE_FIRST = "Save or discard your changes first: connecting a feed writes the configuration file."
MEND_FIRST = "Put right what is wrong first; then a feed can be connected."


def free_name(wanted: str, taken: set[str]) -> str:
    """The wanted name, with a number where others have it."""
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name


SHOW_TEXT = "Show the text of the file"


def at_place(where: str, text: str) -> str:
    return f"{where}: {text if text.endswith(('.', '!', '?')) else text + '.'}"
