"""SendGrid, mail through Mail Send v3, in our words or in a dynamic template of the office's own.

A mail can't be changed: an update, an acknowledgement and the end of an alert are mails of their own, in the thread of
the first. SendGrid deduplicates nothing and can't be asked what it sent, so a repeated mail arrives twice. 202 means
that it is queued; an address that is suppressed there is dropped afterwards without a word. A check goes in sandbox
mode: it tries the key, its rights and the sender, and nothing is sent.

In a template these can be used: subject, headline, opening ("High", "Resolved"), operation, severity, kind, facts (each
with label and value), link, due_at, written_at, is_test, is_reminder, text and html (the letter as it would have been).

Facts: twilio/sendgrid-oai, spec/json/tsg_mail_v3.json (body, limits, errors, regions); twilio/ai, skills (templates);
sendgrid/docs, glossary/x-message-id and sandbox-mode (202 and 200); twilio.com/docs/sendgrid, rate-limits (headers; no
Retry-After). Unconfirmed: that Message-ID, In-Reply-To and References are passed on as we give them, that
X-RateLimit-Reset comes with a 429 of this endpoint, and the words for credits used up.
"""

from __future__ import annotations

from datetime import UTC
from typing import Any

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch.conversation import Conversation, Step
from dispatchwatch.dispatch.errors import Failure, Unauthorised, Unknown, Unreachable
from dispatchwatch.dispatch.fields import choice, secret, text
from dispatchwatch.dispatch.mail import ADDRESS, Envelope, MailConfig, addresses, envelope
from dispatchwatch.dispatch.marking import marked, opening
from dispatchwatch.dispatch.platform import Platform, Repeat, dedup_key, json_request
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.retry_after import until_reset
from dispatchwatch.dispatch.text import clip, one_line, plain, web_link
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification

ORIGINS = {"global": "https://api.sendgrid.com", "eu": "https://api.eu.sendgrid.com"}
MOST_FACTS, FACT_LENGTH, HEADLINE_LENGTH = 60, 2000, 10_000


class SendGridConfig(MailConfig):
    api_key: SecretStr = secret(
        "API key",
        help="It begins with SG. and needs the right Mail Send: in SendGrid under Settings, API Keys.",
        pattern=r"SG\.\S+",
    )
    from_email: str = text(
        "From", help="A verified sender, or an address of a verified domain: Settings, Sender Authentication.",
        pattern=ADDRESS,
    )  # fmt: skip
    from_name: str = text(
        "Name of the sender", default="DispatchWatch", help="Shown in place of the address.",
        pattern=r"[^\x00-\x1f\x7f]{1,100}",
    )  # fmt: skip
    template_id: str = text(
        "Dynamic template",
        default="",
        help="d- and 32 letters and digits: Email API, Dynamic Templates. Left empty, the mail is in our own words.",
        pattern="d-[0-9a-f]{32}",
    )
    region: str = choice(
        "Region", {"global": "Global", "eu": "Europe"}, default="global", help="Europe is for subusers pinned to it."
    )


class SendGrid(Platform[SendGridConfig]):
    key = "sendgrid"
    name = "SendGrid"
    config = SendGridConfig
    operations = frozenset(Operation)
    repeat = Repeat.DOUBLES

    def tell(self, notification: Notification, config: SendGridConfig, receipt: Receipt | None) -> Conversation:
        around = envelope(notification, receipt, config.from_email)
        answer = yield Step(_request(config, _mail(notification, config, around)))
        sent = answer.headers.get("X-Message-Id", "")
        if not sent:
            raise Unknown("SendGrid: the answer is not one that SendGrid gives: it names no mail. Is a proxy between?")
        return Receipt(sent, around.details)

    def pretended(self, request: httpx.Request) -> httpx.Response:  # noqa: ARG002
        return httpx.Response(202, headers={"X-Message-Id": "0000000000000000000000"})

    def classify(self, response: httpx.Response) -> Failure | None:
        if response.status_code in {401, 403} and "credits exceeded" in self.explain(response).lower():
            return Unauthorised(
                "SendGrid: the account has no mails left in its plan. Raise it, then resume this channel."
            )
        failure = super().classify(response)
        if isinstance(failure, Unreachable):
            headers = response.headers
            failure.retry_after = until_reset(headers.get("X-RateLimit-Reset", ""), headers.get("Date", ""))
        return failure

    def check(self, config: SendGridConfig) -> httpx.Request:
        return _request(config, {
            "personalizations": [{"to": [{"email": address} for address in addresses(config.to)]}],
            "from": {"email": config.from_email},
            "subject": "DispatchWatch checked this channel",
            "content": [{"type": "text/plain", "value": "In sandbox mode; not sent."}],
            "mail_settings": {"sandbox_mode": {"enable": True}},
        })  # fmt: skip


def _mail(notification: Notification, config: SendGridConfig, around: Envelope) -> dict[str, Any]:
    person: dict[str, Any] = {"to": [{"email": address} for address in addresses(config.to)]}
    mail: dict[str, Any] = {
        "personalizations": [person],
        "from": {"email": config.from_email, "name": config.from_name},
        "headers": dict(around.headers),
        "categories": ["dispatchwatch"],
        "custom_args": {"alert": dedup_key(notification.alert_key), "operation": notification.operation.value},
        # Links stay as they are: they lead into the office's own program, not past a counter.
        "tracking_settings": {"click_tracking": {"enable": False, "enable_text": False}},
    }
    if config.template_id:
        person["dynamic_template_data"] = _data(notification, around.subject)
        return {**mail, "template_id": config.template_id}
    content = [
        {"type": "text/plain", "value": letter.text(notification)},
        {"type": "text/html", "value": letter.html(notification)},
    ]
    return {**mail, "subject": around.subject, "content": content}


def _data(notification: Notification, subject: str) -> dict[str, Any]:
    facts = notification.facts[:MOST_FACTS]
    return {
        "subject": subject,
        "headline": clip(marked(notification, plain(notification.headline)), HEADLINE_LENGTH),
        "opening": opening(notification),
        "operation": notification.operation.value,
        "severity": notification.severity.value,
        "kind": notification.kind.value,
        "facts": [{"label": one_line(label), "value": clip(plain(value), FACT_LENGTH)} for label, value in facts],
        "link": web_link(notification.link),
        "due_at": notification.due_at.astimezone(UTC).isoformat(),
        "written_at": notification.written_at.astimezone(UTC).isoformat(),
        "is_test": notification.is_test,
        "is_reminder": notification.is_reminder,
        "text": letter.text(notification),
        "html": letter.html(notification),
    }


def _request(config: SendGridConfig, mail: dict[str, Any]) -> httpx.Request:
    request = json_request("POST", f"{ORIGINS[config.region]}/v3/mail/send", mail)
    request.headers["Authorization"] = f"Bearer {config.api_key.get_secret_value()}"
    return request
