"""A facilitator with a tablet: a model from outside, one that is refused, one that is corrected; no scripts."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from support.browser import Demo, watched_page
from support.outside_model import outside_glb

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LIST = "/admin/programmes/nishi-shinjuku-2026"
CHECK, SAVE = "確かめる（まだ登録しません）", "登録する"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).last.click()


def fill_in(page: Page, file: Path) -> None:
    page.get_by_label("題名 必須").fill("光る案内板")
    page.get_by_label("題名（英語）").fill("Glowing signboard")
    page.get_by_label("説明 必須").fill("夜でも道が分かるように、やわらかく光ります。")
    page.get_by_label("ご高齢の方").check()
    page.get_by_label("つくった班").select_option(label="西新宿の空間を考えるワークショップ(例) A班")
    page.get_by_label("3Dモデルのファイル").set_input_files(file)
    page.get_by_label("絵の説明（何が見えるか）").fill("緑の板が二枚、十字に組まれている。")
    page.get_by_label("新宿中央公園 水の広場").check()
    page.get_by_label("費用").fill("１，２００，０００")
    page.get_by_label("つくった人たちが").check()


def test_a_model_from_outside_refused_corrected_and_registered(
    browser: Browser, shared_demo: Demo, tmp_path: Path
) -> None:
    good, tall, wrong = tmp_path / "看板.glb", tmp_path / "tall.glb", tmp_path / "看板.gltf"
    good.write_bytes(outside_glb(1.2, 2.4))
    tall.write_bytes(outside_glb(1.2, 5.5))
    wrong.write_text('{"asset": {"version": "2.0"}}')
    with watched_page(browser, shared_demo.origin, width=1024, height=768, scripts=False) as watched:
        page = watched.page
        page.goto(LIST)
        page.get_by_role("link", name="提案を登録する").click()
        fill_in(page, wrong)
        press(page, CHECK)
        expect(page.get_by_role("alert")).to_contain_text("表示する場面（シーン）がありません。")
        page.get_by_label("3Dモデルのファイル").set_input_files(tall)
        press(page, CHECK)
        expect(page.get_by_text("地面から 5.50 m で、制限 4 m を超えています。")).to_be_visible()
        press(page, SAVE)
        expect(page.get_by_role("alert")).to_contain_text("条件に合わない場所があります。")
        page.get_by_label("3Dモデルのファイル").set_input_files(good)
        press(page, CHECK)
        expect(page.get_by_role("img", name="上から見た図")).to_be_visible()
        press(page, SAVE)
        expect(page.get_by_role("heading", name="登録しました")).to_be_visible()
        page.get_by_role("link", name="みんなが見るページ").click()
        expect(page.get_by_role("heading", name="光る案内板")).to_be_visible()


def test_enter_in_a_field_only_checks(browser: Browser, shared_demo: Demo) -> None:
    with watched_page(browser, shared_demo.origin) as watched:
        page = watched.page
        page.goto(f"{LIST}/proposals/shade-bench/edit")
        page.get_by_label("題名 必須").press("Enter")
        expect(page.get_by_role("heading", name="確かめた結果")).to_be_visible()
        expect(page.get_by_text("いまは版 1 です。")).to_be_visible()


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_form_fits_a_narrow_screen_and_large_letters(browser: Browser, shared_demo: Demo, lang: str) -> None:
    with watched_page(browser, shared_demo.origin, width=320, lang=lang) as watched:
        page = watched.page
        for path in (f"{LIST}/proposals/new", f"{LIST}/proposals/shade-bench/edit"):
            page.goto(path)
            for size in ("100%", "200%"):
                page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
                wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert wide <= 0, (path, size)
