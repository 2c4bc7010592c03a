"""Parts of the configuration, and the filters by which they speak of some visits or alerts only."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from dispatchwatch.domain.alert import Severity
from dispatchwatch.domain.match import Match


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def said(
    label: str,
    help: str,  # noqa: A002 - the word of pydantic and typer for it
    default: Any = ...,
    *,
    kind: str = "",
    **limits: Any,
) -> Any:
    """A key as a person meets it: its label and what it means. `kind` is a word of `settings.fields.Kind`, where the
    type alone does not say how it is filled in. Without a default it is required."""
    extra: dict[str, JsonValue] = {"kind": kind} if kind else {}
    return Field(default=default, title=label, description=help, json_schema_extra=extra, **limits)


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

    priority: Patterns = said("Priority", "Visits of these priorities, in the words of the schedule.", ())
    customer: Patterns = said("Customer", "Visits at these customers; * stands for anything.", ())
    site: Patterns = said("Site", "Visits at these sites; * stands for anything.", ())
    contract: Patterns = said("Contract", "Visits under these contracts; * stands for anything.", ())
    kind: Patterns = said("Kind of work", "Visits of these kinds, in the words of the schedule.", ())
    technician: Patterns = said("Technician", "Visits of these technicians, by name or id; any of a crew counts.", ())
    feed: Patterns = said("Feed", "Visits that these feeds tell of.", ())

    def match(self) -> Match:
        names = [name for name in type(self).model_fields if name != "severity"]
        return Match(tuple((name, getattr(self, name)) for name in names if getattr(self, name)))


class AlertFilter(VisitFilter):
    """Which alerts a route speaks of. `severity` is one, several, or one with `+` for it and all above."""

    kind: Patterns = said("Kind of alert", "Alerts of these kinds; left out, every kind.", (), kind="alert_kinds")
    severity: Patterns = said(
        "Severity", "Alerts of these severities; one with + means it and all above.", (), kind="severities"
    )

    def severities(self) -> frozenset[Severity]:
        """Those that are named; none if the filter does not speak of severities. Raises ValueError for a wrong word."""
        words = [(Severity(word.removesuffix("+")), word.endswith("+")) for word in self.severity]
        return frozenset(
            one for one in Severity for least, above in words if one is least or (above and one.rank > least.rank)
        )
