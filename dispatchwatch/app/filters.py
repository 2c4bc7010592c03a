"""Parts of the configuration, and the filters by which they speak of some visits or alerts only."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from dispatchwatch.domain.alert import Severity
from dispatchwatch.domain.match import Match


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def as_list(value: object) -> object:
    """One word where several may stand."""
    return [value] if isinstance(value, str) else value


def _as_texts(value: object) -> object:
    """A priority may be written as a number."""
    listed = as_list(value if not _is_number(value) else str(value))
    return [str(one) if _is_number(one) else one for one in listed] if isinstance(listed, list) else listed


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


Patterns = Annotated[tuple[str, ...], BeforeValidator(_as_texts)]


class VisitFilter(Part):
    """Which visits a line speaks of; `*` is a wildcard, several values mean any of them."""

    priority: Patterns = ()
    customer: Patterns = ()
    site: Patterns = ()
    contract: Patterns = ()
    kind: Patterns = ()
    technician: Patterns = ()
    feed: Patterns = ()

    def match(self) -> Match:
        names = [name for name in type(self).model_fields if name != "severity"]
        return Match(tuple((name, getattr(self, name)) for name in names if getattr(self, name)))


class AlertFilter(VisitFilter):
    """Which alerts a route speaks of. `severity` is one, several, or one with `+` for it and all above."""

    severity: Patterns = ()

    def severities(self) -> frozenset[Severity]:
        """Those that are named; none if the filter does not speak of severities. Raises ValueError for a wrong word."""
        words = [(Severity(word.removesuffix("+")), word.endswith("+")) for word in self.severity]
        return frozenset(
            one for one in Severity for least, above in words if one is least or (above and one.rank > least.rank)
        )
