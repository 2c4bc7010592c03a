"""Renewed secrets are kept before a command ends, however long the keyring takes."""

from __future__ import annotations

import asyncio
import threading

from dispatchwatch.app.renewals import Renewals
from dispatchwatch.app.settling import Channel
from dispatchwatch.dispatch.platforms.outlook import Outlook
from tests.dispatch.samples import NOW, notification
from tests.dispatch.samples_outlook import delegated_config
from tests.fakes.keyring import MemoryKeyring
from tests.fakes.receiver import Answer, Receiver


class Slow(MemoryKeyring):
    """Takes something in once it may: some wait until their owner has unlocked them."""

    def __init__(self) -> None:
        super().__init__()
        self.unlocked = threading.Event()

    def set_password(self, service: str, username: str, password: str) -> None:
        assert self.unlocked.wait(20)
        super().set_password(service, username, password)


def test_it_ends_as_soon_as_everything_is_kept() -> None:
    keyring, said = Slow(), list[str]()

    async def command(url: str) -> None:
        channel = Channel("mail", Outlook(), delegated_config(url), in_keyring=frozenset({"refresh_token"}))
        async with Renewals(lambda: keyring, lambda _, text: said.append(text)) as renewals:
            sender = renewals.sender(channel)
            await sender.send(channel.platform, notification(), channel.config, None, NOW)
            await sender.aclose()
            asyncio.get_running_loop().call_soon(keyring.unlocked.set)
        assert keyring.get_password("DispatchWatch", "mail.refresh_token") == "the-new-one"

    with Receiver() as receiver:
        receiver.script("*", Answer(202, body={"access_token": "x", "refresh_token": "the-new-one"}))
        asyncio.run(command(receiver.url))
    assert said == []
