"""The program as a command: gathers the commands and turns what goes wrong into a sentence and an exit status."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from dispatchwatch.app.config import ConfigError
from dispatchwatch.app.errors import PlainError
from dispatchwatch.cli import (
    acting,
    channel_setup,
    checking,
    feed_add,
    feeds,
    replaying,
    running,
    sending,
    suggesting,
    trail,
    visits,
)
from dispatchwatch.cli.common import Refusal, application, say

COMMANDS = (running, checking, feeds, feed_add, replaying, acting, visits, suggesting, sending, channel_setup, trail)


def main() -> None:
    """Runs the command line and ends the process with its status."""
    # Windows gives a redirected output the office's old code page, which has no word for half of our names.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Runs one command and returns its exit status."""
    try:
        application(args=_with_paths_last(arguments), prog_name="dispatchwatch")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except ConfigError as error:
        for problem in error.problems:
            say(f"{problem.where}: {problem.text}.")
        return 2
    except Refusal as error:
        say(str(error))
        return error.status
    except PlainError as error:
        say(str(error))
        return 1
    return 0


def _with_paths_last(arguments: Sequence[str]) -> list[str]:
    """`--config` and `--data` mean the same before a command as behind it, where the commands look for them."""
    rest, paths = list(arguments), list[str]()
    while len(rest) > 2 and rest[0] in {"--config", "--data"}:
        paths += rest[:2]
        rest = rest[2:]
    return [*rest, *paths]
