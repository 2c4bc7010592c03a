from __future__ import annotations

from typing import Any

from dispatchwatch.dispatch.platforms.teams import TeamsConfig

SIGNATURE = "q7Zs81LmPw03KxVt5RyUeHnd-b5Ys8Df1Gh3Tp6UtW4"
PATH = "/powerautomate/automations/direct/workflows/0a1b2c3d4e5f/triggers/manual/paths/invoke"
QUERY = f"api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={SIGNATURE}"
URL = f"https://default0a1b.4e.environment.api.powerplatform.com:443{PATH}?{QUERY}"


def teams_config(base_url: str | None = None, **more: Any) -> TeamsConfig:
    return TeamsConfig.model_validate({
        "name": "ops-teams", "platform": "teams", "base_url": base_url, "webhook_url": URL,
        **more,
    })  # fmt: skip
