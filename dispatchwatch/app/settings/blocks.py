"""A TOML text as its blocks: each table heading with what stands below it, and the comments that belong to it.

A library that keeps comments is at hand (tomlkit), but it keeps the order of tables only where those of one name stand
together: `[[feed]]`, `[profile.x]`, `[[feed]]`, which is how `feed add` writes, it puts out in another order. So tables
are found, removed and moved here, as text, and tomlkit is asked within one block alone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dispatchwatch.app.key_path import Steps

TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\])*"|\'[^\']*\'|#[^\n]*|[\[\]{}]|\n|[^"\'#\[\]{}\n]+',
    re.DOTALL,
)
HEADING = re.compile(r"(?P<open>\s*\[\[?)(?P<names>.*?)(?P<close>\]\]?[ \t]*(?:#[^\n]*)?\n?)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """`lead` are the comment lines right above the heading, `body` the keys, `gap` what parts it from the next one.

    `steps` lead to the table; in a list of tables its place there is among them. The block before the first heading
    has none. `is_entry`: the heading begins an entry of a list.
    """

    steps: Steps
    lead: str
    heading: str
    body: str
    gap: str
    is_entry: bool = False

    @property
    def text(self) -> str:
        return f"{self.lead}{self.heading}{self.body}{self.gap}"

    def is_within(self, steps: Steps) -> bool:
        return self.steps[: len(steps)] == steps


def blocks_of(text: str) -> list[Block]:
    """The blocks of valid TOML with plain line ends; joined, their texts are the text."""
    begins = [0, *_headings(text), len(text)]
    found: list[Block] = []
    lists: dict[Steps, int] = {}
    lead = ""
    for begin, end in pairwise(begins):
        heading, body = _parted(text[begin:end]) if begin or text.lstrip(" \t").startswith("[") else ("", text[:end])
        body, gap, next_lead = _with_trivia(body, is_first=not heading)
        steps, is_entry = _steps(heading, lists) if heading else ((), False)
        found.append(Block(steps, lead, heading, body, gap, is_entry))
        lead = next_lead
    return [*found[:-1], _with_tail(found[-1], lead)] if lead else found


def names_in(heading: str) -> tuple[list[str], bool]:
    """The names in a heading, and whether it begins an entry of a list."""
    names: list[str] = []
    value: Any = tomllib.loads(heading)
    while isinstance(value, dict) and value:
        name, value = next(iter(value.items()))
        names.append(name)
    return names, isinstance(value, list)


def renamed(block: Block, depth: int, written: str) -> Block:
    """The block with one of the names in its heading written otherwise."""
    found = HEADING.fullmatch(block.heading)
    if found is None:
        return block
    names = [_key(name) for name in names_in(block.heading)[0]]
    names[depth] = written
    heading = f"{found['open']}{'.'.join(names)}{found['close']}"
    return Block(block.steps, block.lead, heading, block.body, block.gap, block.is_entry)


def heading_of(names: Sequence[str], *, is_entry: bool) -> str:
    dotted = ".".join(map(_key, names))
    return f"[[{dotted}]]\n" if is_entry else f"[{dotted}]\n"


def _key(name: str) -> str:
    import tomlkit

    return tomlkit.key(name).as_string()


def _headings(text: str) -> Iterator[int]:
    """Where the lines of headings begin, the very first character left out."""
    depth, line, is_fresh = 0, 0, True
    for token in TOKEN.finditer(text):
        word = token[0]
        if word == "[" and is_fresh and not depth and line:
            yield line
        depth += (word in ("[", "{")) - (word in ("]", "}"))
        if word == "\n":
            line, is_fresh = token.end(), True
        elif word.strip():
            is_fresh = False


def _parted(text: str) -> tuple[str, str]:
    """The line of the heading, and what is below it."""
    heading, end, body = text.partition("\n")
    return heading + end, body


def _with_trivia(text: str, *, is_first: bool) -> tuple[str, str, str]:
    """The keys with the comments at them; what is free of them; the comments that stand right above what follows."""
    lines = text.splitlines(keepends=True)
    last = max((number for number, line in enumerate(lines, 1) if not _is_trivia(line)), default=0)
    blank = next((number for number, line in enumerate(lines) if number >= last and not line.strip()), None)
    if blank is None:
        return ("", "", text) if is_first and not last else (text, "", "")
    lead = len(lines)
    while lead > blank and lines[lead - 1].strip():
        lead -= 1
    return "".join(lines[:blank]), "".join(lines[blank:lead]), "".join(lines[lead:])


def _is_trivia(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _with_tail(block: Block, lead: str) -> Block:
    """Comments at the very end stand above nothing."""
    return Block(block.steps, block.lead, block.heading, block.body, block.gap + lead, block.is_entry)


def _steps(heading: str, lists: dict[Steps, int]) -> tuple[Steps, bool]:
    """Where a heading leads, counting the entries of lists in `lists`."""
    names, is_entry = names_in(heading)
    steps: tuple[Any, ...] = ()
    for number, name in enumerate(names, 1):
        steps = (*steps, name)
        if is_entry and number == len(names):
            lists[steps] = lists.get(steps, -1) + 1
        if steps in lists:
            steps = (*steps, lists[steps])
    return steps, is_entry
