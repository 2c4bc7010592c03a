"""A channel's own words: what they may say, what is refused, and that nothing hostile costs anything."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter
from typing import Any

import pytest

from dispatchwatch.dispatch.template_language import LONGEST_RESULT, LONGEST_TEMPLATE, TemplateProblem
from dispatchwatch.dispatch.templates import Templates, compiled
from dispatchwatch.domain.alert import Operation
from dispatchwatch.domain.notification import Notification
from tests.dispatch.samples import LONG, every_notification, notification

TOLD = replace(
    notification(),
    facts=(("Visit", "J-1042"), ("Technician", "J. Ortiz (+1 555 0107)"), ("items", "3 of 4")),
    note="Called him",
    by="Sam",
)


def problems(told: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    compiled(told, "ops", "America/Chicago", lambda key, text: found.update({key: text}))
    return found


def templates(told: dict[str, Any]) -> Templates:
    def wrong(key: str, text: str) -> None:
        raise AssertionError(f"{key}: {text}")

    return compiled(told, "ops", "America/Chicago", wrong)


def headline(text: str, told: Notification = TOLD) -> str:
    return templates({told.operation.value: text}).apply(told).headline


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ severity|upper }}: {{ headline }}", f"HIGH: {TOLD.headline}"),
        ("{{ facts.Visit }} / {{ facts['Technician'] }}", "J-1042 / J. Ortiz (+1 555 0107)"),
        ("{{ facts.Nothing or 'none' }}{{ facts['items'] }}", "none3 of 4"),
        ("due {{ due_at }}, told {{ written_on }}", "due 03:30 CST, told Sun 22 Nov 03:41 CST"),
        (
            "{{ kind }}, {{ operation }}, {{ channel }}, {{ by }}: {{ note }}",
            "Late check-in, raise, ops, Sam: Called him",
        ),
        ("{% if is_reminder %}Again: {% endif %}{{ headline[:9] }}", "J. Ortiz"),
        ("{% for label, value in facts|items %}{{ label }}={{ value }};{% endfor %}", None),
        ("{{ headline|truncate(12) }}{{ ' !' if severity == 'High' and by in ('Sam', 'Kim') }}", "J. Ortiz... !"),
        ("{{ headline|replace('J. Ortiz', '*') ~ '.' }}", "* has not checked in at Smith & Sons – 11 min late."),
        ("one\n\n  two\x07\r\nthree", "one two three"),
    ],
)
def test_what_a_template_says(text: str, said: str | None) -> None:
    told = headline(text)
    assert told == (said or "Visit=J-1042;Technician=J. Ortiz (+1 555 0107);items=3 of 4;")


def test_each_part_of_each_operation_has_words_of_its_own_and_the_rest_stays() -> None:
    made = templates(
        {"raise": {"subject": "S {{ subject }}", "body": "Visit: {{ facts.Visit }}\n\nOn the way: no: yes\nplain"}}
    )
    told = made.apply(TOLD)
    assert told == replace(
        TOLD,
        subject=f"S {TOLD.subject}",
        facts=(("Visit", "J-1042"), ("On the way", "no: yes"), ("Note", "plain")),
    )
    resolved = replace(TOLD, operation=Operation.RESOLVE)
    assert made.apply(resolved) is resolved
    test = replace(TOLD, is_test=True)
    assert made.apply(test) is test, "a test message says that it is one"


HOSTILE = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ headline.__class__ }}",
    "{{ facts.__class__ }}",
    "{{ facts['__class__'].__init__.__globals__ }}",
    "{{ facts|attr('__class__') }}",
    "{{ headline|map(attribute='__class__')|list }}",
    "{{ self._TemplateReference__context }}",
    "{{ facts.update({'a': 1}) }}",
    "{{ facts.items() }}",
    "{{ headline.format(headline) }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ 'a' * 1000000000 }}",
    "{{ 9 ** 9 ** 9 ** 9 }}",
    "{{ headline|center(1000000000) }}",
    "{{ headline|indent(1000000000) }}",
    "{{ 1|round(-1000000000) }}",
    "{{ headline|wordwrap(1)|batch(1)|list }}",
    "{% for a in range(10000000000) %}x{% endfor %}",
    "{% for a in headline %}{% for b in headline %}x{% endfor %}{% endfor %}",
    "{% for a in facts %}{% for b in facts %}x{% endfor %}{% endfor %}",
    "{% for a in facts recursive %}{{ loop(facts) }}{% endfor %}",
    "{% set x = headline %}{% set x = x ~ x %}",
    "{% set ns = namespace(a=1) %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% extends 'x' %}",
    "{% filter upper %}x{% endfilter %}",
    "{% with a = 1 %}{% endwith %}",
    "{% block a %}{% endblock %}",
    "{{ lipsum(n=100000) }}",
    "{{ cycler.__init__.__globals__.os }}",
    "{{ config }}",
    "{{ [headline] }}{{ {'a': 1} }}",
    "{{ " + "(" * 1900 + "1" + ")" * 1900 + " }}",
    "{{ " + "not " * 950 + "1 }}",
    "{{ headline" + "|upper" * 600 + " }}",
    "{% if 1 %}" * 200 + "x" + "{% endif %}" * 200,
    "x" * (LONGEST_TEMPLATE + 1),
    "{{ headline",
    "{% endfor %}",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:40])
def test_a_hostile_template_is_refused_when_it_is_read(text: str) -> None:
    started = perf_counter()
    found = problems({"raise": text})
    assert found
    assert perf_counter() - started < 2
    assert "0x" not in str(found)


def test_a_problem_names_its_key_and_line() -> None:
    found = problems({"raise": "fine", "resolve": {"body": "one\ntwo {{ headlin }}", "hedline": "x"}, "rise": "x"})
    assert found["resolve.body"].startswith("line 2: there is no “headlin”; a template knows by, channel")
    assert found["resolve.hedline"] == "there is no such part of a message; the parts are headline, subject, body"
    assert found["rise"].startswith("this is not an operation; they are raise, update")
    assert found.keys() == {"resolve.body", "resolve.hedline", "rise"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{{ facts.Nothing }}", "it says nothing"),
        ("{{ headline|replace('w', headline) }}", "would say far too much"),
        ("{{ " + " ~ ".join(["headline"] * 30) + " }}", "it says more than"),
        ("{% for a in facts %}" + "{{ headline }}" * 3 + "{% endfor %}", "it says more than"),
        ("{{ headline|truncate('x') }}", "it failed (TypeError)"),
    ],
)
def test_what_fails_when_it_is_told_says_why_and_shows_no_value(text: str, why: str) -> None:
    told = replace(TOLD, headline=LONG, facts=TOLD.facts * 20)
    with pytest.raises(TemplateProblem, match=why.replace("(", r"\(").replace(")", r"\)")) as caught:
        headline(text, told)
    assert caught.value.part == "headline"
    assert "word" not in str(caught.value)


def test_the_worst_that_is_let_through_is_over_in_no_time() -> None:
    chain = "|replace('w', 'wwww')|upper|lower|title" * 4
    told = replace(TOLD, headline=LONG, facts=tuple((f"{n}", LONG) for n in range(200)))
    worst = "{% for a, b in facts|items %}" + f"{{{{ b{chain} }}}}" * 20 + "{% endfor %}"
    assert len(worst) < LONGEST_TEMPLATE
    started = perf_counter()
    with pytest.raises(TemplateProblem):
        headline(worst, told)
    assert perf_counter() - started < 1


def test_whatever_is_told_comes_out_within_its_limits() -> None:
    """Nothing in a text is read as a template; all of it is plain."""
    made = templates(
        {
            operation.value: {
                "headline": "{{ channel }}: {{ headline }}",
                "body": "{% for label, value in facts|items %}{{ label }}: {{ value }}\n{% endfor %}",
            }
            for operation in Operation
        }
    )
    for name, told in every_notification():
        if told.is_test or len(told.facts) * len(told.headline) > LONGEST_RESULT // 4:
            continue
        found = made.apply(told)
        assert found.headline.startswith("ops:"), name
        assert "\n" not in found.headline
        assert "{{x}}" in found.headline or "{{x}}" not in told.headline
        assert found.facts or not told.facts
