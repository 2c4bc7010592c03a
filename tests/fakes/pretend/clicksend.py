"""ClickSend: the envelope always says SUCCESS; what became of a text stands beside the text."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.pretend.service import Refusal, Service, basic, body, on, query
from tests.fakes.receiver import Answer, Received

USER = "office@northside.example"
KEY = "5Ys8Df1G-h3Tp-6UtW-4Qx9-LmZr2Kc7VbNj"


class ClickSend(Service):
    key = "clicksend"

    def let_in(self, received: Received) -> None:
        if basic(received) != (USER, KEY):
            raise Refusal(self.unknown_caller())

    def unknown_caller(self) -> Answer:
        return _told(401, "UNAUTHORIZED", "Authorization failed.", None)

    def not_found(self) -> Answer:
        return _told(404, "NOT_FOUND", "Resource not found.", None)

    def too_many(self, wait: str) -> Answer:
        said = _told(429, "TOO_MANY_REQUESTS", "Rate limit exceeded.", None)
        return Answer(429, {"Retry-After": wait}, said.body)

    @on("POST", "/v3/sms/send")
    def send(self, received: Received) -> Answer:
        messages = body(received).get("messages")
        if not isinstance(messages, list) or not 0 < len(messages) <= 1000:
            return _told(400, "BAD_REQUEST", "The messages field is required.", None)
        return _told(200, "SUCCESS", "Messages queued for delivery.", {
            "total_price": 0.07, "total_count": len(messages), "queued_count": len(messages),
            "messages": [self._sent(message) for message in messages],
        })  # fmt: skip

    @on("GET", "/v3/sms/history")
    def history(self, received: Received) -> Answer:
        wanted = query(received).get("q", "").removeprefix("custom_string:")
        found = [text for text in self.texts if text.get("custom_string") == wanted]
        return _told(200, "SUCCESS", "Here are your data.", {"total": len(found), "data": found})

    @on("GET", "/v3/account")
    def account(self, received: Received) -> Answer:
        secret = {"api_username": USER, "api_key": KEY}
        return _told(200, "SUCCESS", "Here’s your account", {"balance": "7.10", "_subaccount": secret})

    def begin(self) -> None:
        super().begin()
        self.texts: list[dict[str, Any]] = []

    def _sent(self, message: dict[str, Any]) -> dict[str, Any]:
        number = f"1F0A{self.serial():04X}-AAAA-6B0B-A4D3-{len(self.messages):012X}"
        told = {"message_id": number, **message}
        if not message.get("body") or not isinstance(message.get("to"), str):
            return {**told, "status": "MISSING_REQUIRED_FIELDS"}
        if not re.fullmatch(r"\+[1-9]\d{6,14}", message["to"]):
            return {**told, "status": "INVALID_RECIPIENT"}
        if any((message["to"], message["body"]) == (one["to"], one["body"]) for one in self.texts):
            return {**told, "status": "THROTTLED"}
        self.texts.append(told)
        self.messages.append(message["body"])
        return {**told, "status": "SUCCESS"}


def _told(status: int, code: str, message: str, data: object) -> Answer:
    return Answer(status, body={"http_code": status, "response_code": code, "response_msg": message, "data": data})
