"""How far the first start has come, kept between starts; secrets are never in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from dispatchwatch.app.mapping_stages import MappingDraft
from dispatchwatch.desktop.preference_kinds import Preference


@dataclass(frozen=True, slots=True)
class Draft:
    """`kind`, `name` and `answers` are the mapping’s, `values` those of the channel. `is_left`: somebody has closed it,
    so it does not open by itself any more."""

    kind: str = ""
    name: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    is_left: bool = False

    @property
    def mapping(self) -> MappingDraft:
        return MappingDraft(self.kind, self.name, self.answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDraft(Preference[Draft]):
    def read(self, word: str) -> Draft:
        told = json.loads(word)
        try:
            answers = tuple((str(key), str(text)) for key, text in told["answers"])
            values = {str(key): value for key, value in told["values"].items()}
            return Draft(str(told["kind"]), str(told["name"]), answers, values, bool(told["is_left"]))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(word) from error

    def write(self, value: Draft) -> str:
        return json.dumps(asdict(value), ensure_ascii=False)


FIRST_START = KeptDraft(
    key="first_start",
    section="First start",
    label="How far the set-up has come",
    help="Taken up again where it was left.",
    default=Draft(),
)
