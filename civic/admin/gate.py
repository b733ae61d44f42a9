"""Who may see staff pages: in demo mode, somebody at this machine; nobody else until there are accounts."""

import ipaddress
from urllib.parse import urlsplit

from starlette.requests import Request

from civic.kernel.errors import NotFound
from civic.kernel.settings import Settings


def require_local_demo(request: Request, settings: Settings) -> None:
    """NotFound unless this is demo mode, asked from this machine and under a name of this machine.

    The name matters: a web site can point its own host name at 127.0.0.1 and would then count as the same origin.
    """
    here = request.client is not None and is_loopback(request.client.host)
    named = host_of(f"//{request.headers.get('host', '')}")
    known = named in {"localhost", host_of(settings.base_url)} or is_loopback(named)
    if settings.mode != "demo" or not here or not known:
        raise NotFound(
            "staff_accounts_missing",
            "職員のアカウントは、まだつくられていません。"
            "職員の画面は、デモ（civic demo）を動かしているパソコンの中からだけ開けます。",
        )


def is_loopback(host: str) -> bool:
    """Whether a numeric address is this machine's own."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def host_of(url: str) -> str:
    """The host of a URL in lower case; empty when there is none or it cannot be read."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
