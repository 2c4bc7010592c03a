from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatchwatch.dispatch.sms import body, fitted, is_gsm, lean, segments
from dispatchwatch.domain.alert import Operation
from tests.dispatch.samples import every_notification, notification
from tests.dispatch.samples_twilio import twilio_config


@pytest.mark.parametrize(
    ("told", "parts"),
    [
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("я" * 70, 1),
        ("я" * 71, 2),
        ("я" * 134, 2),
        ("я" * 135, 3),
        ("👷" * 35, 1),
        ("👷" * 36, 2),
        ("", 1),
    ],
)
def test_parts_are_counted_as_networks_do(told: str, parts: int) -> None:
    assert segments(told) == parts


def test_no_character_is_split_between_two_parts() -> None:
    assert segments("x" * 152 + "€" + "x" * 152) == 3  # 306 places, but the euro sign does not fit into the first part
    assert segments("x" * 151 + "€" + "x" * 153) == 2
    assert segments("👷" * 67) == 3  # 134 units: 33 pictures to a part, one unit left over


@pytest.mark.parametrize(
    ("told", "leaner"),
    [
        ("Isn’t at “Plant 4” – 11 min late…", 'Isn\'t at "Plant 4" - 11 min late...'),
        ("Kováč at Łódź, Čapek", "Kovac at Lodz, Capek"),
        ("Müller, Ångström, Ñandú, Žižka", "Müller, Ångström, Ñandu, Zizka"),
        ("Acme® 👷🏽‍♀️ site", "Acme site"),
        ("narrow\u202fspace, no\u200bwidth, \u202eturned", "narrow space, nowidth, turned"),
        ("e\N{COMBINING ACUTE ACCENT}", "é"),
        ("Иванов – “опоздал”", "Иванов – “опоздал”"),
        ("山田 – 11", "山田 – 11"),
        ("👷", "👷"),
    ],
)
def test_a_text_is_had_in_the_gsm_alphabet_where_it_can_be(told: str, leaner: str) -> None:
    assert lean(told) == leaner


@given(st.text(max_size=400), st.integers(1, 4))
def test_a_cut_text_never_takes_more_parts_than_are_allowed(told: str, parts: int) -> None:
    assert segments(fitted(told, parts)) <= parts


@given(st.text(st.sampled_from("x€ ^é"), min_size=300, max_size=700), st.integers(1, 4))
def test_nor_where_characters_count_twice(told: str, parts: int) -> None:
    cut = fitted(told, parts)
    assert segments(cut) <= parts
    assert is_gsm(cut)


def test_a_long_text_is_cut_at_a_word_and_stays_in_the_alphabet() -> None:
    cut = fitted("late at Plant " * 40, 1)
    assert cut.endswith((" Plant...", " late...", " at..."))
    assert 145 < len(cut) <= 160


def test_the_headline_comes_first_then_what_there_is_room_for() -> None:
    told = replace(
        notification(text="J. Ortiz has not checked in – 11 min late", facts=0),
        facts=(("Visit", "1042 · Boiler"), ("Note", "x" * 200), ("Technician", "J. Ortiz (+1 555 0100)")),
        link="https://f.example/1",
    )
    assert body(told, twilio_config()) == (
        "High: J. Ortiz has not checked in - 11 min late\nVisit: 1042 - Boiler\nTechnician: J. Ortiz (+1 555 0100)\n"
        "https://f.example/1"
    )
    assert segments(body(told, twilio_config())) == 1
    assert "https://" not in body(told, twilio_config(link="no"))


def test_what_fills_up_never_costs_another_part_nor_the_alphabet() -> None:
    told = replace(notification(text="x" * 140, facts=0), facts=(("Site", "y" * 20), ("Customer", "山")), link="")
    assert body(told, twilio_config()) == "High: " + "x" * 140


def test_a_long_headline_takes_as_many_parts_as_are_allowed() -> None:
    told = notification(text="late at Plant " * 60)
    assert [segments(body(told, twilio_config(parts=parts))) for parts in "1234"] == [1, 2, 3, 4]
    assert segments(body(notification(), twilio_config(parts="4"))) == 1


def test_a_test_says_so_and_a_reminder_too() -> None:
    assert body(notification(text="late", is_test=True), twilio_config()).startswith(
        "TEST: late\nThis is a test from DispatchWatch. Nobody needs to act."
    )
    assert body(notification(text="late", is_reminder=True), twilio_config()).startswith("Reminder: late\n")
    assert body(notification(Operation.RESOLVE, text="late"), twilio_config()).startswith("Resolved: late\n")


def test_every_notification_becomes_a_text_within_its_parts() -> None:
    config = twilio_config()
    for label, told in every_notification():
        text = body(told, config)
        assert 1 <= segments(text) <= 2, label
        assert text.strip(), label
        assert not set(text) & {"\x00", "\x1b", "\r"}, label


def test_a_number_may_be_typed_as_people_do() -> None:
    assert twilio_config(to="+1 (555) 867-53.10").to == "+15558675310"
