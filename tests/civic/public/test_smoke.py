import pytest
@pytest.mark.parametrize("path", ["/", "/p/tiny", "/p/tiny/bench", "/b/tiny-ballot", "/b/tiny-ballot/results", "/r", "/privacy", "/admin","/admin/ballots/tiny-ballot","/admin/audit","/admin/quarantine", "/openapi.json","/api/v1/programmes","/api/v1/programmes/tiny","/api/v1/programmes/tiny/proposals/bench","/api/v1/ballots/tiny-ballot","/api/v1/sites.geojson?programme=tiny","/static/civic.css","/static/icon.svg"])
async def test_page(voted_site, path):
    for lang in ("ja","en"):
        a = await voted_site.get(path, lang)
        assert a.status == 200, a.text
async def test_sealed(voted_site):
    await voted_site.seal()
    for p in ["/b/tiny-ballot","/b/tiny-ballot/results","/admin/ballots/tiny-ballot","/api/v1/ballots/tiny-ballot/results"]:
        a = await voted_site.get(p)
        assert a.status == 200, a.text
    print(a.text)
