"""Short ways for the tests of connecting feeds to have an office and to answer questions."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from dispatchwatch.app.config import Config
from dispatchwatch.app.config_reader import read_config
from dispatchwatch.app.mapping import MappingSession, Office, office_of, start
from dispatchwatch.app.secrets import SecretSource
from tests.fakes.keyring_box import KeyringBox

CHICAGO = ZoneInfo("America/Chicago")
OFFICE = '# ours\n[office]\ntimezone = "America/Chicago"   # Central\n'


def office(folder: Path, ring: KeyringBox | None = None, text: str = OFFICE, **environment: str) -> Office:
    """The office of a configuration with this text. Without a keyring there is none that could be read."""
    path = folder / "office.toml"
    if not path.exists():
        path.write_text(text, encoding="utf-8")
    secrets = secrets_of(folder, ring, **environment)
    return office_of(read_config(path, secrets), secrets, is_new=False)


def secrets_of(folder: Path, ring: KeyringBox | None = None, **environment: str) -> SecretSource:
    def keyring() -> KeyringBox:
        if ring is None:
            raise OSError("no D-Bus")
        return ring

    return SecretSource(environment, folder, keyring)


def saved(one: MappingSession) -> Config:
    """The configuration with the feed, read as the program does."""
    one.save()
    return read_config(one.office.path, one.office.secrets)


def keys(one: MappingSession) -> list[str]:
    return [question.key for question in one.open_questions]


def answered(one: MappingSession, **answers: str) -> MappingSession:
    """With answers; `__` in a key stands for a dot."""
    for key, choice in answers.items():
        one = one.answer(key.replace("__", "."), choice)
    return one


def begun(kind: str, where: Office, **answers: str) -> MappingSession:
    return answered(start(kind, "board", where), **answers)


def suggestion(one: MappingSession, key: str) -> str:
    return next(question.suggestion for question in one.open_questions if question.key == key)
