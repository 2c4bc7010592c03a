from __future__ import annotations

from typing import Any

from dispatchwatch.dispatch.accounts.telegram import TelegramConfig

TOKEN = "123456789:AAq7Zs81LmPw03KxVt5RyUeHnd_b5Ys8Df1G"
SECRET = TOKEN.partition(":")[2]
CHAT = -1001234567890


def telegram_config(base_url: str | None = None, **more: Any) -> TelegramConfig:
    return TelegramConfig.model_validate({
        "name": "ops-telegram", "platform": "telegram", "base_url": base_url, "bot_token": TOKEN,
        "chat_id": str(CHAT), "acknowledge_button": "on", **more,
    })  # fmt: skip
