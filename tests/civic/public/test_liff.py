"""LIFF and LINE Login: LINE's own token opens the form of that account, and nothing else does."""

import asyncio
import base64
import json
from datetime import timedelta
from urllib.parse import urlencode

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.responses import JSONResponse, Response
from support.tiny_programme import BALLOT

from tests.civic.public.line_identity import ACCOUNT, CHANNEL, LIFF_ID, SECRET, with_line
from tests.civic.public.test_voting import Visitor, own_vote, rows
from tests.civic.web.test_every_route import rows_of, speaks_one_language, well_formed

LIFF = f"/b/{BALLOT}/liff"
LOGIN = f"/b/{BALLOT}/login"
CALLBACK = "/login/line"
REFUSED = "Your LINE account could not be confirmed."


@pytest.fixture
async def seen(open_site):
    async with with_line(open_site) as found:
        yield found


async def opened(site, token) -> Visitor:
    answer = await site.post(LIFF, {"id_token": token})
    assert answer.status == 303
    return Visitor(site, answer.headers["location"])


def unsigned(claims) -> str:
    parts = ({"alg": "none", "typ": "JWT", "kid": "key-1"}, claims)
    return (
        ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."
    )


async def test_the_same_account_in_the_chat_in_liff_and_by_login_is_one_vote(seen):
    site, line = seen
    await site.vote(ACCOUNT, "bench")
    site.clock.pass_by(timedelta(seconds=1))
    inside = await opened(site, line.token())
    assert (await inside.form()).ticked == ["bench"]
    await inside.send(["tree"])
    site.clock.pass_by(timedelta(seconds=1))
    outside = await logged_in(site, line)
    assert (await outside.form()).ticked == ["tree"]
    await outside.send(["stage"])
    voters = {row[2] for row in rows_of(site)["vote_log"]}
    assert len(voters) == 1
    assert {row[2] for row in await rows(site)} == {"line", "web"}
    assert "小さな舞台" in own_vote(await inside.look())


async def test_another_account_is_another_voter(seen):
    site, line = seen
    await (await opened(site, line.token())).send(["bench"])
    await (await opened(site, line.token(sub="U" + "f" * 32))).send(["bench"])
    assert len({row[2] for row in rows_of(site)["vote_log"]}) == 2


async def test_the_account_stands_in_no_address(seen):
    site, line = seen
    found = await opened(site, line.token())
    assert ACCOUNT not in found.path
    assert ACCOUNT not in (await found.look()).text


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "1650000001"},
        {"aud": [CHANNEL]},
        {"aud": None},
        {"iss": "https://access.line.me.example.jp"},
        {"iss": None},
        {"sub": None},
        {"sub": "U0123"},
        {"sub": "u0123456789abcdef0123456789abcdef"},
        {"sub": ACCOUNT + "\n"},
        {"sub": 7},
        {"exp": None},
        {"exp": "9999999999"},
        {"exp": 1e400},
        {"iat": None},
        {"exp": 1},
        {"iat": 4_000_000_000, "exp": 4_000_003_600},
    ],
    ids=repr,
)
async def test_every_wrong_claim_is_refused(seen, changed):
    site, line = seen
    answer = await site.post(f"{LIFF}?lang=en", {"id_token": line.token(**changed)})
    assert answer.status == 403
    assert REFUSED in answer.text


async def test_a_token_ends_after_its_hour(seen):
    site, line = seen
    token = line.token()
    site.clock.pass_by(timedelta(seconds=3599))
    await opened(site, token)
    site.clock.pass_by(timedelta(seconds=1))
    assert (await site.post(LIFF, {"id_token": token})).status == 403


async def test_the_algorithm_is_that_of_the_flow_whatever_the_header_says(seen):
    site, line = seen
    public = line.keys["key-1"].public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    header = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"key-1"}').rstrip(b"=")
    body = base64.urlsafe_b64encode(json.dumps(line.claims()).encode()).rstrip(b"=")
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(header + b"." + body, pem)
    with_public_key = b".".join((header, body, base64.urlsafe_b64encode(signature).rstrip(b"="))).decode()
    other = jwt.encode(line.claims(), ec.generate_private_key(ec.SECP256R1()), "ES256", {"kid": "key-1"})
    good = line.token()
    for token in (
        unsigned(line.claims()),
        with_public_key,
        jwt.encode(line.claims(), SECRET, "HS256", {"kid": "key-1"}),
        other,
        good[:-2] + ("AA" if not good.endswith("AA") else "BB"),
        good.rpartition(".")[0] + ".",
    ):
        assert (await site.post(LIFF, {"id_token": token})).status == 403


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "." * 3, "é.é.é", "A" * 4097, "eyJhbGciOiJFUzI1NiJ9." * 3])
async def test_what_is_no_token_is_refused_without_asking_line(seen, token):
    site, line = seen
    assert (await site.post(LIFF, {"id_token": token})).status == 403
    assert line.asked == 0


