"""The words of the window's frame that a person reads, in one place, ready for a translator.

Sentences made of what is known at the moment are in `phrases`; those about visits and alerts are in domain/wording.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.standing import Standing

APPLICATION = "DispatchWatch"
STANDING_NAMES: Mapping[Standing, str] = {
    Standing.LATE: "Late",
    Standing.SOON: "Soon",
    Standing.UNASSIGNED: "Unassigned",
    Standing.UNKNOWN: "Unknown",
    Standing.EN_ROUTE: "On the way",
    Standing.LATER: "Later",
    Standing.ON_SITE: "On site",
    Standing.DONE: "Done",
    Standing.CANCELLED: "Cancelled",
    Standing.GONE: "Gone",
}
DELIVERY_NAMES: Mapping[str, str] = {
    "waiting": "Waiting",
    "sending": "Sending",
    "sent": "Sent",
    "failed": "Failed",
    "dropped": "Not needed",
}
OPERATION_NAMES: Mapping[Operation, str] = {
    Operation.RAISE: "New alert",
    Operation.UPDATE: "Got worse",
    Operation.ACKNOWLEDGE: "Acknowledged",
    Operation.RESOLVE: "Resolved",
}
BOARD, ALERTS, SENT, FEEDS = "Board", "Alerts", "Sent", "Feeds"
SENT_COLUMNS = ("State", "When", "Channel", "What", "About", "Tries", "Result")
ROW_PROBLEM_COLUMNS = ("Line", "Column", "What is wrong", "File")
ACKNOWLEDGE, SNOOZE, RESOLVE, CHECK_IN, ETA, CANCEL_VISIT = (
    "Acknowledge",
    "Snooze",
    "Resolve",
    "Check in",
    "ETA",
    "Cancel visit",
)
MARK_SEEN, CLOSE, BACK, SAVE, COPY, SHOW, QUIT, OPEN = "Seen", "Close", "Back", "Save", "Copy", "Show", "Quit", "Open"
RESUME, RESEND, SEND_TEST, READ_NOW, OPEN_VISIT = "Resume", "Re-send", "Send a test", "Read now", "Open visit"
CHECK_IN_NOW, CLEAR_FILTER, DESELECT = "Check in now", "Show all visits", "Clear selection"
REASSIGNED_AT_DESK = "reassigned at the desk"
REASON, NOTE, ARRIVED_AT, EXPECTED_AT = "Reason", "Note", "Arrived at", "Expected at"
NEW_VISIT, CHANGE_VISIT, ADD_VISIT = "New visit", "Change…", "Add visit"
ADD_NOTE, WRITE_NOTE, VISIT_NOTE_HINT = "Add note", "Note…", "For everybody who looks at this visit"
MORE, LESS = "More fields", "Fewer fields"
FIELD_HINTS: Mapping[str, str] = {
    "technician": "Several with a semicolon between; empty while nobody is assigned.",
    "sched_start": "By the clock at the site. A day alone means any time that day.",
    "duration": "Or the end, as a time.",
    "window_end": "The customer was promised somebody by then.",
}
CHECK_IN_LINK, GIVE_LINK = "Check-in link", "Check-in link…"
LINK_PICTURE = "The check-in link as a QR code"
MAKING_LINK = "Making the link …"
WHO_HAS_IT = "Whoever has this link can check this visit in. Give it to the technician only."
ONLY_HERE = (
    "This link opens on this computer only, not on a phone. Set host, or base_url, under [listener] in the "
    "configuration to an address that the technicians can reach."
)
COPIED = "Copied"
TELEGRAM = "Telegram"
TELEGRAM_MEANING = "With a code a technician makes himself known to the office’s bot. Then he checks in by a message."
TELEGRAM_CODE = "Message with the code"
CODE_LIVES = "To be sent to the bot within a day. It works once."
NOBODY_FOR_A_CODE = "Nobody is assigned yet, so there is nobody to make a code for."
NOTE_HINT = "Optional; the channels are told"
SEARCH_HINT = "Search  /"
SEARCH_NAME = "Search visits, alerts and deliveries"
ALL_FEEDS = "All feeds"
NEXT_DEADLINE, NO_DEADLINE = "Next deadline", "No deadline ahead"
COMFORTABLE, COMPACT = "Comfortable rows", "Compact rows"
SOUND_ON, SOUND_OFF = "Sounds are on. Click to mute.", "Sounds are muted. Click to hear them."
SCHEME_NAMES = {"system": "As the system", "light": "Light", "dark": "Dark", "contrast": "High contrast"}
APPEARANCE, TEXT_SIZE, SHORTCUTS, KEYBOARD = "Appearance", "Text size", "Keyboard shortcuts", "Keys"
FILTER_NAMES: Mapping[str, str] = {
    "all": "All",
    "needs_action": "Needs action",
    "late": "Late",
    "soon": "Soon",
    "on_site": "On site",
    "done": "Done",
    "on_track": "On track",
}
SNOOZE_MINUTES = (5, 15, 30, 60)
ALERT_TABS: Mapping[str, str] = {
    "open": "Open",
    "acknowledged": "On it",
    "snoozed": "Snoozed",
    "resolved": "Resolved",
}
ALERT_TAB_MEANINGS: Mapping[str, str] = {
    "open": "Nobody has taken these on yet",
    "acknowledged": "Somebody acknowledged these and is on it",
    "snoozed": "These come back by themselves",
    "resolved": "These were over today",
}
ALERTS_EMPTY: Mapping[str, tuple[str, str]] = {
    "open": ("Nothing needs you now", "A late technician or an unreadable schedule shows up here."),
    "acknowledged": ("Nothing is being worked on", "Alerts that somebody took on stay here until they are over."),
    "snoozed": ("Nothing is snoozed", "Snoozed alerts come back by themselves."),
    "resolved": ("Nothing was resolved today", "Alerts that are over stay here until the day ends."),
}
VISIT_LABELS = {
    "deadline": "Check-in deadline",
    "promise": "Promised",
    "window": "Arrival window",
    "planned": "Planned",
    "arrived": "Arrived",
    "done": "Finished",
    "eta": "Expected",
    "prediction": "Prediction",
    "technician": "Technician",
    "customer": "Customer",
    "site": "Site",
    "work": "Work",
    "order": "Work order",
    "priority": "Priority",
    "contract": "Contract",
    "status": "Status in the schedule",
    "notes": "Notes",
    "feed": "Feed",
}
STORY, VISIT_ALERTS, VISIT_MESSAGES = "What happened", "Alerts", "Messages"
STORY_EMPTY = "Nothing has happened yet."
VISIT_GONE = "This visit is no longer on the board."
LOADING = "Reading …"
SHORTCUT_LIST: Sequence[tuple[str, str]] = (
    ("1 … 9", "The pages, from top to bottom"),
    ("Ctrl+N", "New visit"),
    ("/  or  Ctrl+F", "Search"),
    ("↑ ↓", "Move through the list"),
    ("Enter", "Open the visit"),
    ("C", "Check the visit in now"),
    ("A", "Acknowledge"),
    ("S", "Snooze"),
    ("R", "Resolve"),
    ("N", "Write a note on the visit"),
    ("L", "Check-in link for the visit"),
    ("Esc", "Close what is open, clear the selection or the search"),
    ("Ctrl +  /  Ctrl −", "Larger or smaller text"),
    ("F5", "Read the schedule now"),
    ("F11", "Wallboard, on or off"),
    ("F1  or  ?", "This list"),
    ("M", "Timeline: move the visit to somebody else"),
    ("+  −  0", "Timeline: larger, smaller, the whole day"),
    ("Home", "Timeline: scroll to now"),
    ("Ctrl+1 … Ctrl+9", "Board: the views"),
    ("Ctrl+S", "Board: save what is seen as a view"),
    ("F", "Board: filter"),
    ("G", "Board: group"),
    ("← →", "Board: fold and unfold a group"),
    ("U", "Board: most urgent first"),
    ("Shift+C", "Board: columns"),
    ("E", "Board: enter an ETA"),
    ("P", "Board: call"),
    ("W", "Board: who can take it?"),
    ("O  M", "Board: open in the office software, on a map"),
    ("Ctrl+C", "Board: copy for a spreadsheet"),
    ("Ctrl+Shift+C  J", "Board: copy as text, the job number"),
)
MAY_HAVE_ARRIVED_TWICE = "may have arrived twice"
NOBODY_TOLD = "nobody was to be told"
NEW = "new"
RESOLVED = "Resolved"
NOTHING_FOUND = ("Nothing matches the search", "Clear the search to see everything.")
WHAT_RESOLVING_DOES = (
    "Ends the alert by hand, tells the channels so, and never opens it again for the same deadline. "
    "Is the technician on site? Then check the visit in instead: that resolves the alert too."
)
NOBODY = "Nobody assigned"
NOT_TOLD_WHO = "Not said who goes"
RESEND_SELECTED = "Re-send selected"
SENT_EMPTY = ("Nothing was sent yet", "Every message to a channel is listed here, with what became of it.")
NO_CHANNELS = (
    "No channel is set up yet",
    "Set one up under Settings, Channels, and say under Routes what it is told of; then send a test from here.",
)
LANE_PAUSED, LANE_FAILING, LANE_WAITING, LANE_WELL = "Paused", "Failing", "Waiting", "Works"
TESTING = "Sending the test …"
FEED_PROBLEMS = "Rows that could not be read"
THE_DESK = "Typed at the desk"
FEED_KINDS: Mapping[str, str] = {
    "csv": "CSV files",
    "xlsx": "Excel workbook",
    "ical": "Calendar",
    "caldav": "Calendar on a server",
    "json": "Web service",
    "webhook": "Webhook",
}
NOTHING_TO_READ = ("Nothing to look at here", "What is typed at the desk is checked while it is typed.")
WORD_FROM_OUTSIDE = "Word from outside can’t come in"
ALL_ROWS_READ = ("Every row was read", "Rows that can’t be read show up here with their line and the reason.")
STAY = "Stay"
QUIT_TITLE = "Quit DispatchWatch?"
QUIT_MEANING = (
    "While it is closed nobody watches the schedule here: no late technician is reported and nothing is sent. "
    "What is still waiting to be sent goes out at the next start."
)
STILL_WATCHING = "Still watching. Open the window again, or quit, from this icon."
NO_TRAY = "there is no tray that shows messages"
NO_SESSION = "there is no desktop session to show it in"
BROKE_TITLE = "Something went wrong in the window"
BROKE_MEANING = (
    "The engine goes on watching and sending. If the window behaves oddly, quit and start again. "
    "Please send the text below to whoever looks after DispatchWatch."
)
NOTHING_TO_SHOW = "No board came within 20 seconds, so there is nothing to take a picture of. See the log for why."
NO_FEEDS = (
    "No schedule is set up yet",
    (
        "Say where your office software keeps its schedule, or which file it exports, and the board fills.\n"
        "Visits can also be typed here: New visit, or Ctrl+N."
    ),
)
NO_VISITS = "No visits today"
SET_UP = "Set it up…"
IF_THERE_SHOULD_BE = "If there should be visits, look whether the export covers today; Feeds shows what was read."
NOT_STARTED = "DispatchWatch can’t start"
COLUMNS = "Columns"
SHOW_ONLY_THESE = "Show only these"
SCREEN_MAY_SLEEP = (
    "This computer does not promise to keep the wallboard’s screen on. Switch its screen saver off in the system’s "
    "settings."
)
NOT_USABLE = "The settings can’t be used as they are, and nobody watches: {where}: {text}{more}."
AND_MORE = " – and {} more"
TO_THE_SETTINGS = "To the settings"
