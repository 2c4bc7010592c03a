from __future__ import annotations

from typing import Any

from dispatchwatch.dispatch.accounts.monday import MondayConfig

SECRET = "eyJhbGciOiJIUzI1NiJ9.eyJ0aWQiOjEwNDJ9.q7Zs81LmPw03KxVt"
BOARD = "1234567890"


def monday_config(base_url: str | None = None, **more: Any) -> MondayConfig:
    return MondayConfig.model_validate({
        "name": "ops-monday", "platform": "monday", "base_url": base_url, "token": SECRET, "board_id": BOARD,
        "group_id": "topics", "key_column": "text1", "status_column": "status", "label_open": "New",
        "label_acknowledged": "Working on it", **more,
    })  # fmt: skip
