"""ClickSend, text messages.

A text can't be changed once it is sent: an update, an acknowledgement and the end of an alert are texts of their own.
Each bears a key of ours as its custom_string, and one whose answer was lost is looked for in the history before it is
sent again. The answer's envelope says SUCCESS even where a text was refused: only the text's own status counts.

Facts: ClickSend/clicksend-mcp-server, openapi-specs.yaml (path, fields, envelope); developers.clicksend.com/docs/
messaging/sms; ClickSend/clicksend-python (account). Unconfirmed, from prayantr/clicksend: the status words, the search
in the history and what it answers; that THROTTLED means that the same words have just been sent to the same person;
that 429 says when to come back. The list of status words is not complete: one that we do not know is a refusal.
"""

from __future__ import annotations

from urllib.parse import quote

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch.auth import basic
from dispatchwatch.dispatch.errors import Refused, Unauthorised, Unknown, Unreachable
from dispatchwatch.dispatch.fields import secret, text
from dispatchwatch.dispatch.occasion import occasion_key
from dispatchwatch.dispatch.outcome import by_status
from dispatchwatch.dispatch.platform import json_answer, json_request
from dispatchwatch.dispatch.reading import picked, read, rows, text_at
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.sms import SmsConfig, Texting, body
from dispatchwatch.dispatch.text import one_line
from dispatchwatch.domain.notification import Notification

ORIGIN = "https://rest.clicksend.com"
SENT = frozenset({"SUCCESS", "THROTTLED"})
NO_CREDIT = "INSUFFICIENT_CREDIT"
REASONS = {
    "INVALID_RECIPIENT": "the number in “To” is not one that can be reached",
    "COUNTRY_NOT_ENABLED": "this account may not send texts to that country. Switch it on in ClickSend",
    "INVALID_SENDER_ID": "the sender is not one that this account may use",
    "MISSING_REQUIRED_FIELDS": "it lacks something that ClickSend wants to know",
}
NOT_SENT = frozenset({"FAILED", "CANCELLED", NO_CREDIT, *REASONS})


class ClickSendConfig(SmsConfig):
    username: str = text("Username", help="In ClickSend under API Credentials.", pattern=r"[^\s:]+")
    api_key: SecretStr = secret("API key", help="In ClickSend under API Credentials; best one of a subaccount.")
    sender: str = text(
        "From",
        default="",
        help="A number of the account, or a name of at most 11 letters; left empty, ClickSend takes a shared number.",
        pattern=r"\+?[1-9]\d{2,14}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}",
    )


class ClickSend(Texting[ClickSendConfig]):
    key = "clicksend"
    name = "ClickSend"
    config = ClickSendConfig

    def build(self, notification: Notification, config: ClickSendConfig) -> httpx.Request:
        message = {
            "to": config.to,
            "body": body(notification, config),
            "custom_string": occasion_key(notification),
            "source": "DispatchWatch",
        }
        if config.sender:
            message["from"] = config.sender
        return _signed(json_request("POST", f"{ORIGIN}/v3/sms/send", {"messages": [message]}), config)

    def parse(self, answer: httpx.Response) -> Receipt:
        said = json_answer(answer, self.name)
        status = text_at(said, "data", "messages", 0, "status")
        if status in SENT:
            return Receipt(text_at(said, "data", "messages", 0, "message_id"))
        if status == NO_CREDIT:
            raise Unauthorised("ClickSend: the account has no credit left. Top it up, then resume this channel.")
        if status:
            raise Refused(f"ClickSend does not take this text: {REASONS.get(status, 'it says')} ({status}).")
        code = picked(said, "http_code")
        raise (by_status(self.name, code, self.explain(answer)) if isinstance(code, int) else None) or Unknown(
            "ClickSend: the answer is not one that ClickSend gives: it names no text. Is a proxy in between?"
        )

    def search(self, notification: Notification, config: ClickSendConfig) -> httpx.Request:
        query = quote(f"custom_string:{occasion_key(notification)}", safe=":")
        return _signed(httpx.Request("GET", f"{ORIGIN}/v3/sms/history?q={query}"), config)

    def found(
        self,
        answer: httpx.Response,
        notification: Notification,
        config: ClickSendConfig,  # noqa: ARG002
        before: Receipt,  # noqa: ARG002
    ) -> Receipt | None:
        key, said = occasion_key(notification), read(answer, self.name)
        for row in rows(said, "data", "data") or rows(said, "data", "messages") or rows(said, "data"):
            if row.get("custom_string") == key and text_at(row, "status").upper() not in NOT_SENT:
                return Receipt(text_at(row, "message_id"))
        return None

    def pretended(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        text = {"message_id": "00000000-0000-0000-0000-000000000000", "status": "SUCCESS"}
        return httpx.Response(200, json={"http_code": 200, "response_code": "SUCCESS", "data": {"messages": [text]}})

    def explain(self, response: httpx.Response) -> str:
        try:
            said = text_at(read(response, self.name), "response_msg")
        except Unreachable:
            said = ""
        return one_line(said) or super().explain(response)

    def check(self, config: ClickSendConfig) -> httpx.Request:
        return _signed(httpx.Request("GET", f"{ORIGIN}/v3/account"), config)

    def secrets(self, config: ClickSendConfig) -> tuple[str, ...]:
        return (*super().secrets(config), _credentials(config))


def _signed(request: httpx.Request, config: ClickSendConfig) -> httpx.Request:
    request.headers["Authorization"] = f"Basic {_credentials(config)}"
    return request


def _credentials(config: ClickSendConfig) -> str:
    return basic(config.username, config.api_key.get_secret_value())
