"""Outlook, through Microsoft Graph: mail is taken without an answer that names it."""

from __future__ import annotations

import base64
from typing import Any

from tests.fakes.pretend.service import Refusal, Service, bearer, body, form, on
from tests.fakes.receiver import Answer, Received

TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT_ID = "66666666-7777-8888-9999-000000000000"
CLIENT_SECRET = "q7Z8Q~81LmPw03KxVt5RyUeHnd.b5Ys8Df1Gh3T"
REFRESH_TOKEN = "0.AXoAb5Ys8Df1Gh3Tp6UtW4Qx9LmZr2Kc7VbNj"
MAILBOX = "dispatch@northside.example"
LARGEST = 4 * 1024 * 1024
OWNER = "/v1.0/(?:me|users/[^/]+)"


class Outlook(Service):
    key = "outlook"

    def begin(self) -> None:
        super().begin()
        self.drafts: dict[str, dict[str, Any]] = {}

    def let_in(self, received: Received) -> None:
        if not self.spend(bearer(received)):
            raise Refusal(self.unknown_caller())

    def unknown_caller(self) -> Answer:
        return _no(401, "InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")

    def not_found(self) -> Answer:
        return _no(404, "ErrorInvalidUser", "The requested user is invalid.")

    def too_many(self, wait: str) -> Answer:
        said = _no(429, "ApplicationThrottled", "Application is over its MailboxConcurrency limit.")
        return Answer(429, {"Retry-After": wait}, said.body)

    @on("POST", f"/{TENANT}/oauth2/v2.0/token", free=True)
    def token(self, received: Received) -> Answer:
        given = form(received)
        if given.get("client_id") != CLIENT_ID:
            return Answer(400, body={"error": "unauthorized_client", "error_description": "AADSTS700016: no such app"})
        match given.get("grant_type"):
            case "client_credentials":
                scope = "https://graph.microsoft.com/.default"
                good = given.get("client_secret") == CLIENT_SECRET and given.get("scope") == scope
                return self.issue() if good else Answer(401, body={"error": "invalid_client"})
            case "refresh_token" if given.get("refresh_token") == REFRESH_TOKEN:
                return self.issue(refresh_token=REFRESH_TOKEN)
            case _:
                return Answer(400, body={"error": "invalid_grant"})

    @on("GET", "/v1.0/(me|users/[^/]+)")
    def account(self, received: Received) -> Answer:
        return Answer(body={"id": "1", "mail": MAILBOX})

    @on("POST", "/v1.0/(me|users/(?P<user>[^/]+))/sendMail")
    def send(self, received: Received, user: str = "") -> Answer:
        if user and user.lower() != MAILBOX:
            return self.not_found()
        if len(received.body) > LARGEST:
            return Answer(413, body="")
        if received.headers.get("content-type", "").startswith("text/plain"):
            try:
                self.messages.append(base64.b64decode(received.body, validate=True).decode("utf-8", "replace"))
            except ValueError:
                return _no(400, "ErrorMimeContentInvalidBase64String", "Invalid base64 string for MIME content.")
            return Answer(202, body="")
        return self._take(body(received).get("message", {}))

    @on("POST", f"{OWNER}/messages")
    def draft(self, received: Received) -> Answer:
        return self._drafted(received, body(received))

    @on("POST", f"{OWNER}/messages/(?P<number>[^/]+)/createReply")
    def reply(self, received: Received, number: str) -> Answer:
        if number not in self.drafts:
            return _no(404, "ErrorItemNotFound", "The specified object was not found in the store.")
        given = body(received).get("message", {})
        return self._drafted(received, {"subject": f"Re: {self.drafts[number]['subject']}", **given})

    @on("GET", f"{OWNER}/messages/(?P<number>[^/]+)")
    def look(self, received: Received, number: str) -> Answer:
        if number not in self.drafts:
            return _no(404, "ErrorItemNotFound", "The specified object was not found in the store.")
        return Answer(body={"id": number, "isDraft": self.drafts[number]["isDraft"]})

    @on("POST", f"{OWNER}/messages/(?P<number>[^/]+)/send")
    def post(self, received: Received, number: str) -> Answer:
        mail = self.drafts.get(number)
        if mail is None or not mail["isDraft"]:
            return _no(404, "ErrorItemNotFound", "The specified object was not found in the store.")
        answer = self._take(mail)
        mail["isDraft"] = answer.status != 202
        return answer

    def _drafted(self, received: Received, mail: dict[str, Any]) -> Answer:
        if 'IdType="ImmutableId"' not in received.headers.get("prefer", ""):
            self.strays.append("a draft whose id changes when it is sent")
        number = f"AAkALg{self.serial()}="
        self.drafts[number] = {**mail, "isDraft": True}
        return Answer(201, body={"id": number, "isDraft": True, "subject": mail.get("subject")})

    def _take(self, message: dict[str, Any]) -> Answer:
        people = [one["emailAddress"]["address"] for one in message.get("toRecipients", [])]
        if not people or any("@" not in one for one in people):
            return _no(400, "ErrorInvalidRecipients", "At least one recipient isn't valid.")
        if any(not one["name"].lower().startswith("x-") for one in message.get("internetMessageHeaders", [])):
            return _no(400, "InvalidInternetMessageHeader", "The internet message header name should start with 'x-'.")
        self.messages.append(f"{message.get('subject')}\n{message['body']['content']}")
        return Answer(202, body="")


def _no(status: int, code: str, message: str) -> Answer:
    return Answer(status, body={"error": {"code": code, "message": message, "innerError": {"request-id": "1"}}})
