from __future__ import annotations

from typing import Any

from dispatchwatch.dispatch.accounts.zendesk import ZendeskConfig

SECRET = "zs-1Wd5vB8q"
TOKEN = "zt-6Jy3pF0c"


def zendesk_config(base_url: str | None = None, **more: Any) -> ZendeskConfig:
    return ZendeskConfig.model_validate({
        "name": "ops-zendesk", "platform": "zendesk", "base_url": base_url,
        "subdomain": "acme", "client_id": "dispatchwatch", "client_secret": SECRET,
        **more,
    })  # fmt: skip


def zendesk_token(base_url: str | None = None, **more: Any) -> ZendeskConfig:
    who = {"authentication": "token", "email": "agent@acme.example", "api_token": TOKEN, "client_secret": None}
    return zendesk_config(base_url, **(who | more))
