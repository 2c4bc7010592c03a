from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from dispatchwatch.dispatch.accounts.salesforce import SalesforceToken
from dispatchwatch.dispatch.conversation import Choice, Held, News
from dispatchwatch.dispatch.errors import Failure, Refused, Unauthorised, Unknown, Unreachable
from dispatchwatch.dispatch.platform import Repeat
from dispatchwatch.dispatch.platforms.salesforce import Salesforce
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.ticket_fields import short_key
from dispatchwatch.domain.alert import Operation, Severity
from tests.dispatch.samples import LONG, NOW, TEXTS, notification
from tests.dispatch.samples_salesforce import SECRET, salesforce_config
from tests.dispatch.telling import asked, json_, tell

SALESFORCE = Salesforce()
ID = "500000000000001AAA"
CASE = Receipt(ID, {"id": ID})
DATA = "/services/data/v67.0"
SAVED = {"id": ID, "success": True, "errors": []}
NEW, DONE = json_(200, {"Status": "New", "IsClosed": False}), httpx.Response(204)


def test_without_a_field_for_our_key_a_case_is_created() -> None:
    told = tell(SALESFORCE, notification(), salesforce_config(), None, json_(201, SAVED))
    assert told.ways == [f"POST {DATA}/sobjects/Case"]
    body = told.body()
    assert (body["Status"], body["Priority"], body["Origin"]) == ("New", "High", "Web")
    assert "OwnerId" not in body
    assert told.kept == CASE
    assert SALESFORCE.on_repeat(Operation.RAISE, salesforce_config()) is Repeat.DOUBLES


def test_with_a_field_for_our_key_it_is_upserted_and_found_again() -> None:
    config = salesforce_config(external_id_field="DW_Key__c", case_fields="Type=Problem", owner_id="00G000000000001AAA")
    key = short_key(notification().alert_key)
    told = tell(SALESFORCE, notification(), config, None, json_(201, SAVED))
    assert told.ways == [f"PATCH {DATA}/sobjects/Case/DW_Key__c/{key}"]
    assert (told.body()["Type"], told.body()["OwnerId"]) == ("Problem", "00G000000000001AAA")
    assert "DW_Key__c" not in told.body()
    assert SALESFORCE.on_repeat(Operation.RAISE, config) is Repeat.HARMLESS
    found = json_(200, {"Id": ID})
    told = tell(SALESFORCE, notification(Operation.RESOLVE), config, None, found, NEW, json_(201, SAVED), DONE)
    assert told.ways[0] == f"GET {DATA}/sobjects/Case/DW_Key__c/{key}"
    assert told.kept.details["id"] == ID
    assert tell(SALESFORCE, notification(Operation.RESOLVE), config, None, httpx.Response(404)).kept == Receipt()


def test_a_comment_then_the_status() -> None:
    for operation, status in ((Operation.ACKNOWLEDGE, "Working"), (Operation.RESOLVE, "Closed")):
        told = tell(SALESFORCE, notification(operation), salesforce_config(), CASE, NEW, json_(201, SAVED), DONE)
        assert told.ways == [
            f"GET {DATA}/sobjects/Case/{ID}", f"POST {DATA}/sobjects/CaseComment", f"PATCH {DATA}/sobjects/Case/{ID}",
        ]  # fmt: skip
        assert (told.body(1)["ParentId"], told.body(1)["IsPublished"]) == (ID, False)
        assert told.body() == {"Status": status}


def test_a_comment_that_was_taken_is_not_written_again() -> None:
    broken = tell(
        SALESFORCE, notification(Operation.RESOLVE), salesforce_config(), CASE, NEW, json_(201, SAVED), json_(503, [])
    )
    assert isinstance(broken.failure, Unreachable)
    assert broken.receipt is not None
    again = tell(SALESFORCE, notification(Operation.RESOLVE), salesforce_config(), broken.receipt, NEW, DONE)
    assert again.ways[1:] == [f"PATCH {DATA}/sobjects/Case/{ID}"]
    later = replace(notification(Operation.UPDATE), written_at=NOW + timedelta(minutes=5))
    told = tell(SALESFORCE, later, salesforce_config(), again.kept, json_(201, SAVED), DONE)
    assert told.ways[0] == f"POST {DATA}/sobjects/CaseComment"


def test_what_is_closed_there_stays_as_it_is() -> None:
    for answer in ({"Status": "Solved by phone", "IsClosed": True}, {"Status": "Closed"}):
        told = tell(SALESFORCE, notification(Operation.ACKNOWLEDGE), salesforce_config(), CASE, json_(200, answer))
        assert len(told.requests) == 1
    at_work = json_(200, {"Status": "Escalated", "IsClosed": False})
    told = tell(SALESFORCE, notification(Operation.ACKNOWLEDGE), salesforce_config(), CASE, at_work, json_(201, SAVED))
    assert told.ways[-1] == f"POST {DATA}/sobjects/CaseComment"


@pytest.mark.parametrize("text", [LONG, TEXTS["long_emoji"], TEXTS["foreign"] * 200])
def test_a_comment_has_4000_bytes_at_most(text: str) -> None:
    told = tell(
        SALESFORCE, notification(Operation.UPDATE, text=text), salesforce_config(), CASE, json_(201, SAVED), DONE
    )
    assert 3000 < len(told.body(0)["CommentBody"].encode()) <= 4000


