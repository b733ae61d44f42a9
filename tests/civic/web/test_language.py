import pytest
from starlette.requests import Request

from civic.web.language import is_japanese, preferred_language, reader_of


def request(path: str, query: str = "", **headers: str) -> Request:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": pairs}
    return Request(scope)


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("", "ja"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("ja,en;q=0.9", "ja"),
        ("fr-FR,fr;q=0.9,en;q=0.8,ja;q=0.5", "en"),
        ("en;q=0.3, ja;q=0.7", "ja"),
        ("fr,de;q=0.5", "ja"),
        ("en;q=0", "ja"),
        ("en;q=many", "ja"),
        ("en;q=nan", "ja"),
        ("," * 600 + "en", "ja"),
        ("*", "ja"),
    ],
)
def test_the_browser_s_wish(header, lang):
    assert preferred_language(header) == lang


def test_a_chosen_language_beats_the_browser_and_stays_in_links():
    reader = reader_of(request("/b/x", "lang=ja", accept_language="en"))
    assert (reader.lang, reader.link("/p/y")) == ("ja", "/p/y?lang=ja")


def test_a_link_with_a_query_keeps_it_beside_the_language():
    assert reader_of(request("/b/x", "lang=en")).link("/p/y?day=2026-12-22") == "/p/y?day=2026-12-22&lang=en"


def test_easy_japanese_is_chosen_like_any_other_and_is_japanese_to_browsers():
    reader = reader_of(request("/b/x", "lang=ja@easy"))
    assert (reader.lang, reader.html_lang, reader.link("/p/y")) == ("ja@easy", "ja", "/p/y?lang=ja@easy")
    assert reader_of(request("/b/x", "lang=ja%40easy")).lang == "ja@easy"


def test_residents_are_offered_both_other_languages_by_their_own_names():
    reader = reader_of(request("/b/x", "lang=en"))
    assert reader.other_languages == (
        ("日本語", "ja", "/b/x?lang=ja"),
        ("やさしい日本語", "ja", "/b/x?lang=ja@easy"),
    )


def test_staff_read_japanese_or_english():
    reader = reader_of(request("/admin/ballots", "lang=ja@easy", accept_language="en"))
    assert (reader.lang, reader.link("/admin")) == ("ja", "/admin?lang=ja")
    assert [link.name for link in reader.other_languages] == ["English"]


def test_without_a_choice_links_are_plain():
    reader = reader_of(request("/b/x", accept_language="en"))
    assert (reader.lang, reader.link("/p/y")) == ("en", "/p/y")


@pytest.mark.parametrize("wished", ["fr", "JA", "en-GB", "", "<script>"])
def test_an_unknown_choice_is_none(wished):
    assert not reader_of(request("/", f"lang={wished}")).chosen


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("/b/x", "/b/x"),
        ("//evil.example/x", "/evil.example/x"),
        ("/\\evil.example", "/%5Cevil.example"),
        ("/a?b#c", "/a%3Fb%23c"),
        ('/"><script>', "/%22%3E%3Cscript%3E"),
        ("/公園", "/%E5%85%AC%E5%9C%92"),
        ("/\ud800", "/%3F"),
    ],
)
def test_the_switch_never_leads_away(path, own):
    assert reader_of(request(path)).path == own


def test_a_broken_host_header_does_no_harm():
    assert reader_of(request("/b/x", host="[::1")).path == "/b/x"


@pytest.mark.parametrize(
    ("text", "japanese"),
    [
        ("東京都", True),
        ("ベンチ", True),
        ("The あ bench", True),
        ("ﾍﾞﾝﾁ", True),
        ("Bench – 55 “x” …", False),
        ("", False),
    ],
)
def test_japanese_is_told_by_its_letters(text, japanese):
    assert is_japanese(text) is japanese
