"""A TOML text edited key by key: it says what was asked for, and the rest stays to the letter."""

from __future__ import annotations

import difflib
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatchwatch.app.key_path import Steps
from dispatchwatch.app.settings.errors import NotEditable
from dispatchwatch.app.settings.toml_text import TomlText

TEXT = """\
# The office in the north
# written by hand

[office]
name = "Northside"   # as on the letters
hours = { mon-fri = "07:00-18:00", sat = "08:00-12:00" }  # summer

# ---- schedules ----

# the main one
[[feed]]
name = "today"   # one
kind = "csv"
# path = "other"

[profile.north]
timezone = "America/Chicago"

[profile.north.status]
"Tech On. Site" = "arrived"

# the second
[[feed]]
name = "late"
  kind = 'xlsx'

# ---- channels ----

[[channel]]
name = "ops"
[channel.templates]
raise = \"\"\"
# no comment
[[no heading]]
\"\"\"

# at night
[[channel]]
name = "pager" # p
routes = [
    "one",  # the first
    "two",
]
"""
EDITS: list[tuple[str, Steps, Any]] = [
    ("a value", ("office", "name"), "Southside"),
    ("in one line", ("office", "hours", "sat"), "09:00-12:00"),
    ("a new key in one line", ("office", "hours", "sun"), "09:00-12:00"),
    ("a table in one line", ("office", "hours"), {"mon-fri": "06:00-14:00"}),
    ("a new key", ("feed", 1, "path"), "exports/*.xlsx"),
    ("a new table in one line", ("feed", 0, "auth", "user"), "me"),
    ("a table with a heading", ("profile", "north", "status"), {"Tech On. Site": "completed", "Gone": "completed"}),
    ("several lines", ("channel", 0, "templates", "raise"), "now\nthen"),
    ("a list", ("channel", 1, "routes"), ["three"]),
    ("a new section", ("outgoing", "storm_over"), 5),
    ("a section made of tables", ("profile", "south", "columns", "ext_id"), "No."),
    ("a whole section", ("heartbeat",), {"url": "env:URL", "every": "5m"}),
]


def changed_lines(before: str, after: str) -> list[str]:
    found = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in found if line[0] in "+-" and line[2:].strip()]


@pytest.mark.parametrize(("steps", "value"), [edit[1:] for edit in EDITS], ids=[edit[0] for edit in EDITS])
def test_a_value_is_set_and_nothing_else_changes(steps: Steps, value: Any) -> None:
    after = TomlText(TEXT).set(steps, value)
    assert after.get(steps) == value
    assert after.unset(steps).get(steps) is None
    undone = after.set(steps, TomlText(TEXT).get(steps)) if TomlText(TEXT).get(steps) is not None else None
    assert undone is None or undone.values == TomlText(TEXT).values
    assert len(changed_lines(TEXT, after.text)) <= 6
    for comment in ("# as on the letters", "# ---- schedules ----", "# the second", "# path =", "# p\n", "# at night"):
        assert comment in after.text


def test_a_comment_behind_a_value_stays_behind_it() -> None:
    after = TomlText(TEXT).set(("office", "name"), "Southside")
    assert changed_lines(TEXT, after.text) == [
        '- name = "Northside"   # as on the letters',
        '+ name = "Southside"   # as on the letters',
    ]


def test_an_entry_goes_with_the_comment_above_it_and_leaves_the_headline_of_its_part() -> None:
    after = TomlText(TEXT).remove(("channel", 0))
    assert [one["name"] for one in after.values["channel"]] == ["pager"]
    assert "# ---- channels ----" in after.text
    assert "# at night" in after.text
    assert "# the main one" not in TomlText(TEXT).remove(("feed", 0)).text
    assert "# ---- schedules ----" in TomlText(TEXT).remove(("feed", 0)).text


def test_what_parts_two_blocks_is_kept_when_one_is_taken_out() -> None:
    assert "# ---- schedules ----" in TomlText(TEXT).unset(("office",)).text


def test_an_entry_moves_whole_with_its_comment() -> None:
    after = TomlText(TEXT).move(("channel", 1), 0)
    assert [one["name"] for one in after.values["channel"]] == ["pager", "ops"]
    assert after.text.index("# at night") < after.text.index('name = "pager"') < after.text.index('name = "ops"')
    assert after.text.index("# ---- channels ----") < after.text.index("# at night")
    assert after.move(("channel", 1), 0).values == TomlText(TEXT).values
    assert '# p\nroutes = [\n    "one",  # the first\n    "two",\n]\n\n[[channel]]\nname = "ops"\n' in after.text
    assert after.text.endswith('"""\n')


def test_lists_that_another_table_parts_are_kept_in_their_order() -> None:
    after = TomlText(TEXT).move(("feed", 1), 0)
    assert [one["name"] for one in after.values["feed"]] == ["late", "today"]
    assert after.values["profile"] == TomlText(TEXT).values["profile"]


def test_a_new_entry_stands_behind_those_of_its_kind() -> None:
    after = TomlText(TEXT).add(("feed",), {"name": "new", "kind": "csv"})
    assert [one["name"] for one in after.values["feed"]] == ["today", "late", "new"]
    assert after.text.index('name = "new"') < after.text.index("# ---- channels ----")


def test_the_first_entry_of_a_list_is_added_where_there_is_none() -> None:
    after = TomlText("").add(("policy", "override"), {"when": {"priority": ["1"]}, "check_in_grace": "5m"})
    assert after.text == '[[policy.override]]\nwhen = { priority = ["1"] }\ncheck_in_grace = "5m"\n'


