"""A keyring in a file, for programs that run as processes of their own: PYTHON_KEYRING_BACKEND names it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from keyring.backend import KeyringBackend

PLACE = "KEYRING_FILE"


class FileKeyring(KeyringBackend):
    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return self._kept().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._place().write_text(json.dumps({**self._kept(), f"{service} {username}": password}), encoding="utf-8")

    def delete_password(self, service: str, username: str) -> None:
        kept = {entry: secret for entry, secret in self._kept().items() if entry != f"{service} {username}"}
        self._place().write_text(json.dumps(kept), encoding="utf-8")

    def _kept(self) -> dict[str, Any]:
        place = self._place()
        found: dict[str, Any] = json.loads(place.read_text(encoding="utf-8")) if place.exists() else {}
        return found

    @staticmethod
    def _place() -> Path:
        return Path(os.environ[PLACE])
