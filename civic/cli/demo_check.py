"""The walk of ``civic demo --check``: the whole flow over HTTP and the real commands, counted again apart."""

import asyncio
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import orjson

from civic.kernel.settings import Settings

BALLOT = "attara-2026"
PEOPLE = 40
_WITHIN_S = 20.0
_SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
_EXPECTED = {
    "replay": {"200"},
    "redeliver": {"200"},
    "disorder": {"200"},
    "forged": {"401"},
    "unsigned": {"401"},
    "future": {"200"},
    "unknown": {"200"},
    "malformed": {"200"},
}


class WalkFailed(Exception):
    """A step did not come out as it must."""


class Walk:
    """Lives through one ballot, from the first friend to the installation, and checks every step."""

    def __init__(self, settings: Settings, simulator_url: str, say: Callable[[str], None]) -> None:
        self._settings = settings
        self._simulator = simulator_url
        self._say = say
        self._http: aiohttp.ClientSession | None = None
        self._announced_to = 0

    async def run(self) -> bool:
        """Walk; True when everything held. Says each step as it goes."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as self._http:
            try:
                await self._walk()
            except WalkFailed as failed:
                self._say(f"NG  {failed}")
                return False
        self._say("OK  the whole flow held")
        return True

    async def _walk(self) -> None:
        await self._pages_stand()
        taps = [*await self._people_vote(), await self._vote_in_browser()]
        await self._trouble()
        await self._announce()
        await self._nothing_is_told_before_the_close()
        await self._command("ballot", "close", BALLOT)
        report = await self._final_tally()
        await self._recount(taps, report)
        winner = await self._decide(report)
        await self._install()
        await self._results_are_public(winner)
        await self._announced_once()

    async def _pages_stand(self) -> None:
        for path in ("/readyz", "/demo", f"/b/{BALLOT}", "/p/nishi-shinjuku-2026", "/api/v1/programmes"):
            await self._get(path)
        self._done("pages answer, the ballot is open")

    async def _people_vote(self) -> list[Mapping[str, Any]]:
        report = await self._control("crowd", count=PEOPLE, seed=2023, concurrency=10)
        _hold(report["without_ballot"] == 0, "somebody got no ballot")
        _hold(set(report["webhooks"]) == {"200"}, f"webhook answers {report['webhooks']}")
        taps: list[Mapping[str, Any]] = report["taps"]
        self._done(f"{PEOPLE} residents followed, asked, voted, changed, cancelled: {len(taps)} taps")
        return taps

    async def _vote_in_browser(self) -> Mapping[str, Any]:
        """A newcomer asks for the personal link and sends its form with one choice, as a tap for the recount."""
        [person] = (await self._control("residents", count=1))["residents"]
        await self._control(f"residents/{person['index']}/follow", wait_s=10)
        asked = {"data": f"c=browser&b={BALLOT}&l=ja", "wait_s": 10}
        answer = str((await self._control(f"residents/{person['index']}/tap", **asked))["messages"])
        link = _found(r"(/b/[\w-]+/vote/[\w-]+\?lang=ja)", answer)
        page = await self._get(link)
        choice = _found(r'name="choice"\s+value="([\w-]+)"', page)
        form = {"form": _found(r'name="form" value="(\w+)"', page), "choice": choice, "wish": "choose"}
        await self._post(link, form)
        shown = _found(r'name="shown" value="([\w-]+)"', await self._get(link))
        _hold(shown == choice, f"the page shows {shown} instead of {choice}")
        self._done("a vote in a browser, without any script, by the personal link from the chat")
        return {"timestamp": 0, "event_id": "", "user_id": person["user_id"], "data": f"v=add&p={choice}"}

    async def _trouble(self) -> None:
        """Duplicates, disorder, forgeries, unknown, malformed and future events."""
        found = await self._control("chaos", resident=3)
        for kind, expected in _EXPECTED.items():
            statuses = set(found[kind]["statuses"])
            _hold(statuses == expected, f"{kind}: {statuses}, wanted {expected}")
        for kind in ("unknown", "malformed"):
            _hold(found[kind]["good_answered"], f"the good event between {kind} ones was not answered")
        self._done("duplicates, disorder, forgeries, unknown and broken events changed nothing")

    async def _announce(self) -> None:
        first = orjson.loads(await self._command("ballot", "send", BALLOT, "--json"))
        second = orjson.loads(await self._command("ballot", "send", BALLOT, "--json"))
        _hold(first["recipients"] >= PEOPLE, f"announcement to {first['recipients']} people")
        _hold(first["recipients"] == second["recipients"], "a second send planned something else")
        self._announced_to = first["recipients"]
        await self._eventually(self._all_announced, "the announcement was not delivered")
        self._done(f"the announcement was planned for {first['recipients']} people and sent")

    async def _nothing_is_told_before_the_close(self) -> None:
        await self._command("ballot", "tally", BALLOT, "--json", exit_code=1)
        await self._get(f"/api/v1/ballots/{BALLOT}/results", status=404)
        self._done("no count before the close")

    async def _final_tally(self) -> Mapping[str, Any]:
        await self._eventually(self._sealed, "the ballot was not sealed in time")
        printed = await self._command("ballot", "tally", BALLOT, "--json")
        report: Mapping[str, Any] = orjson.loads(printed)
        _hold(report["status"] in {"final", "tie_pending"}, f"status {report['status']}")
        self._done(f"closed and sealed: {report['status']}, {report['voters']} voters")
        return report

    async def _recount(self, taps: Sequence[Mapping[str, Any]], report: Mapping[str, Any]) -> None:
        approvals, voters, blank = count_again(taps, most=3)
        _hold(report["voters"] == voters, f"{report['voters']} voters, counted again {voters}")
        _hold(report["blank"] == blank, f"{report['blank']} blank, counted again {blank}")
        counted = {proposal: number for proposal, number in report["approvals"].items() if number}
        _hold(counted == dict(approvals), f"{counted}, counted again {dict(approvals)}")
        await self._command("recount", BALLOT)
        self._done("the tally equals an independent recount, and the log its cache")

    async def _decide(self, report: Mapping[str, Any]) -> str:
        ranked = sorted(report["approvals"].items(), key=lambda item: -item[1])
        winner = report["selected"][0]["proposal"] if report["selected"] else ranked[0][0]
        reason = "得票が最も多いため（デモ）"
        await self._command("ballot", "decide", BALLOT, "--select", winner, "--reason", reason)
        self._done(f"decided: {winner}")
        return str(winner)

    async def _install(self) -> None:
        form = {"installation": "1", "status": "installed", "note": "広場に設置しました（デモ）"}
        await self._post(f"/admin/ballots/{BALLOT}/install", form)
        self._done("the installation is reported as installed")

    async def _results_are_public(self, winner: str) -> None:
        page = await self._get(f"/b/{BALLOT}/results")
        results = orjson.loads(await self._get(f"/api/v1/ballots/{BALLOT}/results"))
        _hold(results["ballot"] == BALLOT, "the API tells another ballot's result")
        _hold("広場に設置しました" in page, "the result page does not tell of the installation")
        self._done(f"results are public, with {winner}")

    async def _announced_once(self) -> None:
        counts = await self._announcements()
        _hold(set(counts.values()) == {1}, f"announcements per person: {Counter(counts.values())}")
        _hold(len(counts) == self._announced_to, f"{len(counts)} of {self._announced_to} people heard")
        self._done("everybody heard of the ballot exactly once")

    async def _sealed(self) -> bool:
        ballot = orjson.loads(await self._get(f"/api/v1/ballots/{BALLOT}"))
        return bool(ballot["state"] == "sealed")

    async def _all_announced(self) -> bool:
        accepted = [call for call in await self._multicasts() if call["status"] == 200]
        return sum(int(call["recipients"]) for call in accepted) >= self._announced_to

    async def _announcements(self) -> Mapping[int, int]:
        """How many times each resident got a message of a multicast."""
        multicasts = {call["request_id"] for call in await self._multicasts()}
        state = await self._read_control("state")
        heard: Counter[int] = Counter()
        for resident in state["residents"]:
            chat = await self._read_control(f"residents/{resident['index']}/chat")
            batches = multicasts & {message["batch"] for message in chat["messages"]}
            if batches:
                heard[resident["index"]] = len(batches)
        return heard

    async def _multicasts(self) -> Sequence[Mapping[str, Any]]:
        state = await self._read_control("state")
        return [call for call in state["requests"] if call["path"].endswith("/multicast")]

    async def _command(self, *words: str, exit_code: int = 0) -> bytes:
        """Run a real ``civic`` command on the demo's data."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "civic.cli",
            *words,
            env={**os.environ, **_environment(self._settings)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        name = " ".join(words)
        _hold(process.returncode == exit_code, f"civic {name}: exit {process.returncode}\n{err.decode()}")
        return out

    async def _get(self, path: str, status: int = 200) -> str:
        assert self._http is not None
        async with self._http.get(self._settings.base_url + path) as answer:
            text = await answer.text()
            _hold(answer.status == status, f"GET {path}: {answer.status}, wanted {status}")
            return text

    async def _post(self, path: str, form: Mapping[str, str]) -> None:
        assert self._http is not None
        url = self._settings.base_url + path
        async with self._http.post(url, data=form, headers=_SAME_ORIGIN, allow_redirects=False) as answer:
            _hold(answer.status == 303, f"POST {path}: {answer.status}\n{await answer.text()}")

    async def _control(self, path: str, **body: object) -> Any:
        assert self._http is not None
        async with self._http.post(f"{self._simulator}/control/{path}", json=body) as answer:
            _hold(answer.status == 200, f"simulator {path}: {answer.status}")
            return await answer.json()

    async def _read_control(self, path: str) -> Any:
        assert self._http is not None
        async with self._http.get(f"{self._simulator}/control/{path}") as answer:
            _hold(answer.status == 200, f"simulator {path}: {answer.status}")
            return await answer.json()

    async def _eventually(self, holds: Callable[[], Any], otherwise: str) -> None:
        for _ in range(int(_WITHIN_S * 2)):
            if await holds():
                return
            await asyncio.sleep(0.5)
        raise WalkFailed(otherwise)

    def _done(self, step: str) -> None:
        self._say(f"ok  {step}")


def count_again(taps: Sequence[Mapping[str, Any]], most: int) -> tuple[Counter[str], int, int]:
    """The votes from what the phones did alone, by the rule as residents are told it: (approvals, voters, blank).

    Written apart from the product's fold on purpose.
    """
    chosen: dict[str, list[str]] = {}
    none: set[str] = set()
    for tap in sorted(taps, key=lambda tap: (tap["timestamp"], tap["event_id"])):
        button = {name: values[0] for name, values in parse_qs(tap["data"]).items()}
        person, mine = tap["user_id"], chosen.setdefault(tap["user_id"], [])
        verb, proposal = button.get("v"), button.get("p", "")
        if verb in {"add", "remove"} and proposal in mine:
            mine.remove(proposal)
        if verb == "add":
            mine.append(proposal)
            del mine[:-most]
            none.discard(person)
        if verb in {"none", "withdraw"}:
            mine.clear()
            (none.add if verb == "none" else none.discard)(person)
    approvals = Counter(proposal for mine in chosen.values() for proposal in mine)
    people = {person for person, mine in chosen.items() if mine}
    return approvals, len(people | none), len(none)


def _found(pattern: str, text: str) -> str:
    """The part of a text that a pattern wants."""
    match = re.search(pattern, text)
    if match is None:
        raise WalkFailed(f"nothing like {pattern} was found")
    return match[1]


def _hold(holds: bool, otherwise: str) -> None:
    if not holds:
        raise WalkFailed(otherwise)


def _environment(settings: Settings) -> dict[str, str]:
    """The demo's settings as variables for a command."""
    token = settings.line_channel_access_token
    return {
        "CIVIC_MODE": "demo",
        "CIVIC_DATA_DIR": str(settings.data_dir),
        "CIVIC_KEYS_DIR": str(settings.resolved_keys_dir),
        "CIVIC_DATABASE_URL": settings.resolved_database_url,
        "CIVIC_BASE_URL": settings.base_url,
        "CIVIC_LINE_API_URL": settings.line_api_url,
        "CIVIC_LINE_CHANNEL_ACCESS_TOKEN": token.get_secret_value() if token else "",
    }
