from __future__ import annotations

import json
from urllib.parse import quote, quote_plus

import httpx
from hypothesis import given
from hypothesis import strategies as st

from dispatchwatch.dispatch.redact import preview, redact

SECRET = st.text(st.characters(exclude_characters="*", exclude_categories=["Cs"]), min_size=4, max_size=30)


@given(st.lists(SECRET, min_size=1, max_size=4), st.lists(st.text(st.characters(exclude_characters="*")), max_size=4))
def test_no_spelling_of_a_secret_is_left(secrets: list[str], between: list[str]) -> None:
    spellings = [
        spelling
        for secret in secrets
        for spelling in (
            secret,
            quote(secret),
            quote(secret, safe=""),
            quote_plus(secret),
            quote(secret, safe="").lower(),
            json.dumps(secret)[1:-1],
            json.dumps(secret, ensure_ascii=False)[1:-1],
            json.dumps(secret)[1:-1].replace("/", "\\/"),
        )
    ]
    text = "|".join([part for pair in zip(spellings, [*between, *spellings], strict=False) for part in pair])
    cleaned = redact(text, secrets)
    assert not [secret for secret in secrets if secret in cleaned]
    assert redact("|".join(spellings), [*spellings, *secrets]).strip("*|") == ""


def test_a_text_without_secrets_is_left_alone() -> None:
    assert redact("Slack: 500 (no_service)", ["q7Zs81LmPw03"]) == "Slack: 500 (no_service)"
    assert redact("anything", []) == "anything"
    assert redact("anything", [""]) == "anything"


def test_the_longest_secret_goes_first() -> None:
    assert redact("https://h/services/T/B/tok and tok", ["tok", "https://h/services/T/B/tok"]) == "*** and ***"


def test_a_preview_shows_everything_but_the_secrets() -> None:
    body = json.dumps({"routing_key": 's3"cret', "list": ['as3"cretb', 3, None]})
    request = httpx.Request(
        "POST", "https://h.example/hook/tok%2Fen?x=1", content=body, headers={"Authorization": "Bearer tok/en"}
    )
    shown = preview(request, ['s3"cret', "tok/en"])
    assert shown["method"] == "POST"
    assert shown["url"] == "https://h.example/hook/***?x=1"
    assert shown["headers"]["authorization"] == "Bearer ***"
    assert shown["body"] == {"routing_key": "***", "list": ["a***b", 3, None]}


def test_a_preview_of_a_form_is_its_text() -> None:
    request = httpx.Request("POST", "https://h.example/", data={"To": "+1555", "token": "a b/c"})
    assert preview(request, ["a b/c"])["body"] == "To=%2B1555&token=***"
