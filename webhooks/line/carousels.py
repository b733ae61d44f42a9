"""Carousels as bytes, built once for a ballot, language, rotation and page: nothing personal is in them."""

from collections import OrderedDict

import orjson

from webhooks.line.messages import ballot_carousels
from webhooks.line.questions import Question, Version

_MOST = 512


class Carousels:
    """A small store of built replies; when a notice changes a ballot, its new version is built."""

    def __init__(self) -> None:
        self._built: OrderedDict[tuple[Version, str, int, int], bytes] = OrderedDict()

    def get(self, question: Question, lang: str, rotation: int, page: int) -> bytes:
        """The messages of a reply as JSON."""
        key = (question.version, lang, rotation, page)
        if key not in self._built:
            self._built[key] = orjson.dumps(ballot_carousels(question.view, lang, rotation, page))
            if len(self._built) > _MOST:
                self._built.popitem(last=False)
        return self._built[key]
