"""Voting in a browser by the personal link: the form as a browser without scripts sends it, and what it shows."""

import re
from dataclasses import dataclass
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from support.site import Site, site_of
from support.tiny_programme import BALLOT, PROPOSALS

from civic.kernel.clock import to_ms
from civic.kernel.db import clean_text
from civic.kernel.security import pseudonym
from civic.votes.links import VALID_FOR, PersonalLink, link_path
from tests.civic.public.test_hostile_texts import HOSTILE, OWN, escaped, loaded
from tests.civic.web.test_every_route import leads_to_own_pages_only, speaks_one_language, well_formed

ALICE = "U0123456789abcdef0123456789abcdef"


class VoteForm(HTMLParser):
    """The controls of the form, in the order in which a browser sends them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.action = ""
        self.hidden: list[tuple[str, str]] = []
        self.options: list[str] = []
        self.ticked: list[str] = []
        self.wishes: list[str] = []
        self.kind = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        if tag == "form":
            assert known["method"] == "post"
            self.action = known["action"]
        elif tag == "button":
            self.wishes.append(known["value"])
        elif tag == "input" and known["type"] == "hidden":
            self.hidden.append((known["name"], known["value"]))
        elif tag == "input":
            self.kind = known["type"]
            self.options.append(known["value"])
            self.ticked += [known["value"]] if "checked" in known else []

    def fields(self, ticked=None, wish="choose"):
        """What a browser sends: the ticks in the order of the page."""
        ticked = self.ticked if ticked is None else ticked
        return [*self.hidden, *(("choice", one) for one in self.options if one in ticked), ("wish", wish)]


@dataclass
class Visitor:
    """Somebody with a browser and a personal link; follows the answer to a form as a browser does."""

    site: Site
    path: str
    lang: str = "ja"

    async def look(self):
        self.page = await self.site.get(self.path, self.lang)
        return self.page

    async def form(self) -> VoteForm:
        return VoteForm((await self.look()).text)

    async def send(self, ticked=None, wish="choose", form=None):
        form = form or await self.form()
        answer = await self.site.post(form.action, form.fields(ticked, wish))
        if answer.status == 303:
            assert answer.headers["location"].startswith(self.path)
            answer = await self.site.get(answer.headers["location"])
        self.page = answer
        return answer


def visitor(site: Site, account: str = ALICE, lang: str = "ja", slug: str = BALLOT) -> Visitor:
    voter = pseudonym(site.context.keys.get(slug), "line", account)
    path = link_path(site.context.vault, slug, PersonalLink.from_now(voter, site.clock()))
    return Visitor(site, path, lang)


def said(answer) -> str:
    """The text of a page on one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def own_vote(answer) -> str:
    return re.search(r'id="own".*?</section>', answer.text, re.S)[0]


async def rows(site: Site) -> list[tuple]:
    async with site.context.database.engine.connect() as connection:
        found = await connection.exec_driver_sql(
            "select op, choices, channel from vote_log order by at_ms, event_id"
        )
        return [tuple(row) for row in found]


async def test_a_vote_in_a_browser_from_the_form_to_the_receipt(both_site):
    await both_site.open_ballot()
    alice = visitor(both_site)
    form = await alice.form()
    assert (alice.page.status, form.kind, form.ticked) == (200, "checkbox", [])
    assert sorted(form.options) == sorted(PROPOSALS)
    assert form.wishes[0] == "choose", "the Enter key presses the first button"
    answer = await alice.send(["bench", "tree"], form=form)
    assert answer.status == 200
    assert "受け付けました" in answer.text
    codes = re.findall(r'href="/r/([0-9A-Z-]{19})\?lang=ja"', answer.text)
    assert len(set(codes)) == 2
    for code in codes:
        receipt = await both_site.get(f"/r/{code}")
        assert receipt.status == 200
        assert "木のベンチ" not in receipt.text
    assert {row[2] for row in await rows(both_site)} == {"web"}
    again = await alice.form()
    assert sorted(again.ticked) == ["bench", "tree"]
    assert [value for name, value in again.hidden if name == "shown"] == [
        o for o in form.options if o in again.ticked
    ]


async def test_the_page_and_the_chat_show_one_vote(both_site):
    await both_site.open_ballot()
    await both_site.vote(ALICE, "bench")
    alice = visitor(both_site)
    assert (await alice.form()).ticked == ["bench"]
    both_site.clock.pass_by(timedelta(seconds=1))
    await alice.send(["stage"])
    await both_site.vote(ALICE, "tree")
    assert "小さな舞台" in own_vote(await alice.look())
    assert "大きな木" in own_vote(alice.page)
    assert "木のベンチ" not in own_vote(alice.page)


async def test_a_doubled_form_is_one_vote_with_the_same_receipt(open_site):
    alice = visitor(open_site)
    form = await alice.form()
    first, second = await alice.send(["bench"], form=form), await alice.send(["bench"], form=form)
    assert len(await rows(open_site)) == 1
    code = re.compile(r"<code>([0-9A-Z-]{19})</code>")
    assert code.findall(first.text) == code.findall(second.text) != []


