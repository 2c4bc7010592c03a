"""The words of setting up a channel."""

from __future__ import annotations

from collections.abc import Collection

from dispatchwatch.domain.alert import Operation

CHECK, SEND_TEST, STOP, SIGN_IN = "Check", "Send a test", "Stop", "Sign in…"
CHECK_MEANING = "Tries the credentials; nobody is told anything."
TEST_MEANING = "Sends one message that says it is a test."
CHECKING, TESTING = "Trying the credentials …", "Sending the test …"
SEARCH_PLATFORMS = "Search platforms"
PLATFORMS = "Platforms"
HELP, HIDE_HELP, NO_HELP = "How to set it up", "Hide the help", "There is no help page for this platform."
NO_PLATFORM_FOUND = ("No platform is called so", "Clear the search to see all of them.")
CHOOSE, SEARCH, CANCEL, OPEN_PAGE = "Choose", "Search", "Cancel", "Open the page"
NOTHING_TO_CHOOSE = "The account has nothing to choose from here."
CODE, ADDRESS = "The code", "The address"
SIGNING_IN = "Waiting until you have signed in …"
BEGINNING = "Asking for a code …"
ENTER_CODE = "Open the page on any device, sign in there, and enter this code:"
IN_BROWSER = "Your browser opens a page of the platform on this computer. Sign in there; this window notices by itself."
CALLED_OFF = "Stopped. What was under way may still have arrived."
FIX_FIRST = "Some fields need another look first."
WHICH_PLATFORM = "Who shall be told?"
WHICH_PLATFORM_WHY = (
    "Where people look when something goes wrong: a chat, a phone, a ticket system. You can add more later."
)
ACCOUNT_WHY = "What the program needs to be let in. Secrets go into the keyring of this computer, not into the file."
DOES = {
    Operation.RAISE: "tells",
    Operation.UPDATE: "updates",
    Operation.ACKNOWLEDGE: "acknowledges",
    Operation.RESOLVE: "resolves",
}
LISTENS = "listens"
LISTENS_MEANING = "What people do there, acknowledging or resolving, is done here too."
DEAF_MEANING = "What people do there is not heard here; acknowledge in this window."

PREVIEW = "What goes out, for a made-up alert"
PREVIEW_BUILT_IN = "What goes out as long as that is so: the built-in words"
THIS_CHANNEL = "this channel"
TEMPLATE_NAMES = {
    Operation.RAISE: "When an alert is new",
    Operation.UPDATE: "When it got worse",
    Operation.ACKNOWLEDGE: "When somebody is on it",
    Operation.RESOLVE: "When it is over",
}
HEADLINE, SUBJECT, BODY = "Headline", "Subject", "Lines below"
SUBJECT_AND_LINES = "Subject and lines…"
TEMPLATE_HELP = (
    "Plain words with {{ names }} between: headline, subject, severity, kind, link, note, by, due_at, "
    "facts.Technician and the other facts. An empty field keeps the built-in words."
)


def does(operations: Collection[Operation], *, listens: bool) -> str:
    """What a platform can do, in a line."""
    told = [word for operation, word in DOES.items() if operation in operations]
    return ", ".join([*told, LISTENS]) if listens else ", ".join(told)


def account_title(platform: str) -> str:
    return f"Your {platform} account"


def choosing(label: str) -> str:
    return f"Choose: {label}"


def could_not_ask(why: str) -> str:
    return f"Could not ask: {why}"


def asking(platform: str) -> str:
    return f"Asking {platform} …"


def broke(problem: BaseException) -> str:
    return f"That went wrong in the program itself ({type(problem).__name__}); the log has more."


def found(count: int) -> str:
    return "1 found" if count == 1 else f"{count} found"


def code_lives(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    return f"It can be used for {minutes} minute{'' if minutes == 1 else 's'}."


def in_a_sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
