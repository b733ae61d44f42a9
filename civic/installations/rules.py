"""The order in which an installation comes to be. Pure; no session, no clock."""

from collections.abc import Collection, Iterable, Mapping

from civic.installations.tables import Installation
from civic.kernel.errors import Conflict

_FORWARD: Mapping[str, tuple[str, ...]] = {
    "adopted": ("permit", "making", "installed"),
    "permit": ("making", "installed"),
    "making": ("installed",),
    "installed": ("evaluated", "removed"),
    "evaluated": ("removed",),
    "removed": ("evaluated",),
}
"""What may follow. Permits and making can be left out: not every place needs a permit, not every thing is made."""

_BACK: Mapping[str, str] = {
    "permit": "adopted",
    "making": "permit",
    "installed": "making",
    "evaluated": "installed",
    "removed": "installed",
}
"""One step back, for a permit that lapsed or a report that was wrong; every step stays in the record."""

IN_USE = frozenset({"installed", "evaluated"})
"""The statuses in which people can have tried what stands there."""


def next_statuses(present: str) -> tuple[str, ...]:
    """What may be reported now: what may follow, the same again with another note, one step back."""
    back = (_BACK[present],) if present in _BACK else ()
    return (*_FORWARD[present], present, *back)


def require_step(present: str, wanted: str) -> None:
    """Conflict unless an installation may go from one status to the other."""
    if wanted not in next_statuses(present):
        raise Conflict(
            "installation_order",
            "設置は、採用・許可・製作・設置・ふりかえりや撤去の順に進みます。許可と製作は飛ばせます。"
            "戻せるのは一つ前だけです。順に合う状態を選んでください。",
        )


def require_kept(installations: Iterable[Installation], decided: Collection[tuple[str, str]]) -> None:
    """Conflict when a decision no longer names what has gone further than being adopted."""
    for installation in installations:
        if installation.status != "adopted" and installation.place not in decided:
            raise Conflict(
                "installation_begun",
                "「{proposal}」（場所：{site}）は、もう設置に向けて動いているので、決定から外せません。まだ置いていない"
                "ときは、先に「設置のようす」を「採用が決まりました」まで戻してください。",
                proposal=installation.proposal,
                site=installation.site,
            )


def told_as(installation_id: int, status: str) -> str:
    """What a message about this status is known by, so that friends hear of each status once."""
    return f"{installation_id}:{status}"