def test_a_list_in_one_line_can_be_changed_too() -> None:
    text = TomlText('channel = [{ name = "a" }, { name = "b" }]\n[office]\n')
    assert text.add(("channel",), {"name": "c"}).values["channel"] == [{"name": "a"}, {"name": "b"}, {"name": "c"}]
    assert text.remove(("channel", 0)).values["channel"] == [{"name": "b"}]
    assert text.move(("channel", 1), 0).values["channel"] == [{"name": "b"}, {"name": "a"}]
    assert text.set(("channel", 1, "name"), "z").values["channel"][1] == {"name": "z"}
    assert text.remove(("channel", 0)).remove(("channel", 0)).get(("channel",)) is None
    assert TomlText("channel = []\n").add(("channel",), {"name": "a"}).values == {"channel": [{"name": "a"}]}


def test_an_edit_that_did_something_else_is_not_taken() -> None:
    text = TomlText("a = 1\n")
    assert text._proved("a = 2\n", {"a": 2}).values == {"a": 2}
    for wrong in ("a = 3\n", "a = 2\nb = 1\n", "a = \n"):
        with pytest.raises(NotEditable):
            text._proved(wrong, {"a": 2})


def test_a_table_is_renamed_with_all_that_is_below_it() -> None:
    after = TomlText(TEXT).rename(("profile", "north"), "north & co")
    assert after.values["profile"] == {"north & co": TomlText(TEXT).values["profile"]["north"]}
    assert changed_lines(TEXT, after.text) == [
        "- [profile.north]",
        '+ [profile."north & co"]',
        "- [profile.north.status]",
        '+ [profile."north & co".status]',
    ]


def test_a_table_in_one_line_is_renamed() -> None:
    after = TomlText("[profile]\na = { complete = true }\nb.complete = false\n").rename(("profile", "a"), "c")
    assert after.values == {"profile": {"b": {"complete": False}, "c": {"complete": True}}}


@pytest.mark.parametrize("text", ["", "# only words\n", "\ufeff# marked\n[office]\n", '[office]\nname = "x"'])
def test_a_text_without_much_in_it_can_be_begun(text: str) -> None:
    after = TomlText(text).set(("office", "name"), "Northside").add(("feed",), {"name": "today"})
    assert after.values == {"office": {"name": "Northside"}, "feed": [{"name": "today"}]}
    assert text.partition("\n")[0].removesuffix('"x"') in after.text


def test_line_ends_stay_as_they_are() -> None:
    text = TEXT.replace("\n", "\r\n")
    after = TomlText(text).set(("office", "name"), "Southside").add(("feed",), {"name": "new"})
    assert "\n" not in after.text.replace("\r\n", "")
    assert len(changed_lines(text, after.text)) == 4


def test_what_can_not_be_changed_key_by_key_is_left_alone() -> None:
    text = TomlText("a.b = 1\n")
    with pytest.raises(NotEditable):
        text.set(("a", "b", "c"), 1)


def test_text_that_is_no_toml_is_refused() -> None:
    with pytest.raises(tomllib.TOMLDecodeError):
        TomlText("[office").values  # noqa: B018 - asked for what it says


NAMES = st.sampled_from(["name", "kind", "a b", "x.y", "ä"])
PLAIN: st.SearchStrategy[Any] = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8),
    st.just('"""\n[x]\n# y'),
    st.integers(-5, 5),
    st.booleans(),
    st.lists(st.text("ab[]#\"'", max_size=4), max_size=3),
    st.dictionaries(NAMES, st.text("ab{}#", max_size=3), max_size=3),
)
TABLES = st.dictionaries(NAMES, PLAIN, max_size=3)
STEPS: st.SearchStrategy[tuple[str, Any]] = st.one_of(
    st.tuples(st.just("add"), TABLES),
    st.tuples(st.just("remove"), st.integers(0, 5)),
    st.tuples(st.just("move"), st.tuples(st.integers(0, 5), st.integers(0, 5))),
    st.tuples(st.just("set"), st.tuples(st.integers(0, 5), NAMES, PLAIN)),
    st.tuples(st.just("unset"), st.tuples(st.integers(0, 5), NAMES)),
)


def done(text: TomlText, section: str, edit: tuple[str, Any]) -> TomlText:
    word, what = edit
    count = len(text.get((section,)) or [])
    match word:
        case "add":
            return text.add((section,), what)
        case _ if not count:
            return text
        case "remove":
            return text.remove((section, what % count))
        case "move":
            return text.move((section, what[0] % count), what[1] % count)
        case "set":
            return text.set((section, what[0] % count, what[1]), what[2])
    return text.unset((section, what[0] % count, what[1]))


def do(entries: list[dict[str, Any]], edit: tuple[str, Any]) -> None:
    """The same with plain lists and tables."""
    word, what = edit
    match word:
        case "add":
            entries.append(what)
        case _ if not entries:
            pass
        case "remove":
            del entries[what % len(entries)]
        case "move":
            one = entries.pop(what[0] % len(entries))
            entries.insert(what[1] % (len(entries) + 1), one)
        case "set":
            entries[what[0] % len(entries)][what[1]] = what[2]
        case "unset":
            entries[what[0] % len(entries)].pop(what[1], None)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["feed", "channel", "route"]), STEPS), max_size=6))
def test_whatever_is_edited_the_rest_stays_to_the_letter(edits: list[tuple[str, tuple[str, Any]]]) -> None:
    text, plain = TomlText(TEXT), tomllib.loads(TEXT)
    for section, edit in edits:
        text = done(text, section, edit)
        do(plain.setdefault(section, []), edit)
    assert text.values == {name: value for name, value in plain.items() if value}
    office = TEXT[: TEXT.index("# the main one")]
    profile = TEXT[TEXT.index("[profile.north]") : TEXT.index("# the second")]
    assert text.text.startswith(office.rstrip())
    assert profile.rstrip() in text.text
