"""The first answer of a JSON source that nobody has described yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from dispatchwatch.intake.feed import NotLetIn
from dispatchwatch.intake.json_answers import Answers
from dispatchwatch.intake.json_asking import Question
from dispatchwatch.intake.json_feed import JsonConfig
from dispatchwatch.intake.json_paths import found, text_of
from dispatchwatch.intake.paging import LINK, NEXT
from dispatchwatch.intake.web import Page, shown
from dispatchwatch.intake.web_way import Way

WHOLE_ANSWER = "[@]"
"""The path of a list that holds the answer itself, whatever that is."""

LINKS = ("next", "nextLink", "next_page_url", '"@odata.nextLink"', "links.next", "_links.next.href", "paging.next")
TOKENS = ("next", "nextCursor", "next_cursor", "cursor.next", "meta.next_cursor", "nextPageToken", "continueFrom")
TOTALS = ("total", "totalCount", "total_count", "total_items", "totalSize", "count", "meta.total", "pagination.total")
USUAL_SIZES = frozenset({10, 20, 25, 30, 50, 100, 200, 250, 500, 1000})


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """What a source answered; `data` is its JSON. `next_link` and `next_token` are the paths at which it names the
    page after it (`link_header`: it does so in a header), `total` that of how many records there are."""

    source: str
    data: Any
    next_link: str = ""
    next_token: str = ""
    link_header: bool = False
    total: str = ""

    def may_go_on(self, held: int) -> bool:
        """Whether there may be more records than the `held` ones of this answer."""
        more = bool(self.next_link or self.next_token or self.link_header)
        counted = text_of(found(self.total, self.data)) if self.total else ""
        return more or (counted.isdigit() and int(counted) > held) or (not counted and held in USUAL_SIZES)


def first_answer(config: JsonConfig, zone: ZoneInfo, now: datetime, way: Way | None = None) -> FirstAnswer:
    """Asks once. Raises FeedError, and `NotLetIn` where the source wants to know who asks."""
    secrets = [value.get_secret_value() for _, value in config.auth if isinstance(value, SecretStr)]
    more = {name: secret.get_secret_value() for name, secret in config.secrets.items()}
    asked = Question(
        url=config.url,
        method=config.method,
        headers=config.headers,
        params=config.params,
        body=config.body,
        secret=bool(secrets or more),
    )
    page = config.web(way).fetch(asked.request({**config.values, **more}, {}))
    if page.status == 401:
        text = f"{shown(page.url)} does not let us in (401). Check user, password, key or token."
        raise NotLetIn(text, page.headers.get("www-authenticate", ""))
    answers = Answers(WHOLE_ANSWER, None, zone, tuple(filter(None, (*secrets, *more.values()))))
    return _understood(page, answers.read(page, now)[0])


def _understood(page: Page, data: Any) -> FirstAnswer:
    texts: Mapping[str, str] = {
        path: text_of(told) if not isinstance(told := _at(path, data), dict | list) else ""
        for path in (*LINKS, *TOKENS, *TOTALS)
    }
    link = next((path for path in LINKS if "/" in texts[path]), "")
    return FirstAnswer(
        source=shown(page.url),
        data=data,
        next_link=link,
        next_token="" if link else next((path for path in TOKENS if texts[path]), ""),
        link_header=any(NEXT.search(says) for _, says in LINK.findall(page.headers.get("link", ""))),
        total=next((path for path in TOTALS if texts[path].isdigit()), ""),
    )


def _at(path: str, data: Any) -> Any:
    return found(path, data) if isinstance(data, dict) else None
