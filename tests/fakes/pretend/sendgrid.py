"""SendGrid: mail that is taken and queued."""

from __future__ import annotations

from typing import Any

from tests.fakes.pretend.service import Refusal, Service, bearer, body, on
from tests.fakes.receiver import Answer, Received

KEY = "SG.q7Zs81LmPw03KxVt5RyUeH.b5Ys8Df1Gh3Tp6UtW4Qx9LmZr2Kc7VbNj"


class SendGrid(Service):
    key = "sendgrid"

    def let_in(self, received: Received) -> None:
        if bearer(received) != KEY:
            raise Refusal(self.unknown_caller())

    def unknown_caller(self) -> Answer:
        return _no(401, "The provided authorization grant is invalid, expired, or revoked")

    def too_many(self, wait: str) -> Answer:
        reset = str(int(self.now().timestamp()) + 7)
        said = _no(429, "too many requests")
        return Answer(429, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}, said.body)

    @on("POST", "/v3/mail/send")
    def send(self, received: Received) -> Answer:
        mail = body(received)
        wrong = _wrong(mail)
        if wrong:
            return _no(400, f"{wrong} is not right", wrong)
        if mail.get("mail_settings", {}).get("sandbox_mode", {}).get("enable"):
            return Answer(200, body="")
        self.messages.append(_text(mail))
        return Answer(202, {"X-Message-Id": f"message{self.serial()}"}, "")

    @on("GET", "/v3/scopes")
    def scopes(self, received: Received) -> Answer:
        return Answer(body={"scopes": ["mail.send", "alerts.read"]})


def _wrong(mail: dict[str, Any]) -> str:
    """The field that SendGrid would name; empty where all is well."""
    people = mail.get("personalizations") or []
    if not people or len(people) > 1000 or not all(one.get("to") for one in people):
        return "personalizations"
    if any("@" not in to.get("email", "") for one in people for to in one["to"]):
        return "personalizations.to.email"
    if "@" not in mail.get("from", {}).get("email", ""):
        return "from.email"
    if len(mail.get("categories", [])) > 10:
        return "categories"
    if mail.get("template_id"):
        return ""
    kinds = [part.get("type") for part in mail.get("content", [])]
    if not kinds or not all(part.get("value") for part in mail["content"]):
        return "content"
    if kinds != sorted(kinds, key=lambda kind: kind != "text/plain"):
        return "content.type"
    return "" if mail.get("subject") or all(one.get("subject") for one in people) else "subject"


def _text(mail: dict[str, Any]) -> str:
    if mail.get("template_id"):
        return str(mail["personalizations"][0].get("dynamic_template_data"))
    return f"{mail.get('subject')}\n{mail['content'][0]['value']}"


def _no(status: int, message: str, field: str | None = None) -> Answer:
    return Answer(status, body={"errors": [{"message": message, "field": field, "help": None}]})
