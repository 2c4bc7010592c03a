"""Holding requests against an OpenAPI document: the path, the parameters and the body."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
from openapi_schema_validator import OAS30Validator, oas30_format_checker

from dispatchwatch.dispatch.conversation import rehearsed
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.domain.alert import Operation
from tests.contract.contracts import contract
from tests.dispatch.samples import every_notification, notification


class NotInContractError(AssertionError):
    """A request for which the document has no place."""


class Book:
    def __init__(self, platform: str) -> None:
        self._document = contract(platform)
        self._validators: dict[int, Any] = {}
        self.held = 0

    def hold(self, request: httpx.Request) -> None:
        """Raises NotInContractError, or a ValidationError, where the request is not one that the document takes."""
        template, path, operation = self._place(request)
        named = re.fullmatch(_pattern(template), request.url.path)
        assert named is not None
        parameters = [self._resolved(one) for one in [*path.get("parameters", []), *operation.get("parameters", [])]]
        given = {"path": named.groupdict(), "query": dict(request.url.params), "header": dict(request.headers)}
        for parameter in parameters:
            self._hold_parameter(parameter, given[parameter["in"]])
        unknown = given["query"].keys() - {one["name"] for one in parameters if one["in"] == "query"}
        if unknown:
            raise NotInContractError(f"{request.url} has {unknown}")
        self._hold_body(request, operation)
        self.held += 1

    def _place(self, request: httpx.Request) -> tuple[str, Any, Any]:
        for template, path in self._document["paths"].items():
            if re.fullmatch(_pattern(template), request.url.path) and request.method.lower() in path:
                return template, path, path[request.method.lower()]
        raise NotInContractError(f"{request.method} {request.url.path}")

    def _hold_parameter(self, parameter: Any, given: dict[str, str]) -> None:
        name = parameter["name"].lower() if parameter["in"] == "header" else parameter["name"]
        if name not in given:
            if parameter.get("required"):
                raise NotInContractError(f"{name} is missing")
            return
        self._validator(parameter["schema"]).validate(_typed(given[name], parameter["schema"].get("type")))

    def _hold_body(self, request: httpx.Request, operation: Any) -> None:
        described = operation.get("requestBody")
        if described is None:
            if request.content:
                raise NotInContractError(f"{request.method} {request.url.path} has a body")
            return
        assert request.headers["Content-Type"] == "application/json"
        self._validator(described["content"]["application/json"]["schema"]).validate(json.loads(request.content))

    def _validator(self, schema: Any) -> Any:
        if id(schema) not in self._validators:
            whole = {**schema, "components": self._document["components"]}
            self._validators[id(schema)] = OAS30Validator(whole, format_checker=oas30_format_checker)
        return self._validators[id(schema)]

    def _resolved(self, parameter: Any) -> Any:
        if "$ref" in parameter:
            return self._document["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
        return parameter


def every_request(platform: Any, *configs: Any) -> Iterator[httpx.Request]:
    """All that would be sent for every notification, with a receipt and without, and to check the credentials."""
    for config in configs:
        yield platform.check(config)
        raised = _told(platform, notification(), config, None)[1]
        for _, told in every_notification():
            yield from _told(platform, told, config, raised)[0]
            if told.operation is not Operation.ACKNOWLEDGE or platform.finds(config):
                yield from _told(platform, told, config, None)[0]


def _told(platform: Any, told: Any, config: Any, receipt: Receipt | None) -> tuple[list[httpx.Request], Receipt]:
    try:
        return rehearsed(platform.tell(told, config, receipt), platform.pretended)
    except Exception as refused:
        if "has no ticket" in str(refused):
            return [], Receipt()
        raise


def _typed(value: str, kind: str) -> Any:
    """A parameter as what it stands for."""
    match kind:
        case "integer":
            return int(value)
        case "boolean":
            return json.loads(value)
        case "array":
            return value.split(",")
        case _:
            return value


def _pattern(template: str) -> str:
    return re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template).replace(r"\{", r"\{").replace(r"\}", r"\}"))
