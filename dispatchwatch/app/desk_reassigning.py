"""Giving a visit to somebody else: what is recorded, and why it may not be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dispatchwatch.app.trail import PROGRAM
from dispatchwatch.domain import wording
from dispatchwatch.domain.desk_entry import same_crew
from dispatchwatch.domain.visit import OVER, Technician, Visit
from dispatchwatch.store.audit import Entry

NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Handover:
    """Who goes from now on, why, and what was shown of it when that was decided: its costs in plain words."""

    technician: Technician
    note: str = ""
    costs: tuple[str, ...] = ()


def refusal(visit: Visit, technician: Technician) -> str:
    """Why a visit can’t be given to a technician whatever it would cost; empty where it can."""
    if visit.status in OVER:
        status = wording.STATUS_NAMES[visit.status].lower()
        return f"{visit.ext_id} stands as “{status}”; nobody has to go there any more."
    if visit.checked_in:
        return f"{visit.technician or 'Somebody'} is already there; {visit.ext_id} can’t be given to somebody else."
    if visit.locked:
        return f"{visit.ext_id} is locked in the office software; release it there first."
    if len(visit.technicians) > 1:
        return f"{visit.technician} go to {visit.ext_id} together; change a crew in the office software."
    if same_crew(visit.technicians, (technician,)):
        return f"{visit.ext_id} is {technician.name}’s already."
    return ""


def handed_over(before: Visit, technician: Technician) -> str:
    """`J-1042 from J. Ortiz to M. Lee`."""
    return f"{before.ext_id} from {before.technician or NOBODY} to {technician.name}"


def decided(before: Visit, handover: Handover) -> Mapping[str, object]:
    """What the audit keeps of it."""
    told = {
        "from": before.technician,
        "to": handover.technician.name,
        "to_id": handover.technician.ext_id,
        "note": handover.note,
        "costs": list(handover.costs),
    }
    return {name: value for name, value in told.items() if value or name == "from"}


def settled(before: Visit, after: Visit, at: datetime) -> Entry | None:
    """That the source of a visit by now agrees with what the desk decided, or sends others; None while neither."""
    if not before.assigned_by or after.assigned_by:
        return None
    agrees = same_crew(before.technicians, after.technicians)
    return Entry(
        at=at,
        who=PROGRAM,
        origin="feed",
        action="reassign_agreed" if agrees else "reassign_contradicted",
        subject=f"visit {after.feed}/{after.ext_id}",
        detail={"decided": before.technician, "told": after.technician, "by": before.assigned_by},
    )
