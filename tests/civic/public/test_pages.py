import re
from datetime import timedelta

import pytest
from support.tiny_programme import BALLOT, load_programme, write_tiny_programme

from civic.ballots.queries import ballot_by_slug, shown_proposal


def words(text: str) -> str:
    """The text of a page without its tags, spaces as one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text.split("</head>")[-1]))


async def test_home_lists_programmes_and_what_is_open(site):
    before = words((await site.get("/", "en")).text)
    assert "A tiny programme" in before
    assert "Open for voting now" not in before
    await site.open_ballot()
    after = words((await site.get("/", "en")).text)
    assert "Open for voting now A tiny ballot Thu 15 Oct 2026, until 09:00 JST" in after
    assert "Choose up to 2 of 3 proposals." in after


async def test_home_leads_to_what_comes_and_to_the_results_of_what_ended(voted_site):
    folder = voted_site.context.settings.data_dir / "next"
    write_tiny_programme(folder, now=voted_site.clock() + timedelta(days=1), slug="next-ballot")
    path = folder / "programme.yaml"
    path.write_text(path.read_text().replace('"slug": "tiny"', '"slug": "next"'))
    await load_programme(voted_site.context, folder)
    await voted_site.close()
    text = words((await voted_site.get("/", "en")).text)
    assert "Ballots to come A tiny ballot Not open yet" in text
    assert "Past ballots A tiny ballot Closed" in text
    assert "Chosen" not in text
    voted_site.clock.pass_by(timedelta(minutes=5))
    await voted_site.seal_only()
    page = await voted_site.get("/", "en")
    assert "A tiny ballot Chosen: Wooden bench , Small stage Results are out" in words(page.text)
    assert 'href="/b/tiny-ballot/results?lang=en"' in page.text


async def test_a_programme_shows_stages_sites_proposals_and_ballots(site):
    text = words((await site.get("/p/tiny")).text)
    assert "いまは「投票の期間」です。 2026年10月19日(月) 09:00 まで続きます。" in text
    assert "投票の期間 いまここ 2026年10月13日(火)〜10月19日(月)" in text
    assert "意見をあつめる おわりました 2026年9月14日(月)〜" in text
    assert "駅前の広場 地上 / 広場 管理者： 見本の町 高さ 6 m まで" in text
    assert "小さな舞台 絵をつくっています 場所 川ぞいの公園 、 駅前の広場 小さな舞台を置きます。" in text
    assert "費用のめやす 2,000,000円から2,500,000円" in text


async def test_a_proposal_shows_its_size_places_costs_and_checks(site):
    page = await site.get("/p/tiny/stage", "en")
    text = words(page.text)
    assert "6.0 m wide, 4.0 m deep, 0.6 m high" in text
    assert "It reaches about an adult’s knee. It is about as wide as 4 adults" in text
    assert "Riverside park (Ground level) Estimated cost: ¥2,000,000" in text
    assert "Station plaza (Ground level) Estimated cost: ¥2,500,000" in text
    assert "planning aid" in text
    assert "Area – fits 24 m² (limit 30 m²) It covers 24.00 m², within the limit of 30 m²." in text
    assert "For older people pets" in text
    assert "A brown box." in text
    assert re.search(r'href="/files/models/[0-9a-f]{64}\.glb"', page.text)


async def test_a_proposal_tells_its_way_from_the_table_to_the_square(voted_site):
    before = words((await voted_site.get("/p/tiny/bench", "en")).text)
    assert (
        "Sun 5 Jul 2026 Proposed July workshop Table A Thu 15 Oct 2026, until 09:00 JST Put to the vote" in before
    )
    await voted_site.seal()
    await voted_site.post("/admin/ballots/tiny-ballot/decision", {"proposals": "bench", "reason": "most votes"})
    page = await voted_site.get("/p/tiny/bench", "en")
    assert re.search(r"Put to the vote Decided .* JST Adopted most votes", words(page.text))
    assert 'href="/b/tiny-ballot/results?lang=en"' in page.text
    assert "Adopted" not in words((await voted_site.get("/p/tiny/tree", "en")).text)


async def test_a_ballot_tells_how_to_vote_and_by_which_rule(open_site):
    text = words((await open_site.get("/b/tiny-ballot")).text)
    assert "受付中 小さな投票 2026年10月15日(木) 09:00 まで 参加した人 0人" in text
    assert "2個まで選べて" in text
    assert "LINE のアカウント1つにつき1票です。" in text
    assert "場所ごとに、票がいちばん多い案を選びます。" in text
    assert "結果を見る" not in text


@pytest.mark.parametrize(("mode", "leads_to"), [("demo", "/demo"), ("development", "#how")])
async def test_a_ballot_leads_to_where_one_can_vote(open_site, mode, leads_to):
    async with open_site.served_as(mode=mode) as site:
        page = await site.get("/b/tiny-ballot")
    assert re.findall(r'class="button button-large" href="([^"]+)"', page.text) == [leads_to]


async def test_a_ballot_to_come_says_when_it_begins(site):
    text = words((await site.get("/b/tiny-ballot")).text)
    assert "小さな投票 2026年10月14日(水) 09:00 に始まります 2026年10月15日(木) 09:00 まで" in text
    assert "参加した人" not in text


async def test_a_ballot_whose_time_passed_before_it_opened_promises_nothing(site):
    site.clock.pass_by(timedelta(days=60))
    for path in ("/p/tiny", "/p/tiny/bench", "/b/tiny-ballot", "/b/tiny-ballot/results"):
        text = words((await site.get(path, "en")).text)
        assert "Not held here" in text or "without voting being opened here" in text
        assert not re.search("Not open yet|Opens|How to vote|There are no results yet", text)


async def test_turnout_is_the_number_of_people_not_of_taps(voted_site):
    assert "参加した人 4人" in words((await voted_site.get("/b/tiny-ballot")).text)


async def test_before_the_close_results_say_when(voted_site):
    answer = await voted_site.get("/b/tiny-ballot/results", "en")
    assert answer.status == 200
    assert "until the ballot is sealed after its close (Thu 15 Oct 2026, until 09:00 JST)" in words(answer.text)
    await voted_site.close()
    assert "The ballot is closed." in (await voted_site.get("/b/tiny-ballot/results", "en")).text


async def test_results_say_what_was_counted_and_what_won(voted_site):
    await voted_site.seal()
    page = await voted_site.get("/b/tiny-ballot/results", "en")
    text = words(page.text)
    assert re.search("Wooden bench .* Station plaza Estimated cost ¥1,000,000 Small stage .* Riverside park", text)
    assert "The result is final. The rule: On every site the proposal with the most votes wins." in text
    # The three bars and the table rows, in the order of votes (bench and stage 2, tree 1).
    assert re.search(r"Wooden bench 2 .*Small stage 2 .*Big tree 1 .*See the numbers as a table", text)
    assert re.search(r"Wooden bench 2 Chosen. Place: Station plaza Small stage 2 Chosen. Place: Riverside", text)
    assert re.findall(r'<rect width="([\d.]+\.\d)%"', page.text) == ["100.0", "100.0", "50.0"]
    assert "Took part: 4. Voted: 4." in text
    assert "People who voted 4 Of them “None of these” 1" in text
    assert "Most votes first It chooses the same proposals as the result. " in text
    assert "The decision comes next" in text
    assert "See the results" in words((await voted_site.get("/b/tiny-ballot", "en")).text)


async def test_a_decision_and_its_installation_stand_beside_the_result(voted_site):
    await voted_site.seal()
    fields = {"proposals": "tree", "reason": "<b>near the school</b>"}
    await voted_site.post("/admin/ballots/tiny-ballot/decision", fields)
    fields = {"installation": "1", "status": "installed", "note": "Since Sunday"}
    await voted_site.post("/admin/ballots/tiny-ballot/install", fields)
    text = words((await voted_site.get("/b/tiny-ballot/results", "en")).text)
    assert "What will be built" in text
    assert "Big tree Station plaza Estimated cost ¥800,000 This decision differs from the computed result" in text
    assert "Reason: &lt;b&gt;near the school&lt;/b&gt;" in text
    assert re.search(r"Big tree — Station plaza Installed .* Adopted .* Installed Since Sunday", text)


async def test_a_draft_does_not_exist_for_the_public(site):
    async with site.context.database.writing() as session:
        (await ballot_by_slug(session, BALLOT)).state = "draft"
    for path in ("/b/tiny-ballot", "/b/tiny-ballot/results", "/api/v1/ballots/tiny-ballot"):
        draft, unknown = await site.get(path), await site.get(path.replace("tiny-ballot", "no-ballot"))
        assert draft.status == unknown.status == 404
        assert draft.text.replace("tiny-ballot", "no-ballot") == unknown.text
    for path in ("/p/tiny", "/p/tiny/bench", "/", "/api/v1/programmes/tiny"):
        assert "tiny-ballot" not in (await site.get(path)).text


async def test_without_consent_a_proposal_is_nowhere(both_site):
    site = both_site
    model = re.search(r"/files/models/[0-9a-f]{64}\.glb", (await site.get("/p/tiny/bench")).text)[0]
    async with site.context.database.writing() as session:
        _, version = await shown_proposal(session, 1, "bench")
        version.content = {**version.content, "consent": {"publish": False}}
    for path in ("/p/tiny/bench", "/api/v1/programmes/tiny/proposals/bench", model):
        assert (await site.get(path)).status == 404
    for path in ("/p/tiny", "/b/tiny-ballot", "/api/v1/programmes/tiny", "/api/v1/ballots/tiny-ballot"):
        answer = await site.get(path)
        assert answer.status == 200
        assert "bench" not in answer.text
        assert "木のベンチ" not in answer.text


async def test_what_is_voted_on_is_shown_although_a_newer_version_exists(open_site):
    open_site.clock.pass_by(timedelta(hours=1))
    folder = open_site.context.settings.data_dir / "programme"
    path = folder / "programme.yaml"
    path.write_text(path.read_text().replace('"木のベンチ"', '"石のベンチ"'))
    loaded = await load_programme(open_site.context, folder)
    assert loaded.new_versions == 1
    assert "木のベンチ" in (await open_site.get("/p/tiny/bench")).text
    assert '"version":1' in (await open_site.get("/api/v1/programmes/tiny/proposals/bench")).text
    await open_site.seal()
    assert "石のベンチ" in (await open_site.get("/p/tiny/bench")).text
    assert "木のベンチ" in (await open_site.get("/b/tiny-ballot/results")).text


async def test_a_cancelled_ballot_shows_no_numbers_and_its_reason(voted_site):
    await voted_site.post("/admin/ballots/tiny-ballot/cancel", {"reason": "the site is closed"})
    text = words((await voted_site.get("/b/tiny-ballot", "en")).text)
    assert "Cancellation" in text
    assert "Reason: the site is closed" in text
    assert "This ballot was cancelled." in (await voted_site.get("/b/tiny-ballot/results", "en")).text


async def test_notices_tell_what_changed_and_why(voted_site):
    form = {"closes_at": "2026-10-16T00:00", "reason": "rain"}
    await voted_site.post("/admin/ballots/tiny-ballot/extend", form)
    form = {"proposal": "tree", "reason": "roots"}
    await voted_site.post("/admin/ballots/tiny-ballot/withdraw", form)
    text = words((await voted_site.get("/b/tiny-ballot", "en")).text)
    assert "Thu 15 Oct 2026, until 23:59 JST" in text
    assert "Reason: rain" in text
    assert "Big tree Reason: roots" in text
    assert re.search(r"Big tree The picture is being drawn .* This proposal was withdrawn. Reason: roots", text)


async def test_results_name_withdrawn_options_and_tell_turnout_from_votes(voted_site):
    await voted_site.vote("U1", op="withdraw")
    await voted_site.post("/admin/ballots/tiny-ballot/withdraw", {"proposal": "tree", "reason": "roots"})
    voted_site.clock.pass_by(timedelta(minutes=1))
    await voted_site.seal()
    text = words((await voted_site.get("/b/tiny-ballot/results", "en")).text)
    assert "cannot be selected, whatever votes it had. Big tree (Reason: roots )" in text
    assert "Took part: 4. Voted: 3." in text


async def test_names_in_japanese_are_marked_on_an_english_page(site):
    english, japanese = await site.get("/p/tiny", "en"), await site.get("/p/tiny", "ja")
    assert '<bdi lang="ja">見本の町</bdi>' in english.text
    assert 'Run by <bdi lang="ja">あったらいいな運営事務局</bdi>' in english.text
    assert '<bdi lang="ja">' not in japanese.text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_model_is_served_to_be_kept_and_never_run(site, method):
    page = (await site.get("/p/tiny/tree")).text
    path = re.search(r"/files/models/([0-9a-f]{64})\.glb", page)
    answer = await site.ask(method, path[0])
    assert answer.status == 200
    assert answer.headers["content-type"] == "model/gltf-binary"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-disposition"] == f'attachment; filename="{path[1][:12]}.glb"'
    assert answer.body == (site.context.store.get(path[1]) if method == "GET" else b"")


async def test_other_stored_files_are_no_models(site):
    """The programme file itself is in the store too; it is not for everybody."""
    source = (site.context.settings.data_dir / "programme" / "programme.yaml").read_bytes()
    digest = site.context.store.put(source)
    assert (await site.get(f"/files/models/{digest}.glb")).status == 404


async def test_a_model_whose_file_is_gone_is_404(site):
    path = re.search(r"/files/models/([0-9a-f]{64})\.glb", (await site.get("/p/tiny/tree")).text)
    site.context.store.path(path[1]).unlink()
    assert (await site.get(path[0])).status == 404


async def test_privacy_tells_purpose_what_is_kept_and_how_to_leave(site):
    text = words((await site.get("/privacy")).text)
    for part in ("何のために使うか", "LINE の利用者番号", "暗号", "7 日で消します", "ブロック", "Cookie"):
        assert part in text
