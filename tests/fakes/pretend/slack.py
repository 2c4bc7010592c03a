"""Slack, through an incoming webhook: it posts, and says "ok"."""

from __future__ import annotations

import json
from typing import Any

from tests.fakes.pretend.service import Service, body, on
from tests.fakes.receiver import Answer, Received

TOKEN = "q7Zs81LmPw03KxVt5RyUeHnd"
PATH = f"/services/T0000AAAA/B0000BBBB/{TOKEN}"


class Slack(Service):
    key = "slack"

    def let_in(self, received: Received) -> None:
        """The address is the credential."""

    def unknown_caller(self) -> Answer:
        return Answer(403, body="invalid_token")

    def not_found(self) -> Answer:
        return Answer(404, body="no_service")

    def trouble(self) -> Answer:
        return Answer(500, body="rollup_error")

    def too_many(self, wait: str) -> Answer:
        return Answer(429, {"Retry-After": wait}, "rate_limited")

    @on("POST", PATH)
    def post(self, received: Received) -> Answer:
        message = body(received)
        blocks = message.get("blocks", [])
        if not message.get("text") and not blocks:
            return Answer(400, body="no_text")
        if len(blocks) > 50 or not all(_fits(block) for block in blocks):
            return Answer(400, body="invalid_blocks")
        self.messages.append(message.get("text", "") + json.dumps(blocks, ensure_ascii=False))
        return Answer(200, body="ok")


def _fits(block: dict[str, Any]) -> bool:
    fields = block.get("fields", [])
    text = block.get("text", {}).get("text", "x")
    longest = 150 if block["type"] == "header" else 3000
    return 0 < len(text) <= longest and len(fields) <= 10 and all(0 < len(one["text"]) <= 2000 for one in fields)
