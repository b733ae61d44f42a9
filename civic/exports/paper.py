"""A page of ours as PDF for paper and archives (PDF/UA-1), made by WeasyPrint, the extra ``pdf``.

Rendering runs in a process of its own (``python -m civic.exports.paper FRONTEND``, HTML in, PDF out): it takes
seconds of computing, and reads nothing but the styles of our own pages.
"""

import asyncio
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from civic.kernel.children import run_module
from civic.kernel.errors import Unavailable
from civic.kernel.i18n import frontend_dir

WITHIN_S = 60.0
BASE_URL = "https://paper.invalid"
"""Addresses in a page are ours and lead nowhere: .invalid is never anybody's (RFC 2606)."""


class Paper:
    """Makes one PDF at a time; who comes meanwhile waits."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Semaphore(1)

    async def pdf(self, html: bytes) -> bytes:
        """The page as PDF. Unavailable without the extra or the page's styles, and when it takes over a minute."""
        if find_spec("weasyprint") is None:
            raise Unavailable(
                "no_pdf_here",
                "このサーバーは PDF を作れません。印刷のページを開いて、ブラウザの「印刷」から"
                "「PDF に保存」を選んでください。",
            )
        async with self._one_at_a_time:
            made = await run_module("civic.exports.paper", [str(frontend_dir())], html, WITHIN_S)
        if not made:
            raise Unavailable(
                "no_styles_for_pdf",
                "ページの見た目を決めるファイル（スタイルシート）が読めないので、PDF を作りませんでした。"
                "サーバーの管理者に知らせてください。",
            )
        return made


def own_file(frontend: Path, url: str) -> Path | None:
    """The file of our styles that an address of a page means; None for every other address."""
    parts = urlsplit(url)
    if f"{parts.scheme}://{parts.netloc}" != BASE_URL:
        return None
    built, plain = "/static/assets/", "/static/"
    if parts.path.startswith(built):
        folder, name = frontend / "static" / "assets", parts.path.removeprefix(built)
    elif parts.path.startswith(plain):
        folder, name = frontend / "styles", parts.path.removeprefix(plain)
    else:
        return None
    path = (folder / name).resolve()
    return path if path.is_relative_to(folder.resolve()) and path.is_file() else None


def main() -> None:
    """Read HTML (UTF-8) from standard input, write the PDF to standard output; nothing if a style is missing."""
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    frontend = Path(sys.argv[1])

    class OwnFiles(URLFetcher):  # type: ignore[misc]
        """Gives the page its styles; asks no network and no other file."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            path = own_file(frontend, url)
            if path is None and urlsplit(url).path.endswith(".css"):
                raise FatalURLFetchingError(url[:200])  # a page without its styles is not fit for a file
            if path is None:
                raise ValueError(f"not a file of ours: {url[:200]}")
            return URLFetcherResponse(url, path.read_bytes(), {"content-type": _media_type(path)})

    page = HTML(string=sys.stdin.buffer.read().decode(), base_url=BASE_URL, url_fetcher=OwnFiles())
    try:
        sys.stdout.buffer.write(page.write_pdf(pdf_variant="pdf/ua-1"))
    except FatalURLFetchingError as missing:
        sys.stderr.write(f"no such style: {missing}\n")


def _media_type(path: Path) -> str:
    return {".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}.get(path.suffix, "text/plain")


if __name__ == "__main__":
    main()
