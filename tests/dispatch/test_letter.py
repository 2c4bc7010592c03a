from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from dispatchwatch.dispatch import letter
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification
from tests.dispatch.samples import HOSTILE, LONG, every_notification, notification


class Tags(HTMLParser):
    """The tags of a page in their order, and the targets of its links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.links: list[str | None] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag != "br":
            self.open.append(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"}]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_headline_comes_first_and_who_writes_last() -> None:
    told = replace(notification(text="late"), facts=(("Visit", "1042"), ("Site", "Plant 4")))
    assert letter.text(told) == (
        "High: late\n\nVisit: 1042\nSite: Plant 4\n\n"
        "Open the visit: https://field.example.com/jobs/1042?tab=a&b=c%7Cd\n\nDispatchWatch, 2026-11-22 09:41 UTC"
    )


@pytest.mark.parametrize(
    ("told", "beginning"),
    [
        (notification(Operation.UPDATE), "Now high: "),
        (notification(Operation.ACKNOWLEDGE), "Acknowledged: "),
        (notification(Operation.RESOLVE), "Resolved: "),
        (notification(is_reminder=True), "Reminder: "),
        (notification(is_test=True), "TEST: "),
    ],
)
def test_subject_text_and_page_say_what_kind_of_message_it_is(told: Notification, beginning: str) -> None:
    assert letter.subject(told).startswith(beginning)
    assert letter.text(told).startswith(beginning)
    assert letter.html(told).startswith(f"<p><strong>{beginning}")


def test_a_test_says_that_nobody_needs_to_act() -> None:
    told = notification(is_test=True)
    assert "Nobody needs to act" in letter.text(told)
    assert "Nobody needs to act" in letter.html(told)


def test_where_it_is_too_long_the_link_is_kept_and_the_facts_are_cut() -> None:
    told = letter.text(notification(text=LONG, facts=60), limit=2000)
    assert len(told) <= 2000
    assert "…\n\nOpen the visit: https://field.example.com/jobs/1042" in told


def test_a_link_that_leaves_no_room_is_left_out() -> None:
    told = letter.text(replace(notification(text="late"), link="https://f.example/" + "x" * 300), limit=400)
    assert "https" not in told
    assert told.startswith("High: late")


def test_everything_is_within_its_limit_and_every_page_is_well_formed() -> None:
    for label, told in every_notification():
        assert len(letter.subject(told)) <= 200, label
        assert "\n" not in letter.subject(told), label
        assert len(letter.text(told, 1000)) <= 1000, label
        page = letter.html(told, 20_000)
        assert len(page) <= 20_000, label
        tags = Tags(page)
        assert not tags.open, label
        assert set(tags.tags) <= {"p", "strong", "table", "tr", "td", "a", "br"}, label


def test_nothing_in_a_text_is_markup() -> None:
    told = replace(notification(text=HOSTILE + "<script>x</script><img src=https://evil>", facts=3), link="")
    assert Tags(letter.html(told)).links == []
    assert "script" not in Tags(letter.html(told)).tags


def test_the_only_link_is_the_visits() -> None:
    told = replace(notification(), link='https://f.example/?a=1&b="x"')
    assert Tags(letter.html(told)).links == ["https://f.example/?a=1&b=%22x%22"]
    assert Tags(letter.html(replace(notification(), link="javascript:alert(1)"))).links == []
