"""The program as a command: gathers the commands and turns what goes wrong into a sentence and an exit status."""

from __future__ import annotations

import sys

from dispatchwatch.app.config import ConfigError
from dispatchwatch.app.errors import PlainError
from dispatchwatch.cli import acting, checking, running, sending, trail
from dispatchwatch.cli.common import Refusal, application, say

COMMANDS = (running, checking, acting, sending, trail)


def main() -> None:
    """Runs the command line and ends the process with its status."""
    # Windows gives a redirected output the office's old code page, which has no word for half of our names.
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    try:
        application(prog_name="dispatchwatch")
    except ConfigError as error:
        for problem in error.problems:
            say(f"{problem.where}: {problem.text}.")
        sys.exit(2)
    except Refusal as error:
        say(str(error))
        sys.exit(error.status)
    except PlainError as error:
        say(str(error))
        sys.exit(1)
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        sys.stderr.close()
