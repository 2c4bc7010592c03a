from __future__ import annotations

from typing import Any

from dispatchwatch.dispatch.accounts.freshdesk import FreshdeskConfig

API_KEY = "fk-5Rb9xT3w"


def freshdesk_config(base_url: str | None = None, **more: Any) -> FreshdeskConfig:
    return FreshdeskConfig.model_validate({
        "name": "ops-freshdesk", "platform": "freshdesk", "base_url": base_url,
        "domain": "acme", "api_key": API_KEY, "email": "office@acme.example",
        **more,
    })  # fmt: skip
