"""Unknown status word: a source uses a word that nobody has explained (study 4.2, kind 15)."""

from __future__ import annotations

from collections.abc import Mapping

from dispatchwatch.domain.alert import Alert, AlertKind, Condition, Ending, Outcome, Severity, alert_key
from dispatchwatch.domain.feed_health import FeedHealth
from dispatchwatch.domain.rules.facts import Facts, FeedRule, Finding, soonest
from dispatchwatch.domain.rules.recency import old_from
from dispatchwatch.domain.visit import VisitKey
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.wording.feeds import ENDED_BY_FEED_REMOVAL
from dispatchwatch.domain.wording.sightings import ENDED_BY_MAPPING, unmapped_facts

MOST_WORDS = 20
"""A column with more words than this that nobody knows is not one of statuses; its words are not told one by one."""


def look(health: FeedHealth, facts: Facts) -> Finding:
    bearers = {word: _bearers(keys, facts) for word, keys in _by_word(health.feed, facts).items()}
    words = sorted((word for word, found in bearers.items() if found), key=lambda word: (-len(bearers[word]), word))
    conditions = tuple(
        _condition(health.feed, word, bearers[word], facts, verified=place < MOST_WORDS)
        for place, word in enumerate(words)
    )
    fading = (old_from(watched, facts.policy) for found in bearers.values() for watched in found)
    return Finding(conditions, soonest(*fading, after=facts.now))


def ending(alert: Alert, facts: Facts) -> Ending | None:
    if alert.feed not in facts.feeds:
        return Ending(Outcome.WITHDRAWN, ENDED_BY_FEED_REMOVAL)
    word = alert.key.split("|", 3)[-1]
    if _bearers(_by_word(alert.feed, facts).get(word, ()), facts):
        return None
    return Ending(Outcome.REMEDIED, ENDED_BY_MAPPING)


def _by_word(feed: str, facts: Facts) -> Mapping[str, frozenset[VisitKey]]:
    """The visits by word, however it is spelt: "On_Hold?" and "on hold?" are one."""
    found: dict[str, frozenset[VisitKey]] = {}
    for word, keys in facts.unread(feed).items():
        name = " ".join(word.casefold().replace("_", " ").replace("-", " ").split())
        found[name] = found.get(name, frozenset()) | keys
    return found


def _bearers(keys: frozenset[VisitKey] | tuple[()], facts: Facts) -> list[Watched]:
    """Those of the visits that are still in the schedule and not long over."""
    known = (facts.visits[key] for key in sorted(keys))
    return [watched for watched in known if not watched.withdrawn and facts.now < old_from(watched, facts.policy)]


def _condition(feed: str, word: str, bearers: list[Watched], facts: Facts, *, verified: bool) -> Condition:
    return Condition(
        key=alert_key(AlertKind.UNMAPPED_STATUS, feed, "", word),
        kind=AlertKind.UNMAPPED_STATUS,
        feed=feed,
        severity=Severity.INFO,
        due_at=facts.now,
        verified=verified,
        facts=unmapped_facts(feed, bearers),
    )


UNMAPPED_STATUS = FeedRule((AlertKind.UNMAPPED_STATUS,), look, ending)
