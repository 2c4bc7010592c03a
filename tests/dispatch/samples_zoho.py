from __future__ import annotations

from typing import Any

from dispatchwatch.dispatch.accounts.zoho import ZohoConfig

SECRET = "os-2Lp6dH4j"
REFRESH_TOKEN = "1000.rt-9Zf1aE7u"


def zoho_config(base_url: str | None = None, **more: Any) -> ZohoConfig:
    return ZohoConfig.model_validate({
        "name": "ops-zoho", "platform": "zoho", "base_url": base_url,
        "client_id": "1000.ABC", "client_secret": SECRET, "refresh_token": REFRESH_TOKEN,
        **more,
    })  # fmt: skip
