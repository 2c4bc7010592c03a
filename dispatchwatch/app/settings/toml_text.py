"""A TOML text that is edited key by key: what is not touched stays to the letter, comments and all.

Every edit is proved: read anew, the text must say exactly what was asked for, or `NotEditable` is raised.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from dispatchwatch.app.key_path import Step, Steps, value_at
from dispatchwatch.app.settings import bodies
from dispatchwatch.app.settings.blocks import Block, blocks_of, heading_of, renamed
from dispatchwatch.app.settings.errors import NotEditable

MARK = "\ufeff"
NAMED_TABLES = frozenset({"profile"})
"""Sections in which every table has a name of its own."""


UNLIKE = "The file writes this in a way that can’t be changed here; change the text of the file."


@dataclass(frozen=True)
class TomlText:
    """`text` is valid TOML; `ValueError` (of tomllib) where it is not."""

    text: str

    @cached_property
    def values(self) -> dict[str, Any]:
        return tomllib.loads(self.text.removeprefix(MARK))

    def get(self, steps: Steps) -> Any:
        """What stands there; None where nothing does."""
        return value_at(self.values, steps)

    def set(self, steps: Steps, value: Any) -> TomlText:
        """With this value there. A table that is there already is changed key by key."""
        old = self.get(steps)
        if isinstance(old, dict) and isinstance(value, Mapping) and (old or value):
            return self._merged(steps, old, value)
        expected = _with_value(self.values, steps, value)
        return self._proved(self._with(steps, value), expected)

    def unset(self, steps: Steps) -> TomlText:
        """Without this key, and all that is below it."""
        if self.get(steps) is None:
            return self
        left = _without_blocks(self._blocks, steps)
        number = _home(left, steps)
        if number is not None:
            rest = steps[len(left[number].steps) :]
            left[number] = _with_body(left[number], bodies.without(left[number].body, rest))
        return self._proved(self._joined(left), _without_value(self.values, steps))

    def add(self, steps: Steps, values: Mapping[str, Any]) -> TomlText:
        """With one more table at the end of the list at these steps."""
        known = self.get(steps) or []
        expected = _with_value(self.values, steps, [*known, dict(values)])
        if self.get(steps) is not None and not self._entries(steps):
            return self._proved(self._with(steps, [*known, dict(values)]), expected)
        names = [step for step in steps if isinstance(step, str)]
        block = Block((*steps, len(known)), "", heading_of(names, is_entry=True), bodies.body_of(values), "")
        return self._proved(self._inserted(block, steps), expected)

    def remove(self, steps: Steps) -> TomlText:
        """Without one entry of a list; the last step is its place."""
        place = _place(steps)
        known = list(self.get(steps[:-1]))
        left = [one for number, one in enumerate(known) if number != place]
        if not self._entries(steps[:-1]):
            return self.set(steps[:-1], left) if left else self.unset(steps[:-1])
        expected = _with_value(self.values, steps[:-1], left) if left else _without_value(self.values, steps[:-1])
        return self._proved(self._joined(_without_blocks(self._blocks, steps)), expected)

    def move(self, steps: Steps, to: int) -> TomlText:
        """With an entry of a list at another place in it, which it takes from who is there."""
        place, known = _place(steps), list(self.get(steps[:-1]))
        order = [number for number in range(len(known)) if number != place]
        order.insert(to, place)
        expected = _with_value(self.values, steps[:-1], [known[number] for number in order])
        entries = self._entries(steps[:-1])
        if not entries:
            return self._proved(self._with(steps[:-1], [known[number] for number in order]), expected)
        return self._proved(self._reordered(entries, order), expected)

    def rename(self, steps: Steps, name: str) -> TomlText:
        """With another name for a table, at the same place."""
        value, depth = self.get(steps), sum(isinstance(step, str) for step in steps) - 1
        above, old = steps[:-1], steps[-1]
        renamed_table = {name if key == old else key: one for key, one in self.get(above).items()}
        expected = _with_value(self.values, above, renamed_table)
        own = [block for block in self._blocks if block.is_within(steps)]
        if not own:
            return self.unset(steps).set((*above, name), value)
        written = bodies.key_text(name)
        blocks = [renamed(block, depth, written) if block in own else block for block in self._blocks]
        return self._proved(self._joined(blocks), expected)

    # how it is done

    @cached_property
    def _line_end(self) -> str:
        return "\r\n" if "\r\n" in self.text else "\n"

    @cached_property
    def _blocks(self) -> list[Block]:
        return blocks_of(self.text.removeprefix(MARK).replace("\r\n", "\n"))

    def _joined(self, blocks: Sequence[Block]) -> str:
        lines = "".join(block.text if block is blocks[-1] else _ended(block.text) for block in blocks)
        mark = MARK if self.text.startswith(MARK) else ""
        return mark + (lines.replace("\n", self._line_end) if self._line_end != "\n" else lines)

    def _proved(self, text: str, expected: Mapping[str, Any]) -> TomlText:
        after = TomlText(text)
        try:
            if after.values == expected:
                return after
        except tomllib.TOMLDecodeError:
            pass
        raise NotEditable(UNLIKE)

    def _merged(self, steps: Steps, old: Mapping[str, Any], value: Mapping[str, Any]) -> TomlText:
        after = self
        for key in old.keys() - value.keys():
            after = after.unset((*steps, key))
        for key, one in value.items():
            if key not in old or old[key] != one:
                after = after.set((*steps, key), one)
        return after

    def _with(self, steps: Steps, value: Any) -> str:
        """Written where its table is: in the block that leads deepest, else in a new one."""
        blocks = _without_blocks(self._blocks, steps)
        number = _home(blocks, steps)
        if number is None or (not blocks[number].steps and len(steps) > 1 and steps[0] not in self._root):
            return self._in_new_table(steps, value)
        block = blocks[number]
        blocks[number] = _with_body(block, bodies.with_value(block.body, steps[len(block.steps) :], value))
        return self._joined(blocks)

    @cached_property
    def _root(self) -> frozenset[str]:
        """The keys above the first heading."""
        root = next((block for block in self._blocks if not block.steps), None)
        return frozenset(tomllib.loads(root.body)) if root else frozenset()

    def _in_new_table(self, steps: Steps, value: Any) -> str:
        depth = 2 if steps[0] in NAMED_TABLES else 1
        names = [str(step) for step in steps[:depth]]
        body = bodies.with_value("", steps[depth:], value) if len(steps) > depth else bodies.body_of(value)
        return self._inserted(Block(steps[:depth], "", heading_of(names, is_entry=False), body, ""), steps[:1])

    def _inserted(self, block: Block, beside: Steps) -> str:
        """After the last block of its kind, else at the end."""
        blocks = list(self._blocks)
        near = [number for number, one in enumerate(blocks) if one.is_within(beside)]
        at = near[-1] + 1 if near else len(blocks)
        if at and at < len(blocks):
            block, blocks[at - 1] = _with_gap(block, blocks[at - 1].gap), _with_gap(blocks[at - 1], "\n")
        elif at:
            blocks[-1] = _with_gap(blocks[-1], blocks[-1].gap or ("\n" if blocks[-1].text else ""))
        return self._joined([*blocks[:at], block, *blocks[at:]])

    def _entries(self, steps: Steps) -> list[list[int]]:
        """The blocks of each entry of a list, by their numbers; none where it is not written as blocks."""
        found: dict[Step, list[int]] = {}
        for number, block in enumerate(self._blocks):
            if block.is_within(steps) and len(block.steps) > len(steps):
                found.setdefault(block.steps[len(steps)], []).append(number)
        return list(found.values())

    def _reordered(self, entries: Sequence[Sequence[int]], order: Sequence[int]) -> str:
        """Each entry goes whole to where another began; what parts them stays where it was."""
        blocks = self._blocks
        gaps = [blocks[numbers[-1]].gap for numbers in entries]
        moved = {numbers[0]: place for place, numbers in enumerate(entries)}
        taken = set(chain.from_iterable(entries))
        found: list[Block] = []
        for number, block in enumerate(blocks):
            if number in moved:
                place = moved[number]
                own = [blocks[one] for one in entries[order[place]]]
                found += [*own[:-1], _with_gap(own[-1], gaps[place])]
            elif number not in taken:
                found.append(block)
        return self._joined(found)


def _home(blocks: Sequence[Block], steps: Steps) -> int | None:
    """The block in which a key stands, or would: the one that leads deepest towards it."""
    near = [number for number, block in enumerate(blocks) if steps[: len(block.steps)] == block.steps]
    return max(near, key=lambda number: len(blocks[number].steps), default=None)


def _without_blocks(blocks: Sequence[Block], steps: Steps) -> list[Block]:
    """The blocks without those below `steps`; comments that stand free behind one of them stay."""
    found: list[Block] = []
    for block in blocks:
        if not block.is_within(steps):
            found.append(block)
        elif block.gap.strip() and found:
            before = found[-1].gap if found[-1].gap.strip() else ""
            found[-1] = _with_gap(found[-1], before + block.gap)
    return found


def _ended(text: str) -> str:
    return text if text.endswith("\n") or not text else f"{text}\n"


def _with_body(block: Block, body: str) -> Block:
    heading = block.heading if block.heading.endswith("\n") or not block.heading or not body else f"{block.heading}\n"
    return Block(block.steps, block.lead, heading, body, block.gap, block.is_entry)


def _with_gap(block: Block, gap: str) -> Block:
    return Block(block.steps, block.lead, block.heading, block.body, gap, block.is_entry)


def _place(steps: Steps) -> int:
    if not isinstance(steps[-1], int):
        raise TypeError("the last step is a place in a list")
    return steps[-1]


def _with_value(values: Mapping[str, Any], steps: Steps, value: Any) -> dict[str, Any]:
    def change(above: Any, last: Step) -> None:
        above[last] = value

    return _changed(values, steps, change)


def _without_value(values: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
    def change(above: Any, last: Step) -> None:
        del above[last]

    return _changed(values, steps, change)


def _changed(values: Mapping[str, Any], steps: Steps, change: Callable[[Any, Step], None]) -> dict[str, Any]:
    found = deepcopy(dict(values))
    above: Any = found
    try:
        for step in steps[:-1]:
            above = above[step] if isinstance(step, int) else above.setdefault(step, {})
        change(above, steps[-1])
    except (TypeError, AttributeError, LookupError):
        raise NotEditable(UNLIKE) from None
    return found
