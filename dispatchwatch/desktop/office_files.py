"""Where the office keeps what it has set, and what is remembered of its days."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dispatchwatch.app.secrets import SecretSource


@dataclass(frozen=True, slots=True)
class OfficeFiles:
    """`config` is the configuration file, `secrets` where its references lead, `database` the record of the days."""

    config: Path
    secrets: SecretSource
    database: Path
