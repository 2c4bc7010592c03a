from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

import pytest
from pydantic import BaseModel

from dispatchwatch.intake.feed import FeedError
from dispatchwatch.intake.json_feed import JsonConfig, JsonFeed
from dispatchwatch.intake.web import Request, Web
from dispatchwatch.intake.web_auth import Auth, auth_flow
from tests.fakes.json_server import JsonServer
from tests.fakes.receiver import Act, Answer
from tests.intake.samples import CHICAGO, NOW, profile


class Holder(BaseModel):
    auth: Auth


class Steady:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def server() -> Iterator[JsonServer]:
    with JsonServer([{"id": 1, "start": "2026-05-02T14:00:00Z"}]) as running:
        yield running


def web(told: Mapping[str, object], steady: Steady | None = None) -> Web:
    return Web(auth=auth_flow(Holder.model_validate({"auth": told}).auth, steady=steady or Steady()))


def ask(asking: Web, server: JsonServer) -> int:
    return asking.fetch(Request(url=server.url, secret=True)).status


def client(server: JsonServer, **more: object) -> dict[str, object]:
    return {
        "kind": "oauth_client_credentials",
        "token_url": server.token_url,
        "client_id": "me",
        "client_secret": "s3cret",
        **more,
    }


def form(server: JsonServer, number: int = 0) -> dict[str, str]:
    return dict(parse_qsl(server.token_requests[number].body.decode()))


def test_nobody(server: JsonServer) -> None:
    assert ask(web({"kind": "none"}), server) == 200
    assert "authorization" not in server.asked[0].headers


@pytest.mark.parametrize(("password", "status"), [("right", 200), ("wrong", 401), ("ключ", 401)])
def test_a_password(server: JsonServer, password: str, status: int) -> None:
    server.user = ("ann", "right")
    assert ask(web({"kind": "basic", "user": "ann", "password": password}), server) == status


def test_a_token(server: JsonServer) -> None:
    server.tokens = {"t"}
    assert ask(web({"kind": "bearer", "token": "t"}), server) == 200
    assert ask(web({"kind": "bearer", "token": "u"}), server) == 401


def test_a_key_in_a_header_or_in_the_query(server: JsonServer) -> None:
    server.key = ("X-Key", "Key k")
    assert ask(web({"kind": "api_key", "key": "k", "name": "X-Key", "prefix": "Key "}), server) == 200
    server.key = ("api_key", "a&b c")
    assert ask(web({"kind": "api_key", "key": "a&b c", "name": "api_key", "place": "query"}), server) == 200
    assert "x-key" not in server.asked[1].headers


def test_a_token_is_fetched_once_and_kept(server: JsonServer) -> None:
    server.tokens = set()
    asking = web(client(server, scope="read all", extra={"audience": "x"}))
    assert [ask(asking, server) for _ in range(3)] == [200, 200, 200]
    assert len(server.token_requests) == 1
    assert form(server) == {
        "grant_type": "client_credentials",
        "client_id": "me",
        "client_secret": "s3cret",
        "scope": "read all",
        "audience": "x",
    }


def test_a_client_that_proves_itself_in_the_header(server: JsonServer) -> None:
    server.tokens = set()
    assert ask(web(client(server, client_in="basic")), server) == 200
    assert form(server) == {"grant_type": "client_credentials"}
    expected = "Basic " + base64.b64encode(b"me:s3cret").decode()
    assert server.token_requests[0].headers["authorization"] == expected


@pytest.mark.parametrize(("life", "still", "over"), [(3600, 3539, 3540), ("100", 89, 90)])
def test_a_token_is_renewed_shortly_before_its_end(server: JsonServer, life: object, still: float, over: float) -> None:
    server.tokens, server.expires_in = set(), life
    steady = Steady()
    asking = web(client(server), steady)
    ask(asking, server)
    steady.now = still
    ask(asking, server)
    assert len(server.token_requests) == 1
    steady.now = over
    assert ask(asking, server) == 200
    assert len(server.token_requests) == 2


@pytest.mark.parametrize("life", [None, "long", -5, 0])
def test_a_token_without_a_sensible_life_is_used_all_the_same(server: JsonServer, life: object) -> None:
    server.tokens, server.expires_in = set(), life
    asking = web(client(server))
    assert [ask(asking, server), ask(asking, server)] == [200, 200]


def test_a_token_that_expired_early_is_renewed_once(server: JsonServer) -> None:
    server.tokens = set()
    asking = web(client(server))
    ask(asking, server)
    server.tokens.clear()
    assert ask(asking, server) == 200
    assert len(server.token_requests) == 2


