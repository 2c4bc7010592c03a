"""A Trello account: its key and token, its boards and lists, how cards stand on them, and who moved them.

Somebody who moves, ticks off or archives a card is heard by asking, with the name.

Facts: Atlassian's OpenAPI for Trello (lists, actions); developer.atlassian.com/cloud/trello: guides authorization (key
and token; as a header they stay out of addresses) and rate-limits (no Retry-After is promised). Third parties: the form
of the header, plain-text errors, updateCard:dueComplete as a filter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx
from pydantic import SecretStr

from dispatchwatch.dispatch.conversation import Lookup, Step
from dispatchwatch.dispatch.errors import Failure, Unreachable
from dispatchwatch.dispatch.fields import choice, secret, text
from dispatchwatch.dispatch.reading import chosen, instant, loose, picked, read, rows, text_at
from dispatchwatch.dispatch.ticket import Seen, Standing, Surveying, TicketConfig, Ticketing, asking

API = "https://api.trello.com/1"
ID = "[0-9a-f]{24}"
MOVES = "updateCard:idList,updateCard:closed,updateCard:dueComplete"
STANDS = "fields=closed,dueComplete,idList"
WAIT = timedelta(seconds=10)
NOT_THERE = frozenset({404})


class TrelloConfig(TicketConfig):
    api_key: SecretStr = secret("API key", help="At trello.com/power-ups/admin, in your Power-Up under API key.")
    token: SecretStr = secret("Token", help="Beside the API key: follow the link “Token” and allow it.")
    id_board: str = text("Board", default="", help="Only for choosing its lists here.", pattern=ID)
    id_list: str = text("List", help="New cards go here.", pattern=ID)
    id_list_acknowledged: str = text(
        "List of acknowledged cards", default="", help="Left out, they stay where they are.", pattern=ID
    )
    id_list_done: str = text("List of done cards", default="", help="Left out, they stay where they are.", pattern=ID)
    when_resolved: str = choice(
        "When resolved",
        {"done": "Tick the card off, and move it to its list", "archive": "Archive it"},
        default="done",
        help="What becomes of the card once the alert is over.",
    )


class TrelloAccount(Ticketing[TrelloConfig]):
    key = "trello"
    name = "Trello"
    config = TrelloConfig

    def request(
        self, config: TrelloConfig, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> httpx.Request:
        key, token = config.api_key.get_secret_value(), config.token.get_secret_value()
        return asking(method, f"{API}/{path}", body, f'OAuth oauth_consumer_key="{key}", oauth_token="{token}"')

    def check(self, config: TrelloConfig) -> httpx.Request:
        return self.request(config, "GET", f"lists/{config.id_list}?fields=name")

    def classify(self, response: httpx.Response) -> Failure | None:
        failure = super().classify(response)
        if isinstance(failure, Unreachable) and response.status_code == 429 and "Retry-After" not in response.headers:
            failure.retry_after = WAIT
        return failure

    def standing(self, card: Any, config: TrelloConfig) -> Standing:
        id_list = text_at(card, "idList")
        if (
            picked(card, "closed") is True
            or picked(card, "dueComplete") is True
            or (id_list and id_list == config.id_list_done)
        ):
            return Standing.ENDED
        return Standing.TAKEN if id_list and id_list == config.id_list_acknowledged else Standing.OPEN

    def survey(self, ids: Sequence[str], config: TrelloConfig) -> Surveying:
        """The list of new cards tells of those that nobody has moved; the others are asked for one by one."""
        answer = yield Step(self.request(config, "GET", f"lists/{config.id_list}/cards?{STANDS}"))
        listed = {text_at(card, "id"): self.standing(card, config) for card in rows(loose(answer))}
        seen = {card: Seen(standing) for card, standing in listed.items() if standing is Standing.OPEN}
        asked = f"{STANDS}&actions={MOVES}&actions_limit=1&action_memberCreator_fields=fullName"
        for card in sorted(set(ids) - set(seen)):
            answer = yield Step(self.request(config, "GET", f"cards/{card}?{asked}"), also=NOT_THERE)
            if answer.is_success:
                found = read(answer, self.name)
                by = text_at(found, "actions", 0, "memberCreator", "fullName")
                seen[card] = Seen(self.standing(found, config), by, instant(text_at(found, "actions", 0, "date")))
        return seen

    def look_up(self, field: str, config: TrelloConfig) -> Lookup | None:
        if field == "id_board":
            return chosen(self.request(config, "GET", "members/me/boards?filter=open&fields=name"), self.name)
        if field in {"id_list", "id_list_acknowledged", "id_list_done"} and config.id_board:
            return chosen(self.request(config, "GET", f"boards/{config.id_board}/lists?fields=name"), self.name)
        return None
