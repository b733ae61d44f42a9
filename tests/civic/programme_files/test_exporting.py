"""An export gives the same file back; after a change, one that loads to the same content."""

from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from support.casting import open_now
from support.installation import load_programme
from support.small_programme import BALLOT, OPENS, box_glb, small_document, small_files, write_small_programme

from civic.ballots.actions import close_ballot
from civic.kernel.errors import NotFound
from civic.programme_files.checking import check_document
from civic.programme_files.exporting import FILE_NAME, export_programme, write_folder, written
from civic.programme_files.reading import ProgrammeFileError, parse_document, read_document
from geodata.west_shinjuku.generator.catalogue import PROGRAMMES

SHIPPED = ["nishi-shinjuku-2023", "nishi-shinjuku-2026"]


async def export(context, slug="small"):
    async with context.database.reading() as session:
        return await export_programme(session, slug, context.store)


def content(source):
    return parse_document(Path(FILE_NAME), source).content


def folder_bytes(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("slug", SHIPPED)
async def test_a_shipped_programme_comes_back_byte_by_byte(context, tmp_path, slug):
    await load_programme(context, PROGRAMMES / slug)
    write_folder(tmp_path / "out", await export(context, slug))
    assert folder_bytes(tmp_path / "out") == folder_bytes(PROGRAMMES / slug)
    assert (await load_programme(context, tmp_path / "out")).new_versions == 0


async def test_comments_and_order_come_back(context, tmp_path):
    folder = write_small_programme(tmp_path / "small")
    source = "# 手で書いた注\n".encode() + (folder / FILE_NAME).read_bytes() + b"\n# the end\n"
    (folder / FILE_NAME).write_bytes(source)
    await load_programme(context, folder)
    assert await export(context) == {FILE_NAME: source, **small_files()}


async def test_layers_and_folders_come_back(context, tmp_path):
    document = small_document()
    document["sites"][0]["layers"] = {"gates": "layers/gates.geojson"}
    (tmp_path / "small" / "layers").mkdir(parents=True)
    gates = b'{"type": "LineString", "coordinates": [[139.6891, 35.6891], [139.6891, 35.6892]]}\n'
    folder = write_small_programme(tmp_path / "small", document, {"layers/gates.geojson": gates})
    await load_programme(context, folder)
    write_folder(tmp_path / "out", await export(context))
    assert (tmp_path / "out" / "layers" / "gates.geojson").read_bytes() == gates
    assert read_document(tmp_path / "out").content == read_document(folder).content


async def test_a_ballot_opened_and_closed_by_hand_is_exported_as_it_was_planned(context, tmp_path):
    folder = write_small_programme(tmp_path / "small")
    await load_programme(context, folder)
    context.clock.present = OPENS - timedelta(days=2, microseconds=-123_456)
    await open_now(context, at_once=True)
    async with context.database.writing() as session:
        await close_ballot(session, "me", BALLOT, context.clock.pass_by(hours=3), at_once=True)
    files = await export(context)
    assert files[FILE_NAME] == (folder / FILE_NAME).read_bytes()
    write_folder(tmp_path / "out", files)
    assert (await load_programme(context, tmp_path / "out")).new_versions == 0


async def test_an_export_after_a_shift_is_written_anew_and_loads_to_the_same(context, tmp_path):
    """The demo moves all times; what comes out then is a file with those times."""
    folder = write_small_programme(tmp_path / "small")
    await load_programme(context, folder, shift=timedelta(days=11, seconds=7, milliseconds=250))
    files = await export(context)
    assert files[FILE_NAME] != (folder / FILE_NAME).read_bytes()
    moved = yaml.safe_load(files[FILE_NAME])
    # 2026-10-01T09:00+09:00 and eleven days, seven and a quarter seconds
    assert moved["ballots"][0]["opens_at"] == "2026-10-12T09:00:07.250+09:00"
    assert moved["stages"][0]["opens_at"] == "2026-10-12T09:00:07.250+09:00"
    write_folder(tmp_path / "out", files)
    assert (await load_programme(context, tmp_path / "out")).new_versions == 0
    assert (await export(context))[FILE_NAME] == files[FILE_NAME]


async def test_a_second_load_exports_the_second_file(context, tmp_path):
    await load_programme(context, write_small_programme(tmp_path / "small"))
    document = small_document()
    document["proposals"][0]["title"]["ja"] = "新しい題"
    second = write_small_programme(tmp_path / "second", document, {"bench.glb": box_glb(1.8)})
    await load_programme(context, second)
    files = await export(context)
    assert files[FILE_NAME] == (second / FILE_NAME).read_bytes()
    assert files["bench.glb"] == box_glb(1.8)


@pytest.mark.parametrize("slug", SHIPPED)
def test_a_file_written_anew_says_the_same(slug):
    before = read_document(PROGRAMMES / slug).content
    assert content(written(before)) == before
    assert written(content(written(before))) == written(before)


def test_a_file_with_nothing_but_defaults_is_written_shortly(tmp_path):
    before = read_document(write_small_programme(tmp_path)).content
    again = yaml.safe_load(written(before))
    assert "layers" not in again["sites"][0]
    assert "budget_yen" not in again["ballots"][0]
    assert content(written(before)) == before


def test_a_beacon_is_written_anew_in_its_languages(tmp_path):
    document = small_document()
    document["ballots"][0]["beacon"] = {"ja": "11月30日の終値", "en": "The close of 30 November"}
    before = read_document(write_small_programme(tmp_path, document)).content
    first, second = yaml.safe_load(written(before))["ballots"]
    assert first["beacon"] == document["ballots"][0]["beacon"]
    assert "beacon" not in second
    assert content(written(before)) == before


def test_texts_that_look_like_something_else_stay_texts(tmp_path):
    """Words that YAML takes for numbers, truth or times, and texts with its signs."""
    document = small_document()
    texts = [
        "yes",
        "null",
        "007",
        "1e3",
        "2026-10-01",
        "12:30",
        "- a",
        "# b",
        "'",
        '"',
        "a: b",
        " a ",
        "{x}",
        "😀\n\n行",
    ]
    document["proposals"][0]["for_whom"] = texts
    before = read_document(write_small_programme(tmp_path, document)).content
    assert list(before.proposals[0].for_whom) == texts
    assert content(written(before)) == before


async def test_an_unknown_programme_cannot_be_exported(context):
    with pytest.raises(NotFound) as refused:
        await export(context, "nothing")
    assert "nothing" in refused.value.sentence("en")


async def test_a_lost_or_broken_file_is_told_and_not_exported(context, tmp_path):
    await load_programme(context, write_small_programme(tmp_path / "small"))
    digest = context.store.put(box_glb(1.0))
    context.store.path(digest).write_bytes(b"another bench")
    with pytest.raises(NotFound) as refused:
        await export(context)
    assert refused.value.code == "file_missing"


def test_what_is_exported_passes_the_same_checks(tmp_path):
    """Nothing is let through for having come from us: a model that was broken on the way is refused."""
    folder = write_small_programme(tmp_path)
    check_document(read_document(folder))
    (folder / "bench.glb").write_bytes((folder / "bench.glb").read_bytes()[:-4])
    with pytest.raises(ProgrammeFileError):
        check_document(read_document(folder))
