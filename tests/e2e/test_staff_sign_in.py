"""Staff in a real browser, without scripts: in by a link, a cookie on this machine's own address, out again."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from support.browser import watched_page
from support.databases import new_sqlite
from support.servers import Ended, civic_server, environment, run_civic

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


class Office:
    """A running server in development mode, and the commands on it."""

    def __init__(self, url: str, env: dict[str, str], folder: Path) -> None:
        self.url, self.env, self.folder = url, env, folder

    def staff(self, *words: str) -> Ended:
        ended = run_civic(self.env, self.folder, "staff", *words)
        assert ended.code == 0, ended.err
        return ended

    def link_for(self, name: str, role: str) -> str:
        """The path of a sign-in link."""
        return urlsplit(self.staff("invite", name, "--role", role).out.strip()).path


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    env = environment(tmp_path, new_sqlite(tmp_path))
    with civic_server(env, tmp_path) as server:
        yield Office(server.url, env, tmp_path)


@pytest.fixture
def page(browser: Browser, office: Office) -> Iterator[Page]:
    with watched_page(browser, office.url, scripts=False) as watched:
        yield watched.page


def test_in_by_a_link_and_out_again(office: Office, page: Page):
    page.goto("/admin")
    page.get_by_role("link", name="サインインのしかた").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("職員のサインイン")
    link = office.link_for("佐藤 花", "planner")
    page.goto(link)
    page.get_by_role("button", name="佐藤 花 さんとして入る").click()
    expect(page).to_have_url(re.compile("/admin$"))
    [cookie] = page.context.cookies()
    assert (cookie["name"], cookie["secure"], cookie["httpOnly"]) == ("__Host-civic-staff", True, True)
    page.goto("/admin/audit")
    expect(page.get_by_role("row").filter(has_text="サインインした")).to_contain_text("佐藤 花")
    page.get_by_role("button", name="サインアウト").click()
    expect(page).to_have_url(re.compile("/admin/sign-in$"))
    assert page.context.cookies() == []
    assert page.goto("/admin").status == 401
    assert page.goto(link).status == 404


def test_an_owner_invites_and_ends_access(office: Office, page: Page, browser: Browser):
    page.goto(office.link_for("佐藤 花", "owner"))
    page.get_by_role("button").click()
    page.get_by_role("link", name="職員", exact=True).click()
    page.get_by_label("名前").fill("山田 次郎")
    page.get_by_role("radio", name="ファシリテーター").check()
    page.get_by_role("button", name="リンクを作る", exact=True).click()
    link = urlsplit(page.get_by_label("リンク（ファシリテーター）").input_value()).path
    with watched_page(browser, office.url, lang="en") as other:
        other.page.goto(link)
        other.page.get_by_role("button", name="Come in as 山田 次郎").click()
        expect(other.page.get_by_text("Facilitator")).to_be_visible()
        assert other.page.goto("/admin/staff").status == 403
        page.goto("/admin/staff")
        page.get_by_text("アクセスを終える", exact=True).click()
        page.get_by_role("button", name="山田 次郎 さんのアクセスを終える").click()
        assert other.page.goto("/admin").status == 401
    expect(page.get_by_text("山田 次郎")).to_have_count(0)
