"""What is checked once every part of the configuration is read: how the parts fit together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dispatchwatch.app.config import Config, Problem
from dispatchwatch.app.key_path import KeyPath, counted, section
from dispatchwatch.domain.policy_check import contradictions
from dispatchwatch.domain.routing import Route
from dispatchwatch.intake.desk_feed import DESK
from dispatchwatch.intake.feed import FeedConfig
from dispatchwatch.intake.webhook import WebhookConfig


def check_together(
    config: Config, routes: Sequence[Route | None], raw: Mapping[str, Any], found: Sequence[Problem]
) -> Iterator[Problem]:
    """Problems of the whole. `routes` are those of the file in their order, None where one could not be read; `raw`
    is the file; `found` are the problems of its parts.
    """
    yield from _names(config, raw)
    yield from _inbound(config, raw)
    if not any(one.where.startswith(("office", "policy")) and not one.is_warning for one in found):
        feeds = _feed_names(raw)
        for one in contradictions(config.policy, routes, config.office, {*feeds, DESK} if feeds else ()):
            yield Problem.at(counted(one.where), one.text, is_warning=one.is_warning)


def _names(config: Config, raw: Mapping[str, Any]) -> Iterator[Problem]:
    for kind, names in (
        ("feed", [feed.name for feed in config.feeds]),
        ("channel", [channel.name for channel in config.channels]),
    ):
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Problem.at(section(kind), f"two of them are called “{name}”; each needs a name of its own")
    if not config.feeds and not raw.get("feed"):
        text = "no schedule is configured, so there is nothing to watch; add a [[feed]]"
        yield Problem.at(section("feed"), text, is_warning=True)
    routed = {name for route in config.routes for name in route.channels}
    for channel in config.channels:
        if channel.name not in routed:
            text = f"no route names “{channel.name}”, so nothing is ever sent to it"
            yield Problem.at(section("route"), text, is_warning=True)


def _inbound(config: Config, raw: Mapping[str, Any]) -> Iterator[Problem]:
    """What comes in by itself needs somewhere to come to, and something to set off."""
    hooks = [feed for feed in config.feeds if isinstance(feed, WebhookConfig)]
    for hook in hooks:
        if hook.polls is not None and hook.polls not in _feed_names(raw):
            yield Problem.at(_feed(hook, raw) / "polls", f"there is no feed “{hook.polls}”")
    for address in sorted({hook.at for hook in hooks if [one.at for one in hooks].count(hook.at) > 1}):
        yield Problem.at(section("feed"), f"two webhooks have the address “{address}”; each needs one of its own")
    if hooks and "listener" not in raw:
        text = "webhooks come in only where something listens; add [listener]"
        yield Problem.at(_feed(hooks[0], raw), text, is_warning=True, needs_action=True)
    listener = config.listener
    if listener and listener.check_in_links and listener.only_this_computer and not listener.base_url:
        text = "only this computer can open check-in links; set host to its address in the office, or base_url"
        yield Problem.at(section("listener") / "host", text, is_warning=True, needs_action=True)


def _feed(feed: FeedConfig, raw: Mapping[str, Any]) -> KeyPath:
    number = next(number for number, one in enumerate(raw["feed"]) if one.get("name") == feed.name)
    return KeyPath(f"feed “{feed.name}”", ("feed", number))


def _feed_names(raw: Mapping[str, Any]) -> frozenset[str]:
    """The feeds of the file, those that could not be read among them."""
    feeds = raw.get("feed", [])
    if not isinstance(feeds, list):
        return frozenset()
    return frozenset(str(one["name"]) for one in feeds if isinstance(one, dict) and "name" in one)
