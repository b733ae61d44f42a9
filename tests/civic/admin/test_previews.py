"""What the planner sees is what goes out, byte for byte; testers get it first, and that never counts."""

import hashlib
import re

import orjson
import pytest
from support.line import text
from support.tiny_programme import BALLOT

from civic.audit.queries import latest_entries
from civic.kernel.i18n import LANGUAGES, translate
from civic.residents.actions import choose_language, delete_resident
from civic.residents.testers import WORD_LASTS
from tests.civic.admin.test_sending import PAGE, SEND, connected, deliver
from webhooks.line.channel import open_drain
from webhooks.line.events import read_event


def shown_hash(page: str) -> str:
    return re.search(r"<code>([0-9a-f]{64})</code>", page)[1]


def said_word(page: str) -> str:
    return re.search(r"test ([0-9A-Z]{4})</code>", page)[1]


async def stored_letters(site):
    async with site.context.database.reading() as session:
        rows = await (await session.connection()).exec_driver_sql("select language, messages from campaign_letter")
        return {language: hashlib.sha256(messages).hexdigest() for language, messages in rows}


async def test_the_previewed_bytes_are_those_that_are_planned_and_sent(open_site):
    async with connected(open_site) as (site, simulator, recorder):
        async with site.context.database.writing() as session:
            for resident, lang in zip(simulator.channel.residents, LANGUAGES, strict=True):
                await choose_language(session, site.context.vault, resident.user_id, lang, 1)
        seen = {lang: shown_hash((await site.get(f"{SEND}?say={lang}")).text) for lang in LANGUAGES}
        await site.post(SEND)
        assert await stored_letters(site) == seen
        assert {lang: shown_hash((await site.get(f"{SEND}?say={lang}")).text) for lang in LANGUAGES} == seen
        await deliver(site)
        sent = [request.body.partition(b',"messages":')[2][:-1] for request in recorder.to("/message/multicast")]
        assert {hashlib.sha256(letter).hexdigest() for letter in sent} == set(seen.values())
        assert "<iframe" not in (await site.get(SEND)).text  # what was said is erased by then


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("ground", ["light", "dark"])
async def test_a_letter_is_drawn_in_its_language_on_either_ground(open_site, lang, ground):
    answer = await open_site.get(f"{SEND}/letter?say={lang}&ground={ground}")
    assert answer.status == 200
    assert translate(lang, "投票をみる") in answer.text
    assert f'<body class="{ground}">' in answer.text
    assert "<form" not in answer.text
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert (await open_site.get("/admin/chat.css")).headers["content-type"].startswith("text/css")


async def test_what_cannot_be_told_has_no_preview(open_site):
    page = (await open_site.get(f"{PAGE}/send/result")).text
    assert "<iframe" not in page
    assert (await open_site.get(f"{PAGE}/send/result/letter")).status == 409


async def become_tester(site, account):
    """Staff make a word, and the person says it in the chat."""
    word = said_word((await site.post(SEND, {"deed": "invite", "name": "田中"})).text)
    await say(site, account, f"test {word.lower()}")


async def say(site, account, words):
    """What the inbox worker does with a text."""
    conversation = open_drain(site.context).conversation
    event = read_event(orjson.dumps(text(account, words)), 1 << 50).event
    async with site.context.database.writing() as session:
        return orjson.loads(await conversation.answer(session, event))


async def test_testers_get_the_same_bytes_behind_a_note_and_nothing_counts_as_sent(open_site):
    async with connected(open_site) as (site, simulator, recorder):
        tester = simulator.channel.residents[1]
        await become_tester(site, tester.user_id)
        seen = shown_hash((await site.get(SEND)).text)
        page = (await site.post(SEND, {"deed": "test"})).text
        assert "テストとして 1人に送りました" in page
        [request] = recorder.to("/message/multicast")
        note, *_ = request.json["messages"]
        assert request.json["to"] == [tester.user_id]
        assert "【テスト】" in note["text"]
        behind = request.body.partition(orjson.dumps(note) + b",")[2]
        assert hashlib.sha256(b"[" + behind[:-1]).hexdigest() == seen
        assert simulator.channel.used_quota == 1
        assert "3人 × 1通 = 3通" in (await site.get(SEND)).text
        async with site.context.database.reading() as session:
            [entry, *_] = await latest_entries(session, 1)
        assert (entry.verb, entry.subject) == ("message.tested", BALLOT)
        assert entry.data == {"kind": "announcement", "sent": 1, "refused": 0}


async def test_who_has_stopped_messages_gets_no_test_and_the_page_says_so(open_site):
    async with connected(open_site) as (site, simulator, recorder):
        first, second, _ = simulator.channel.residents
        await become_tester(site, first.user_id)
        await become_tester(site, second.user_id)
        await say(site, first.user_id, "参加をやめる")
        page = (await site.get(SEND)).text
        assert ("テストも送りません" in page, "テストで 1人に送る（1通）" in page) == (True, True)
        await site.post(SEND, {"deed": "test"})
        [request] = recorder.to("/message/multicast")
        assert request.json["to"] == [second.user_id]
        await say(site, second.user_id, "参加をやめる")
        assert (await site.post(SEND, {"deed": "test"})).status == 409


async def test_a_word_works_once_and_a_tester_can_be_removed(open_site):
    async with connected(open_site) as (site, simulator, _):
        first, second, _ = simulator.channel.residents
        word = said_word((await site.post(SEND, {"deed": "invite", "name": "田中"})).text)
        assert "田中" in str(await say(site, first.user_id, f"テスト　{word}"))
        assert "田中" not in str(await say(site, second.user_id, f"test {word}"))
        page = (await site.get(SEND)).text
        number = re.search(r'name="tester" value="(\d+)"', page)[1]
        assert (await site.post(SEND, {"deed": "remove", "tester": number})).status == 303
        assert 'name="tester"' not in (await site.get(SEND)).text
        assert (await site.post(SEND, {"deed": "remove", "tester": number})).status == 404


async def test_a_word_is_too_old_after_a_quarter_of_an_hour(open_site):
    async with connected(open_site) as (site, simulator, _):
        word = said_word((await site.post(SEND, {"deed": "invite", "name": "田中"})).text)
        site.clock.pass_by(WORD_LASTS)
        assert "田中" not in str(await say(site, simulator.channel.residents[0].user_id, f"test {word}"))


async def test_without_testers_or_room_in_the_month_no_test_goes_out(open_site):
    async with connected(open_site, quota=1) as (site, simulator, recorder):
        assert (await site.post(SEND, {"deed": "test"})).status == 409
        await become_tester(site, simulator.channel.residents[0].user_id)
        simulator.channel.used_quota = 1
        assert (await site.post(SEND, {"deed": "test"})).status == 409
        assert recorder.to("/message/multicast") == []


async def test_a_tester_who_has_the_data_deleted_is_none_any_more(open_site):
    async with connected(open_site) as (site, simulator, _):
        account = simulator.channel.residents[0].user_id
        await become_tester(site, account)
        async with site.context.database.writing() as session:
            await delete_resident(session, site.context.vault, account, site.clock())
        assert 'name="tester"' not in (await site.get(SEND)).text


@pytest.mark.parametrize("name", ["", " ", "あ" * 41])
async def test_a_tester_needs_a_name(open_site, name):
    assert (await open_site.post(SEND, {"deed": "invite", "name": name})).status == 422
