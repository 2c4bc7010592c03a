from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from dispatchwatch.dispatch.conversation import Choice, Held
from dispatchwatch.dispatch.errors import Refused, Unauthorised, Unknown, Unreachable
from dispatchwatch.dispatch.outgoing import previewed
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.platforms.trello import Trello
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket_fields import short_key
from dispatchwatch.domain.alert import Operation
from tests.dispatch.samples import every_notification, notification
from tests.dispatch.samples_trello import BOARD, DONE, KEY, NEW, SECRET, TAKEN, trello_config
from tests.dispatch.telling import asked, json_, tell

TRELLO = Trello()
ID = "5abbe4b7ddc1b351ef961499"
LINK = "https://trello.com/c/ef961499"
CARD = Receipt(LINK, {"id": ID})
SHOWN = {"id": ID, "shortUrl": LINK, "idList": NEW, "closed": False, "dueComplete": False}


def test_an_alert_is_a_card_on_top_of_its_list() -> None:
    told = tell(TRELLO, notification(), trello_config(), None, json_(200, []), json_(200, []), json_(200, SHOWN))
    assert told.ways == [f"GET /1/lists/{NEW}/cards", f"GET /1/lists/{TAKEN}/cards", "POST /1/cards"]
    request, card = told.requests[-1], told.body()
    assert request.headers["Authorization"] == f'OAuth oauth_consumer_key="{KEY}", oauth_token="{SECRET}"'
    assert not request.url.params
    assert (card["idList"], card["pos"], card["dueComplete"]) == (NEW, "top", False)
    assert card["name"].startswith("High: Late check-in")
    assert card["desc"].startswith("High: J. Ortiz has not checked in at Smith & Sons")
    assert card["desc"].endswith(
        f"https://field.example.com/jobs/1042?tab=a&b=c%7Cd\n\n{short_key(notification().alert_key)}"
    )
    assert told.kept == CARD


def test_a_card_that_is_there_already_is_found_by_our_key() -> None:
    listed = [{"id": "x", "desc": "by hand"}, {**SHOWN, "desc": f"…\n\n{short_key(notification().alert_key)}"}]
    assert tell(TRELLO, notification(), trello_config(), None, json_(200, listed)).kept == CARD
    assert TRELLO.on_repeat(Operation.RAISE, trello_config()) is Repeat.DOUBLES


def test_a_list_too_full_to_be_read_holds_no_alert_back() -> None:
    cut = json_(200, [SHOWN] * 3)
    cut = type(cut)(200, content=cut.content[:-20])
    config = trello_config(id_list_acknowledged="")
    assert tell(TRELLO, notification(), config, None, cut, json_(200, SHOWN)).kept == CARD


def test_acknowledging_moves_the_card() -> None:
    told = tell(
        TRELLO, notification(Operation.ACKNOWLEDGE), trello_config(), CARD, json_(200, SHOWN), json_(200), json_(200)
    )
    assert told.ways == [f"GET /1/cards/{ID}", f"POST /1/cards/{ID}/actions/comments", f"PUT /1/cards/{ID}"]
    assert told.body() == {"idList": TAKEN}
    assert told.kept.details["stands"] == "TAKEN"


@pytest.mark.parametrize(
    ("config", "end"),
    [
        (trello_config(), {"dueComplete": True, "idList": DONE}),
        (trello_config(id_list_done=""), {"dueComplete": True}),
        (trello_config(when_resolved="archive"), {"closed": True}),
    ],
)
def test_resolving_brings_the_card_to_its_end(config: object, end: object) -> None:
    told = tell(TRELLO, notification(Operation.RESOLVE), config, CARD, json_(200, SHOWN), json_(200), json_(200))
    assert told.body() == end


def test_what_was_done_before_a_failure_is_not_done_again() -> None:
    told = notification(Operation.RESOLVE)
    first = tell(TRELLO, told, trello_config(), CARD, json_(200, SHOWN), json_(200), json_(500))
    again = tell(TRELLO, told, trello_config(), first.receipt, json_(200, SHOWN), json_(200))
    assert again.ways == [f"GET /1/cards/{ID}", f"PUT /1/cards/{ID}"]


def test_an_update_renames_and_an_archived_card_counts_as_ended() -> None:
    told = tell(TRELLO, notification(Operation.UPDATE), trello_config(), CARD, json_(200), json_(200))
    assert told.body()["name"].startswith("Now high: ")
    ended = tell(TRELLO, notification(Operation.RESOLVE), trello_config(), CARD, json_(200, {**SHOWN, "closed": True}))
    assert ended.ways == [f"GET /1/cards/{ID}"]
    assert tell(TRELLO, notification(Operation.RESOLVE), trello_config(), CARD, json_(404)).failure is None