async def test_a_huge_form_is_refused(seen):
    site, line = seen
    assert (await site.post(LIFF, {"id_token": "A" * 100_000})).status == 413
    assert line.asked == 0


async def test_unknown_keys_ask_line_once_a_minute(seen):
    site, line = seen
    await opened(site, line.token())
    assert line.asked == 1
    for _ in range(2):
        site.clock.pass_by(timedelta(minutes=1))
        before = line.asked
        flood = [site.post(LIFF, {"id_token": line.token(kid=f"unknown-{number}")}) for number in range(50)]
        assert {answer.status for answer in await asyncio.gather(*flood)} == {403}
        assert line.asked == before + 1
        await opened(site, line.token())


async def test_a_new_key_of_line_is_found(seen):
    site, line = seen
    await opened(site, line.token())
    line.keys = {"key-2": ec.generate_private_key(ec.SECP256R1())}
    site.clock.pass_by(timedelta(minutes=1))
    new = jwt.encode(line.claims(), line.keys["key-2"], "ES256", {"kid": "key-2"})
    await opened(site, new)
    assert line.asked == 2


async def test_a_key_that_line_has_given_up_ends_within_a_day(seen):
    site, line = seen
    await opened(site, line.token())
    old = line.keys["key-1"]
    line.keys = {"key-2": ec.generate_private_key(ec.SECP256R1())}
    site.clock.pass_by(timedelta(days=1))
    token = jwt.encode(line.claims(), old, "ES256", {"kid": "key-1"})
    assert (await site.post(LIFF, {"id_token": token})).status == 403


@pytest.mark.parametrize(
    "answer",
    [
        Response(status_code=500),
        Response("<html>"),
        Response(b"[1]"),
        JSONResponse({"keys": "x"}),
        Response(b"x" * 70_000),
        Response(status_code=302, headers={"location": "/token"}),
    ],
    ids=lambda answer: f"{answer.status_code} {answer.body[:10]!r}",
)
async def test_when_line_gives_no_keys_it_is_said_and_what_to_do(seen, answer):
    site, line = seen
    line.answers = answer
    refused = await site.post(f"{LIFF}?lang=en", {"id_token": line.token()})
    assert refused.status == 503
    assert "You can also vote with the buttons in the LINE chat." in refused.text
    line.answers = None
    site.clock.pass_by(timedelta(minutes=1))
    await opened(site, line.token())


async def test_known_keys_serve_while_line_is_away(seen):
    site, line = seen
    await opened(site, line.token())
    line.answers = Response(status_code=500)
    site.clock.pass_by(timedelta(days=2))
    await opened(site, line.token())


async def test_no_keys_from_nowhere(open_site):
    async with with_line(open_site, line_login_jwks_url="http://127.0.0.1:9/certs") as (site, line):
        assert (await site.post(LIFF, {"id_token": line.token()})).status == 503


async def test_a_page_of_another_site_cannot_send_a_token(seen):
    site, line = seen
    assert (await site.post(LIFF, {"id_token": line.token()}, sec_fetch_site="cross-site")).status == 403


# LINE Login


async def began(site, lang=None):
    """The cookie and LINE's address, as somebody gets them who wants to log in."""
    answer = await site.get(LOGIN, lang)
    assert answer.status == 303
    cookie = answer.headers["set-cookie"]
    for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/login/line", "Max-Age=600"):
        assert word in cookie
    return cookie.partition(";")[0], answer.headers["location"]


async def came_back(site, cookie, query, lang=None):
    return await site.get(f"{CALLBACK}?{urlencode(query)}", lang, cookie=cookie)


async def logged_in(site, line, lang=None) -> Visitor:
    cookie, address = await began(site, lang)
    answer = await came_back(site, cookie, line.consent(address))
    assert answer.status == 303, answer.text
    return Visitor(site, answer.headers["location"].partition("?")[0])


async def test_the_address_of_the_login_tells_line_nothing_of_the_vote(seen):
    site, _ = seen
    cookie, address = await began(site)
    assert address.startswith("https://access.line.me/oauth2/v2.1/authorize?")
    for secret in (BALLOT, SECRET, cookie.partition("=")[2]):
        assert secret not in address


async def test_the_privacy_page_tells_of_the_cookie_and_of_line_s_program(seen):
    site, _ = seen
    text = (await site.get("/privacy")).text
    assert "LINE でログインするときだけ" in text
    assert "LINE のプログラムを LINE から読み込みます" in text


async def test_the_language_is_kept_over_the_login(seen):
    site, line = seen
    cookie, address = await began(site, "en")
    answer = await came_back(site, cookie, line.consent(address))
    assert answer.headers["location"].endswith("?lang=en")


