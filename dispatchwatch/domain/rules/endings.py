"""Reasons for an ending that many kinds of alert share."""

from __future__ import annotations

from dispatchwatch.domain import wording
from dispatchwatch.domain.alert import Ending, Outcome
from dispatchwatch.domain.visit import Status
from dispatchwatch.domain.watched import Watched
from dispatchwatch.domain.wording.lateness import ended_by_cancellation


def called_off(watched: Watched) -> Ending | None:
    """Why a visit will not take place: it was cancelled, or its source has dropped it for good; else None."""
    if watched.visit.status is Status.CANCELLED:
        return Ending(Outcome.CANCELLED, ended_by_cancellation(watched.visit))
    if watched.withdrawn:
        return Ending(Outcome.WITHDRAWN, wording.ENDED_BY_WITHDRAWAL)
    return None
