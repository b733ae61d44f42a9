"""The description of the API is complete, and every answer is what it says."""

import json

import pytest
from jsonschema_rs import validator_for
from support.addresses import PARAMETER

NAMES = {"programme": "tiny", "proposal": "stage", "ballot": "tiny-ballot"}


async def description(site):
    return json.loads((await site.get("/openapi.json")).text)


def validator(document, path, status):
    [content] = documented(document, path, status).values()
    return validator_for({**content["schema"], "components": document["components"]}, validate_formats=True)


def filled(path, names):
    query = f"?programme={names['programme']}" if path.endswith(".geojson") else ""
    return PARAMETER.sub(lambda match: names[match[1]], path) + query


def documented(document, path, status):
    return document["paths"][path]["get"]["responses"][str(status)]["content"]


async def checked(site, document, path, names, status):
    answer = await site.get(filled(path, names))
    assert answer.status == status, path
    media = answer.headers["content-type"].split(";")[0]
    assert media in documented(document, path, status)
    if media == "model/gltf-binary":
        assert answer.body.startswith(b"glTF")
    else:
        validator(document, path, status).validate(json.loads(answer.text))


async def test_only_the_api_is_described(site):
    document = await description(site)
    assert {path.split("/")[1] for path in document["paths"]} == {"api"}
    assert len(document["paths"]) == 11
    assert all(set(operations) == {"get"} for operations in document["paths"].values())


async def test_every_code_that_is_documented_is_real(voted_site):
    document = await description(voted_site)
    await voted_site.seal()
    unknown = dict.fromkeys(NAMES, "none")
    odd = dict.fromkeys(NAMES, "Odd_Name")
    for path, operations in document["paths"].items():
        codes = set(operations["get"]["responses"])
        named = "{" in path or path.endswith(".geojson")
        assert codes == ({"200", "304", "404", "422", "503"} if named else {"200", "304", "503"})
        await checked(voted_site, document, path, NAMES, 200)
        tag = (await voted_site.get(filled(path, NAMES))).headers["etag"]
        assert (await voted_site.get(filled(path, NAMES), if_none_match=tag)).status == 304
        if named:
            await checked(voted_site, document, path, unknown, 404)
            await checked(voted_site, document, path, odd, 422)


async def test_every_answer_fits_in_every_state(voted_site):
    document = await description(voted_site)
    results = "/api/v1/ballots/{ballot}/results"
    for path in document["paths"]:
        await checked(voted_site, document, path, NAMES, 404 if path == results else 200)
    await voted_site.seal()
    await voted_site.post("/admin/ballots/tiny-ballot/decision", {"proposals": "tree", "reason": "x"})
    for path in document["paths"]:
        await checked(voted_site, document, path, NAMES, 200)


async def test_a_database_that_is_away_gives_the_documented_503(site):
    document = await description(site)
    site.context.settings.data_dir.joinpath("civic.sqlite3").unlink()
    await site.context.database.engine.dispose()
    for path in document["paths"]:
        await checked(site, document, path, NAMES, 503)


async def test_every_error_has_one_shape(site):
    document = await description(site)
    refusal = document["components"]["schemas"]["Refusal"]
    assert set(refusal["required"]) == {"code", "message_ja", "message_en"}
    for operations in document["paths"].values():
        for code, answer in operations["get"]["responses"].items():
            if code not in {"200", "304"}:
                [(_, content)] = answer["content"].items()
                assert content["schema"] == {"$ref": "#/components/schemas/Refusal"}


async def test_the_validation_can_fail(site):
    document = await description(site)
    schema = validator(document, "/api/v1/ballots/{ballot}", 200)
    answer = json.loads((await site.get("/api/v1/ballots/tiny-ballot")).text)
    with pytest.raises(Exception, match="state"):
        schema.validate({name: value for name, value in answer.items() if name != "state"})
