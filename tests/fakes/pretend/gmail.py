"""Gmail: mail sent for a person or, by domain-wide delegation, for a mailbox. A reply joins a thread that exists."""

from __future__ import annotations

import base64
import email
import json
from email.message import EmailMessage
from email.policy import default
from typing import Any

from tests.fakes.pretend.service import Refusal, Service, Thing, bearer, body, form, on
from tests.fakes.receiver import Answer, Received

CLIENT_ID, CLIENT_SECRET = "1042-northside.apps.googleusercontent.com", "GOCSPX-q7Zs81LmPw03KxVt5RyU"
REFRESH_TOKEN = "1//0eb5Ys8Df1Gh3Tp6UtW4Qx9LmZr2Kc7VbNj"
ACCOUNT = "dispatchwatch@northside.iam.gserviceaccount.com"
SCOPE = "https://www.googleapis.com/auth/gmail.send"
ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class Gmail(Service):
    key = "gmail"

    def standing(self, thing: Thing) -> str:
        return "sent"

    def let_in(self, received: Received) -> None:
        if not self.spend(bearer(received)):
            raise Refusal(self.unknown_caller())

    def unknown_caller(self) -> Answer:
        return _no(401, "UNAUTHENTICATED", "authError", "Request had invalid authentication credentials.")

    def not_found(self) -> Answer:
        return _no(404, "NOT_FOUND", "notFound", "Requested entity was not found.")

    def trouble(self) -> Answer:
        return _no(500, "INTERNAL", "backendError", "Backend Error")

    def too_many(self, wait: str) -> Answer:
        return _no(403, "RESOURCE_EXHAUSTED", "userRateLimitExceeded", "User-rate limit exceeded.")

    @on("POST", "/token", free=True)
    def token(self, received: Received) -> Answer:
        given = form(received)
        if given.get("grant_type") == ASSERTION:
            claims = claimed(given.get("assertion", ""))
            good = claims.get("iss") == ACCOUNT and claims.get("scope") == SCOPE and "@" in claims.get("sub", "")
        else:
            wanted = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN}
            good = given == {"grant_type": "refresh_token", **wanted}
        return self.issue(scope=SCOPE) if good else Answer(400, body={"error": "invalid_grant"})

    @on("POST", "/oauth2/v2/tokeninfo")
    def info(self, received: Received) -> Answer:
        return Answer(body={"scope": SCOPE, "expires_in": 3000})

    @on("GET", "/gmail/v1/users/(?P<user>[^/]+)/profile")
    def profile(self, received: Received, user: str) -> Answer:
        return _no(403, "PERMISSION_DENIED", "insufficientPermissions", "Insufficient Permission")

    @on("POST", "/gmail/v1/users/(?P<user>[^/]+)/messages/send")
    def send(self, received: Received, user: str) -> Answer:
        given = body(received)
        mail = _mail(given.get("raw", ""))
        if mail is None or not (mail["To"] or mail["Cc"] or mail["Bcc"]):
            return _no(400, "INVALID_ARGUMENT", "invalidArgument", "Recipient address required")
        number, words = f"18f{self.serial():x}", f"{mail['Subject']}\n{_text(mail)}"
        thread = given.get("threadId", "")
        if thread:
            # A mail of another subject, or one that answers none, begins a thread of its own.
            first = self.at(thread)
            joins = bool(mail["In-Reply-To"]) and _same(first.fields["subject"], str(mail["Subject"]))
            thread = thread if joins else ""
        if thread:
            self.things[thread].say(words)
        else:
            thread = self.add(number, {"subject": str(mail["Subject"])}, words).id
        return Answer(200, body={"id": number, "threadId": thread, "labelIds": ["SENT"]})


def _same(first: str, later: str) -> bool:
    return later.removeprefix("Re: ") == first.removeprefix("Re: ")


def _mail(raw: str) -> EmailMessage | None:
    try:
        content = base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4))
    except ValueError:
        return None
    return email.message_from_bytes(content, policy=default) if content else None


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(preferencelist=("plain", "html"))
    return str(part.get_content()) if part is not None else ""


def claimed(assertion: str) -> dict[str, Any]:
    """What a signed assertion claims. Its signature is not looked at: the key is made for each test."""
    part = assertion.split(".")[1] if assertion.count(".") == 2 else ""
    try:
        return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))
    except ValueError:
        return {}


def _no(status: int, name: str, reason: str, message: str) -> Answer:
    errors = [{"domain": "global", "reason": reason, "message": message}]
    return Answer(status, body={"error": {"code": status, "message": message, "status": name, "errors": errors}})
