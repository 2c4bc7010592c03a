from __future__ import annotations

from typing import Any

from dispatchwatch.dispatch.accounts.trello import TrelloConfig

KEY, SECRET = "0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f", "ATTA9f8e7d6c5b4a39281706f5e4d3c2b1a0"
BOARD, NEW, TAKEN, DONE = (f"5abbe4b7ddc1b351ef96141{number}" for number in range(4))


def trello_config(base_url: str | None = None, **more: Any) -> TrelloConfig:
    return TrelloConfig.model_validate({
        "name": "ops-trello", "platform": "trello", "base_url": base_url, "api_key": KEY, "token": SECRET,
        "id_board": BOARD, "id_list": NEW, "id_list_acknowledged": TAKEN, "id_list_done": DONE, **more,
    })  # fmt: skip
