"""What holds for every address at once: no hint of a count, nothing changed by GET, the headers."""

import re
from collections.abc import Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
import sqlalchemy as sa
from support.addresses import addresses
from support.site import Site, site_of
from support.tiny_programme import BALLOT, PROGRAMME

from civic.kernel.i18n import EASY_JAPANESE, LANGUAGES, STAFF_LANGUAGES, html_lang

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; {images}; {frames}form-action 'self'; "
    "base-uri 'none'; frame-ancestors {framed}"
)
ONLY_OURS = "img-src 'self'; connect-src 'self'"
WITH_3D = "img-src 'self' data: blob:; connect-src 'self' blob:; worker-src 'self'"
NO_RECEIPT = "0000-0000-0000-0000"
NO_CODE = "0000000012"
FILES = (".json", ".csv", ".pb", ".xlsx", ".pdf")
VOID = {"area", "base", "br", "hr", "img", "input", "link", "meta"}
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uff00-\uff60]+")
# What stays Japanese on an English page: the service's own words, and what people wrote in Japanese only.
JAPANESE_NAMES = (
    "あったらいいな運営事務局",
    "受付番号",
    "やさしい日本語",
    "日本語",
    "見本の町",
    "ためしの理由",
    "許可が出ました",
)


def paths(site: Site, model: str, receipt: str = NO_RECEIPT) -> list[str]:
    values = {
        "programme": PROGRAMME,
        "proposal": "bench",
        "placement": "1",
        "ballot": BALLOT,
        "receipt": receipt,
        "code": NO_CODE,
        "sha256": model,
        "what": "announcement",
        "token": "unknown",
        "rest": "nowhere",
    }
    found = addresses(site.app, values)
    return [path + (f"?programme={PROGRAMME}" if path.endswith(".geojson") else "") for path in found]


async def model_of(site: Site) -> str:
    page = await site.get(f"/p/{PROGRAMME}/bench")
    return re.search(r"/files/models/([0-9a-f]{64})\.glb", page.text)[1]


async def everything(site: Site, *, with_paper: bool = True) -> dict[str, str]:
    """All answers in both languages; the headers that could tell something too. A PDF takes seconds to make."""
    model = await model_of(site)
    answers = {}
    for path in paths(site, model):
        if path.endswith(".pdf") and not with_paper:
            continue
        for lang in ("ja", "en"):
            answer = await site.get(path, lang)
            length = answer.headers.get("content-length")
            answers[f"{path} {lang}"] = f"{answer.status} {length} {answer.text}"
    return answers


@asynccontextmanager
async def voted_world(folder: Path, favourite: str, *others: str):
    """A site where 40 people approved one proposal, and 3 each of the others; 40 voters in any case."""
    async with site_of(folder) as site:
        await site.open_ballot()
        everybody = [(f"U{person}", favourite) for person in range(40)]
        await site.vote_all(everybody + [(f"U{person}", other) for person in range(3) for other in others])
        yield site


@pytest.mark.parametrize("state", ["open", "closed"])
async def test_no_answer_depends_on_what_people_voted_for_before_the_sealing(tmp_path, state):
    worlds = []
    for folder, favourite, *others in (("one", "bench", "tree", "stage"), ("two", "stage", "tree", "bench")):
        async with voted_world(tmp_path / folder, favourite, *others) as site:
            if state == "closed":
                await site.close()
            worlds.append(await everything(site))
    assert worlds[0] == worlds[1]
    assert any("40" in text for text in worlds[0].values()), "turnout may be seen"


async def test_after_the_sealing_the_results_do_depend_on_it(tmp_path):
    """The test above could not fail if nothing ever did."""
    differing = []
    for folder, favourite, *others in (("one", "bench", "tree", "stage"), ("two", "stage", "tree", "bench")):
        async with voted_world(tmp_path / folder, favourite, *others) as site:
            await site.seal()
            differing.append(await everything(site, with_paper=False))
    changed = {path for path in differing[0] if differing[0][path] != differing[1][path]}
    results = {f"/b/{BALLOT}/results", f"/api/v1/ballots/{BALLOT}/results", f"/admin/ballots/{BALLOT}", "/"}
    staff = ("tally", "tally/print", "decision", "decision/print", *(f"tally{ending}" for ending in FILES[:-1]))
    results |= {f"/admin/ballots/{BALLOT}/{page}" for page in staff}
    results |= {f"/b/{BALLOT}/results{ending}" for ending in FILES[:3]}
    assert {path.split()[0] for path in changed} == results | {"/admin/audit"}  # the trail holds the hash


