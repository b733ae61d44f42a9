"""The model of a registration: what the gate says stands on the page, and what it refused is never stored."""

import hashlib

from support.outside_model import outside_glb
from support.registering import NEW, check, filled, hidden, register, told
from support.tiny_programme import box_glb

PORCH = ("えんがわ.glb", box_glb("porch", 3.0, 2.0, 1.5))


async def test_a_textured_model_from_outside_is_measured_from_its_shape(site):
    answer = await check(site, ("from outside.glb", outside_glb(2.5, 3.0)))
    assert answer.status == 200
    assert "2.5 m wide, 2.5 m deep, 3.0 m high" in answer.text
    assert "from outside.glb" in answer.text
    assert (await register(site, answer)).status == 303


async def test_a_refused_model_says_why_is_not_stored_and_can_be_replaced(site):
    answer = await check(site, ("model.glb", b"PK\x03\x04" + bytes(100)))
    assert answer.status == 422
    [sentence] = told(answer)
    assert sentence.startswith("file: The zip file cannot be read.")
    assert 'value="木かげの縁側"' in answer.text
    assert "model" not in hidden(answer)
    assert not site.context.store.path(hashlib.sha256(b"PK\x03\x04" + bytes(100)).hexdigest()).exists()
    again = await check(site, PORCH)
    assert (await register(site, again)).status == 303


async def test_the_sentence_of_the_gate_is_in_the_readers_language(site):
    answer = await site.post(NEW, filled(("a.gltf", b'{"asset": {"version": "2.0"}}'), action="check"))
    assert "file: 表示する場面（シーン）がありません。" in told(answer)[0]


def in_millimetres() -> bytes:
    """A board of 1.8 x 0.6 m in an STL of a 3D printer, which says 1800 x 600; z is up."""
    corners = ((0, 0, 0), (1800, 0, 0), (1800, 600, 0)), ((0, 0, 0), (1800, 600, 400), (0, 600, 400))
    facets = "".join(
        "facet normal 0 0 0\nouter loop\n"
        + "".join(f"vertex {x} {y} {z}\n" for x, y, z in triangle)
        + "endloop\nendfacet\n"
        for triangle in corners
    )
    return f"solid board\n{facets}endsolid board\n".encode()


async def test_the_unit_that_was_probably_meant_is_named_and_never_applied(site):
    answer = await check(site, ("board.stl", in_millimetres()), up="z")
    assert "1,800" in answer.text or "1800" in answer.text
    assert "Choose millimetres (mm) as the unit of the file and check again." in answer.text
    again = await check(site, ("board.stl", in_millimetres()), up="z", unit="mm")
    assert "1.8 m wide, 0.6 m deep, 0.4 m high" in again.text
    assert "as the unit of the file" not in again.text


async def test_a_refused_replacement_leaves_the_earlier_file(site):
    first = await check(site, PORCH)
    answer = await check(site, ("broken.glb", b"glTF"), **hidden(first))
    assert answer.status == 422
    assert hidden(answer)["model"] == hashlib.sha256(PORCH[1]).hexdigest()
    assert "えんがわ.glb" in answer.text


async def test_a_file_that_was_never_stored_is_asked_for_again(site):
    for digest in ("0" * 64, "../../etc/passwd", "x", "A" * 64):
        answer = await check(site, None, model=digest, model_name="porch.glb")
        assert answer.status == 422
        assert told(answer) == ["file: Please choose the file of a 3D model."]


async def test_a_stored_file_that_is_no_model_passes_no_gate(site):
    digest = site.context.store.put(b"no model")
    answer = await check(site, None, model=digest)
    assert told(answer)[0].startswith("file: This does not read as a 3D model.")
    assert "model" not in hidden(answer)


async def test_too_large_a_file_is_refused_with_its_size_and_everything_kept(site):
    answer = await check(site, ("large.glb", b"glTF" + bytes(20_000_000)))
    assert answer.status == 413
    assert told(answer)[0].startswith("file: The file is 20.0 MB; the limit is 20 MB.")
    assert 'value="木かげの縁側"' in answer.text
