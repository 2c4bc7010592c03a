from __future__ import annotations

from typing import Any

from dispatchwatch.dispatch.platforms.outlook import OutlookConfig

TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT_ID = "66666666-7777-8888-9999-000000000000"
CLIENT_SECRET = "q7Z8Q~81LmPw03KxVt5RyUeHnd.b5Ys8Df1Gh3T"
REFRESH_TOKEN = "0.AXoAb5Ys8Df1Gh3Tp6UtW4Qx9LmZr2Kc7VbNj"


def outlook_config(base_url: str | None = None, **more: Any) -> OutlookConfig:
    return OutlookConfig.model_validate({
        "name": "ops-mail", "platform": "outlook", "base_url": base_url,
        "to": "supervisor@acme.example", "tenant_id": TENANT, "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET, "mailbox": "dispatch@acme.example",
        **more,
    })  # fmt: skip


def delegated_config(base_url: str | None = None, **more: Any) -> OutlookConfig:
    return OutlookConfig.model_validate({
        "name": "ops-mail", "platform": "outlook", "base_url": base_url,
        "to": "supervisor@acme.example", "tenant_id": TENANT, "client_id": CLIENT_ID,
        "authentication": "delegated", "refresh_token": REFRESH_TOKEN,
        **more,
    })  # fmt: skip
