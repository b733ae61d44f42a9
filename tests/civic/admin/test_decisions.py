"""The page of a decision: recorded, corrected, printed; the office's memo apart; polls held elsewhere."""

import re
import zlib

import pytest
from support.tiny_programme import BALLOT

from civic.admin.decision.routes import counts_of
from civic.kernel.errors import InvalidInput

PAGE = f"/admin/ballots/{BALLOT}/decision"
TALLY = f"/admin/ballots/{BALLOT}/tally"
MEMO = "庁内だけのひみつ"
FIRST = {
    "proposals": "bench",
    "reason": "みんなが選んだ",
    "conditions": "許可がおりること",
    "next_steps": "十一月に説明会",
    "memo": MEMO,
}
POLL = {
    "title": "会場のシール",
    "source": "フェスタ会場",
    "held_on": "2026-10-10",
    "counts": "木のベンチ: 1,200\nその他：３０",
}


@pytest.fixture
async def sealed(voted_site):
    """The bench won the plaza, the stage the park."""
    await voted_site.seal()
    return voted_site


async def test_before_the_seal_the_page_says_so_and_takes_nothing(voted_site):
    page = await voted_site.get(PAGE, "en")
    assert "not sealed yet" in page.text
    assert "<form" not in page.text
    assert (await voted_site.post(PAGE, FIRST)).status == 409
    assert (await voted_site.post(f"{PAGE}/poll", POLL)).status == 409


async def test_a_decision_is_recorded_corrected_and_printed(sealed):
    assert re.findall(r'value="(\w+)"\s+checked', (await sealed.get(PAGE)).text) == ["bench", "stage"]
    answer = await sealed.post(PAGE, FIRST)
    assert (answer.status, answer.headers["location"]) == (303, PAGE.removesuffix("/decision"))
    page = (await sealed.get(PAGE)).text
    assert re.findall(r'value="(\w+)"\s+checked', page) == ["bench"]
    assert MEMO in page
    again = {"version": "1", "proposals": "tree", "reason": "木かげ", "because": "ベンチは重い"}
    assert (await sealed.post(PAGE, again | {"because": ""})).status == 422
    assert (await sealed.post(PAGE, again)).headers["location"] == PAGE
    stale = await sealed.post(f"{PAGE}?lang=en", again)
    assert stale.status == 409
    assert "has changed while you were looking" in stale.text
    printed = (await sealed.get(f"{PAGE}/print")).text
    for said in (
        "木かげ",
        "ベンチは重い",
        "みんなが選んだ",
        "許可がおりること",
        "十一月に説明会",
        "第2版",
        "第1版",
    ):
        assert said in printed, said
    assert MEMO not in printed
    assert "<form" not in printed
    public = (await sealed.get(f"/api/v1/ballots/{BALLOT}/results")).text
    assert '"version":2' in public
    assert '"changed_because":"ベンチは重い"' in public


async def test_what_was_typed_comes_back_with_a_refusal(sealed):
    answer = await sealed.post(PAGE, FIRST | {"reason": " ", "conditions": "<条件>"})
    assert answer.status == 422
    assert "&lt;条件&gt;" in answer.text
    assert re.findall(r'value="(\w+)"\s+checked', answer.text) == ["bench"]


async def test_a_poll_stands_apart_and_is_taken_back_with_a_reason(sealed):
    assert (await sealed.post(f"{PAGE}/poll", POLL)).status == 303
    page = (await sealed.get(PAGE)).text
    assert "2026年10月10日(土)" in page
    assert "2026-10-10" not in page
    assert re.search(r'<th scope="row">\s*<bdi>木のベンチ</bdi>\s*</th>\s*<td>1,200</td>', page)
    result = (await sealed.get(f"/b/{BALLOT}/results.json")).text
    assert '"outside_polls":[{"counts":{"bench":1200,"その他":30}' in result
    assert '"approvals":{"bench":2,' in result
    assert (await sealed.post(f"{PAGE}/poll", POLL)).status == 303  # of the same title, and yet told apart
    named = re.findall(r'<caption id="outside-\d">(.*?)</caption>', (await sealed.get(TALLY, "en")).text)
    assert len(set(named)) == 2
    assert (await sealed.post(f"{PAGE}/retract", {"poll": "2", "reason": "二重"})).status == 303
    refused = await sealed.post(f"{PAGE}/retract", {"poll": "1", "reason": ""})
    assert refused.status == 422
    assert (await sealed.post(f"{PAGE}/retract", {"poll": "1", "reason": "二重"})).status == 303
    assert '"outside_polls":[]' in (await sealed.get(f"/b/{BALLOT}/results.json")).text


def streams(pdf: bytes) -> list[bytes]:
    """What a PDF holds, unpacked; of what is not packed, nothing."""
    packed = re.findall(rb"/FlateDecode.*?stream\n(.*?)\nendstream", pdf, re.DOTALL)
    return [zlib.decompressobj().decompress(stream) for stream in packed]


async def test_the_record_and_the_tally_are_pdf_for_everybody_to_read(sealed):
    """PDF/UA-1 says of itself that it is tagged and in which language."""
    pytest.importorskip("weasyprint")
    await sealed.post(PAGE, FIRST)
    for path in (f"{PAGE}.pdf", f"/admin/ballots/{BALLOT}/tally.pdf"):
        answer = await sealed.get(path, "en")
        assert answer.status == 200, path
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.body.startswith(b"%PDF-1.7")
        inside = b"".join(streams(answer.body))
        assert b"pdfuaid" in inside
        assert b"/StructTreeRoot" in inside
        assert b"/Lang (en)" in inside


@pytest.mark.parametrize("typed", ["bench", "bench: viele", "bench: -1", "a: 1\na: 2", ": 3"])
def test_lines_that_are_no_numbers_are_refused(typed):
    with pytest.raises(InvalidInput) as refused:
        counts_of(typed)
    assert refused.value.code == "poll_line_unreadable"


def test_numbers_are_read_as_people_type_them():
    assert counts_of("木のベンチ： １，２００\n\nB案, 3\nx:y: 0") == {"木のベンチ": 1200, "B案": 3, "x:y": 0}
