"""What can't be done to the configuration, in sentences."""

from __future__ import annotations


class SettingsError(Exception):
    """What was asked can't be done; the text is a sentence that says why, and what to do."""


class NotEditable(SettingsError):
    """The file writes this in a way that can't be changed key by key; a person has to change its text."""


class ChangedElsewhere(SettingsError):
    """Somebody else has changed the file since it was opened. `save(over=True)` writes over it, `reload` takes it."""


class NotSound(SettingsError):
    """The program could not run with this. `save(unsound=True)` saves it all the same."""