def test_a_test_is_ticked_off_from_the_first() -> None:
    config = trello_config(id_list_acknowledged="")
    card = tell(TRELLO, notification(is_test=True), config, None, json_(200, []), json_(200, SHOWN)).body()
    assert card["dueComplete"] is True
    assert card["name"].startswith("TEST: ")


def test_nothing_in_a_card_is_laid_out_or_names_a_member() -> None:
    for label, told in every_notification():
        for request in previewed(TRELLO, told, trello_config()):
            body = json.loads(request.content) if request.content else {}
            assert len(body.get("name", "x")) in range(1, 16_385), label
            words = body.get("desc", body.get("text", "")).partition("https://field.example.com")[0]
            assert len(words.encode("utf-16-le")) // 2 <= 16_384, label
            assert not re.search(r"@\w", words), label
            # Every sign stands behind a backslash of its own.
            assert not re.search(r"[`*_\[\]<>#~|]", re.sub(r"\\[\\`*_\[\]<>#~|]", "", words)), label


def test_its_errors_are_plain_text() -> None:
    def fail(status: int, text: str, **headers: str) -> object:
        answer = type(json_(200))(status, text=text, headers=headers)
        return tell(TRELLO, notification(), trello_config(), None, answer).failure

    refused = fail(400, "invalid value for idList")
    assert isinstance(refused, Refused)
    assert "invalid value for idList" in refused.message
    assert isinstance(fail(401, "invalid token"), Unauthorised)
    limited = fail(429, '{"error":"API_TOKEN_LIMIT_EXCEEDED","message":"Rate limit exceeded"}')
    assert isinstance(limited, Unreachable)
    assert limited.retry_after == timedelta(seconds=10)
    told = fail(429, "", **{"Retry-After": "3"})
    assert isinstance(told, Unreachable)
    assert told.retry_after == timedelta(seconds=3)


def test_an_answer_without_a_card_leaves_the_outcome_open() -> None:
    config = trello_config(id_list_acknowledged="")
    assert isinstance(tell(TRELLO, notification(), config, None, json_(200, []), json_(200, {})).failure, Unknown)


def test_somebody_who_moves_ticks_off_or_archives_a_card_is_heard() -> None:
    ids = [f"5abbe4b7ddc1b351ef96149{number}" for number in range(5)]
    held = [Held(f"t{number}", Receipt("", {"id": one})) for number, one in enumerate(ids)]
    listed = [{"id": ids[0], "idList": NEW}, {"id": ids[1], "idList": NEW, "dueComplete": True}]
    act = {"actions": [{"date": "2026-11-22T09:50:00.000Z", "memberCreator": {"fullName": "Ana"}}]}
    requests, heard = asked(
        TRELLO.listen(held, trello_config(), ""), json_(200, listed),
        json_(200, {"id": ids[1], "idList": NEW, "dueComplete": True, **act}),
        json_(200, {"id": ids[2], "idList": TAKEN, **act}),
        json_(200, {"id": ids[3], "idList": NEW, "closed": True, **act}),
        json_(404),
    )  # fmt: skip
    assert len(requests) == 5
    assert [(one.thread, one.operation, one.by) for one in heard.news] == [
        ("t1", Operation.RESOLVE, "Ana"), ("t2", Operation.ACKNOWLEDGE, "Ana"), ("t3", Operation.RESOLVE, "Ana"),
    ]  # fmt: skip
    ours = [Held("t2", Receipt("", {"id": ids[2], "stands": "TAKEN"}))]
    _, heard = asked(TRELLO.listen(ours, trello_config(), ""), json_(200, []), json_(200, {"idList": TAKEN, **act}))
    assert heard.news == ()


def test_boards_and_lists_are_chosen_from_the_account() -> None:
    requests, found = asked(TRELLO.look_up("id_board", trello_config()), json_(200, [{"id": BOARD, "name": "Late"}]))
    assert (requests[0].url.path, found) == ("/1/members/me/boards", (Choice(BOARD, "Late"),))
    requests, found = asked(TRELLO.look_up("id_list_done", trello_config()), json_(200, [{"id": DONE, "name": "Done"}]))
    assert (requests[0].url.path, found) == (f"/1/boards/{BOARD}/lists", (Choice(DONE, "Done"),))
    assert TRELLO.look_up("id_list", trello_config(id_board="")) is None


def test_both_key_and_token_are_secrets() -> None:
    assert set(TRELLO.secrets(trello_config())) == {KEY, SECRET}
