"""A keyring in memory. `broken`: it takes nothing."""

from __future__ import annotations

from keyring.backend import KeyringBackend


class MemoryKeyring(KeyringBackend):
    priority = 1

    def __init__(self, **entries: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries = {("DispatchWatch", name): secret for name, secret in entries.items()}
        self.broken = False

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.broken:
            raise RuntimeError(f"no room for {password}")
        self.entries[service, username] = password
