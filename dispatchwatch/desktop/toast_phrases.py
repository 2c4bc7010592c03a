"""The words of toasts, the tray, sounds, and of what keeps the watch from watching."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from dispatchwatch.app.view import AlertLine
from dispatchwatch.desktop import texts
from dispatchwatch.desktop.phrases import count, sentence
from dispatchwatch.domain.alert import Severity
from dispatchwatch.domain.wording import SEVERITY_NAMES, clock, short_headline, span

SNOOZE_FOR = "Snooze 15 min"
BACKEND_NAMES: Mapping[str, str] = {
    "desktop-notifier": "The system’s toasts",
    "tray": "Messages from the tray icon",
    "plyer": "Notifications through plyer",
    "window": "A notice in the window",
}
NO_DAEMON = "no program on this desktop shows toasts"
NO_ANSWER = "it did not answer within a second"
NOT_TAKEN = "the system did not take it; the log says why"
NOT_ALLOWED = "the system’s settings don’t allow toasts from DispatchWatch"
NO_BUNDLE = "the system shows toasts of installed programs only"
WITH_BUTTONS = "Shows buttons and reports which is pressed."
WITHOUT_BUTTONS = "Shows the words without buttons."
TRAY_UNKNOWN = "Known only once the window is open."
WINDOW_ALWAYS = "Always there while the window is open."
WITHDRAWS = "A toast goes by itself once its alert is taken on or over."
REPORTS_CLICK = "A click leads to the alert."
REPORTS_NOTHING = "Whether it was seen or clicked is not reported."

CHECK_TOASTS = "Check toasts and sounds"
CHECK_MEANING = (
    "A toast goes the first of these ways that works. The alert itself is in the window in any case, and what came of "
    "each toast is in the audit trail."
)
SEND_TEST = "Send a test toast"
TEST_TITLE = "This is a test toast"
TEST_BODY = "Sent by hand from DispatchWatch. Press Show to see whether a press arrives."
TRYING = "Trying …"
PLAY = "Play"
SOUNDS = "Sounds"
NO_PLAYER = "Nothing on this computer plays sounds: {players} were looked for."
PLAYED = "Played."
RANG = "The system’s bell was rung instead."

ANSWER_NOT_SEEN = "That was not done"

MUTE_FOR_15, MUTE_FOR_60, UNMUTE, MUTE = "For 15 minutes", "For 1 hour", "Hear sounds again", "Mute sounds"
WALLBOARD = "Wallboard"
NO_ALERTS = "Nothing needs you"

NO_NETWORK = (
    "This computer has no network. Nothing outside can be read or told; what is to be sent waits and goes out as soon "
    "as the network is back."
)
NETWORK_BACK = "The network is back: the schedule is read and what waited goes out now."
NOTHING_REACHED = (
    "Nothing outside can be reached. Look at the network or the VPN; everything is tried again by itself, and what is "
    "to be sent waits."
)
READING = "Reading the schedule …"

ENDED_BADLY = (
    "DispatchWatch ended unexpectedly last time. Nobody watched until it was started again; what was owed is sent now."
)
SEE_REPORT = "See the report"
LAST_RUN_TITLE = "How DispatchWatch ended last time"
LAST_RUN_MEANING = (
    "The text below says where the program stopped. It is a fault of the program, not of your schedule. Please send it "
    "to whoever looks after DispatchWatch."
)
SHOW_NAMES, HIDE_NAMES = "Show names", "Hide names"
NAMES_MEANING = (
    "Customers, sites and technicians are “name 1”, “name 2”, … in the text unless you choose to show them. "
    "Secrets are never in it."
)
WATCH_ENDS_FOR_GOOD = "The watch has stopped"


def no_player(players: Sequence[str]) -> str:
    return NO_PLAYER.format(players=", ".join(players))


def not_played(file: str, problem: BaseException) -> str:
    return f"{file} could not be played: {sentence(str(problem) or type(problem).__name__)}"


def not_there(problem: str) -> str:
    return sentence(f"Not available: {problem}")


def went_through(problem: str) -> str:
    """What came of a test toast."""
    return sentence(f"Not shown: {problem}") if problem else "Taken. Do you see it?"


def pressed(action: str) -> str:
    return f"You pressed {action}: presses arrive."


def many_toasts(number: int) -> str:
    return f"{number} things need you"


def and_more(titles: Sequence[str], shown: int = 3) -> str:
    """The first of these, and how many more there are."""
    more = f"; and {len(titles) - shown} more" if len(titles) > shown else ""
    return "; ".join(titles[:shown]) + more


def tray_tip(lines: Sequence[AlertLine], now: datetime) -> str:
    """How things stand, for the tooltip of the tray's icon. `lines` are open, the worst first."""
    if not lines:
        return f"{texts.APPLICATION} – {NO_ALERTS.lower()}"
    worst = lines[0].alert
    number = count(len(lines), "open alert", "open alerts")
    return f"{texts.APPLICATION} – {number}\n{grade(worst.severity)}: {short_headline(worst, now)}"


def grade(severity: Severity) -> str:
    return SEVERITY_NAMES[severity]


def more_alerts(number: int) -> str:
    return f"{number} more …"


def muted_until(until: datetime, zone_name: str) -> str:
    return f"Sounds are muted until {clock(until, zone_name, label=False)}. Click to hear them."


def nobody_watched(pause: timedelta, step: timedelta) -> str:
    """What happened to the time, as the beginning of a sentence."""
    parts = []
    if pause:
        parts.append(f"nobody watched for {span(pause)}")
    if step:
        way = "forward" if step > timedelta() else "back"
        parts.append(f"the computer’s clock was set {way} by {span(step)}")
    text = " and ".join(parts)
    return f"{text[:1].upper()}{text[1:]}"


def read_again(moment: datetime, zone_name: str) -> str:
    return f"the schedule was read at {clock(moment, zone_name, label=False)}."


def not_read_again(feeds: Sequence[str]) -> str:
    return f"{', '.join(feeds)} could not be read since. See Feeds for why."


def watch_restarted(moment: datetime, zone_name: str) -> str:
    when = clock(moment, zone_name, label=False)
    return f"The watch stopped by a fault and was started again at {when}. What is owed is kept; the log has why."


def watch_ended(times: int) -> str:
    again = f" {times} times within minutes" if times > 1 else ""
    return (
        f"The watch stopped by a fault{again} and could not be started again: nobody watches the schedule now. Quit "
        "DispatchWatch, start it again, and send the text to whoever looks after it."
    )
