"""What a platform calls our alert."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the platform calls our alert: `reference` is shown to people, `details` is what later requests need."""

    reference: str = ""
    details: Mapping[str, str] = field(default_factory=dict)

    def also(self, **details: str) -> Receipt:
        """The receipt with more, or other, details."""
        return replace(self, details={**self.details, **details})

    def without(self, *names: str) -> Receipt:
        return replace(self, details={name: text for name, text in self.details.items() if name not in names})
