from __future__ import annotations

from typing import Any

from dispatchwatch.dispatch.accounts.asana import AsanaConfig

SECRET = "2/1200000000000042/q7Zs81LmPw03KxVt"
PROJECT, NEW, TAKEN, FIELD = "1200000000000001", "1200000000000002", "1200000000000003", "1200000000000004"


def asana_config(base_url: str | None = None, **more: Any) -> AsanaConfig:
    return AsanaConfig.model_validate({
        "name": "ops-asana", "platform": "asana", "base_url": base_url, "access_token": SECRET, "project": PROJECT,
        "section": NEW, "section_acknowledged": TAKEN, **more,
    })  # fmt: skip