def rows_of(site: Site) -> dict[str, list[tuple]]:
    engine = sa.create_engine(site.context.settings.resolved_database_url.replace("+aiosqlite", ""))
    tables = sa.MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        rows = {
            name: sorted(map(tuple, connection.execute(sa.select(table))), key=repr)
            for name, table in tables.tables.items()
        }
    engine.dispose()
    return rows


async def test_get_changes_nothing(voted_site):
    [receipt] = await voted_site.vote("U9", "tree")
    model = await model_of(voted_site)
    before = rows_of(voted_site)
    assert len(before["vote_log"]) == 7
    for method in ("GET", "HEAD"):
        for path in [*paths(voted_site, model, receipt), f"/admin/ballots/{BALLOT}/close"]:
            await voted_site.ask(method, path)
    assert rows_of(voted_site) == before


def policy_of(path: str, is_page: bool) -> str:
    """The demo stands in frames of our own, so its pages may be framed; 3D and frames only where they are."""
    has_frames = path == "/demo" or re.search("/send/[a-z_0-9-]+$", path)
    return CSP.format(
        images=WITH_3D if path == f"/p/{PROGRAMME}/bench" else ONLY_OURS,
        frames="frame-src 'self'; " if has_frames else "",
        framed="'self'" if is_page else "'none'",
    )


async def test_every_answer_has_the_headers(voted_site):
    model = await model_of(voted_site)
    for path in [*paths(voted_site, model), "/nowhere", "/static/civic.css", "/static/none", "/api/v1/none"]:
        answer = await voted_site.get(path)
        expected = policy_of(path, "text/html" in answer.headers.get("content-type", ""))
        if answer.status == 200 and path.endswith((".glb", ".jpg")):
            expected = "default-src 'none'; sandbox"
        assert answer.headers["content-security-policy"] == expected, path
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert answer.headers["referrer-policy"] == "no-referrer", path
        assert answer.headers["cross-origin-opener-policy"] == "same-origin", path
        assert "camera=()" in answer.headers["permissions-policy"], path
        private = path.startswith(("/admin", "/c", "/r", f"/b/{BALLOT}/vote/"))
        assert (answer.headers.get("cache-control") == "no-store") == private, path