async def test_nothing_changed_is_said_and_nothing_recorded(open_site):
    alice = visitor(open_site, lang="en")
    await alice.send(["bench"])
    answer = await alice.send(["bench"])
    assert "Nothing was different" in answer.text
    assert len(await rows(open_site)) == 1


async def test_too_many_ticks_keep_what_was_ticked_and_say_what_to_do(open_site):
    alice = visitor(open_site, lang="en")
    await alice.send(["tree"])
    answer = await alice.send(["bench", "tree", "stage"])
    assert answer.status == 422
    assert "You chose 3 proposals, but at most 2 can be chosen. Untick 1" in said(answer)
    alert = re.search(r'<div[^>]*role="alert".*?</div>', answer.text, re.S)[0]
    assert "autofocus" in alert
    target = re.search(r'href="#([\w-]+)"', alert)[1]
    assert f'id="{target}"' in answer.text
    kept = VoteForm(answer.text)
    assert sorted(kept.ticked) == sorted(PROPOSALS)
    assert "Big tree" in own_vote(answer)
    assert "Wooden bench" not in own_vote(answer)
    assert len(await rows(open_site)) == 1
    mended = await alice.send(["bench", "stage"], form=kept)
    assert "Received" in mended.text
    assert sorted(VoteForm(mended.text).ticked) == ["bench", "stage"]


async def test_an_empty_form_of_somebody_without_a_vote_is_asked_back(open_site):
    alice = visitor(open_site)
    answer = await alice.send([])
    assert answer.status == 422
    assert "案がひとつも選ばれていません" in answer.text
    assert await rows(open_site) == []


async def test_none_of_these_and_withdrawing(open_site):
    alice = visitor(open_site, lang="en")
    form = await alice.form()
    assert "withdraw" not in form.wishes
    answer = await alice.send(["bench"], wish="none", form=form)
    assert "None of these" in own_vote(answer)
    answer = await alice.send(wish="withdraw")
    assert "You have no vote in." in own_vote(answer)
    assert [row[0] for row in await rows(open_site)] == ["none", "withdraw"]


async def test_a_vote_changed_meanwhile_is_shown_as_it_came_out(open_site):
    alice = visitor(open_site, lang="en")
    form = await alice.form()
    await open_site.vote(ALICE, "stage")
    open_site.clock.pass_by(timedelta(seconds=1))
    answer = await alice.send(["bench"], form=form)
    assert "Received" in answer.text
    assert "Meanwhile your vote was also changed" in answer.text
    assert "Small stage" in own_vote(answer)
    assert "Wooden bench" in own_vote(answer)


async def test_one_choice_is_asked_for_with_radio_buttons(tmp_path):
    async with site_of(tmp_path, max_approvals=1) as site:
        await site.open_ballot()
        alice = visitor(site)
        form = await alice.form()
        assert form.kind == "radio"
        await alice.send(["bench"], form=form)
        assert (await alice.send(["stage"])).status == 200
        assert (await alice.form()).ticked == ["stage"]


async def test_voters_see_different_orders_and_each_the_same_one(open_site):
    orders = {}
    for number in range(30):
        someone = visitor(open_site, f"U{number}")
        orders[number] = tuple((await someone.form()).options)
        assert tuple((await someone.form()).options) == orders[number]
    assert len(set(orders.values())) == 3


async def test_a_withdrawn_option_cannot_be_ticked_any_more(open_site):
    alice = visitor(open_site)
    old = await alice.form()
    await open_site.post(f"/admin/ballots/{BALLOT}/withdraw", {"proposal": "tree", "reason": "工事"})
    open_site.clock.pass_by(timedelta(seconds=1))
    answer = await alice.send(["bench", "tree"], form=old)
    assert answer.status == 422
    kept = VoteForm(answer.text)
    assert sorted(kept.options) == ["bench", "stage"]
    assert kept.ticked == ["bench"]
    assert await rows(open_site) == []


@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_after_the_close_the_form_is_gone_and_the_vote_stays(open_site, lang):
    alice = visitor(open_site, lang=lang)
    await alice.send(["bench"])
    form = await alice.form()
    await open_site.close()
    answer = await alice.send(["stage"], form=form)
    assert answer.status == 410
    assert {"ja": "送った内容は記録していません", "en": "What you sent was not recorded"}[lang] in answer.text
    assert {"ja": "木のベンチ", "en": "Wooden bench"}[lang] in own_vote(answer)
    assert "<form" not in answer.text
    page = await alice.look()
    assert page.status == 410
    assert f"/b/{BALLOT}?lang={lang}" in page.text
    assert len(await rows(open_site)) == 1


async def test_the_link_ends_after_its_hour(open_site):
    alice = visitor(open_site, lang="en")
    form = await alice.form()
    open_site.clock.pass_by(VALID_FOR - timedelta(seconds=1))
    assert (await alice.look()).status == 200
    open_site.clock.pass_by(timedelta(seconds=1))
    for answer in (await alice.look(), await open_site.post(form.action, form.fields(["bench"]))):
        assert answer.status == 410
        assert "tap “Vote in a browser” for a new link" in answer.text
    assert await rows(open_site) == []