async def test_a_code_works_once(seen):
    site, line = seen
    cookie, address = await began(site)
    query = line.consent(address)
    assert (await came_back(site, cookie, query)).status == 303
    again = await came_back(site, cookie, query)
    assert again.status == 403
    assert "no-store" in again.headers["cache-control"]


async def test_a_nonce_of_another_login_is_refused(seen):
    site, line = seen
    cookie, address = await began(site)
    query = line.consent(address)
    _, challenge = line.nonces["code-1"]
    line.nonces["code-1"] = "nonce-of-before", challenge
    assert (await came_back(site, cookie, query)).status == 403


async def test_somebody_elses_answer_does_not_log_in(seen):
    """State and PKCE: neither a foreign code nor a foreign cookie fits."""
    site, line = seen
    mine, _ = await began(site)
    _, foreign = await began(site)
    foreign_answer = line.consent(foreign)
    assert (await came_back(site, mine, foreign_answer)).status == 410
    assert (await came_back(site, "", foreign_answer)).status == 410
    assert (await came_back(site, "civic-line-login=x", foreign_answer)).status == 410
    cookie, address = await began(site)
    stolen = line.consent(address, "code-2") | {"code": "code-1"}
    assert (await came_back(site, cookie, stolen)).status == 403


async def test_a_login_ends_after_ten_minutes(seen):
    site, line = seen
    cookie, address = await began(site)
    site.clock.pass_by(timedelta(minutes=10))
    answer = await came_back(site, cookie, line.consent(address), "en")
    assert answer.status == 410
    assert "Start again from the page of the vote." in answer.text


async def test_saying_no_at_line_is_no_error(seen):
    site, line = seen
    cookie, address = await began(site)
    state = line.consent(address)["state"]
    answer = await came_back(site, cookie, {"error": "access_denied", "state": state}, "en")
    assert answer.status == 422
    assert "The LINE login was stopped." in answer.text


async def test_the_public_key_is_no_secret_of_the_login(seen):
    """A token of LIFF, signed with ES256, does not pass where HS256 is wanted."""
    site, line = seen
    cookie, address = await began(site)
    query = line.consent(address)
    nonce, _ = line.nonces["code-1"]
    line.answers = JSONResponse({"id_token": line.token(nonce=nonce)})
    assert (await came_back(site, cookie, query)).status == 403


@pytest.mark.parametrize("answer", [Response(status_code=500), Response("<html>"), Response(b"x" * 70_000)])
async def test_when_line_exchanges_nothing_it_is_said(seen, answer):
    site, line = seen
    cookie, address = await began(site)
    query = line.consent(address)
    line.answers = answer
    assert (await came_back(site, cookie, query)).status == 503


# The pages


@pytest.mark.parametrize("lang", ["ja", "ja@easy", "en"])
async def test_the_page_loads_lines_script_and_works_without_it(seen, lang):
    site, _ = seen
    page = await site.get(LIFF, lang)
    assert (page.status, page.headers["cache-control"]) == (200, "no-store")
    policy = page.headers["content-security-policy"]
    assert "script-src 'self' https://static.line-scdn.net;" in policy
    assert "unsafe" not in policy
    assert f'data-liff="{LIFF_ID}"' in page.text
    assert f"{LOGIN}?lang={lang}" in page.text
    well_formed(LIFF, lang, page.text)
    if lang != "ja@easy":
        speaks_one_language(LIFF, lang, page.text)


async def test_only_that_page_may_load_it(seen):
    site, line = seen
    form = await opened(site, line.token())
    for path in ("/", f"/b/{BALLOT}", form.path, "/c"):
        assert "line-scdn" not in (await site.get(path)).headers["content-security-policy"]


async def test_the_entrance_of_liff_names_no_ballot(seen):
    site, _ = seen
    page = await site.get("/b?liff.state=%2Ftiny%2Fliff")
    assert page.status == 200
    assert "<form" not in page.text
    assert "https://static.line-scdn.net" in page.headers["content-security-policy"]


async def test_the_ballots_page_says_how_in_a_browser(seen, open_site):
    site, _ = seen
    assert f'href="{LOGIN}' in (await site.get(f"/b/{BALLOT}")).text
    assert "「ブラウザで投票」を押してください" in (await open_site.get(f"/b/{BALLOT}")).text


async def test_without_the_settings_there_are_no_such_addresses(open_site):
    for path in (LIFF, LOGIN, CALLBACK, "/b"):
        assert (await open_site.get(path)).status == 404


async def test_before_the_opening_the_login_leads_to_the_ballots_page(site):
    async with with_line(site) as (served, line):
        answer = await served.post(LIFF, {"id_token": line.token()})
        assert answer.headers["location"] == f"/b/{BALLOT}"


async def test_after_the_close_the_own_vote_is_shown(seen):
    site, line = seen
    await site.vote(ACCOUNT, "bench")
    await site.close()
    page = await (await opened(site, line.token())).look()
    assert page.status == 410
    assert "木のベンチ" in own_vote(page)
