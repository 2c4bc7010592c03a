"""What an office judges by: its policy, its hours, its people, how fast they drive and what they may be asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from dispatchwatch.domain.calendars import OfficeHours
from dispatchwatch.domain.policy import Policy
from dispatchwatch.domain.reassign.settings import Reassigning
from dispatchwatch.domain.technician import Roster
from dispatchwatch.domain.travel import Travel


@dataclass(frozen=True, slots=True, kw_only=True)
class Standards:
    """Everything the office has set that the rules ask for."""

    office: OfficeHours
    policy: Policy = field(default_factory=Policy)
    roster: Roster = field(default_factory=Roster)
    travel: Travel = field(default_factory=Travel)
    reassigning: Reassigning = field(default_factory=Reassigning)
