"""What a browser may do with a page, and what a page may ask for beyond it."""

from dataclasses import fields

import pytest
from starlette.requests import Request
from support.tiny_programme import PROGRAMME

from civic.kernel.settings import Settings
from civic.web import Pages
from civic.web.errors import ErrorPage
from civic.web.headers import content_security_policy


def directives(policy: str) -> dict[str, str]:
    return dict(part.split(" ", 1) for part in policy.split("; "))


PLAIN = directives(content_security_policy())


def changed(**wishes: bool) -> dict[str, str]:
    """The directives that differ from an ordinary page's."""
    found = directives(content_security_policy(**wishes))
    return {name: sources for name, sources in found.items() if PLAIN.get(name) != sources}


def test_an_ordinary_page_loads_our_own_files_only():
    assert PLAIN["default-src"] == PLAIN["base-uri"] == PLAIN["frame-ancestors"] == "'none'"
    assert set(PLAIN.values()) == {"'none'", "'self'"}


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (
            "scenes",
            {"img-src": "'self' data: blob:", "connect-src": "'self' blob:", "worker-src": "'self'"},
        ),
        ("frames", {"frame-src": "'self'"}),
        ("framed", {"frame-ancestors": "'self'"}),
    ],
)
def test_a_wish_opens_nothing_else(wish, expected):
    assert changed(**{wish: True}) == expected


def test_no_wish_opens_the_page_to_scripts_from_elsewhere():
    policy = content_security_policy(scenes=True, frames=True, framed=True)
    assert "unsafe" not in policy
    assert "http" not in policy
    assert directives(policy)["script-src"] == "'self'"


def page(mode: str, **wishes: bool) -> str:
    """The policy of a rendered page."""
    request = Request({"type": "http", "path": "/", "query_string": b"", "headers": []})
    said = ErrorPage(**{field.name: "/" for field in fields(ErrorPage)})
    response = Pages(Settings(_env_file=None, mode=mode)).response(request, "error.html", said, **wishes)
    return response.headers["content-security-policy"]


def test_a_page_says_what_it_asked_for():
    assert page("production") == content_security_policy()
    assert page("production", scenes=True) == content_security_policy(scenes=True)
    assert page("production", frames=True) == content_security_policy(frames=True)


def test_only_the_demo_puts_pages_into_pages():
    assert page("demo") == content_security_policy(framed=True)
    assert page("development") == content_security_policy()


async def test_the_page_s_own_policy_reaches_the_reader(site):
    async with site.served_as(mode="demo") as demo:
        answer = await demo.get(f"/p/{PROGRAMME}")
    assert directives(answer.headers["content-security-policy"])["frame-ancestors"] == "'self'"
