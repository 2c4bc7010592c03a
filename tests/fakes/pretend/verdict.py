"""Whether a life ended as it should: each object in the right state exactly once, or its delivery visibly failed."""

from __future__ import annotations

from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.domain.alert import Operation
from tests.fakes.pretend.life import OPERATIONS, Life, Told
from tests.fakes.pretend.service import DONE, Fault

LETTERS = frozenset({"twilio", "sendgrid", "teams", "slack", "gmail", "outlook", "clicksend"})
"""Those that only ever send: nothing of it can be changed afterwards."""
WORDLESS = frozenset({"pagerduty", "bamboohr"})
"""Those that are told facts in fields of their own, and none of our sentences after the first."""
STAYS_OPEN = frozenset({"intercom:conversation"})
"""A conversation that is acknowledged gets a note; whose it is, people decide over there."""
STANDINGS = {
    Operation.RAISE: "open",
    Operation.UPDATE: "open",
    Operation.ACKNOWLEDGE: "acknowledged",
    Operation.RESOLVE: "resolved",
}


def verdict(life: Life) -> list[str]:
    """What is wrong; empty where nothing is."""
    found = life.service.amiss() + [line for told in life.told.values() for line in _of_telling(life, told)]
    return found + _of_objects(life)


def of_course(life: Life) -> list[str]:
    """What is wrong with a life to which nothing happened: each step must show, and take one attempt."""
    found = verdict(life)
    for operation in OPERATIONS:
        told = life.told[operation]
        if (told.ends, told.attempts) != ("sent", 1):
            found.append(f"{operation} took {told.attempts} attempts and {told.ends}: {told.why}")
        stays = life.channel.name in STAYS_OPEN and operation is Operation.ACKNOWLEDGE
        if _has_objects(life) and told.standings != ["open" if stays else STANDINGS[operation]]:
            found.append(f"after {operation} the objects stand {told.standings}")
    return found


def may_double(life: Life, told: Told) -> bool:
    """Whether this may stand there twice: it was done, nobody said so, and the platform can't tell a repeat."""
    doubles = life.channel.platform.on_repeat(told.operation, life.channel.config) is Repeat.DOUBLES
    return doubles and bool(DONE & set(told.faults))


def _of_telling(life: Life, told: Told) -> list[str]:
    times = sum(life.words[told.operation] in words for words in life.service.tellings())
    most = 1 + may_double(life, told)
    found = [f"{told.operation} was told {times} times"] if times > most else []
    lost = Fault.GONE in life.faults
    if told.ends == "failed" and not lost:
        found.append(f"{told.operation} failed after {told.attempts} attempts: {told.why}")
    if told.ends == "sent" and not times and not lost and _has_words(life, told):
        found.append(f"{told.operation} is said to be sent, and nobody was told")
    if told.paused and not (Fault.EXPIRED in told.faults and not life.service.issued):
        found.append(f"{told.operation} paused the channel: {told.why}")
    return found


def _of_objects(life: Life) -> list[str]:
    if life.channel.platform.key == "telegram":
        return _of_messages(life)
    if not _has_objects(life):
        return []
    standings = life.service.standings()
    left = [one for one in standings if one != "resolved"]
    opening = [told for told in life.told.values() if told.operation in {Operation.RAISE, Operation.UPDATE}]
    most = 1 + any(may_double(life, told) for told in opening)
    found = [f"{len(standings)} objects: {standings}"] if len(standings) > most else []
    if Fault.GONE in life.faults:
        return found + ([f"left standing: {left}"] if left and not life.visible else [])
    if len(left) > most - 1 or len(left) == len(standings):
        found.append(f"at the end they stand {standings}")
    return found


def _of_messages(life: Life) -> list[str]:
    """Telegram: the message that was rewritten says at the end how it ended, and offers no button any more."""
    whole = [one for one in life.service.things.values() if not one.fields["answers"]]
    ended = [one for one in whole if life.words[Operation.RESOLVE] in one.log[-1]]
    if Fault.GONE in life.faults:
        told = any(life.words[Operation.RESOLVE] in words for one in life.service.things.values() for words in one.log)
        return [] if told else ["nobody was told the end"]
    opening = any(may_double(life, told) for told in life.told.values())
    buttons = [one for one in ended if "callback_data" in str(one.fields["buttons"])]
    if len(ended) == 1 and len(whole) <= 1 + opening and not buttons:
        return []
    return [f"{len(whole)} messages, of which {len(ended)} tell the end and {len(buttons)} can be acknowledged"]


def _has_objects(life: Life) -> bool:
    return life.channel.platform.key not in LETTERS | {"telegram"}


def _has_words(life: Life, told: Told) -> bool:
    if life.channel.platform.key in WORDLESS:
        return life.channel.platform.key == "pagerduty" and told.operation is Operation.RAISE
    return told.operation is Operation.RAISE or getattr(life.channel.config, "comments", "all") == "all"