def test_the_pick_list_is_the_offices_own() -> None:
    config = salesforce_config(priorities="critical=P1; high=P2")
    assert tell(SALESFORCE, notification(), config, None, json_(201, SAVED)).body()["Priority"] == "P2"
    calm = notification(severity=Severity.INFO)
    assert "Priority" not in tell(SALESFORCE, calm, config, None, json_(201, SAVED)).body()
    test = notification(severity=Severity.CRITICAL, is_test=True)
    assert tell(SALESFORCE, test, salesforce_config(), None, json_(201, SAVED)).body()["Priority"] == "Low"


@pytest.mark.parametrize(
    ("status", "code", "kind", "words"),
    [
        (403, "REQUEST_LIMIT_EXCEEDED", Unreachable, "used up"),
        (400, "UNABLE_TO_LOCK_ROW", Unreachable, "somebody else"),
        (400, "REQUIRED_FIELD_MISSING", Refused, "the message of it"),
        (403, "INSUFFICIENT_ACCESS", Unauthorised, "the message of it"),
        (401, "INVALID_SESSION_ID", Unauthorised, "credentials"),
        (300, "", Refused, "must be unique"),
        (503, "SERVER_UNAVAILABLE", Unreachable, "the message of it"),
    ],
)
def test_its_errors_become_sentences(status: int, code: str, kind: type[Failure], words: str) -> None:
    failure = SALESFORCE.classify(httpx.Response(status, json=[{"message": "the message of it", "errorCode": code}]))
    assert type(failure) is kind
    assert words in failure.message
    if code == "REQUEST_LIMIT_EXCEEDED":
        assert isinstance(failure, Unreachable)
        assert failure.retry_after == timedelta(hours=1)


def test_a_success_that_says_no_is_a_refusal() -> None:
    no = {"id": None, "success": False, "errors": [{"message": "Duplicate", "statusCode": "DUPLICATES_DETECTED"}]}
    told = tell(SALESFORCE, notification(), salesforce_config(), None, json_(201, no))
    assert isinstance(told.failure, Refused)
    assert "Duplicate" in told.failure.message
    nameless = tell(SALESFORCE, notification(), salesforce_config(), None, json_(201, {"success": True}))
    assert isinstance(nameless.failure, Unknown)


def test_client_credentials_are_asked_for_at_my_domain() -> None:
    request = SALESFORCE.auth(salesforce_config()).grant()
    assert str(request.url) == "https://acme.my.salesforce.com/services/oauth2/token"
    assert parse_qs(request.content.decode()) == {
        "grant_type": ["client_credentials"], "client_id": ["consumer"], "client_secret": [SECRET],
    }  # fmt: skip


def test_an_assertion_is_signed_for_five_minutes() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    config = salesforce_config(
        authentication="jwt_bearer", client_secret=None, username="bot@acme.example", private_key=pem, audience="test"
    )
    request = SalesforceToken(config, wall=lambda: 1000.0).grant()
    form = parse_qs(request.content.decode())
    assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    claims = jwt.decode(form["assertion"][0], options={"verify_signature": False})
    assert claims == {"iss": "consumer", "sub": "bot@acme.example", "aud": "https://test.salesforce.com", "exp": 1300}
    jwt.decode(
        form["assertion"][0],
        key.public_key(),
        algorithms=["RS256"],
        audience=claims["aud"],
        options={"verify_exp": False},
    )
    assert pem.strip() in SALESFORCE.secrets(config)


def test_what_people_did_is_heard_with_their_names() -> None:
    held = [Held(f"thread {number}", Receipt("", {"id": f"{number:018}"})) for number in range(3)]
    answer = {"records": [
        {"Id": f"{0:018}", "Status": "New", "IsClosed": False, "Owner": {"Name": "Queue"}},
        {"Id": f"{1:018}", "Status": "Working", "IsClosed": False, "Owner": {"Name": "Dana Lee"}},
        {"Id": f"{2:018}", "Status": "Solved", "IsClosed": True, "LastModifiedBy": {"Name": "Sam Ito"},
         "ClosedDate": "2026-11-22T09:52:00.000+0000"},
    ]}  # fmt: skip
    (request,), heard = asked(SALESFORCE.listen(held, salesforce_config(), ""), json_(200, answer))
    assert request.url.params["q"].endswith(f"WHERE Id IN ('{0:018}','{1:018}','{2:018}')")
    assert heard.news == (
        News("thread 1", Operation.ACKNOWLEDGE, "Dana Lee"),
        News("thread 2", Operation.RESOLVE, "Sam Ito", datetime(2026, 11, 22, 9, 52, tzinfo=UTC)),
    )


def test_queues_are_chosen_by_name() -> None:
    answer = json_(200, {"records": [{"Id": "00G1", "Name": "Field"}]})
    (request,), found = asked(SALESFORCE.look_up("owner_id", salesforce_config()), answer)
    assert request.url.path == f"{DATA}/query"
    assert found == (Choice("00G1", "Field"),)
