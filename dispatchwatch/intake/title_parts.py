"""Titles that are made of parts, such as “Acme Foundry - J. Ortiz”, and the pattern that takes them apart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dispatchwatch.intake.statuses import StatusWords

SEPARATORS = (" - ", " – ", " — ", " | ", " / ", ": ", " @ ", ", ")
MOST_SHARE = 0.6
SAMPLES = 3
SPECIAL = re.compile(r"([|().*+?\[\]{}^$\\])")
NUMBERED = re.compile(r"(?=\S*\d)\S+")
PARTS = ("customer", "technician", "site", "kind", "order_ref", "status")
"""What a part of a title may be."""


@dataclass(frozen=True, slots=True)
class TitleParts:
    """How most titles are made. `columns` holds what stands in each place, title by title; `of` is how many titles
    there are, whether made so or not."""

    separator: str
    columns: tuple[tuple[str, ...], ...]
    of: int

    @property
    def fitting(self) -> int:
        return len(self.columns[0])

    def samples(self, place: int) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.columns[place]))[:SAMPLES]

    @property
    def example(self) -> str:
        return self.separator.join(column[0] for column in self.columns)

    def pattern(self, names: Sequence[str]) -> str:
        """The `summary` of the configuration, for what each part is; empty where no part is anything."""
        if not any(names):
            return ""
        last = len(names) - 1
        groups = [
            (f"(?P<{name}>.+{'' if place == last else '?'})" if name else ".+?") for place, name in enumerate(names)
        ]
        return SPECIAL.sub(r"\\\1", self.separator).join(groups)

    def suggested(self, words: StatusWords, *, technician_told: bool) -> Mapping[int, str]:
        """What the parts seem to be, by place. Names that come again and again are technicians', if nothing else
        tells them; who they go to is then the customer. Where nothing speaks for it, nothing is suggested."""
        found: dict[int, str] = {}
        for place, column in enumerate(self.columns):
            if len(column) > 1 and all(NUMBERED.fullmatch(text) for text in column):
                found[place] = "order_ref"
            elif all(words.meaning(text, has_start=True) for text in column):
                found[place] = "status"
        open_places = [place for place in range(len(self.columns)) if place not in found]
        if technician_told:
            return found | ({open_places[0]: "customer"} if len(open_places) == 1 else {})
        fewest = sorted((len(set(self.columns[place])), place) for place in open_places)
        if len(fewest) == 2 and fewest[0][0] < fewest[1][0] and fewest[0][0] * 2 <= self.fitting:
            found |= {fewest[0][1]: "technician", fewest[1][1]: "customer"}
        return found


def title_parts(titles: Sequence[str]) -> TitleParts | None:
    """The way most titles are made; None where there is no such way."""
    told = [title for title in titles if title]
    best: TitleParts | None = None
    for separator in SEPARATORS:
        for count in (2, 3):
            split = [parts for title in told if len(parts := _split(title, separator)) == count]
            if len(split) >= max(2, MOST_SHARE * len(told)) and (best is None or len(split) > best.fitting):
                best = TitleParts(separator, tuple(zip(*split, strict=True)), len(told))
    return best


def _split(title: str, separator: str) -> list[str]:
    parts = [part.strip() for part in title.split(separator)]
    return parts if all(parts) else []
