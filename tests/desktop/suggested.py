"""Canned answers to “Who can take it?”."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dispatchwatch.app.view import Suggestions, Weighed
from dispatchwatch.domain.visit import Technician, VisitKey
from tests.desktop import pictures
from tests.desktop.pictures import NOW, minutes

KEY = pictures.rows(5)[0].key
LEE = Technician("M. Lee", "T-01", "+1 312 555 0109")
NOVAK = Technician("A. Novak", "T-03", "+1 312 555 0103")
OKONKWO = Technician("S. Whitfield-Okonkwo", "T-02")


def can(technician: Technician, arrival: datetime, *facts: str, **more: Any) -> Weighed:
    known = {"late": timedelta(), "extra_drive": minutes(18), "skills": ("compressor", "dryer:2")}
    return Weighed(technician=technician, arrival=arrival, facts=facts, **{**known, **more})


def cannot(technician: Technician, reason: str, **more: Any) -> Weighed:
    return Weighed(technician=technician, feasible=False, reason=reason, **more)


def three(key: VisitKey = KEY) -> Suggestions:
    """Two who can, two who cannot."""
    return Suggestions(
        key=key,
        can=(
            can(LEE, NOW + minutes(32), "arrives 10:07", "in time", "+18 min driving", "delays nobody"),
            can(
                NOVAK,
                NOW + minutes(65),
                "arrives 10:40",
                "12 min later than promised",
                "+31 min driving",
                "delays Borax Chemicals, Hall 2 by 8 min",
                late=minutes(12),
                delays=(("Borax Chemicals, Hall 2", 8),),
                delayed=(VisitKey("today", "J-1050"),),
            ),
        ),
        cannot=(
            cannot(Technician("J. Ortiz", "T-00"), "It is J. Ortiz’s own visit."),
            cannot(OKONKWO, "S. Whitfield-Okonkwo lacks the skill “dryer”."),
        ),
        spares="J. Ortiz drives 22 min less and is at Prairie Print 15 min earlier.",
    )


def nobody(key: VisitKey = KEY) -> Suggestions:
    """Two who could if something were asked for, and one who could not even then."""
    why = (
        "M. Lee would work 20 min longer; his shift ends at 17:00 CST.",
        "A. Novak would be 25 min late at Prairie Print.",
    )
    refused = (cannot(LEE, why[0]), cannot(NOVAK, why[1]), cannot(OKONKWO, "S. Whitfield-Okonkwo is away (training)."))
    could = (
        can(
            LEE,
            NOW + minutes(400),
            "arrives 16:15",
            "in time",
            "+9 min driving",
            "20 min of overtime",
            "delays nobody",
            feasible=False,
            reason=why[0],
            asks_for="M. Lee can if he works 20 min after his shift.",
            steps=("overtime",),
        ),
        can(
            NOVAK,
            NOW + minutes(120),
            "arrives 11:35",
            "in time",
            "no extra driving",
            "delays nobody",
            feasible=False,
            reason=why[1],
            asks_for="A. Novak can if he gives up Prairie Print, which then needs somebody else.",
            steps=("overtime", "later", "displacing"),
            displaced=VisitKey("today", "J-1045"),
        ),
    )
    return Suggestions(key=key, cannot=refused, could=could)


def unknown(key: VisitKey = KEY) -> Suggestions:
    """Nobody knows where the site is."""
    facts = ("not there before 09:50: no coordinates for Acme Foundry, Plant 4", "extra driving not known")
    some = (can(one, NOW + minutes(15), *facts, "delays nobody", extra_drive=None) for one in (LEE, NOVAK))
    return Suggestions(key=key, can=tuple(some), cannot=(cannot(OKONKWO, "S. Whitfield-Okonkwo is away (leave)."),))


def many(count: int, key: VisitKey = KEY) -> Suggestions:
    """Two in five can."""
    people = [Technician(f"{pictures.NAMES[n % 10]} {n:02d}", f"M-{n:03d}", "+1 312 555 0100") for n in range(count)]
    who_can = [one for n, one in enumerate(people) if n % 5 < 2]
    ranked = (
        can(one, NOW + minutes(20 + n), f"arrives in {20 + n} min", "in time", f"+{n} min driving", "delays nobody")
        for n, one in enumerate(who_can)
    )
    others = (cannot(one, f"{one.name} does not work that day.") for n, one in enumerate(people) if n % 5 >= 2)
    return Suggestions(key=key, can=tuple(ranked), cannot=tuple(others))
