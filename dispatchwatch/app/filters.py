"""Parts of the configuration, and the filters by which they speak of some visits or alerts only."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from dispatchwatch.domain.match import Match


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Patterns = Annotated[tuple[str, ...], BeforeValidator(_as_list)]


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
