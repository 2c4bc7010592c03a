"""The vendors' descriptions of what may be posted to them. They lie beside the checkout and are no part of it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

BESIDE = Path(__file__).resolve().parents[2].parent / "shared"


def contract(platform: str) -> Any:
    """The contract of the platform. Skips the test where the contracts are not at hand."""
    path = Path(os.environ.get("DISPATCHWATCH_SHARED", BESIDE)) / "contracts" / f"{platform}.json"
    if not path.is_file():
        pytest.skip(f"No contract at {path}. Set DISPATCHWATCH_SHARED to the folder that holds contracts/.")
    return json.loads(path.read_text(encoding="utf-8"))


def request_schema(specification: Any, path: str, method: str = "post") -> dict[str, Any]:
    """The schema of a JSON body in an OpenAPI document, with what it refers to."""
    body = specification["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]
    return {**body, "components": specification["components"]}
