"""Pictures by the queue: the renderer's real child process, what is kept, and what happens when it fails."""

import io
from functools import partial

import pytest
from PIL import Image
from sqlmodel import col, select
from support.installation import installation, load_programme
from support.small_programme import small_document, write_small_programme

from civic.drawings.actions import Drawn, Shapes, keep_drawing
from civic.drawings.queries import (
    drawing_may_be_shown,
    drawing_of,
    drawn_placement,
    picture_count,
    pictures_of,
    pictures_of_versions,
)
from civic.drawings.rules import CAMERAS, EYES
from civic.jobs.drawings import draw_placement
from civic.kernel.errors import NotFound
from civic.kernel.queue import Job, Queue
from civic.proposals.actions import DRAW
from civic.proposals.queries import latest_version, placements_of, proposal_by_slug

DRAWN = Drawn("inputs", "a" * 64, {"version": 1}, {"people": Shapes("b" * 64, "c" * 64)})


def queue_of(context):
    queue = Queue(context.database, context.clock)
    queue.handlers[DRAW] = partial(draw_placement, context)
    return queue


async def placement_numbers(context):
    async with context.database.reading() as session:
        found = {}
        for slug in ("bench", "stage", "swing", "mist"):
            proposal = await proposal_by_slug(session, 1, slug)
            version = await latest_version(session, proposal.id)
            found[slug] = (await placements_of(session, version.id))[0][0].id
    return found


async def queued(context):
    async with context.database.reading() as session:
        waiting = select(Job).where(col(Job.state) == "queued").order_by(col(Job.id))
        return [job.payload["placement"] for job in await session.exec(waiting)]


async def cameras_of(context, placement):
    async with context.database.reading() as session:
        return [picture.camera for picture in await pictures_of(session, placement)]


async def test_a_load_asks_for_one_drawing_a_placement_and_a_second_load_for_none(context, tmp_path):
    placements = await placement_numbers(context)
    assert await queued(context) == list(placements.values())
    await load_programme(context, tmp_path / "small")
    assert await queued(context) == list(placements.values())


@pytest.mark.timeout(400)
async def test_the_cards_picture_comes_first_then_the_others_and_the_files_are_real(sqlite_context, tmp_path):
    context, queue = sqlite_context, queue_of(sqlite_context)
    bench, *others = (await placement_numbers(context)).values()
    assert await queue.run_due()
    assert await cameras_of(context, bench) == ["people"]
    assert await queued(context) == [*others, bench]
    await draw_placement(context, {"placement": bench})
    assert await cameras_of(context, bench) == [*CAMERAS, *EYES]
    async with context.database.reading() as session:
        for picture in await pictures_of(session, bench):
            width, height = (640, 480) if picture.camera in EYES else (1024, 768)
            assert Image.open(io.BytesIO(context.store.get(picture.wide))).size == (width, height)
            assert Image.open(io.BytesIO(context.store.get(picture.square))).size == (height, height)
        drawing = await drawing_of(session, bench)
        assert [camera["name"] for camera in drawing.document["cameras"]] == list(CAMERAS)
        assert context.store.get(drawing.surroundings)[:4] == b"glTF"
    await new_text_takes_over_the_pictures(context, tmp_path, bench)


async def new_text_takes_over_the_pictures(context, tmp_path, drawn):
    document = small_document()
    document["proposals"][0]["summary"] = {"ja": "文章だけが新しい版です。"}
    await load_programme(context, write_small_programme(tmp_path / "small", document))
    newer = (await placement_numbers(context))["bench"]
    assert newer != drawn
    await draw_placement(context, {"placement": newer})
    async with context.database.reading() as session:
        old, new = await pictures_of(session, drawn), await pictures_of(session, newer)
        assert [(p.camera, p.wide, p.square) for p in new] == [(p.camera, p.wide, p.square) for p in old]


async def test_a_drawing_is_kept_once_and_never_changed(context):
    placement = (await placement_numbers(context))["bench"]
    later = Drawn("other", "d" * 64, {"version": 2}, {"people": Shapes("e" * 64, "f" * 64)})
    for drawn in (DRAWN, later):
        async with context.database.writing() as session:
            await keep_drawing(session, placement, drawn, context.clock())
    async with context.database.reading() as session:
        drawing = await drawing_of(session, placement)
        assert (drawing.inputs_sha256, drawing.surroundings, drawing.document) == (
            "inputs",
            "a" * 64,
            {"version": 1},
        )
        assert [picture.wide for picture in await pictures_of(session, placement)] == ["b" * 64]
        assert await picture_count(session) == 1


async def test_only_files_of_a_version_that_may_be_shown_are_public(context, tmp_path):
    placement = (await placement_numbers(context))["bench"]
    async with context.database.writing() as session:
        await keep_drawing(session, placement, DRAWN, context.clock())
    async with context.database.reading() as session:
        assert [await drawing_may_be_shown(session, letter * 64) for letter in "abcd"] == [True, True, True, False]
        _drawing, version = await drawn_placement(session, placement)
        assert list(await pictures_of_versions(session, [version])) == [version.id]
        with pytest.raises(NotFound):
            await drawn_placement(session, placement + 1_000)


async def test_a_version_that_may_not_be_shown_keeps_its_files_to_itself(database_url, tmp_path):
    document = small_document()
    document["proposals"][0]["consent"] = {"publish": False}
    document["ballots"] = []
    async with installation(database_url, tmp_path) as context:
        await load_programme(context, write_small_programme(tmp_path / "small", document))
        placement = (await placement_numbers(context))["bench"]
        async with context.database.writing() as session:
            await keep_drawing(session, placement, DRAWN, context.clock())
        async with context.database.reading() as session:
            assert not await drawing_may_be_shown(session, "b" * 64)


async def test_a_placement_that_is_gone_asks_for_nothing(context):
    await draw_placement(context, {"placement": 1_000_000})


async def test_a_proposal_taken_out_takes_its_drawing_along(context, tmp_path):
    placement = (await placement_numbers(context))["mist"]
    async with context.database.writing() as session:
        await keep_drawing(session, placement, DRAWN, context.clock())
    document = small_document()
    document["proposals"] = document["proposals"][:3]
    document["ballots"] = []
    await load_programme(context, write_small_programme(tmp_path / "small", document))
    async with context.database.reading() as session:
        assert await picture_count(session) == 0


async def test_a_drawing_that_cannot_be_made_is_tried_again_and_harms_no_other(sqlite_context):
    context, queue = sqlite_context, queue_of(sqlite_context)
    placement = (await placement_numbers(context))["bench"]
    async with context.database.reading() as session:
        proposal = await proposal_by_slug(session, 1, "bench")
        model = (await latest_version(session, proposal.id)).model
    context.store.path(model).unlink()
    assert await queue.run_due()
    assert placement in await queued(context)
    assert await cameras_of(context, placement) == []
