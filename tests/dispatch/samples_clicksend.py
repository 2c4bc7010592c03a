from __future__ import annotations

from typing import Any

from dispatchwatch.dispatch.platforms.clicksend import ClickSendConfig

API_KEY = "5Ys8Df1G-h3Tp-6UtW-4Qx9-LmZr2Kc7VbNj"


def clicksend_config(base_url: str | None = None, **more: Any) -> ClickSendConfig:
    return ClickSendConfig.model_validate({
        "name": "supervisor-sms", "platform": "clicksend", "base_url": base_url,
        "to": "+15558675310", "username": "office@acme.example", "api_key": API_KEY,
        **more,
    })  # fmt: skip
