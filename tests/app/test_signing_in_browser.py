"""A person signs in with a browser on this computer: what it brings back is taken once, and only if it is ours."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from itertools import count
from pathlib import Path
from urllib.parse import parse_qs

import httpx
import pytest

from dispatchwatch.app.loopback import NOT_OURS, TAKEN
from dispatchwatch.app.secrets import SecretSource
from dispatchwatch.app.signing_in import Asked, Screen, sign_in, to_sign_in
from dispatchwatch.app.unfinished import UnfinishedError
from tests.fakes.keyring import MemoryKeyring
from tests.fakes.receiver import Answer, Receiver

REFRESH = "1//0eXkNqJ3Yw5ZsCgYIARAAGA4SNwF-L9Ir"
MAIL = """
[[channel]]
name = "mail"
platform = "gmail"
mailbox = "dispatch@northside.example"
to = "boss@northside.example"
client_id = "1234567890-abc.apps.googleusercontent.com"
client_secret = "GOCSPX-0123456789abcdef"
"""
Browser = Callable[["Page"], Awaitable[None]]


class Page:
    """What the browser was sent to, and where that leads back to."""

    def __init__(self, address: str) -> None:
        asked = httpx.URL(address).params
        self.leads_to, self.state = asked["redirect_uri"], asked["state"]

    async def back(self, method: str = "GET", path: str = "/", **brought: str) -> httpx.Response:
        async with httpx.AsyncClient(trust_env=False) as browser:
            return await browser.request(method, f"{self.leads_to}{path}", params=brought)

    async def signed_in(self) -> httpx.Response:
        return await self.back(state=self.state, code="4/0AbC", scope="email")


class SigningIn:
    def __init__(self, folder: Path, google: Receiver) -> None:
        self.google = google
        self._path = folder / "office.toml"
        self._path.write_text(f'{MAIL}base_url = "{google.url}"\n', encoding="utf-8")
        self.shown: list[Asked] = []
        self.pages: list[str] = []

    def run(self, browser: Browser, patience: float = 600.0) -> str:
        """`browser` is what the person does with the page."""
        words = count(1)
        doing: list[asyncio.Task[None]] = []

        def open_page(address: str) -> None:
            self.pages.append(address)
            doing.append(asyncio.get_running_loop().create_task(_doing(browser, address)))

        async def play() -> str:
            screen = Screen(
                show=self.shown.append,
                open_page=open_page,
                chance=lambda: f"word-{next(words)}",
                patience=patience,
            )
            channel, how = to_sign_in(self._path, "mail", SecretSource({}, self._path.parent, MemoryKeyring))
            try:
                return await sign_in(channel, how, screen)
            finally:
                await asyncio.gather(*doing)

        return asyncio.run(play())

    @property
    def exchanged(self) -> list[dict[str, list[str]]]:
        return [parse_qs(one.body.decode()) for one in self.google.received]


async def _doing(browser: Browser, address: str) -> None:
    await browser(Page(address))


@pytest.fixture
def signing(tmp_path: Path) -> Iterator[SigningIn]:
    with Receiver() as google:
        google.script("/token", Answer(body={"access_token": "x", "refresh_token": REFRESH}))
        yield SigningIn(tmp_path, google)


def test_what_the_browser_brings_is_exchanged_and_kept(signing: SigningIn) -> None:
    told: list[httpx.Response] = []

    async def browser(page: Page) -> None:
        told.append(await page.signed_in())

    assert signing.run(browser) == REFRESH
    assert [(one.address, one.seconds, one.code) for one in signing.shown] == [(signing.pages[0], 600.0, "")]
    assert (told[0].status_code, TAKEN in told[0].text) == (200, True)
    (form,) = signing.exchanged
    assert (form["code"], form["code_verifier"]) == (["4/0AbC"], ["word-2"])
    assert form["redirect_uri"] == [Page(signing.pages[0]).leads_to]


@pytest.mark.parametrize("state", ["another", "", "wörd"])
def test_an_answer_to_another_sign_in_is_not_taken_and_ends_nothing(signing: SigningIn, state: str) -> None:
    async def browser(page: Page) -> None:
        foreign = await page.back(state=state, code="planted")
        assert (foreign.status_code, NOT_OURS in foreign.text) == (400, True)
        assert not signing.google.received
        await page.signed_in()

    assert signing.run(browser) == REFRESH
    assert [form["code"] for form in signing.exchanged] == [["4/0AbC"]]


def test_what_else_browsers_and_others_ask_for_is_let_go(signing: SigningIn) -> None:
    async def browser(page: Page) -> None:
        assert (await page.back(path="/favicon.ico")).status_code == 400
        assert (await page.back("POST", state=page.state, code="posted")).status_code == 400
        port = httpx.URL(page.leads_to).port
        for said in (b"", b"\r\n\r\n", b"GET //[ HTTP/1.1\r\n\r\n", b"\xff" * 20_000):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(said)
            writer.close()
        await page.signed_in()

    assert signing.run(browser) == REFRESH


def test_it_is_taken_once(signing: SigningIn) -> None:
    async def browser(page: Page) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(3):
                group.create_task(_quietly(page))

    assert signing.run(browser) == REFRESH
    assert len(signing.exchanged) == 1
    port = httpx.URL(Page(signing.pages[0]).leads_to).port or 0
    with socket.socket() as late, pytest.raises(ConnectionRefusedError):
        late.connect(("127.0.0.1", port))


async def _quietly(page: Page) -> None:
    try:
        await page.signed_in()
    except httpx.TransportError:
        return


def test_a_person_who_says_no(signing: SigningIn) -> None:
    async def browser(page: Page) -> None:
        await page.back(state=page.state, error="access_denied")

    with pytest.raises(UnfinishedError, match="Gmail did not sign anybody in: the person said no"):
        signing.run(browser)
    assert signing.google.received == []


def test_a_browser_that_was_closed(signing: SigningIn) -> None:
    async def browser(_: Page) -> None:
        return

    with pytest.raises(UnfinishedError, match=r"Nobody signed in within .* minutes\. If the page was closed"):
        signing.run(browser, patience=0.0)


@pytest.mark.parametrize(
    ("answer", "words"),
    [(Answer(400, body={"error": "invalid_grant"}), "Sign in again"), (Answer(503), "just now")],
)
def test_an_exchange_that_fails(signing: SigningIn, answer: Answer, words: str) -> None:
    signing.google.script("/token", answer)

    async def browser(page: Page) -> None:
        await page.signed_in()

    with pytest.raises(UnfinishedError, match=words):
        signing.run(browser)
