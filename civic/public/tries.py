"""How often codes may be guessed: a few wrong ones from an address, and not too many from everywhere together.

Kept in the memory of the process, for minutes, and nowhere else. A code has 45 random bits: at the pace that is
left, finding one of 20,000 cards takes half a century.
"""

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

from starlette.requests import Request

from civic.kernel.errors import CivicError

MOST_ADDRESSES = 10_000
_EVERYWHERE = ""


class TooManyTries(CivicError):
    """Too many wrong codes for now."""

    status = 429


@dataclass
class Budget:
    """Wrong tries that may be used up, and how many come back a second. The oldest names are forgotten first."""

    most: float
    per_s: float
    _used: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def spend(self, name: str, now_s: float) -> bool:
        """Use up one try of a name; False, using none, when there is none left."""
        used = self._used_by(name, now_s)
        if used + 1 > self.most:
            return False
        self._keep(name, used + 1, now_s)
        return True

    def give_back(self, name: str, now_s: float) -> None:
        """The try was a right one after all."""
        self._keep(name, max(0.0, self._used_by(name, now_s) - 1), now_s)

    def _used_by(self, name: str, now_s: float) -> float:
        used, at_s = self._used.get(name, (0.0, now_s))
        return max(0.0, used - max(0.0, now_s - at_s) * self.per_s)

    def _keep(self, name: str, used: float, now_s: float) -> None:
        self._used[name] = used, now_s
        self._used.move_to_end(name)
        if len(self._used) > MOST_ADDRESSES:
            self._used.popitem(last=False)


class Tries:
    """The budgets of one process. A whole room behind one address can mistype; nobody can search."""

    def __init__(self) -> None:
        self._by_address = Budget(most=30, per_s=1 / 10)
        self._everywhere = Budget(most=300, per_s=1)

    def begin(self, address: str, now: datetime) -> None:
        """Before a code is looked up; TooManyTries when there were too many wrong ones."""
        now_s = now.timestamp()
        if not self._by_address.spend(address, now_s):
            raise _too_many()
        if not self._everywhere.spend(_EVERYWHERE, now_s):
            self._by_address.give_back(address, now_s)
            raise _too_many()

    def was_right(self, address: str, now: datetime) -> None:
        """The code was one of ours: it does not count."""
        self._by_address.give_back(address, now.timestamp())
        self._everywhere.give_back(_EVERYWHERE, now.timestamp())


def address_of(request: Request) -> str:
    """Where a request comes from, an IPv6 address by its network of 64 bits.

    Behind a proxy on this machine or in our own network, it is what the proxy itself saw.
    """
    address = _parsed(request.client.host if request.client else "")
    if address is not None and address.is_private:
        forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        address = _parsed(forwarded) or address
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _too_many() -> TooManyTries:
    return TooManyTries(
        "too_many_tries",
        "まちがったコードが続いたので、しばらく受け付けません。数分待ってから、カードを見てもう一度入れてください。",
    )
