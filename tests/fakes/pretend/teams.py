"""Teams, through a Workflows webhook: whatever is posted is accepted, and what the flow cannot post is lost later."""

from __future__ import annotations

import json

from tests.fakes.pretend.service import Refusal, Service, body, on
from tests.fakes.receiver import Answer, Received

SIGNATURE = "q7Zs81LmPw03KxVt5RyUeHnd-b5Ys8Df1Gh3Tp6UtW4"
PATH = "/powerautomate/automations/direct/workflows/0a1b2c3d4e5f67890a1b2c3d4e5f6789/triggers/manual/paths/invoke"
QUERY = f"api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={SIGNATURE}"
URL = f"https://default0a1b2c3d.4e.environment.api.powerplatform.com:443{PATH}?{QUERY}"
LARGEST = 28 * 1024
ACTIONS = {"Action.OpenUrl", "Action.ShowCard", "Action.ToggleVisibility"}


class Teams(Service):
    key = "teams"

    def begin(self) -> None:
        super().begin()
        self.broken: list[str] = []
        """Runs of the flow that failed after the request had been accepted."""

    def amiss(self) -> list[str]:
        return super().amiss() + [f"a flow that fails after all: {one}" for one in self.broken]

    def let_in(self, received: Received) -> None:
        # Encoding the query anew breaks the signature, and a second proof is one too many.
        if received.target.partition("?")[2] != QUERY or "authorization" in received.headers:
            raise Refusal(self.unknown_caller())

    def unknown_caller(self) -> Answer:
        return Answer(401, body={"error": {"code": "DirectApiAuthorizationRequired", "message": "Not authorised."}})

    @on("POST", PATH)
    def post(self, received: Received) -> Answer:
        try:
            card = _card(body(received))
            if len(received.body) > LARGEST:
                raise ValueError("Request Entity too large")
            self.messages.append(json.dumps(card, ensure_ascii=False))
        except (KeyError, ValueError, IndexError, TypeError) as error:
            self.broken.append(repr(error))
        return Answer(202, body="")


def _card(message: dict[str, object]) -> object:
    """The card, as the flow's template finds it. Raises where it does not."""
    attachments = message["attachments"]
    if not isinstance(attachments, list) or message["type"] != "message":
        raise ValueError("no attachments")
    (attachment,) = attachments
    card = attachment["content"]
    if attachment["contentType"] != "application/vnd.microsoft.card.adaptive" or card["type"] != "AdaptiveCard":
        raise ValueError("not a card")
    if float(card["version"]) > 1.5 or not card["body"]:
        raise ValueError("a card that Teams does not show")
    if any(action["type"] not in ACTIONS for action in card.get("actions", [])):
        raise ValueError("an action that needs a bot")
    return card