class Outline(HTMLParser):
    """Fails on tags that do not nest; collects ids, labels, headings and text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.wanted_ids: set[str] = set()
        self.controls: set[str] = set()
        self.headings: list[int] = []
        self.text: list[str] = []
        self.links: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        assert len(known) == len(attrs), f"an attribute twice in {tag}"
        self.inline += [name for name in known if name == "style" or name.startswith("on")]
        self.ids += [known["id"]] if "id" in known else []
        self.wanted_ids |= {known[name] for name in ("for", "aria-labelledby") if name in known}
        self.links += [known["href"]] if tag == "a" else []
        labelled = tag in {"input", "select", "textarea"} and known.get("type") != "hidden"
        if labelled and "label" not in self.open:
            self.controls.add(known["id"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open, f"</{tag}> closes nothing"
            assert self.open.pop() == tag, f"</{tag}> closes another tag"

    def handle_data(self, data):
        if "style" in self.open or "script" in self.open:
            raise AssertionError("no inline style or script")
        if "textarea" not in self.open:  # what a person wrote, not what the page says
            self.text.append(data)


def outline(text: str) -> Outline:
    found = Outline()
    found.feed(text)
    found.close()
    return found


def languages_of(path: str) -> tuple[str, ...]:
    return STAFF_LANGUAGES if path.startswith("/admin") else LANGUAGES


async def pages_of_every_state(site: Site, check: Callable[[str, str, str], None]) -> None:
    """Each page in each language, from before the opening to the installation."""
    model = await model_of(site)

    async def look(receipt: str = NO_RECEIPT) -> None:
        for path in [*paths(site, model, receipt), "/r?code=short", "/nowhere"]:
            if path.startswith(("/api", "/files", "/admin/files", "/openapi")) or path.endswith(
                ("/turnout", "/live", "/letter", ".css", *FILES)
            ):
                continue  # no pages; a part of a page is tested with it
            for lang in languages_of(path):
                answer = await site.get(path, lang)
                none = "nowhere" in path or NO_RECEIPT in path or path.endswith(("/unknown", NO_CODE))
                found = 422 if path.endswith("short") else 404 if none else 200
                assert answer.status == found, path
                assert answer.headers["content-language"] == html_lang(lang)
                check(path, lang, answer.text)

    reason = {"reason": "ためしの理由"}
    await look()
    await site.post(f"/admin/ballots/{BALLOT}/open")
    [receipt] = await site.vote("U1", "bench")
    [other] = await site.vote("U2", "tree")
    await site.post(f"/admin/ballots/{BALLOT}/withdraw", {"proposal": "stage", **reason})
    await site.post(f"/admin/ballots/{BALLOT}/extend", {"closes_at": "2026-10-16T00:00", **reason})
    await look(receipt)
    site.clock.pass_by(timedelta(minutes=1))
    await site.close()
    await look(other)
    await site.vote("U3", "tree")
    site.clock.pass_by(timedelta(minutes=5))
    await site.seal_only()
    await look()
    decided = await site.post(f"/admin/ballots/{BALLOT}/decision", {"proposals": "bench", **reason})
    assert decided.status == 303
    fields = {"installation": "1", "status": "permit", "note": "許可が出ました"}
    assert (await site.post(f"/admin/ballots/{BALLOT}/install", fields)).status == 303
    await look()


def well_formed(path: str, lang: str, text: str) -> None:
    found = outline(text)
    assert found.open == [], path
    assert found.inline == [], f"{path}: the CSP would refuse it"
    assert len(found.ids) == len(set(found.ids)), path
    assert found.wanted_ids <= set(found.ids), path
    assert found.controls <= found.wanted_ids, f"{path}: a field without a label"
    assert found.headings.count(1) == 1, path
    steps = zip(found.headings, found.headings[1:], strict=False)
    assert all(after <= before + 1 for before, after in steps), f"{path}: a heading level is left out"
    assert f'<html lang="{html_lang(lang)}">' in text


def speaks_one_language(path: str, lang: str, text: str) -> None:
    words = " ".join(outline(text).text)
    if lang != "en":
        assert JAPANESE.search(words)
        assert ("<ruby>投票<rp>（</rp><rt>とうひょう</rt>" in text) == (lang == EASY_JAPANESE), path
        return
    if path.endswith("/posters"):
        return  # they hang where people of every language come by
    for name in JAPANESE_NAMES:
        words = words.replace(name, "")
    assert JAPANESE.findall(words) == [], path


def leads_to_own_pages_only(path: str, lang: str, text: str) -> None:
    links = outline(text).links
    assert all(re.match(r"#|/(?!/)", link) for link in links), path
    kept = [link for link in links if not link.startswith(("#", "/files"))]
    on_paper = path.endswith("/print")  # a page for paper has no switch
    others = [f"?lang={other}" for other in languages_of(path) if other != lang and not on_paper]
    switches = [link for link in kept if link.endswith(tuple(others))]
    assert len(switches) == len(others) == len(set(switches)), f"{path}: the switch"
    others_kept = [link for link in kept if link not in switches]
    assert all(link.endswith((f"?lang={lang}", f"&lang={lang}")) for link in others_kept), f"{path}: language lost"


async def test_every_page_in_every_state_is_well_formed_and_speaks_one_language(site):
    def check(path: str, lang: str, text: str) -> None:
        well_formed(path, lang, text)
        speaks_one_language(path, lang, text)
        leads_to_own_pages_only(path, lang, text)

    await pages_of_every_state(site, check)
