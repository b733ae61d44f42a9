"""Carousels as bytes, built once for a ballot, language, rotation and page: nothing personal is in them."""

import hmac
from collections import OrderedDict

import orjson

from webhooks.line.messages import ballot_carousels
from webhooks.line.questions import Question

ROTATIONS = 12
_MOST = 512


def rotation_of(ballot_key: bytes, voter: bytes) -> int:
    """Where a voter's cards start, 0-11: HMAC(ballot key, voter) mod 12, the same at every look."""
    return int.from_bytes(hmac.digest(ballot_key, b"rotation:" + voter, "sha256"), "big") % ROTATIONS


class Carousels:
    """A small store of built replies; when a notice changes a ballot, its new version is built."""

    def __init__(self) -> None:
        self._built: OrderedDict[tuple[tuple[str, int], str, int, int], bytes] = OrderedDict()

    def get(self, question: Question, lang: str, rotation: int, page: int) -> bytes:
        """The messages of a reply as JSON."""
        key = (question.version, lang, rotation, page)
        if key not in self._built:
            self._built[key] = orjson.dumps(ballot_carousels(question.view, lang, rotation, page))
            if len(self._built) > _MOST:
                self._built.popitem(last=False)
        return self._built[key]