def test_a_new_token_that_is_refused_is_not_asked_for_again(server: JsonServer) -> None:
    server.user = ("nobody", "at all")
    asking = web(client(server))
    assert ask(asking, server) == 401
    assert len(server.token_requests) == 1
    assert ask(asking, server) == 401
    assert len(server.token_requests) == 2


def test_a_refresh_token_is_replaced_when_the_server_gives_another(server: JsonServer) -> None:
    server.token_trouble = Answer(body={"access_token": "a", "refresh_token": "second", "expires_in": 100})
    told = {"kind": "oauth_refresh", "token_url": server.token_url, "client_id": "me", "refresh_token": "first"}
    steady = Steady()
    asking = web(told, steady)
    ask(asking, server)
    steady.now = 90
    ask(asking, server)
    assert form(server) == {"grant_type": "refresh_token", "refresh_token": "first", "client_id": "me"}
    assert form(server, 1)["refresh_token"] == "second"


@pytest.mark.parametrize(
    ("trouble", "part"),
    [
        (Answer(401, body={"error": "invalid_client", "error_description": "s3cret is wrong"}), r"\(invalid_client\)"),
        (Answer(400, body={"error": "s3cret!"}), r"\(400\)"),
        (Answer(400, body="<html>s3cret"), r"\(400\)"),
        (Answer(500, body="s3cret"), "a fault of its own"),
        (Answer(429), "too busy to give a token"),
        (Answer(body={"token": "s3cret"}), "answers without a token"),
        (Answer(body=["s3cret"]), "answers without a token"),
        (Answer(302, {"Location": "https://login.example.com"}), "leads elsewhere"),
        (Answer(act=Act.RESET), "broke off"),
    ],
)
def test_no_token_is_told_in_one_plain_sentence_without_the_secret(
    server: JsonServer, trouble: Answer, part: str
) -> None:
    server.token_trouble = trouble
    with pytest.raises(FeedError, match=part) as failure:
        ask(web(client(server)), server)
    assert "s3cret" not in str(failure.value)
    assert server.asked == []


def test_a_secret_never_goes_over_plain_http(server: JsonServer) -> None:
    asking = web(client(server, token_url="http://login.example.com/token"))
    with pytest.raises(FeedError, match="unprotected"):
        ask(asking, server)


def config(server: JsonServer, auth: dict[str, object], **more: object) -> JsonConfig:
    paths = {"ext_id": "id", "sched_start": "start"}
    told = {"name": "api", "url": server.url, "records": "data", "paths": paths, "auth": auth, **more}
    return JsonConfig.model_validate(told)


def test_a_feed_outlives_its_token_in_the_middle_of_its_pages(server: JsonServer) -> None:
    server.tokens, server.style = set(), "page"
    server.records = [{"id": number, "start": "2026-05-02T14:00:00Z"} for number in range(5)]
    paging = {"kind": "page", "parameter": "page"}
    reader = JsonFeed(config(server, client(server), paging=paging), profile(), office_zone=CHICAGO)
    assert len(reader.fetch(NOW).visits) == 5
    server.tokens.clear()
    snapshot = reader.fetch(NOW)
    assert (len(snapshot.visits), snapshot.lacking) == (5, "")
    assert len(server.token_requests) == 2


def test_a_feed_with_the_wrong_password_says_so(server: JsonServer) -> None:
    server.user = ("ann", "right")
    wrong = config(server, {"kind": "basic", "user": "ann", "password": "wr0ng"})
    with pytest.raises(FeedError, match=r"does not let us in \(401\)") as failure:
        JsonFeed(wrong, profile(), office_zone=CHICAGO).fetch(NOW)
    assert "wr0ng" not in str(failure.value) + repr(wrong)


@pytest.mark.parametrize(
    "auth",
    [
        {"kind": "basic", "user": "u", "password": "p"},
        {"kind": "api_key", "key": "k", "place": "query"},
        {"kind": "bearer", "token": "t"},
    ],
)
def test_a_feed_sends_no_secret_over_plain_http(server: JsonServer, auth: dict[str, object]) -> None:
    away = config(server, auth, url="http://api.example.com/visits")
    with pytest.raises(FeedError, match="unprotected"):
        JsonFeed(away, profile(), office_zone=CHICAGO).fetch(NOW)


def test_a_secret_that_cannot_be_sent_is_not_shown(server: JsonServer) -> None:
    bad = config(server, {"kind": "bearer", "token": "s3c\nret"})
    with pytest.raises(FeedError, match="characters that can’t be sent") as failure:
        JsonFeed(bad, profile(), office_zone=CHICAGO).fetch(NOW)
    assert "s3c" not in str(failure.value)
