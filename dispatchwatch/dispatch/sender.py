"""The one place that talks HTTP outward."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from datetime import datetime
from typing import TypeVar

import httpx

from dispatchwatch.dispatch.auth import Auth
from dispatchwatch.dispatch.conversation import Step
from dispatchwatch.dispatch.errors import Failure, Refused, Unknown, Unreachable
from dispatchwatch.dispatch.fields import ChannelConfig
from dispatchwatch.dispatch.outgoing import addressed
from dispatchwatch.dispatch.platform import Platform
from dispatchwatch.dispatch.receipt import Receipt
from dispatchwatch.dispatch.redact import redact
from dispatchwatch.dispatch.retry_after import retry_after
from dispatchwatch.dispatch.text import clip
from dispatchwatch.dispatch.transport import STRAIGHT, AiohttpTransport, Way
from dispatchwatch.domain.notification import Notification

C = TypeVar("C", bound=ChannelConfig)
T = TypeVar("T")
CONNECT_SECONDS = 5.0
LONGEST_MESSAGE = 400
NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
NEVER_COULD = (httpx.UnsupportedProtocol, httpx.LocalProtocolError)


class Sender:
    """Sends one request at a time; each lane has its own, made and closed by it.

    The server's certificate is always checked, no redirect is followed. `transport` is what tests put in its place;
    `way` is how requests leave the office. `hand_over` is given a secret that the platform gave in place of one of
    the configuration: its field, and the secret. Every failure comes out as one of `errors`, with the channel's secrets
    taken out and nothing chained to it.
    """

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport | None = None,
        way: Way = STRAIGHT,
        hand_over: Callable[[str, str], None] = lambda _field, _secret: None,
    ) -> None:
        # The transport itself: no cookie jar, no redirect, no environment, at a third of what a client costs.
        self._transport = transport or AiohttpTransport(way)
        self._hand_over = hand_over
        self._auth: Auth | None = None
        self._signed_for: tuple[str, ChannelConfig] | None = None

    async def send(
        self,
        platform: Platform[C],
        notification: Notification,
        config: C,
        receipt: Receipt | None,
        now: datetime,
        *,
        keep: Callable[[Receipt], None] = lambda _: None,
    ) -> Receipt:
        """Tell the platform. `now` is what a Retry-After date is measured from. `keep` is told what has been reached
        before each further request, so that it outlives a crash. Raises a Failure, with what had been reached before
        it.
        """
        reached: Receipt | None = None
        try:
            conversation = platform.tell(notification, config, receipt)
            answer: httpx.Response | None = None
            while True:
                try:
                    # It may have nothing to ask: its ticket is gone, or nothing of it is to be changed.
                    step = next(conversation) if answer is None else conversation.send(answer)
                except StopIteration as end:
                    return _receipt(end)
                if step.reached is not None and step.reached != (reached or receipt):
                    keep(step.reached)
                reached = step.reached or reached
                answer = await self._answer(platform, step, config, now)
        except Failure as failure:
            failure.reached = reached
            cleaned = _cleaned(failure, self._secrets(platform, config))
        # Outside of `except`: errors below this one hold the request, and the request holds the secrets.
        raise cleaned

    async def check(self, platform: Platform[C], config: C, now: datetime) -> bool:
        """Whether the credentials were tried and accepted; False if the platform has no harmless way to try them.

        Raises a Failure.
        """
        try:
            request = platform.check(config)
            if request is None:
                return False
            await self._answer(platform, Step(request), config, now)
            return True
        except Failure as failure:
            cleaned = _cleaned(failure, self._secrets(platform, config))
        raise cleaned

    async def ask(
        self, platform: Platform[C], question: Generator[Step, httpx.Response, T], config: C, now: datetime
    ) -> T:
        """What a question comes to that takes several requests: what can be chosen, what was heard. Raises a
        Failure."""
        try:
            answer: httpx.Response | None = None
            while True:
                try:
                    step = next(question) if answer is None else question.send(answer)
                except StopIteration as end:
                    found: T = end.value
                    return found
                answer = await self._answer(platform, step, config, now)
        except Failure as failure:
            cleaned = _cleaned(failure, self._secrets(platform, config))
        raise cleaned

    async def bare(self, name: str, request: httpx.Request, config: ChannelConfig) -> httpx.Response:
        """The answer, whatever its status, to a request that goes out as it is: nobody is signed in yet. What is secret
        in it must be in the configuration, or be shown by no error. Raises a Failure."""
        return await self._exchange(name, addressed(request, config), config.timeout)

    async def aclose(self) -> None:
        await self._transport.aclose()

    async def _answer(self, platform: Platform[C], step: Step, config: C, now: datetime) -> httpx.Response:
        """The answer to a step, if its status is one that the conversation goes on with. Raises a Failure."""
        request = addressed(step.request, config)
        auth = self._auth_of(platform, config)
        answer = await self._exchange(platform.name, request, config.timeout, auth, now)
        if answer.status_code in step.also:
            return answer
        failure = platform.classify(answer)
        if isinstance(failure, Unknown) and request.method == "GET":
            # A question changes nothing: whatever became of it, it can be asked again.
            failure = Unreachable(failure.message)
        if failure is not None:
            raise _heeding(failure, answer, now)
        return answer

    def _auth_of(self, platform: Platform[C], config: C) -> Auth | None:
        """The one that holds this lane's token, as long as the configuration is the same."""
        if self._signed_for != (platform.key, config):
            self._signed_for, self._auth = (platform.key, config), platform.auth(config)
            if self._auth is not None:
                self._auth.lead = lambda request: _patient(addressed(request, config), config.timeout)
                self._auth.hand_over = self._hand_over
        return self._auth

    def _secrets(self, platform: Platform[C], config: C) -> tuple[str, ...]:
        return platform.secrets(config) + (self._auth.secrets() if self._auth else ())

    async def _exchange(
        self, name: str, request: httpx.Request, seconds: float, auth: Auth | None = None, now: datetime | None = None
    ) -> httpx.Response:
        """The last answer of the requests that it takes, those for a token among them: no token is a Failure."""
        await _notice_closed_connections()
        try:
            if auth is None:
                return await self._once(_patient(request, seconds), seconds)
            flow = auth.auth_flow(_patient(request, seconds))
            sent = next(flow)
            while True:
                answer = await self._once(sent, seconds)
                try:
                    sent = flow.send(answer)
                except StopIteration:
                    return answer
                except Failure as failure:
                    raise _heeding(failure, answer, now) from None
        except (httpx.RequestError, TimeoutError) as error:
            # A question changes nothing, and while a token is fetched the message has not left.
            changes_nothing = request.method == "GET" or (auth is not None and auth.asks)
            raise _failure(name, error, never_left=changes_nothing) from error

    async def _once(self, request: httpx.Request, seconds: float) -> httpx.Response:
        """The answer with its body. One whose status says no is complete enough without.

        Connecting takes 5 s at most, so when the deadline for the whole strikes, the request has begun to leave.
        """
        answer: httpx.Response | None = None
        try:
            async with asyncio.timeout(CONNECT_SECONDS + seconds):
                answer = await self._transport.handle_async_request(request)
                answer.request = request
                await answer.aread()
                return answer
        except (httpx.RequestError, TimeoutError):
            if answer is None or answer.is_success:
                raise
            return httpx.Response(answer.status_code, headers=answer.headers, request=request)
        finally:
            if answer is not None:
                await answer.aclose()


