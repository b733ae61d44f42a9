"""Readings in brackets become ruby where HTML can show it, and stay text where it cannot."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.web.ruby import with_ruby


def ruby(kanji, reading):
    return f"<ruby>{kanji}<rp>（</rp><rt>{reading}</rt><rp>）</rp></ruby>"


def test_each_reading_stands_above_its_kanji():
    page = "<p>投票（とうひょう）の 案（あん）を 見（み）る</p>"
    read = f"{ruby('投票', 'とうひょう')}の {ruby('案', 'あん')}を {ruby('見', 'み')}る"
    assert with_ruby(page) == f"<p><span>{read}</span></p>"


def test_a_day_is_read_with_its_number_where_people_do():
    assert with_ruby("24日（にじゅうよっか）") == f"<span>{ruby('24日', 'にじゅうよっか')}</span>"
    assert with_ruby("13日（にち）") == f"<span>13{ruby('日', 'にち')}</span>"


def test_the_space_around_a_text_stays_around_it():
    assert with_ruby("<b>\n  案（あん） </b>") == f"<b>\n  <span>{ruby('案', 'あん')}</span> </b>"


@pytest.mark.parametrize(
    "plain",
    [
        '<a aria-label="投票（とうひょう）">x</a>',
        "<title>投票（とうひょう） | あったらいいな</title>",
        "<svg><text>案（あん）</text></svg>",
        "<select><option>案（あん）</option></select>",
        "<textarea>案（あん）</textarea>",
        "<p>公園（とても広い）と 案（A）</p>",
        "<p>（あん）</p>",
    ],
)
def test_everything_else_stays_as_it_is(plain):
    assert with_ruby(plain) == plain


@given(st.text(st.sampled_from("案日（）あい<>&ー x14"), max_size=30))
def test_readers_without_ruby_see_the_same_text(text):
    page = f"<p>{html.escape(text)}</p>"
    shown = with_ruby(page)
    for tag in ("span", "ruby", "rp", "rt"):
        shown = shown.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    assert shown == page
