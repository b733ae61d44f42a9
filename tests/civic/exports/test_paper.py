"""What a page on paper may load: our own styles, and nothing else."""

from pathlib import Path

import pytest

from civic.exports.paper import BASE_URL, Paper, own_file
from civic.kernel.errors import Unavailable


@pytest.fixture
def frontend(tmp_path: Path) -> Path:
    for path in ("styles/civic.css", "static/assets/styles-1.css", "secret.css"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    return tmp_path


def test_our_styles_are_found(frontend):
    assert own_file(frontend, f"{BASE_URL}/static/civic.css?v=1") == frontend / "styles/civic.css"
    assert own_file(frontend, f"{BASE_URL}/static/assets/styles-1.css") == frontend / "static/assets/styles-1.css"


@pytest.mark.parametrize(
    "url",
    [
        f"{BASE_URL}/static/../secret.css",
        f"{BASE_URL}/static//etc/passwd",
        f"{BASE_URL}/static/missing.css",
        f"{BASE_URL}/files/pictures/x.jpg",
        "file:///etc/passwd",
        "http://127.0.0.1/static/civic.css",
        "https://example.org/static/civic.css",
        "data:text/css,a",
    ],
)
def test_every_other_address_is_refused(frontend, url):
    assert own_file(frontend, url) is None


async def test_a_page_whose_styles_are_gone_is_refused_and_not_printed_bare():
    pytest.importorskip("weasyprint")
    page = b'<html lang="ja"><title>x</title><link rel="stylesheet" href="/static/assets/styles-gone.css"><p>x</p>'
    with pytest.raises(Unavailable) as refused:
        await Paper().pdf(page)
    assert refused.value.code == "no_styles_for_pdf"
