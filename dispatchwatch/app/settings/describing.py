"""A model of the configuration as the fields of a form: labels, help, kinds, defaults and limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import Enum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from dispatchwatch.app.settings.kinds import Described, Kind, Option
from dispatchwatch.app.settings.labels import label_of
from dispatchwatch.dispatch.fields import HOURS
from dispatchwatch.domain.alert import AlertKind, Severity
from dispatchwatch.domain.durations import duration_text
from dispatchwatch.domain.wording import KIND_NAMES, SEVERITY_NAMES, STATUS_NAMES
from dispatchwatch.intake.fields import LONGEST_INTERVAL, SHORTEST_INTERVAL, Interval, ZoneName

SIMPLE: Mapping[type, Kind] = {
    SecretStr: Kind.SECRET,
    bool: Kind.SWITCH,
    int: Kind.NUMBER,
    float: Kind.NUMBER,
    timedelta: Kind.DURATION,
    datetime: Kind.INSTANT,
    str: Kind.TEXT,
}
NAMES_OF: Mapping[str, str] = {
    **{kind.value: name for kind, name in KIND_NAMES.items()},
    **{severity.value: name for severity, name in SEVERITY_NAMES.items()},
    **{status.value: name for status, name in STATUS_NAMES.items()},
    "oauth_client_credentials": "OAuth, for the program itself",
    "oauth_refresh": "OAuth, with a refresh token",
    "api_key": "A key",
    "bearer": "A token",
    "basic": "User and password",
    "none": "Nothing",
    "hours": "Hours",
}
INTERVAL, ZONE = get_args(Interval)[-1], get_args(ZoneName)[-1]


class _Type(NamedTuple):
    """A type without its wrappings: what it is, what checks it, and whether it may be left empty."""

    bare: Any
    checks: tuple[Any, ...]


@lru_cache(maxsize=128)
def described(model: type[BaseModel]) -> tuple[Described, ...]:
    """The fields of a table that this model checks, in their order."""
    return tuple(_field(model, name, info) for name, info in model.model_fields.items())


def _field(model: type[BaseModel], name: str, info: FieldInfo) -> Described:
    said = label_of(model, name)
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    found = _bare(info.annotation, info.metadata)
    kind = Kind(str(extra["kind"])) if "kind" in extra else said.kind or _kind(found, extra)
    least, most = _limits(found, extra)
    where = extra.get("where")
    return Described(
        key=info.alias or name,
        label=info.title or said.label,
        help=info.description or said.help,
        kind=kind,
        required=info.is_required(),
        default=extra.get("default", _default(info)),
        least=least,
        most=most,
        options=_declared(extra) or _options(found, kind),
        names=said.names,
        pattern=str(extra.get("pattern", "")),
        needed_where=(str(where[0]), str(where[1])) if isinstance(where, list) else None,
        is_private=said.is_private or kind in (Kind.SECRET, Kind.SECRETS),
        fields=_below(found, kind),
        variants=_variants(found) if kind is Kind.VARIANTS else {},
    )


def _bare(annotation: Any, checks: Sequence[Any] = ()) -> _Type:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _bare(get_args(annotation)[0], (*checks, *annotation.__metadata__))
    if origin in (Union, UnionType):
        some = [one for one in get_args(annotation) if one is not NoneType]
        if len(some) == 1:
            return _bare(some[0], checks)
    return _Type(annotation, tuple(checks))


def _kind(found: _Type, extra: Mapping[str, Any]) -> Kind:
    if "enum" in extra:
        return Kind.CHOICE
    if ZONE in found.checks:
        return Kind.TIME_ZONE
    bare, origin, inner = found.bare, get_origin(found.bare), get_args(found.bare)
    if bare in SIMPLE:
        return SIMPLE[bare]
    if origin is Literal or (isinstance(bare, type) and issubclass(bare, Enum)):
        return Kind.CHOICE
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        return Kind.GROUP
    if origin in (Union, UnionType) and all(isinstance(one, type) and issubclass(one, BaseModel) for one in inner):
        return Kind.VARIANTS
    if origin is not None and issubclass(origin, Mapping):
        value = _bare(inner[1]).bare
        is_group = isinstance(value, type) and issubclass(value, BaseModel)
        return Kind.GROUPS if is_group else Kind.SECRETS if value is SecretStr else Kind.TABLE
    if origin in (tuple, frozenset):
        return _list_kind(bare, inner)
    return Kind.ANYTHING


def _list_kind(bare: Any, inner: tuple[Any, ...]) -> Kind:
    if bare == tuple[float, float]:
        return Kind.COORDINATES
    one = inner[0]
    if one is date:
        return Kind.DATES
    if isinstance(one, type) and issubclass(one, BaseModel):
        return Kind.ENTRIES
    return Kind.PAIRS if get_origin(one) is tuple else Kind.NAMES


def _below(found: _Type, kind: Kind) -> tuple[Described, ...]:
    match kind:
        case Kind.GROUP:
            return described(found.bare)
        case Kind.GROUPS:
            return described(_bare(get_args(found.bare)[1]).bare)
        case Kind.ENTRIES:
            return described(get_args(found.bare)[0])
    return ()


def _variants(found: _Type) -> dict[str, tuple[Described, ...]]:
    models = get_args(found.bare)
    return {get_args(one.model_fields["kind"].annotation)[0]: described(one) for one in models}


def _declared(extra: Mapping[str, Any]) -> tuple[Option, ...]:
    """What a choice of a channel says itself that it takes."""
    labels = extra.get("labels", {})
    return tuple(Option(one, labels.get(one, one)) for one in extra.get("enum", ()))


def _options(found: _Type, kind: Kind) -> tuple[Option, ...]:
    match kind:
        case Kind.ALERT_KINDS:
            return _named(AlertKind)
        case Kind.SEVERITIES:
            above = [Option(f"{one.value}+", f"{SEVERITY_NAMES[one]} or worse") for one in Severity]
            return (*_named(Severity), *above)
        case Kind.CHANNEL_HOURS:
            return _named(HOURS)
        case Kind.DAYS:
            return (Option("rows", "Those in its rows"), Option("today", "Today besides"))
        case Kind.TABLE:
            value = _bare(get_args(found.bare)[1]).bare
            return _named(value) if isinstance(value, type) and issubclass(value, Enum) else ()
        case Kind.VARIANTS:
            return _named(_variants(found))
        case Kind.CHOICE if get_origin(found.bare) is Literal:
            return _named(get_args(found.bare))
        case Kind.CHOICE if issubclass(found.bare, Enum):
            return _named(found.bare)
    return ()


def _named(values: Any) -> tuple[Option, ...]:
    """Each value with the words for it; where there are none, the value says it itself."""
    words = [getattr(one, "value", one) for one in values]
    return tuple(Option(one, NAMES_OF.get(one, one.replace("_", " ").capitalize())) for one in words)


def _limits(found: _Type, extra: Mapping[str, Any]) -> tuple[Any, Any]:
    if "least" in extra or "most" in extra:
        return extra.get("least"), extra.get("most")
    if INTERVAL in found.checks:
        return written(SHORTEST_INTERVAL), written(LONGEST_INTERVAL)
    least: Any = None
    most: Any = None
    for check in found.checks:
        match check:
            case Ge(bound):
                least = written(bound)
            case Gt(bound):
                least = int(str(bound)) + 1 if found.bare is int else bound
            case Le(bound):
                most = written(bound)
            case Lt(bound):
                most = bound
    return least, most


def _default(info: FieldInfo) -> Any:
    value = info.get_default(call_default_factory=True)
    return None if value is PydanticUndefined else written(value)


def written(value: Any) -> Any:
    """A value of a model as the file would write it; None where it would write nothing."""
    match value:
        case timedelta():
            return duration_text(value)
        case Enum():
            return value.value
        case SecretStr():
            return None
        case BaseModel():
            return {key: written(one) for key, one in value if key in value.model_fields_set} or None
        case Mapping():
            return {key: written(one) for key, one in value.items()} or None
        case frozenset():
            return sorted(map(written, value)) or None
        case tuple() | list():
            return [written(one) for one in value] or None
        case "":
            return None
    return value