async def test_a_link_that_was_changed_cut_or_carried_over_opens_nothing(open_site):
    alice = visitor(open_site)
    path = alice.path
    token = path.rsplit("/", 1)[1]
    other = link_path(open_site.context.vault, "another", PersonalLink(bytes(16), open_site.clock() + VALID_FOR))
    changed = token[:20] + ("A" if token[20] != "A" else "B") + token[21:]
    for bad in (changed, token[:-4], token + "AAAA", "x", "あ", "%00", other.rsplit("/", 1)[1]):
        answer = await open_site.get(f"/b/{BALLOT}/vote/{bad}", "en")
        assert answer.status == 404
        assert "This link to the voting page does not work." in answer.text
        assert answer.headers["cache-control"] == "no-store"


async def test_the_address_tells_nothing_of_the_person(open_site):
    paths = [visitor(open_site).path for _ in range(20)]
    assert len(set(paths)) == 20, "no two links are alike, even to the same form"
    voter = pseudonym(open_site.context.keys.get(BALLOT), "line", ALICE)
    for path in paths:
        assert ALICE not in path
        assert voter.hex() not in path
        assert len(path) < 200


async def test_the_page_is_never_kept_or_indexed_and_sends_no_referrer(open_site):
    alice = visitor(open_site)
    form = await alice.form()
    sent = await open_site.post(form.action, form.fields(["bench"]))
    for answer in (alice.page, sent, await open_site.get(sent.headers["location"])):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
    assert '<meta name="robots" content="noindex">' in alice.page.text
    assert 'rel="canonical"' not in alice.page.text


async def test_a_page_of_another_site_cannot_send_the_form(open_site):
    alice = visitor(open_site)
    form = await alice.form()
    answer = await open_site.post(form.action, form.fields(["bench"]), sec_fetch_site="cross-site")
    assert answer.status == 403
    assert await rows(open_site) == []


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"wish": "choose", "choice": "bench"},
        {"form": "x" * 26, "wish": "choose", "choice": "bench"},
        {"form": "01JA0000000000000000000000", "wish": "win", "choice": "bench"},
        {"form": "01JA0000000000000000000000", "wish": "choose", "choice": "lake"},
        {"form": "01JA0000000000000000000000", "wish": "choose", "choice": "bench", "shown": "lake"},
    ],
)
async def test_what_no_form_of_ours_sends_is_refused(open_site, fields):
    alice = visitor(open_site)
    answer = await open_site.post(alice.path, fields)
    assert answer.status == 422
    assert await rows(open_site) == []


async def test_looking_records_nothing_and_shows_no_other_vote(voted_site):
    before = await rows(voted_site)
    pages = []
    for other in ("U5", "U6"):
        stranger = visitor(voted_site, "U77")
        page = (await stranger.look()).text.replace(stranger.path, "")
        pages.append(re.sub(r'name="form" value="\w+"', "", page))
        assert await rows(voted_site) == before
        await voted_site.vote(other, "bench")
        before = await rows(voted_site)
    assert pages[0] == pages[1]


async def test_the_own_time_of_the_form_is_in_the_log(open_site):
    await visitor(open_site).send(["bench"])
    async with open_site.context.database.engine.connect() as connection:
        found = await connection.exec_driver_sql("select at_ms, received_ms from vote_log")
        assert [tuple(row) for row in found] == [(to_ms(open_site.clock()), to_ms(open_site.clock()))]


@pytest.mark.parametrize("lang", ["ja", "en"])
async def test_every_state_of_the_page_is_well_formed_and_speaks_one_language(open_site, lang):
    alice = visitor(open_site, lang=lang)
    form = await alice.form()
    pages = [alice.page, await alice.send([], form=form), await alice.send(["bench", "tree"], form=form)]
    pages += [await alice.send(wish="none"), await alice.send(["tree"]), await alice.send(wish="withdraw")]
    pages.append(await alice.send(["bench"]))
    last = await alice.form()
    await open_site.close()
    pages += [await alice.look(), await alice.send(["tree"], form=last)]
    for page in pages:
        well_formed(alice.path, lang, page.text)
        speaks_one_language(alice.path, lang, page.text)
        leads_to_own_pages_only(alice.path, lang, page.text)


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_titles_are_only_text(tmp_path, name):
    text = HOSTILE[name]
    titles = {"bench": {"ja": text, "en": text}}
    async with site_of(tmp_path, titles=titles, title={"ja": text}) as site:
        await site.open_ballot()
        alice = visitor(site)
        for page in (await alice.look(), await alice.send(["bench"]), await alice.send(list(PROPOSALS))):
            assert page.text.count(escaped(clean_text(text))) >= 3
            assert all(source.startswith(OWN) for source in loaded(page.text))
            for live in ("onerror=alert(1)>", "' onmouseover='", 'href="javascript:'):
                assert live not in page.text
