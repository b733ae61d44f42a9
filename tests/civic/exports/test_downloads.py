"""The files of a result: nothing before the seal, the same numbers in all of them, names and types that help."""

import csv
import io
import json
import zipfile

import pytest
from support.tiny_programme import BALLOT

from civic.kernel.canonical import canonical_json
from civic.tallies.methods.files import tally_file

PUBLIC = [f"/b/{BALLOT}/results.{ending}" for ending in ("json", "csv", "pb")]
STAFF = [f"/admin/ballots/{BALLOT}/tally.{ending}" for ending in ("json", "csv", "xlsx", "pb", "pdf")]
MEMO = "庁内だけのひみつ"


async def test_before_the_seal_there_is_no_file(voted_site):
    for path in [*PUBLIC, *STAFF]:
        answer = await voted_site.get(path, "en")
        assert answer.status == 404, path
        assert "published" in answer.text


@pytest.fixture
async def decided(voted_site):
    """Bench 2, tree 1, stage 2, one blank; the bench and the stage won, the bench and the tree were decided."""
    await voted_site.seal()
    form = [
        ("proposals", "bench"),
        ("proposals", "tree"),
        ("reason", "=1+1"),
        ("conditions", "許可がおりること"),
        ("memo", MEMO),
    ]
    assert (await voted_site.post(f"/admin/ballots/{BALLOT}/decision", form)).status == 303
    return voted_site


async def test_every_file_tells_the_same_result(decided, tmp_path):
    files = {path.rsplit(".")[-1]: await decided.get(path) for path in PUBLIC}
    for ending, answer in files.items():
        stem = BALLOT if ending == "pb" else f"{BALLOT}-result"
        assert answer.headers["content-disposition"].startswith(f'attachment; filename="{stem}.{ending}"')
        again = await decided.get(f"/b/{BALLOT}/results.{ending}", if_none_match=answer.headers["etag"])
        assert again.status == 304, ending
    document = json.loads(files["json"].body)
    assert canonical_json(document) == files["json"].body
    assert document["result"]["approvals"] == {"bench": 2, "tree": 1, "stage": 2}
    assert document["decision"]["conditions"] == "許可がおりること"
    rows = list(csv.DictReader(io.StringIO(files["csv"].body.decode("utf-8-sig"), newline="")))
    # The bench on the plaza, the tree on the plaza, the stage in the park and on the plaza; programme order.
    seen = [
        (row["案の記号"], row["場所の記号"], row["票"], row["集計で選ばれた"], row["決定で採用"]) for row in rows
    ]
    assert seen == [
        ("bench", "plaza", "2", "1", "1"),
        ("tree", "plaza", "1", "0", "1"),
        ("stage", "park", "2", "1", "0"),
        ("stage", "plaza", "2", "0", "0"),
    ]
    assert files["csv"].body.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in files["csv"].body
    (tmp_path / "election.pb").write_bytes(files["pb"].body)
    counted = tally_file(tmp_path / "election.pb", "site_winner")
    assert counted["selected"] == ["bench", "stage"]
    assert counted["official"] == ["bench", "tree"]
    assert (counted["voters"], counted["blank"], counted["warnings"]) == (4, 1, [])


async def test_the_workbook_holds_texts_and_no_formula(decided):
    answer = await decided.get(f"/admin/ballots/{BALLOT}/tally.xlsx", "en")
    assert answer.status == 200
    with zipfile.ZipFile(io.BytesIO(answer.body)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]
        texts = book.read("xl/sharedStrings.xml").decode()
    assert len(sheets) == 5
    assert not any("<f>" in sheet for sheet in sheets)
    assert "<t>=1+1</t>" in texts
    assert MEMO not in texts


async def test_no_public_answer_knows_the_memo(decided):
    paths = [*PUBLIC, f"/b/{BALLOT}", f"/b/{BALLOT}/results", f"/api/v1/ballots/{BALLOT}/results", "/"]
    for path in [*paths, *STAFF[:3], f"/admin/ballots/{BALLOT}/decision/print", f"/admin/ballots/{BALLOT}"]:
        answer = await decided.get(path)
        assert answer.status == 200, path
        assert MEMO.encode() not in answer.body, path
    assert MEMO in (await decided.get(f"/admin/ballots/{BALLOT}/decision")).text
