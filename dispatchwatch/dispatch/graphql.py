"""GraphQL over HTTP: one address, the question and its variables in the body, errors inside answers that look good.

Facts: spec.graphql.org, section 7 (response format); what stands in `extensions` is each vendor's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import httpx

from dispatchwatch.dispatch.outcome import sayings
from dispatchwatch.dispatch.platform import json_request
from dispatchwatch.dispatch.reading import loose, picked, text_at
from dispatchwatch.dispatch.text import one_line


class GraphError(NamedTuple):
    """Why an answer says no: the vendor's code and its sentence, both empty where it says yes."""

    code: str = ""
    said: str = ""


def graph_request(url: str, question: str, variables: Mapping[str, Any]) -> httpx.Request:
    """Texts go into the variables only, never into the question."""
    return json_request("POST", url, {"query": question, "variables": dict(variables)})


def graph_error(response: httpx.Response) -> GraphError:
    """The first error in an answer, unless something that was asked for was done all the same."""
    answer = loose(response)
    data, errors = picked(answer, "data"), picked(answer, "errors")
    if isinstance(data, dict) and any(value is not None for value in data.values()):
        return GraphError()
    first = errors[0] if isinstance(errors, list) and errors else {}
    code = text_at(first, "extensions", "code") or text_at(answer, "error_code")
    said = one_line(sayings(errors)) or text_at(answer, "error_message")
    return GraphError(code or ("error" if said or errors else ""), said)