async def _notice_closed_connections() -> None:
    """Let the loop read what has come in since it last looked.

    If the server has closed the idle connection meanwhile, it is dropped now and the request takes a new one, instead
    of being written into the void. The first round reads the end of the stream, the second acts on it.
    """
    await asyncio.sleep(0)
    await asyncio.sleep(0)


def _patient(request: httpx.Request, seconds: float) -> httpx.Request:
    """The request, with how long it may take. Those that fetch a token need it too: the client gives them none."""
    request.extensions["timeout"] = httpx.Timeout(seconds, connect=CONNECT_SECONDS).as_dict()
    return request


def _heeding(failure: Failure, answer: httpx.Response, now: datetime | None) -> Failure:
    """The failure, and how long its answer asks us to wait where nothing else says so."""
    if isinstance(failure, Unreachable) and failure.retry_after is None and now is not None:
        failure.retry_after = retry_after(answer.headers.get("Retry-After", ""), now)
    return failure


def _receipt(end: StopIteration) -> Receipt:
    """What a conversation returned."""
    found: Receipt = end.value
    return found


def _cleaned(failure: Failure, secrets: tuple[str, ...]) -> Failure:
    """The failure without secrets, and short. In this order: half a secret would not be found any more."""
    return failure.reworded(clip(redact(failure.message, secrets), LONGEST_MESSAGE))


def _failure(name: str, error: httpx.RequestError | TimeoutError, *, never_left: bool) -> Failure:
    told = str(error) if isinstance(error, httpx.TransportError) else ""
    said = f"{name}: {told or 'no whole answer came.'}"
    if never_left or isinstance(error, NEVER_LEFT):
        return Unreachable(said)
    if isinstance(error, NEVER_COULD):
        return Refused(said)
    return Unknown(f"{said} The message may have arrived.")
