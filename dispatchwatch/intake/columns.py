"""Which column of a source stands for which field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.formats import tells_nothing
from dispatchwatch.intake.synonyms import DAY_ONLY, DECISIVE, FIELDS, LOOSE, START_FIELDS, SURE, UNMAPPED

JOIN = " + "


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field is found. `places` gives its cells (several are read as one, a space between them),
    `headers` its header as the source writes it, `width` how many cells a row has."""

    places: Mapping[str, tuple[int, ...]]
    headers: Mapping[str, str]
    width: int

    def texts(self, cells: Sequence[str]) -> dict[str, str]:
        """The stripped text of every field that has a column. There are at least `width` cells."""
        return {
            name: cells[places[0]].strip() if len(places) == 1 else _joined([cells[place] for place in places])
            for name, places in self.places.items()
        }


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a header seems to mean: `columns` from field to header, as a profile would write it.

    `ambiguous` are the headers a person should confirm or choose between; `conflicts` the fields for which
    several headers compete, so that nothing was chosen.
    """

    columns: Mapping[str, str]
    ambiguous: tuple[str, ...] = ()
    conflicts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def _joined(cells: Sequence[str]) -> str:
    return " ".join(text for text in map(str.strip, cells) if not tells_nothing(text))


def folded(name: str) -> str:
    """Lower case, letters and digits only."""
    return "".join(character for character in name.casefold() if character.isalnum())


def proposal(header: Sequence[str], chosen: Mapping[str, str] | None = None) -> Proposal:
    """What the header means, beside what has been `chosen` already (field to header)."""
    search = _Search(header, chosen or {})
    return Proposal(
        {name: search.label(places) for name, places in search.found.items()},
        tuple(header[place].strip() for place in sorted(search.unsure)),
        {name: tuple(header[place].strip() for place in places) for name, places in search.conflicts.items()},
    )


def resolve(header: Sequence[str], chosen: Mapping[str, str], source: str) -> Columns:
    """Where each field is, from what was chosen and from the synonyms.

    Raises FeedError, naming `source`, when a chosen header is missing, when two headers compete for a field
    that alerts depend on, or when there is no id or no start.
    """
    search = _Search(header, chosen)
    names = ", ".join(name.strip() for name in header if name.strip()) or "none"
    for name, wanted in search.missing.items():
        raise FeedError(
            f"{source} has no column '{wanted}', which the profile names for {name}. The headers found are: {names}."
        )
    for name, places in search.conflicts.items():
        rivals = " and ".join(f"'{header[place].strip()}'" for place in places)
        raise FeedError(
            f"{source} has {rivals}, which both could be {name}. Name the right one in the profile, for example"
            f' columns = {{ {name} = "{header[places[0]].strip()}" }}.'
        )
    if "ext_id" not in search.found:
        raise FeedError(_lacking(source, "identifies a visit", "ext_id", names))
    if not any(name in search.found for name in START_FIELDS):
        raise FeedError(_lacking(source, "says when a visit starts", "sched_start", names))
    labels = {name: search.label(places) for name, places in search.found.items()}
    return Columns(search.found, labels, len(header))


def placed(header: Sequence[str], chosen: Mapping[str, str]) -> Columns:
    """What `resolve` would find, though an id or a start may be lacking."""
    search = _Search(header, chosen)
    return Columns(search.found, {name: search.label(places) for name, places in search.found.items()}, len(header))


def recognised(header: Sequence[str], chosen: Mapping[str, str]) -> int:
    """How many fields this line would name, if it were the header."""
    search = _Search(header, chosen)
    return len(search.found) + len(search.conflicts)


def _lacking(source: str, purpose: str, name: str, names: str) -> str:
    return (
        f'{source} has no column that {purpose}. Name it in the profile: columns = {{ {name} = "…" }}.'
        f" The headers found are: {names}."
    )


class _Search:
    """Goes through one header once: what was chosen, then sure names, then loose ones; each column is used once."""

    def __init__(self, header: Sequence[str], chosen: Mapping[str, str]) -> None:
        self.header = header
        self.names = [folded(name) for name in header]
        self.found: dict[str, tuple[int, ...]] = {}
        self.missing: dict[str, str] = {}
        self.conflicts: dict[str, tuple[int, ...]] = {}
        self.unsure = {place for place, name in enumerate(self.names) if name in UNMAPPED}
        self.used: set[int] = set()
        for name, wanted in chosen.items():
            if wanted.strip():
                self._choose(name, wanted)
        for name in FIELDS:
            if name not in chosen:
                self._take_sure(name)
        for name in FIELDS:
            if name not in chosen and name not in self.found and name not in self.conflicts:
                self._take_loose(name)
        self._let_the_day_be_the_start()

    def label(self, places: tuple[int, ...]) -> str:
        return JOIN.join(self.header[place].strip() for place in places)

    def _choose(self, name: str, wanted: str) -> None:
        parts = [wanted] if self._named(wanted) else wanted.split(JOIN)
        each = [self._named(part) for part in parts]
        if not all(each):
            self.missing[name] = wanted
        elif any(len(places) > 1 for places in each):
            self.conflicts[name] = next(places for places in each if len(places) > 1)
        else:
            self._take(name, tuple(places[0] for places in each))

    def _named(self, wanted: str) -> tuple[int, ...]:
        exact = tuple(place for place, name in enumerate(self.header) if name.strip() == wanted.strip())
        alike = folded(wanted)
        return exact or tuple(place for place, name in enumerate(self.names) if name and name == alike)

    def _take(self, name: str, places: tuple[int, ...]) -> None:
        self.found[name] = places
        self.used.update(places)

    def _rivals(self, synonyms: tuple[str, ...]) -> tuple[int, ...]:
        free = (place for place, name in enumerate(self.names) if place not in self.used and name in synonyms)
        return tuple(sorted(free, key=lambda place: synonyms.index(self.names[place])))

    def _take_sure(self, name: str) -> None:
        rivals = self._rivals(SURE[name])
        pair = self._date_and_time(rivals)
        if pair or len(rivals) == 1:
            self._take(name, pair or rivals)
        elif rivals and name in DECISIVE:
            self.conflicts[name] = rivals
            self.unsure.update(rivals)
        elif rivals:
            self._take(name, rivals[:1])
            self.unsure.update(rivals)

    def _take_loose(self, name: str) -> None:
        rivals = self._rivals(LOOSE.get(name, ()))
        self.unsure.update(rivals)
        if len(rivals) == 1 or (rivals and name not in DECISIVE):
            self._take(name, rivals[:1])
        elif rivals:
            self.conflicts[name] = rivals

    def _date_and_time(self, rivals: tuple[int, ...]) -> tuple[int, ...]:
        """Two columns such as "Start Date" and "Start Time" are one time in two cells."""
        if len(rivals) != 2:
            return ()
        day, clock = sorted(rivals, key=lambda place: self.names[place].endswith("time"))
        stem = self.names[day].removesuffix("date")
        return (day, clock) if stem != self.names[day] and self.names[clock] == f"{stem}time" else ()

    def _let_the_day_be_the_start(self) -> None:
        day = self.found.get("date", ())
        if any(name in self.found or name in self.conflicts for name in START_FIELDS) or "date" in self.conflicts:
            return
        if len(day) == 1 and self.names[day[0]] in DAY_ONLY and "date" in self.found:
            self.found["sched_start"] = self.found.pop("date")
            self.unsure.update(day)
