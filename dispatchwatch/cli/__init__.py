"""The commands (interface, section 1): each reads its arguments, asks the app, and prints what it answers.

Exit status: 0 done, 1 a problem found or an operation refused, 2 wrong usage or wrong configuration. What goes wrong is
one plain sentence on standard error. A command is a function in one of the modules here, registered on `application`.
"""

from dispatchwatch.cli.program import main

__all__ = ["main"]
