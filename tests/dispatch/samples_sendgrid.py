from __future__ import annotations

from typing import Any

from dispatchwatch.dispatch.platforms.sendgrid import SendGridConfig

API_KEY = "SG.q7Zs81LmPw03KxVt5RyUeH.b5Ys8Df1Gh3Tp6UtW4Qx9LmZr2Kc7VbNj"
TEMPLATE = "d-0123456789abcdef0123456789abcdef"


def sendgrid_config(base_url: str | None = None, **more: Any) -> SendGridConfig:
    return SendGridConfig.model_validate({
        "name": "ops-mail", "platform": "sendgrid", "base_url": base_url,
        "to": "supervisor@acme.example", "api_key": API_KEY, "from_email": "dispatch@acme.example",
        **more,
    })  # fmt: skip
