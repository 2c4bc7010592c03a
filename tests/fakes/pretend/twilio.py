"""Twilio: texts that are taken and sent; nothing of them can be changed."""

from __future__ import annotations

import re
from email.utils import format_datetime
from typing import Any

from tests.fakes.pretend.service import Refusal, Service, basic, form, hexadecimal, on, query
from tests.fakes.receiver import Answer, Received

ACCOUNT = "AC" + "0123456789abcdef" * 2
KEY = "SK" + "fedcba9876543210" * 2
SECRET = "tW4Qx9LmZr2Kc7VbNj5Ys8Df1Gh3Tp6U"
MESSAGES = "/2010-04-01/Accounts/(?P<account>[^/]+)/Messages.json"


class Twilio(Service):
    key = "twilio"

    def begin(self) -> None:
        super().begin()
        self.sent_out: list[dict[str, Any]] = []

    def let_in(self, received: Received) -> None:
        if basic(received) not in {(KEY, SECRET), (ACCOUNT, SECRET)}:
            raise Refusal(self.unknown_caller())

    def unknown_caller(self) -> Answer:
        return _no(401, 20003, "Authenticate")

    def not_found(self) -> Answer:
        return _no(404, 20404, "The requested resource was not found")

    def too_many(self, wait: str) -> Answer:
        return _no(429, 20429, "Too Many Requests")

    @on("POST", MESSAGES)
    def send(self, received: Received, account: str) -> Answer:
        given = form(received)
        if account != ACCOUNT:
            return self.not_found()
        if not re.fullmatch(r"\+[1-9]\d{6,14}", given.get("To", "")):
            return _no(400, 21211, "Invalid 'To' Phone Number")
        if not given.get("From") and not given.get("MessagingServiceSid"):
            return _no(400, 21603, "A 'From' phone number is required.")
        if not given.get("Body"):
            return _no(400, 21602, "Message body is required.")
        if len(given["Body"]) > 1600:
            return _no(400, 21617, "The concatenated message body exceeds the 1600 character limit.")
        self.messages.append(given["Body"])
        self.sent_out.append(self._message(given))
        return Answer(201, body=self.sent_out[-1])

    @on("GET", MESSAGES)
    def sent(self, received: Received, account: str) -> Answer:
        asked = query(received)
        found = [one for one in reversed(self.sent_out) if asked.get("To", one["to"]) == one["to"]]
        return Answer(body={"messages": found[: int(asked.get("PageSize", "50"))], "page": 0})

    @on("GET", "/2010-04-01/Accounts/(?P<account>[^/.]+).json")
    def account(self, received: Received, account: str) -> Answer:
        return Answer(body={"sid": ACCOUNT, "status": "active"}) if account == ACCOUNT else self.not_found()

    def _message(self, given: dict[str, str]) -> dict[str, Any]:
        number = "SM" + hexadecimal(self.serial(), 32)
        made = format_datetime(self.now())
        return {
            "sid": number, "status": "queued", "to": given["To"], "body": given["Body"], "error_code": None,
            "date_created": made,
        }  # fmt: skip


def _no(status: int, code: int, message: str) -> Answer:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return Answer(status, body={"code": code, "message": message, "more_info": more, "status": status})
