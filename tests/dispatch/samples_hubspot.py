from __future__ import annotations

from typing import Any

from dispatchwatch.dispatch.accounts.hubspot import HubSpotConfig

ACCESS_TOKEN = "pat-na1-3Vg7yQ2s"


def hubspot_config(base_url: str | None = None, **more: Any) -> HubSpotConfig:
    return HubSpotConfig.model_validate({
        "name": "ops-hubspot", "platform": "hubspot", "base_url": base_url,
        "access_token": ACCESS_TOKEN,
        **more,
    })  # fmt: skip
