"""A keyring in memory."""

from __future__ import annotations


class KeyringBox:
    """`kept` is what is in it, by entry. `locked`: it can be read and takes nothing."""

    def __init__(self, *, locked: bool = False) -> None:
        self.kept: dict[str, str] = {}
        self.locked = locked

    def get_password(self, service_name: str, username: str) -> str | None:
        return self.kept.get(f"{service_name} {username}")

    def set_password(self, service_name: str, username: str, password: str) -> None:
        if self.locked:
            raise OSError(f"can’t write {password}")
        self.kept[f"{service_name} {username}"] = password

    def delete_password(self, service_name: str, username: str) -> None:
        del self.kept[f"{service_name} {username}"]
