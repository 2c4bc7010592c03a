"""How telling a platform can fail. Each class says what is to happen next.

    Failure
    ├── Unreachable    it never arrived, or we were told to come later: try again
    ├── Unauthorised   the platform does not accept the credentials: pause the channel, ask a person
    ├── Refused        the platform does not take this one message: give it up, show why, offer to re-send
    └── Unknown        it was sent and no answer came: it may have arrived

Messages are plain sentences for people. The sender has taken every secret out of them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from dispatchwatch.dispatch.receipt import Receipt


class Failure(Exception):
    """A message that is not known to have arrived. `message` is a sentence for people; `reached` is what had been
    achieved before it failed, where telling takes several requests."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.reached: Receipt | None = None

    def reworded(self, message: str) -> Self:
        """The same outcome in other words, with nothing chained to it."""
        return self._also(type(self)(message))

    def _also(self, other: Self) -> Self:
        other.reached = self.reached
        return other

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.message!r})"


class Unreachable(Failure):
    """Nothing was taken. `retry_after` is how long the platform asked us to wait, None where it did not say."""

    def __init__(self, message: str, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after

    def reworded(self, message: str) -> Self:
        return self._also(type(self)(message, self.retry_after))


class Unauthorised(Failure):
    """The credentials are not accepted; every further message would meet the same end."""


class Refused(Failure):
    """This message is not accepted, and trying it again would change nothing."""


class Unknown(Failure):
    """The request left, and what became of it is not known."""
