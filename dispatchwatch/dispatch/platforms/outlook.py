"""Outlook 365, mail through Microsoft Graph.

A mail can't be changed: an update, an acknowledgement and the end of an alert are mails of their own. With the right
to send alone (Mail.Send) each stands for itself, Graph gives it no name, and one that is sent twice arrives twice.
With Mail.ReadWrite too, a mail is drafted and then sent: follow-ups are replies to the first one, and a draft whose
sending got no answer is looked at before it is sent again. Where the first mail was deleted, a new one is written.

An app that signed in for itself names the mailbox (/users/{id}), one that did for a person is in it (/me). The check
asks for the mailbox's owner: 403 means that we are signed in and may not read that, which we need not.

Facts: microsoftgraph/msgraph-metadata, schemas/v1.0-Prod.csdl; learn.microsoft.com/graph/api/user-sendmail (202 and no
id; draft and send need Mail.ReadWrite) and /graph/throttling-limits (429 and 503 with Retry-After); 30 mails a minute:
learn.microsoft.com/archive/blogs/lystavlen. Unconfirmed: that a sent draft keeps its immutable id, what createReply
takes in `message`, and X-Auto-Response-Suppress.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import httpx

from dispatchwatch.dispatch import letter
from dispatchwatch.dispatch.auth import Auth
from dispatchwatch.dispatch.conversation import Conversation, Step
from dispatchwatch.dispatch.device_code import DeviceSignIn
from dispatchwatch.dispatch.errors import Failure
from dispatchwatch.dispatch.fields import choice, text
from dispatchwatch.dispatch.mail import ADDRESS, MailConfig, addresses
from dispatchwatch.dispatch.microsoft import APPLICATION, GRAPHS, MicrosoftConfig, MicrosoftToken, device_sign_in
from dispatchwatch.dispatch.occasion import occasion, occasion_key
from dispatchwatch.dispatch.platform import Platform, Rate, Repeat, json_request
from dispatchwatch.dispatch.reading import named, no_page, path_asked, picked, read
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.domain.alert import Operation, Severity
from dispatchwatch.domain.notification import Notification

FOLLOW_UPS = {
    "no": "Mails of their own (needs Mail.Send)",
    "yes": "Replies to the first mail (needs Mail.ReadWrite as well)",
}
RIGHTS = {"no": ("Mail.Send",), "yes": ("Mail.Send", "Mail.ReadWrite")}
GONE = frozenset({404})
OWNER = re.compile(r"/v1\.0/(me|users/[^/]+)")
URGENT = frozenset({Severity.HIGH, Severity.CRITICAL})


class OutlookConfig(MailConfig, MicrosoftConfig):
    mailbox: str = text("Mailbox", where=APPLICATION, help="The address that mails come from.", pattern=ADDRESS)
    replies: str = choice(
        "Follow-ups",
        FOLLOW_UPS,
        default="no",
        help="Whether what follows is sent in the conversation that the first message began.",
    )


class Outlook(Platform[OutlookConfig]):
    key = "outlook"
    name = "Outlook"
    config = OutlookConfig
    operations = frozenset(Operation)
    repeat = Repeat.DOUBLES
    rate = Rate(30, timedelta(minutes=1))

    def auth(self, config: OutlookConfig) -> Auth:
        return MicrosoftToken(self.name, config, RIGHTS[config.replies])

    def sign_in(self, config: OutlookConfig) -> DeviceSignIn | None:
        return device_sign_in(self.name, config, RIGHTS[config.replies])

    def tell(self, notification: Notification, config: OutlookConfig, receipt: Receipt | None) -> Conversation:
        if config.replies == "yes":
            return (yield from self._in_a_thread(notification, config, receipt or Receipt()))
        message = {**_message(notification, config), "subject": letter.subject(notification)}
        body = {"message": message, "saveToSentItems": True}
        no_page((yield Step(_request("POST", config, "/sendMail", body))), self.name)
        return Receipt()

    def _in_a_thread(self, notification: Notification, config: OutlookConfig, known: Receipt) -> Conversation:
        this = occasion(notification)
        draft = known.details.get("draft", "") if known.details.get("asked") == this else ""
        stands = (yield from self._stands(draft, config)) if draft else "gone"
        if stands == "gone":
            draft = yield from self._drafted(notification, config, known)
        if stands != "sent":
            send = _request("POST", config, f"/messages/{quote(draft, safe='')}/send")
            no_page((yield Step(send, known.also(draft=draft, asked=this))), self.name)
        return Receipt(details={"message": known.details.get("message") or draft})

    def _stands(self, draft: str, config: OutlookConfig) -> Generator[Step, httpx.Response, str]:
        """Whether a draft is gone, sent, or neither."""
        asked = _request("GET", config, f"/messages/{quote(draft, safe='')}?$select=isDraft")
        answer = yield Step(asked, also=GONE)
        if not answer.is_success:
            return "gone"
        return "sent" if picked(read(answer, self.name), "isDraft") is False else "draft"

    def _drafted(
        self, notification: Notification, config: OutlookConfig, known: Receipt
    ) -> Generator[Step, httpx.Response, str]:
        message, first = _message(notification, config), known.details.get("message", "")
        answer: httpx.Response | None = None
        if first and not notification.is_test:
            reply = _request("POST", config, f"/messages/{quote(first, safe='')}/createReply", {"message": message})
            answer = yield Step(reply, also=GONE)
        if answer is None or not answer.is_success:
            new = {**message, "subject": letter.subject(notification)}
            answer = yield Step(_request("POST", config, "/messages", new))
        return named(answer, self.name, "id")

    def pretended(self, request: httpx.Request) -> httpx.Response:
        drafted = request.url.path.endswith(("/messages", "/createReply"))
        return httpx.Response(201, json={"id": "AAkALgAAAAAA"}) if drafted else httpx.Response(202)

    def classify(self, response: httpx.Response) -> Failure | None:
        return (
            None
            if response.status_code == 403 and OWNER.fullmatch(path_asked(response))
            else super().classify(response)
        )

    def check(self, config: OutlookConfig) -> httpx.Request:
        return _request("GET", config, "?$select=id")


def _message(notification: Notification, config: OutlookConfig) -> dict[str, Any]:
    is_urgent = notification.severity in URGENT and notification.operation is not Operation.RESOLVE
    return {
        "importance": "high" if is_urgent else "normal",
        "body": {"contentType": "HTML", "content": letter.html(notification)},
        "toRecipients": [{"emailAddress": {"address": address}} for address in addresses(config.to)],
        "internetMessageHeaders": [
            {"name": "x-dispatchwatch-message", "value": occasion_key(notification)},
            {"name": "x-auto-response-suppress", "value": "OOF, AutoReply"},
        ],
    }


def _request(method: str, config: OutlookConfig, path: str, body: Mapping[str, Any] | None = None) -> httpx.Request:
    who = f"users/{quote(config.mailbox)}" if config.authentication == "application" else "me"
    url = f"{GRAPHS[config.cloud]}/v1.0/{who}{path}"
    request = httpx.Request(method, url) if body is None else json_request(method, url, body)
    # Otherwise a mail has another id once it is sent.
    request.headers["Prefer"] = 'IdType="ImmutableId"'
    return request
