"""What a preference is: where it is kept, what it is called, what it may be, and what it is until somebody chooses."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import time
from typing import Generic, TypeVar

from dispatchwatch.domain.alert import Severity

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference(ABC, Generic[T]):
    """`key` is its name in the file, `label` and `help` what a person reads; `section` is what it stands under."""

    key: str
    section: str
    label: str
    help: str
    default: T

    @abstractmethod
    def read(self, word: str) -> T:
        """The value kept as this word. Raises ValueError where it is none."""

    @abstractmethod
    def write(self, value: T) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Preference[bool]):
    def read(self, word: str) -> bool:
        if word not in {"yes", "no"}:
            raise ValueError(word)
        return word == "yes"

    def write(self, value: bool) -> str:
        return "yes" if value else "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount(Preference[int]):
    """A whole number from `least` to `most`; what lies beyond is taken for the nearest of them."""

    least: int
    most: int
    unit: str

    def read(self, word: str) -> int:
        return min(max(int(word), self.least), self.most)

    def write(self, value: int) -> str:
        return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOfDay(Preference[time]):
    """By the office's clock."""

    def read(self, word: str) -> time:
        return time.fromisoformat(word)

    def write(self, value: time) -> str:
        return value.isoformat("minutes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Severities(Preference[frozenset[Severity]]):
    def read(self, word: str) -> frozenset[Severity]:
        return frozenset(Severity(part) for part in word.split())

    def write(self, value: frozenset[Severity]) -> str:
        return " ".join(one.value for one in Severity if one in value) or " "


@dataclass(frozen=True, slots=True, kw_only=True)
class Name(Preference[str]):
    """Any name; an empty one chooses nothing."""

    def read(self, word: str) -> str:
        return word

    def write(self, value: str) -> str:
        return value
