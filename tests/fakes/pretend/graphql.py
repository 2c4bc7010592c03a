"""Enough of GraphQL to read what is asked of monday: operations, aliases, arguments, variables, selections."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|\.\.\.|\$?[A-Za-z_]\w*|-?\d+(?:\.\d+)?|[{}()\[\]:!=@|]')
WORDS = {"true": True, "false": False, "null": None}


@dataclass
class Selected:
    """One field that is asked for: its name, the name it is to be answered under, what goes with it."""

    name: str
    alias: str
    arguments: dict[str, Any]
    selection: list[Selected] = field(default_factory=list)


def read(asked: str, variables: dict[str, Any]) -> list[Selected]:
    """The fields at the top. Raises ValueError where it can't be read."""
    reader = _Reader([found[0] for found in TOKEN.finditer(asked)], variables)
    try:
        return reader.operation()
    except IndexError:
        raise ValueError("it ends too early") from None


class _Reader:
    def __init__(self, tokens: list[str], variables: dict[str, Any]) -> None:
        self.tokens, self.variables, self.known = tokens, variables, set[str]()

    def take(self, expected: str = "") -> str:
        token = self.tokens.pop(0)
        if expected and token != expected:
            raise ValueError(f"{expected} expected, not {token}")
        return token

    def operation(self) -> list[Selected]:
        if self.tokens[0] != "{":
            if self.take() not in {"query", "mutation"}:
                raise ValueError("neither query nor mutation")
            while self.tokens[0] != "{":
                token = self.take()
                if token.startswith("$"):
                    self.known.add(token[1:])
        return self.selection()

    def selection(self) -> list[Selected]:
        self.take("{")
        found: list[Selected] = []
        while self.tokens[0] != "}":
            if self.tokens[0] == "...":
                self.take()
                self.take("on")
                self.take()
                found += self.selection()
            else:
                found.append(self.field())
        self.take("}")
        return found

    def field(self) -> Selected:
        alias = name = self.take()
        if self.tokens[0] == ":":
            self.take()
            name = self.take()
        arguments: dict[str, Any] = {}
        if self.tokens[0] == "(":
            self.take()
            while self.tokens[0] != ")":
                argument = self.take()
                self.take(":")
                arguments[argument] = self.value()
            self.take(")")
        return Selected(name, alias, arguments, self.selection() if self.tokens and self.tokens[0] == "{" else [])

    def value(self) -> Any:
        token = self.take()
        if token == "[":
            found = []
            while self.tokens[0] != "]":
                found.append(self.value())
            self.take("]")
            return found
        if token == "{":
            told = {}
            while self.tokens[0] != "}":
                name = self.take()
                self.take(":")
                told[name] = self.value()
            self.take("}")
            return told
        if token.startswith("$"):
            if token[1:] not in self.known:
                raise ValueError(f"{token} is not declared")
            return self.variables.get(token[1:])
        if token.startswith('"'):
            return json.loads(token)
        return WORDS.get(token, int(token) if token.lstrip("-").isdigit() else token)
