"""What the sections of the settings are called, and what each is for."""

from __future__ import annotations

from collections.abc import Mapping

OFFICE = ("Office", "Who you are, where you are, and when somebody is at the desk.")
TRAVEL = ("Drives", "How long your technicians need from one site to the next; predictions are made with it.")
POLICY = ("Policy", "From when on something is late, and how bad it is. What is left empty is as usual.")
OVERRIDES = ("Overrides", "Other thresholds for some visits. All that fit apply, in this order; the last one wins.")
TECHNICIANS = ("Technicians", "Their phones, skills and shifts. A feed may tell of them as well.")
REASSIGN = ("Taking over", "How the program looks for somebody who can take a visit over.")
FEEDS = ("Feeds", "Where the schedule comes from.")
PROFILES = ("Profiles", "How the columns and words of a feed are read. Mapping a feed writes one.")
CHANNELS = ("Channels", "Who can be told: a chat, a phone, a ticket system. Routes say of what.")
ROUTES = ("Routes", "Who is told of what. Every route that fits applies, in this order.")
PREVIEW = ("Who would be told?", "An example, sent through the routes as they stand here. Nothing leaves the office.")
DELIVERY = ("Delivery & quiet", "How messages are bundled, and when nobody is to be woken.")
QUIET = ("Quiet times", "When messages wait. What is critical goes out all the same, unless you say otherwise.")
NETWORK = ("Network & listener", "How requests leave the office, and what may come in.")
NETWORK_ONLY = ("Network", "")
LISTENER = ("Listener", "Takes webhooks and check-ins from links. Without it, nothing comes in.")
TELEGRAM = ("Telegram check-in", "Technicians check in by a message to the office’s bot.")
HEARTBEAT = ("Heartbeat", "A dead man’s switch outside the office notices when this program stops.")
SELF_AUDIT = ("Self-check", "The program compares what it knows with its own record.")
COMPUTER = ("This computer", "Only for this desk; the configuration file knows nothing of it.")
PEOPLE = ("People", "Who sits here.")
TRIAL = ("Try it on last week", "Plays the last seven days through once more, with what stands here.")
GENERAL = "In general"
POLICY_HEADINGS: Mapping[str, str] = {
    "check_in_grace": "Late",
    "at_risk_from": "Predicted to be late",
    "cancel_notice": "Cancelled and moved",
    "unassigned_lead": "Who goes",
    "overrun_grace": "How long it takes",
    "sla_response": "Service levels",
    "missing_high_within": "The schedule itself",
}
