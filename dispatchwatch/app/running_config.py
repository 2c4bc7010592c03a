"""`[network]`, `[heartbeat]` and `[self_audit]`: how requests leave the office, and who watches the watch."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, SecretStr

from dispatchwatch.app.filters import Part, said
from dispatchwatch.dispatch.fields import check_proxy, is_loopback, parsed
from dispatchwatch.intake.fields import Interval
from dispatchwatch.intake.secret import Secret, SecretAddress


def _proxy(value: SecretStr) -> SecretStr:
    check_proxy(value.get_secret_value())
    return value


def _heard_at(value: SecretStr) -> SecretStr:
    url = parsed(value.get_secret_value())
    if url is None or not url.host or not (url.scheme == "https" or (url.scheme == "http" and is_loopback(url.host))):
        raise ValueError("it is the https:// address that the dead man’s switch gave you")
    return value


class NetworkConfig(Part):
    """How everything leaves the office: channels, feeds, the check-in bot and the heartbeat.

    `proxy` leads to everything but this computer itself; `ca_file` holds certificates that count besides those that
    everybody trusts, for instance those of a proxy that looks into what passes. TLS is verified in any case, and the
    computer's own proxy settings do not count.
    """

    proxy: Annotated[SecretAddress, AfterValidator(_proxy)] | None = said(
        "Proxy", "The http:// address of the proxy that everything leaves the office by.", None
    )
    ca_file: str = said(
        "Certificates", "A file of certificates that count besides those everybody trusts.", "", kind="path"
    )


class HeartbeatConfig(Part):
    """A dead man’s switch: `url` is called at every interval while the program really works, so that somebody hears of
    it where it does not. The address is a secret, as whoever has it can keep the switch quiet."""

    url: Annotated[Secret, AfterValidator(_heard_at)] = said(
        "Address", "The https:// address that the dead man’s switch gave you."
    )
    every: Interval = said("Every", "How often it is called while the program works.", timedelta(minutes=1))
    method: Literal["GET", "POST"] = said("Method", "How the address is called; GET unless the switch says so.", "GET")


class SelfAuditConfig(Part):
    """How often the program checks itself against its own record; `enabled = false` leaves that out."""

    every: Interval = said("Every", "How often the program checks its own record.", timedelta(hours=1))
    enabled: bool = said("Check itself", "Off: the program does not check its own record.", default=True)
