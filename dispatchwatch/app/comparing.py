"""Two policies over the same past: what the one would have told that the other would not, and what of it was true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median_low
from typing import Any

from dispatchwatch.app import wire
from dispatchwatch.app.replay_figures import Judged, of_kinds
from dispatchwatch.domain.alert import AlertKind
from dispatchwatch.domain.verdict import Verdict
from dispatchwatch.domain.wording import KIND_NAMES, span
from dispatchwatch.domain.wording.many import KINDS_OF_MANY


@dataclass(frozen=True, slots=True)
class Difference:
    """One kind of alert under both policies: how many, and those that only the one or the other raised.

    `earlier` is by how much the other policy raised the alerts that both raised earlier (if negative, later): the
    median; None where both raised none.
    """

    kind: AlertKind
    here: int
    other: int
    only_here: tuple[Judged, ...]
    only_other: tuple[Judged, ...]
    earlier: timedelta | None = None

    @property
    def more(self) -> int:
        """How many more the other policy raised; negative if fewer."""
        return self.other - self.here


def compare(here: Iterable[Judged], other: Iterable[Judged]) -> list[Difference]:
    """Kind by kind, the kinds that either raised.

    Alerts of a kind about the same visit are the same, whatever their deadline: a stricter grace makes no alert new,
    only earlier. Of several about one visit, the first is the same as the first, the second as the second.
    """
    by_kind, others = of_kinds(here), of_kinds(other)
    kinds = [kind for kind in AlertKind if kind in by_kind or kind in others]
    return [_difference(kind, by_kind.get(kind, []), others.get(kind, [])) for kind in kinds]


def true_of(judged: Iterable[Judged]) -> int:
    return sum(one.verdict is Verdict.TRUE for one in judged)


def sentences(differences: Iterable[Difference], name: str) -> list[str]:
    """What the other policy, called `name`, would have changed, in words: one sentence for each kind that differs."""
    told = list(differences)
    found = [sentence for one in told if (sentence := _sentence(one, name))]
    return [*(found or [f"With {name} you would have had the same alerts."]), *filter(None, map(_sooner, told))]


def _difference(kind: AlertKind, here: Sequence[Judged], other: Sequence[Judged]) -> Difference:
    ones, others = _numbered(here), _numbered(other)
    both = [(ones[name].alert.raised_at, others[name].alert.raised_at) for name in ones if name in others]
    return Difference(
        kind=kind,
        here=len(here),
        other=len(other),
        only_here=tuple(one for name, one in ones.items() if name not in others),
        only_other=tuple(one for name, one in others.items() if name not in ones),
        earlier=median_low(mine - theirs for mine, theirs in both) if both else None,
    )


def _numbered(judged: Sequence[Judged]) -> dict[tuple[str, str, int], Judged]:
    """Each alert by what it is about, and which one about that it is."""
    found: dict[tuple[str, str, int], Judged] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for one in judged:
        about = (one.alert.feed, one.alert.ext_id)
        found[*about, counts[about]] = one
        counts[about] += 1
    return found


def _sentence(one: Difference, name: str) -> str:
    start, more, fewer = f"With {name} you would have had", one.only_other, one.only_here
    if more and fewer:
        return (
            f"{start} {_many(one.kind, len(more), 'other')} that you did not have, {_right(more)}, and not "
            f"{len(fewer):,} that you had, {_right(fewer)}."
        )
    if more:
        return f"{start} {_many(one.kind, len(more), 'more')}, {_right(more)}."
    return f"{start} {_many(one.kind, len(fewer), 'fewer')}, {_right(fewer)}." if fewer else ""


def _sooner(one: Difference) -> str:
    if not one.earlier:
        return ""
    word = "earlier" if one.earlier > timedelta() else "later"
    return f"The {KINDS_OF_MANY[one.kind]} that both have would have come {span(one.earlier)} {word} (median)."


def _many(kind: AlertKind, count: int, word: str) -> str:
    return f"1 {word} “{KIND_NAMES[kind]}”" if count == 1 else f"{count:,} {word} {KINDS_OF_MANY[kind]}"


def _right(judged: Sequence[Judged]) -> str:
    if all(one.verdict is Verdict.NOT_JUDGED for one in judged):
        return "which nothing shows to be true or false"
    count = true_of(judged)
    if len(judged) == 1:
        return "and it was true" if count else "and it was not true"
    return f"{count or 'none'} of them true"


def comparison_json(one: Difference) -> Iterator[dict[str, Any]]:
    """One kind as JSON lines: first its figures, then every alert that only one of the policies raised."""
    yield {
        "kind": one.kind.value,
        "alerts": one.here,
        "alerts_other": one.other,
        "difference": one.more,
        "only_other": len(one.only_other),
        "only_other_true": true_of(one.only_other),
        "only_here": len(one.only_here),
        "only_here_true": true_of(one.only_here),
        "median_minutes_earlier": None if one.earlier is None else one.earlier / timedelta(minutes=1),
    }
    for name, group in (("here", one.only_here), ("other", one.only_other)):
        for judged in group:
            alert = judged.alert
            now = alert.resolved_at or alert.updated_at
            yield {"only": name, "verdict": judged.verdict.value, **wire.alert_json(alert, now)}
