"""Gmail, mail from a mailbox of one's own, through users.messages.send.

A mail can't be changed: an update, an acknowledgement and the end of an alert are replies in the thread of the first
one, by Gmail's threadId for the mailbox and by In-Reply-To and References for those who get them. Gmail deduplicates
nothing, and the right to send, which is all that we ask for, is no right to look: a repeated mail arrives twice.

The check asks for the mailbox's profile: with the right to send alone Google refuses that as insufficientPermissions,
which only somebody who is signed in gets to hear; whether sending is allowed is told along with the token.

Facts: discovery document gmail v1, revision 20261005 (path, raw, threadId, scopes); developers.google.com/workspace/
gmail/api: guides/threads (conditions of a thread), guides/handle-errors (reasons), reference/quota (6,000 units a
minute and mailbox, 100 a mail). Unconfirmed: that our Message-ID is kept, that Gmail adds the date, that a thread which
is gone is answered by 404, and the 500 mails a day of gmail.com.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import timedelta
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import formataddr

import httpx

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch.auth import Auth
from dispatchwatch.dispatch.browser_sign_in import BrowserSignIn
from dispatchwatch.dispatch.conversation import Conversation, Step
from dispatchwatch.dispatch.errors import Failure, Unreachable
from dispatchwatch.dispatch.fields import text
from dispatchwatch.dispatch.google import GoogleConfig, GoogleToken, browser_sign_in, service_account
from dispatchwatch.dispatch.mail import Envelope, MailConfig, addresses, envelope
from dispatchwatch.dispatch.platform import Platform, Rate, Repeat, json_request, words
from dispatchwatch.dispatch.reading import named, path_asked
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification

MAILBOX = "https://gmail.googleapis.com/gmail/v1/users/me"
SCOPE = "https://www.googleapis.com/auth/gmail.send"
MAY_SEND = frozenset({SCOPE, "https://mail.google.com/", *(f"{SCOPE[:-4]}{more}" for more in ("compose", "modify"))})
CRLF = compat32.clone(linesep="\r\n")
LATER = ("rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded")
NOT_ALLOWED = "insufficientPermissions"


class GmailConfig(MailConfig, GoogleConfig):
    from_name: str = text(
        "Name of the sender", default="DispatchWatch", help="Shown in place of the address.",
        pattern=r"[^\x00-\x1f\x7f]{1,100}",
    )  # fmt: skip


class Gmail(Platform[GmailConfig]):
    key = "gmail"
    name = "Gmail"
    config = GmailConfig
    operations = frozenset(Operation)
    repeat = Repeat.DOUBLES
    rate = Rate(60, timedelta(minutes=1))

    def auth(self, config: GmailConfig) -> Auth:
        return GoogleToken(self.name, config, SCOPE, MAY_SEND)

    def tell(self, notification: Notification, config: GmailConfig, receipt: Receipt | None) -> Conversation:
        around = envelope(notification, receipt, config.mailbox)
        mail, thread = {"raw": _raw(notification, config, around)}, around.details.get("thread", "")
        if thread:
            answer = yield Step(_send({**mail, "threadId": thread}), also=frozenset({404}))
            if answer.is_success:
                return self._told(answer, around)
        return self._told((yield Step(_send(mail))), around)

    def _told(self, answer: httpx.Response, around: Envelope) -> Receipt:
        number, thread = named(answer, self.name, "id"), named(answer, self.name, "threadId")
        return Receipt(number, {**around.details, "thread": thread})

    def pretended(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        return httpx.Response(200, json={"id": "0000000000000000", "threadId": "0000000000000000"})

    def classify(self, response: httpx.Response) -> Failure | None:
        said = words(response)
        if response.status_code == 403 and NOT_ALLOWED in said and path_asked(response).endswith("/profile"):
            return None
        if response.status_code == 403 and any(f'"{reason}"' in said for reason in LATER):
            return Unreachable(f"Gmail asks to be told later (HTTP 403): {self.explain(response)}")
        return super().classify(response)

    def check(self, config: GmailConfig) -> httpx.Request:  # noqa: ARG002
        return httpx.Request("GET", f"{MAILBOX}/profile")

    def sign_in(self, config: GmailConfig) -> BrowserSignIn | None:
        return browser_sign_in(self.name, config, SCOPE)

    def secrets(self, config: GmailConfig) -> tuple[str, ...]:
        return (*super().secrets(config), service_account(config.service_account_key)[1])


def _raw(notification: Notification, config: GmailConfig, around: Envelope) -> str:
    """The whole mail, always the same for the same notification."""
    # Not a boundary that is drawn by lot; in base64 there is no hyphen.
    mail = MIMEMultipart("alternative", boundary="--dispatchwatch--")
    mail["From"] = formataddr((config.from_name, config.mailbox))
    mail["To"] = ", ".join(addresses(config.to))
    # EmailMessage folds a subject so that it comes back with other spaces, and a reply would leave its thread.
    mail["Subject"] = Header(around.subject, "utf-8", header_name="Subject").encode()
    for name, value in around.headers.items():
        mail[name] = value
    mail.attach(MIMEText(letter.text(notification), "plain", "utf-8"))
    mail.attach(MIMEText(letter.html(notification), "html", "utf-8"))
    return urlsafe_b64encode(mail.as_bytes(policy=CRLF)).decode("ascii")


def _send(mail: Mapping[str, str]) -> httpx.Request:
    return json_request("POST", f"{MAILBOX}/messages/send", mail)
