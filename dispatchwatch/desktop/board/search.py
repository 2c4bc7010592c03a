"""What is searched for: words that must all be found, each anywhere or in the field its prefix names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from dispatchwatch.app.view import BoardRow
from dispatchwatch.desktop import feed_phrases, texts
from dispatchwatch.desktop.placed_model import Entry

TERM = re.compile(r'(?:(?P<field>[a-z]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<word>[^\s"]+))?')
Words = Callable[[BoardRow], tuple[str, ...]]


def _crew(row: BoardRow) -> tuple[str, ...]:
    return row.visit.technician, *(one.ext_id for one in row.visit.technicians)


def _site(row: BoardRow) -> tuple[str, ...]:
    return row.visit.site.name, row.visit.site.address


FIELDS: Mapping[str, Words] = {
    "tech": _crew,
    "customer": lambda row: (row.visit.customer.name,),
    "site": _site,
    "status": lambda row: (texts.STANDING_NAMES[row.standing], row.visit.status_raw),
    "feed": lambda row: (row.key.feed, feed_phrases.feed_name(row.key.feed)),
    "job": lambda row: (row.visit.ext_id, row.visit.order_ref),
    "work": lambda row: (row.visit.title, row.visit.kind),
    "priority": lambda row: (row.visit.priority,),
}
ALSO: Mapping[str, str] = {"technician": "tech", "state": "status", "order": "job", "address": "site", "kind": "work"}


STATES = frozenset(name.casefold() for name in texts.STANDING_NAMES.values())


class Term(NamedTuple):
    """A word to be found; in any field where `field` is empty. `whole`: as it is, for "late" is part of "later" too."""

    field: str
    word: str
    whole: bool = False


class Query(NamedTuple):
    """What was typed, understood."""

    terms: tuple[Term, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """What can be marked where it stands."""
        return tuple(term.word for term in self.terms)

    def found(self, entries: Iterable[Entry[BoardRow]]) -> Iterable[Entry[BoardRow]]:
        for field, word, whole in self.terms:
            if whole:
                words_of = FIELDS[field]
                entries = [one for one in entries if word in {said.casefold() for said in words_of(one.line)}]
            elif field:
                words_of = FIELDS[field]
                entries = [one for one in entries if word in "\n".join(words_of(one.line)).casefold()]
            else:
                entries = [one for one in entries if word in one.words]
        return entries


def understood(text: str) -> Query:
    """A prefix nobody knows is a word like any other; one with nothing behind it asks for nothing yet."""
    terms: list[Term] = []
    for found in TERM.finditer(text.casefold()):
        field, word = found["field"] or "", found["quoted"] or found["word"] or ""
        known = ALSO.get(field, field)
        if field and known not in FIELDS:
            known, word = "", f"{field}:{word}"
        if word:
            terms.append(Term(known, word, whole=known == "status" and word in STATES))
    return Query(tuple(terms))


def haystack(row: BoardRow) -> str:
    """Everything that a word without a field is looked for in."""
    visit = row.visit
    words = (
        visit.ext_id,
        visit.title,
        visit.order_ref,
        visit.technician,
        visit.customer.name,
        visit.site.name,
        visit.site.address,
    )
    return "\n".join(words).casefold()
