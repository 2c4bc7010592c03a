"""What the window says of feeds: how old each is, what it held, and what an empty board means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from dispatchwatch.app.typed_visit import DESK
from dispatchwatch.app.view import FeedLine
from dispatchwatch.desktop import texts
from dispatchwatch.desktop.phrases import age, count, sentence
from dispatchwatch.domain.wording import span

LONG_WORD = re.compile(r"\S{25,}")
BREAKS = re.compile(r"[/\\_.?&=:-]|[^\W_]{24}")


def set_up(feeds: Sequence[FeedLine]) -> tuple[FeedLine, ...]:
    """The feeds that the office has set up: all but the desk, which is always there."""
    return tuple(feed for feed in feeds if feed.name != DESK)


def feed_name(name: str) -> str:
    return texts.THE_DESK if name == DESK else name


def feed_pill(feeds: Sequence[FeedLine], now: datetime, *, short: bool = False) -> str:
    """One feed by its age; several by the oldest, named."""
    if not feeds:
        return "no feed"
    oldest = oldest_feed(feeds)
    name = "" if short and oldest.fresh else "feed " if len(feeds) == 1 and oldest.fresh else f"{oldest.name} "
    if oldest.last_good_at is None:
        return f"{oldest.name} {'can’t be read' if oldest.problem else 'being read'}"
    return f"{name}{age(oldest.last_good_at, now)}{' ✓' if oldest.fresh else ' old'}"


def oldest_feed(feeds: Sequence[FeedLine]) -> FeedLine:
    return min(feeds, key=lambda feed: (feed.fresh, feed.last_good_at.timestamp() if feed.last_good_at else 0.0))


def board_empty(feeds: Sequence[FeedLine], now: datetime, *, filtered: bool) -> tuple[str, str]:
    """What an empty board says: the headline, and what to do about it."""
    if filtered:
        return "No visit matches", "Clear the search and the filter to see the whole day."
    if not feeds:
        return texts.NO_FEEDS
    unread = [feed for feed in feeds if feed.last_good_at is None]
    if unread:
        name, problem = unread[0].name, unread[0].problem
        if not problem:
            return "Reading the schedule", f"“{name}” is being read for the first time; that takes a moment."
        return "No visits to show yet", f"The schedule “{name}” can’t be read: {sentence(problem)}"
    feed = oldest_feed(feeds)
    source = feed.sources or feed.name
    read = f"The schedule was read {age(feed.last_good_at, now)} ago from {source}."
    return texts.NO_VISITS, f"{read}\n{texts.IF_THERE_SHOULD_BE}"


def rows_of(feed: str) -> str:
    return texts.THE_DESK if feed == DESK else f"Rows of “{feed}” that need a look"


def feed_age(feed: FeedLine, now: datetime) -> str:
    if feed.name == DESK:
        return "On the board at once"
    if feed.last_good_at is None:
        return "Not read yet"
    if feed.kind == "webhook":
        return f"Waits for events; last looked {age(feed.last_good_at, now)} ago"
    text = f"Read {age(feed.last_good_at, now)} ago, every {span(feed.interval)}"
    if feed.source_at is not None:
        text += f"; written {age(feed.source_at, now)} ago"
    return text


def feed_figures(feed: FeedLine) -> str:
    if not feed.visits and (feed.name == DESK or feed.kind == "webhook"):
        return "No visit typed" if feed.name == DESK else "No visits of its own"
    text = count(feed.visits, "visit", "visits")
    return f"{text}, {count(feed.bad_rows, 'row', 'rows')} could not be read" if feed.bad_rows else text


def breakable(text: str) -> str:
    """The same to look at, but a long path or address in it can be broken into lines."""
    return LONG_WORD.sub(lambda word: BREAKS.sub("\\g<0>\u200b", word[0]), text)


def faults(number: int) -> str:
    return count(number, "fault", "faults")
