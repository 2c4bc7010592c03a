"""The configuration while a person edits it: changed key by key, checked at any time, saved in one go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from dispatchwatch.app.config import Config, ConfigError, Problem
from dispatchwatch.app.config_file import FileChangedError, content_of, replace_file
from dispatchwatch.app.config_reader import read_values, values_of
from dispatchwatch.app.keeping_secrets import KEYRING, NO_KEYRING, KeepError, can_keep, kept
from dispatchwatch.app.key_path import Steps
from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.app.settings.errors import ChangedElsewhere, NotSound, SettingsError
from dispatchwatch.app.settings.references import NAMED, entry_of, in_keyring, naming, renamed_in
from dispatchwatch.app.settings.toml_text import MARK, TomlText
from dispatchwatch.app.settings.typed_secrets import TypedSecrets

AT_LINE = re.compile(r"at line (\d+)")
NAMELESS = "Give it a name first; its secret is kept under that name."


class SettingsSession:
    """One editing of one file. `open`, `problems`, `config`, `type_secret`, `save` and `reload` block; a window calls
    them from a thread of its own, one after the other.

    What is wrong with the file as a whole (it is no TOML, say) is `fault`, at `fault_line`: then it has no values, and
    all that can be edited is its text (`retype`).
    """

    def __init__(self, path: Path, secrets: SecretSource) -> None:
        """Opens the file; one that is not there is an empty one. Raises SettingsError where it can't be read at all."""
        self.path = path
        self.fault: Problem | None = None
        self._secrets = TypedSecrets(secrets)
        self.reload()

    def reload(self) -> None:
        """Takes the file as it is now; what was not saved is lost. Raises SettingsError."""
        try:
            self._content = content_of(self.path)
        except OSError as error:
            raise SettingsError(f"{self.path} can’t be read: {error.strerror}.") from None
        self._secrets.forget()
        self._saved_text = (self._content or b"").decode("utf-8", "replace")
        self._is_whole = self._saved_text.encode("utf-8") == (self._content or b"")
        self.retype(self._saved_text)

    @property
    def text(self) -> str:
        return self._toml.text

    @property
    def values(self) -> Mapping[str, Any]:
        """All that stands in the file, as plain data; nothing while it has a fault."""
        return {} if self.fault is not None else self._toml.values

    @property
    def fault_line(self) -> int:
        """The line, from 1, at which the text stops being TOML; 0 where no line is to blame."""
        told = self.fault.text if self.fault is not None else ""
        if found := AT_LINE.search(told):
            return int(found[1])
        return self.text.count("\n") + 1 if "end of document" in told else 0

    @property
    def is_changed(self) -> bool:
        return self.text != self._saved_text or bool(self._secrets.typed)

    @property
    def changed_elsewhere(self) -> bool:
        """Whether somebody else has changed the file since it was opened. Blocks."""
        try:
            return content_of(self.path) != self._content
        except OSError:
            return True

    # editing

    def get(self, steps: Steps) -> Any:
        """What stands there; None where nothing does."""
        return None if self.fault is not None else self._toml.get(steps)

    def set(self, steps: Steps, value: Any) -> None:
        """Puts a value there; None takes the key out. A new name is put wherever the old one stood.

        Raises SettingsError for a name that is taken or empty, NotEditable where the file is written in a way that
        can't be changed key by key.
        """
        if value is None:
            self.unset(steps)
        elif len(steps) == 3 and steps[0] in NAMED and steps[2] == "name" and self.get(steps):
            self._rename_entry(steps, str(value))
        else:
            self._toml = self._editable.set(steps, value)

    def unset(self, steps: Steps) -> None:
        """Takes a key out, and all that is below it."""
        self._toml = self._editable.unset(steps)

    def add(self, steps: Steps, values: Mapping[str, Any]) -> Steps:
        """Adds a table at the end of a list, such as `("channel",)`; returns where it is."""
        known = self.get(steps) or []
        if not isinstance(known, list):
            raise SettingsError(f"“{steps[-1]}” is not written as a list; change the text of the file.")
        self._toml = self._editable.add(steps, values)
        return (*steps, len(known))

    def remove(self, steps: Steps) -> None:
        """Takes an entry out of a list; the last step is its place."""
        self._toml = self._editable.remove(steps)

    def move(self, steps: Steps, to: int) -> None:
        """Puts an entry of a list at another place in it."""
        self._toml = self._editable.move(steps, to)

    def rename(self, section: str, old: str, new: str) -> None:
        """Renames a `channel`, `feed` or `profile` wherever it is named, in the keyring as well. Raises SettingsError.

        What the program remembers of it stays under the old name: see `wording.renaming`.
        """
        names = self._names(section)
        if old not in names:
            raise SettingsError(f"There is no {section} “{old}”.")
        if section != "profile":
            self._rename_entry((section, names.index(old), "name"), new)
        elif old != new:
            self._check_free(section, new)
            self._toml = self._with_naming(section, old, new).rename((section, old), new)

    def type_secret(self, steps: Steps, secret: SecretStr) -> None:
        """Has the file refer to the keyring for this key, and the secret go there once all is saved.

        Raises KeepError where there is no keyring, or what it belongs to has no name. A reference such as `env:NAME`
        or `file:PATH` is no secret: `set` writes it.
        """
        entry = entry_of(self.values, steps)
        if not entry:
            raise KeepError(NAMELESS)
        if not can_keep(self._secrets.secrets):
            raise KeepError(NO_KEYRING)
        self.set(steps, KEYRING)
        self._secrets.typed[entry] = secret

    def retype(self, text: str) -> None:
        """Puts another text in place of the whole file."""
        self._toml = TomlText(text)
        self.fault = self._fault(text)

    def revert(self) -> None:
        """Takes back everything since the file was opened or saved."""
        self._secrets.forget()
        self.retype(self._saved_text)

    # checking and saving

    def config(self) -> Config:
        """The configuration as it would be read. Raises ConfigError with every problem."""
        if self.fault is not None:
            raise ConfigError([self.fault])
        return read_values(self.path, self.values, self._secrets.source)

    def problems(self) -> tuple[Problem, ...]:
        """All that `dispatchwatch check` would say, each with the steps that lead to its key."""
        try:
            return self.config().warnings
        except ConfigError as error:
            return error.problems

    def save(self, *, over: bool = False, unsound: bool = False) -> Path | None:
        """Writes the file, and returns the copy of what was there before.

        Raises ChangedElsewhere, unless it may write `over` what somebody else wrote; NotSound where the program could
        not run with it, unless it may be `unsound`; SettingsError where the file can't be written, and KeepError where
        a secret can't be kept. Then nothing is changed.
        """
        self._check_sound(unsound=unsound)
        before = content_of(self.path) if over else self._content
        after = self.text.encode("utf-8")
        entries = in_keyring(self.values)
        with ExitStack() as keeping:
            for entry, secret in self._secrets.to_keep(entries).items():
                owner, _, key = entry.rpartition(".")
                keeping.enter_context(kept(owner, {key: secret}, self._secrets.secrets))
            backup = self._write(before, after)
        self._secrets.forget_moved(entries)
        self._secrets.forget()
        self._content, self._saved_text, self._is_whole = after, self.text, True
        return backup

    def _write(self, before: bytes | None, after: bytes) -> Path | None:
        try:
            return replace_file(self.path, before, after)
        except FileChangedError:
            text = f"{self.path} was changed by somebody else meanwhile; take over what is there, or write over it."
            raise ChangedElsewhere(text) from None
        except OSError as error:
            raise SettingsError(f"{self.path} can’t be written: {error.strerror}.") from None

    def _check_sound(self, *, unsound: bool) -> None:
        if self.fault is not None:
            raise NotSound(f"{self.fault.text[:1].upper()}{self.fault.text[1:]}; put that right first.")
        wrong = [one for one in self.problems() if not one.is_warning]
        if wrong and not unsound:
            more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
            raise NotSound(f"The program could not run with this: {wrong[0].where}: {wrong[0].text}{more}.")

    def _check_free(self, section: str, name: str) -> None:
        if not name.strip():
            raise SettingsError(f"The {section} needs a name.")
        if name in self._names(section):
            raise SettingsError(f"There is a {section} “{name}” already; choose another name.")

    @property
    def _editable(self) -> TomlText:
        if self.fault is not None:
            raise SettingsError("The text of the file has to be put right first.")
        return self._toml

    def _rename_entry(self, steps: Steps, new: str) -> None:
        """Of two with the same name, who names it means the other one."""
        section, old = str(steps[0]), str(self.get(steps))
        if old == new:
            return
        self._check_free(section, new)
        toml = self._with_naming(section, old, new) if self._names(section).count(old) == 1 else self._editable
        before = [one for one in in_keyring(toml.values).items() if one[1][:2] == steps[:2]]
        self._toml = toml.set(steps, new)
        for entry, place in before:
            self._secrets.rename(entry, entry_of(self._toml.values, place))

    def _with_naming(self, section: str, old: str, new: str) -> TomlText:
        """With the new name wherever the old one is named."""
        toml = self._editable
        for steps in list(naming(toml.values, section, old)):
            toml = toml.set(steps, renamed_in(toml.get(steps), old, new))
        return toml

    def _names(self, section: str) -> list[str]:
        """The names in their order; what has none is there as an empty one."""
        known = self.values.get(section)
        if isinstance(known, list):
            return [str(one.get("name", "")) if isinstance(one, Mapping) else "" for one in known]
        return list(known) if isinstance(known, Mapping) else []

    def _fault(self, text: str) -> Problem | None:
        try:
            values_of(text.removeprefix(MARK), self.path)
        except ConfigError as error:
            return error.problems[0]
        if text == self._saved_text and not self._is_whole:
            return Problem(str(self.path), "it holds letters that are not UTF-8 and can’t be read")
        return None
